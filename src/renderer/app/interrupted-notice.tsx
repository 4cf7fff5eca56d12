/** Offers to continue imports that a kill or a power cut interrupted; what was wholly in is in. */
import { Alert, Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { visibleString } from '../components/visible-text.tsx';
import { useApp } from '../state/app.ts';
import { useEngine } from '../state/engine.tsx';
import { importOriginals } from '../state/imports.ts';

export function InterruptedNotice(): ReactNode {
  const engine = useEngine();
  const opened = useApp((s) => s.opened);
  const importing = useApp((s) => s.importing !== null);
  const set = useApp((s) => s.set);
  if (!opened || opened.interrupted.length === 0 || importing || opened.access === 'read') return null;
  const roots = [...new Set(opened.interrupted.flatMap((run) => run.roots))];
  const shown = roots.slice(0, 3).map(visibleString).join(', ');
  return (
    <Alert color="yellow" radius={0} p="sm" title="An import was interrupted" role="status">
      <Group justify="space-between" gap="sm">
        <span>
          {shown}
          {roots.length > 3 ? ` and ${roots.length - 3} more` : ''}: files that were wholly read are in the case, the others are not.
          Continuing reads only what is missing.
        </span>
        <Group gap="xs">
          <Button onClick={() => void importOriginals(engine)}>Continue import</Button>
          <Button variant="default" onClick={() => set({ opened: { ...opened, interrupted: [] } })}>
            Not now
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
