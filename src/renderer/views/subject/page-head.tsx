/** The head of a page about one thing: back, what kind of thing it is, its value whole to copy, and what can be done with it. */
import { Button, Group } from '@mantine/core';
import { IconArrowLeft, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { copyText } from '../../components/copy.ts';
import { formatCount } from '../../components/numbers.ts';
import { VisibleText } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';

const VALUE_SHOWN = 400;
const LEAD_SHOWN = 900;

interface Props {
  kind: string;
  /** What to show in the place of the value, where that is absent or a word for it says more. */
  words?: string | null;
  value: string | null;
  /** What the value is called when it was copied. */
  what: string;
  lead: string;
  tools: ReactNode;
}

export function PageHead({ kind, words = null, value, what, lead, tools }: Props): ReactNode {
  const goBack = useApp((s) => s.goBack);
  const canGoBack = useApp((s) => s.routes.length > 0);
  return (
    <header className="tc-sub-head">
      <div className="tc-sub-head-row">
        {canGoBack ? (
          <Button variant="subtle" size="compact-xs" leftSection={<IconArrowLeft size={13} />} onClick={goBack}>
            Back
          </Button>
        ) : null}
        <span className="tc-sub-kind">{kind}</span>
        <Group gap={6} ml="auto">
          {tools}
        </Group>
      </div>
      <h1 className="tc-sub-title">
        {words ?? <VisibleText text={value ?? ''} limit={VALUE_SHOWN} />}
        {value === null ? null : (
          <Button variant="subtle" size="compact-xs" leftSection={<IconCopy size={13} />} onClick={() => void copyText(value, what)}>
            Copy{value.length > VALUE_SHOWN ? ` all ${formatCount(value.length)} characters` : ''}
          </Button>
        )}
      </h1>
      {lead ? (
        <p className="tc-sub-lead">
          <VisibleText text={lead} limit={LEAD_SHOWN} />
        </p>
      ) : null}
    </header>
  );
}
