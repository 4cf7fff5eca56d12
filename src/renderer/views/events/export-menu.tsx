/** Saving the selection: the table as CSV, or the original records, with progress and a way to stop. */
import { Button, Menu, Progress } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { exportCsv, exportNdjson } from '../../../engine/client/index.ts';
import { ALL_COLUMNS } from '../../../shared/columns.ts';
import type { Selection } from '../../../shared/plan.ts';
import { countOf, formatCount, formatPercent } from '../../components/numbers.ts';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';
import { tell, tellFailure } from '../../state/messages.ts';
import { exportName } from './export-name.ts';
import type { TableSettings } from './table-settings.ts';

interface Running {
  done: number;
  total: number;
  abort: AbortController;
}

type What = 'csv' | 'csv-all' | 'ndjson';

export function ExportMenu(props: { selection: Selection; settings: TableSettings; total: number | null }): ReactNode {
  const { selection, settings, total } = props;
  const engine = useEngine();
  const caseName = useApp((s) => s.opened?.info.name ?? 'case');
  const [running, setRunning] = useState<Running | null>(null);
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);

  const run = async (what: What): Promise<void> => {
    const abort = new AbortController();
    const finished = idle.begin();
    setRunning({ done: 0, total: total ?? 0, abort });
    const options = {
      name: exportName(caseName, what === 'ndjson' ? 'ndjson' : 'csv', new Date()),
      descending: settings.descending,
      signal: abort.signal,
      onProgress: (done: number, all: number) => {
        if (!gone.current) setRunning({ done, total: all, abort });
      },
    };
    try {
      const result =
        what === 'ndjson'
          ? await exportNdjson(engine, selection, options)
          : await exportCsv(engine, selection, what === 'csv' ? settings.columns : ALL_COLUMNS.map((c) => c.id), options);
      if (result) tell(`${countOf(result.events, 'event')} saved as ${result.saved.label}.`);
    } catch (thrown) {
      if (abort.signal.aborted) tell('The export was cancelled. No file was left behind.');
      else tellFailure('The selection could not be exported.', thrown);
    } finally {
      finished();
      if (!gone.current) setRunning(null);
    }
  };

  if (running) {
    return (
      <span className="tc-ev-export" role="status">
        <Progress value={running.total === 0 ? 0 : (running.done / running.total) * 100} w={120} size="sm" aria-label="Export" />
        {formatPercent(running.done, running.total)}
        <Button size="compact-sm" variant="default" onClick={() => running.abort.abort()}>
          Cancel export
        </Button>
      </span>
    );
  }
  return (
    <Menu withinPortal shadow="md" position="bottom-end" width={330}>
      <Menu.Target>
        <Button size="compact-sm" variant="default" disabled={!total} leftSection={<IconDownload size={14} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{total ? `The selection: ${formatCount(total)} ${total === 1 ? 'event' : 'events'}` : 'The selection'}</Menu.Label>
        <Menu.Item onClick={() => void run('csv')}>CSV of the columns shown</Menu.Item>
        <Menu.Item onClick={() => void run('csv-all')}>CSV of all columns</Menu.Item>
        <Menu.Item onClick={() => void run('ndjson')}>Original records, one a line (NDJSON)</Menu.Item>
        <Menu.Label>In CSV, cells that a spreadsheet would run as a formula begin with an apostrophe; times are UTC.</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  );
}
