/** The imports of the case, those that were broken off among them, and the state of the storage they lie in. */
import { Alert, Button, Table } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ImportRun } from '../../../shared/case.ts';
import type { StorageState } from '../../../shared/engine.ts';
import { formatBytes, formatCount, formatPercent } from '../../components/numbers.ts';
import { formatDuration } from '../../components/time.ts';
import { useTime } from '../../components/use-time.ts';
import { VisibleText } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { importOriginals } from '../../state/imports.ts';
import { useImports } from './queries.ts';

const RUN_MARK: Record<ImportRun['status'], string> = { running: '▸', done: '✓', cancelled: '■', interrupted: '▲', failed: '✕' };
const ROOTS_SHOWN = 4;

export function Imports(): ReactNode {
  const { value, error } = useImports();
  if (error)
    return (
      <Alert color="red" title="The imports could not be read.">
        {error}
      </Alert>
    );
  if (!value) return <div className="tc-ledger-page" aria-busy="true" />;
  return (
    <div className="tc-ledger-page">
      <Interrupted runs={value.runs} />
      <Runs runs={value.runs} />
      <Storage storage={value.storage} />
    </div>
  );
}

function Interrupted({ runs }: { runs: readonly ImportRun[] }): ReactNode {
  const engine = useEngine();
  const importing = useApp((s) => s.importing !== null);
  const readOnly = useApp((s) => s.opened?.access === 'read');
  const [asked, setAsked] = useState(false);
  // A later import that ended read the same roots again, or others; only what came last says how things stand.
  const broken = runs[0]?.status === 'interrupted' || runs[0]?.status === 'cancelled' || runs[0]?.status === 'failed';
  if (!broken || importing) return null;
  return (
    <Alert color="yellow" title="The last import did not run to its end">
      <p className="tc-ledger-continue">
        What it had read wholly is in the case. Importing the same files again continues: files that are in the case are recognised by their
        hash and not read twice.
      </p>
      <Button
        disabled={readOnly || asked}
        onClick={() => {
          setAsked(true);
          void importOriginals(engine).finally(() => setAsked(false));
        }}
      >
        Continue the import
      </Button>
    </Alert>
  );
}

function Runs({ runs }: { runs: readonly ImportRun[] }): ReactNode {
  const time = useTime();
  if (runs.length === 0) return <p className="tc-sub-lead">Nothing has been imported yet.</p>;
  return (
    <Table verticalSpacing={4} className="tc-card" aria-label="Imports">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Started ({time.zone})</Table.Th>
          <Table.Th>Took</Table.Th>
          <Table.Th>What was opened</Table.Th>
          <Table.Th>Outcome</Table.Th>
          <Table.Th ta="right">Files</Table.Th>
          <Table.Th ta="right">Records</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {runs.map((r) => (
          <Table.Tr key={r.id}>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>{time.time(r.startedAt)}</Table.Td>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>{r.endedAt === null ? '–' : formatDuration(r.endedAt - r.startedAt)}</Table.Td>
            <Table.Td>
              {r.roots.slice(0, ROOTS_SHOWN).map((root) => (
                <div key={root}>
                  <VisibleText text={root} limit={300} />
                </div>
              ))}
              {r.roots.length > ROOTS_SHOWN ? <span className="tc-soft">and {formatCount(r.roots.length - ROOTS_SHOWN)} more</span> : null}
            </Table.Td>
            <Table.Td>
              <span className="tc-ledger-run" data-status={r.status}>
                <span aria-hidden="true">{RUN_MARK[r.status]}</span> {r.status}
              </span>
              {r.reason ? <div className="tc-soft">{r.reason}</div> : null}
            </Table.Td>
            <Table.Td ta="right">{formatCount(r.files)}</Table.Td>
            <Table.Td ta="right">{formatCount(r.records)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Storage({ storage }: { storage: StorageState }): ReactNode {
  return (
    <section className="tc-card tc-ledger-storage" aria-label="Storage">
      <h2 className="tc-card-title">Storage</h2>
      <dl className="tc-ledger-facts">
        <dt>Used by all cases</dt>
        <dd>
          {formatBytes(storage.usedBytes)} of {formatBytes(storage.quotaBytes)} that may be used (
          {formatPercent(storage.usedBytes, storage.quotaBytes)})
        </dd>
        <dt>Free on the disk</dt>
        <dd>{storage.diskFreeBytes === null ? 'not known' : formatBytes(storage.diskFreeBytes)}</dd>
        <dt>Persistent</dt>
        <dd>
          {storage.persisted
            ? 'yes: the system may not clear it by itself'
            : 'not granted: the system could clear it when the disk runs full. Notes, ledger and imports are also in the case’s journal, outside this storage; keep the original files.'}
        </dd>
      </dl>
    </section>
  );
}
