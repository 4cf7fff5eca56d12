/** What stands where nothing is to be shown: why, and what to do. */
import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export interface EmptyStateProps {
  icon?: ReactNode;
  /** Why there is nothing. */
  title: string;
  /** What to do about it. */
  children?: ReactNode;
  /** Buttons. */
  actions?: ReactNode;
}

export function EmptyState({ icon, title, children, actions }: EmptyStateProps): ReactNode {
  return (
    <Stack className="tc-empty" align="center" justify="center" gap="sm" role="status">
      {icon ? <span className="tc-empty-icon">{icon}</span> : null}
      <Title order={2} size="lg" fw={600}>
        {title}
      </Title>
      {children ? (
        <Text component="div" c="dimmed" maw={520} ta="center">
          {children}
        </Text>
      ) : null}
      {actions ? <div className="tc-empty-actions">{actions}</div> : null}
    </Stack>
  );
}
