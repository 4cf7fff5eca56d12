/** The ledger: totals by status that filter, a search, the table, the open file, and the ledger as files of its own. */
import { Button, CloseButton, Menu, TextInput, UnstyledButton } from '@mantine/core';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useMemo } from 'react';
import { oneChunk, saveStream } from '../../../engine/client/index.ts';
import { ledgerCsv, STATUS_WORD, sha256sumList } from '../../../engine/client/report.ts';
import type { LedgerRow, LedgerTotals } from '../../../shared/engine.ts';
import type { IntegrityRow } from '../../../shared/integrity.ts';
import { FILE_STATUSES, type FileStatus } from '../../../shared/ledger.ts';
import { copyText } from '../../components/copy.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { countOf, formatBytes, formatCount } from '../../components/numbers.ts';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';
import { tell, tellFailure } from '../../state/messages.ts';
import { usePlace } from '../../state/place.ts';
import { FileDetails } from './file-details.tsx';
import { chosenRows, type LedgerChoice, rowOfPath, STATUS_HELP, STATUS_MARK } from './ledger-model.ts';
import { LedgerTable } from './ledger-table.tsx';
import { ShownMenu } from './shown-menu.tsx';

interface Props {
  totals: LedgerTotals;
  rows: readonly LedgerRow[];
  /** Verdicts of digest validation by ledger row, as far as it has come. */
  verdicts: ReadonlyMap<number | null, IntegrityRow>;
}

export function Files({ totals, rows, verdicts }: Props): ReactNode {
  const [choice, setChoice] = usePlace<LedgerChoice>('files', { statuses: new Set(), find: '', sort: 'path', descending: false });
  const named = useApp((s) => (s.route.view === 'evidence' ? s.route.file : undefined));
  const [openId, setOpenId] = usePlace<number | null>('open file', null);
  const [followed, setFollowed] = usePlace<string | undefined>('followed', undefined);
  if (named !== followed) {
    // Another file was named: it must be among the rows shown.
    setFollowed(named);
    const row = named === undefined ? undefined : rowOfPath(rows, named);
    if (row) {
      setChoice((c) => ({ ...c, statuses: new Set(), find: '' }));
      setOpenId(row.id);
    }
  }
  const shown = useMemo(() => chosenRows(rows, choice), [rows, choice]);
  const open = rows.find((r) => r.id === openId) ?? null;
  const toggle = (status: FileStatus): void =>
    setChoice((c) => {
      const statuses = new Set(c.statuses);
      if (!statuses.delete(status)) statuses.add(status);
      return { ...c, statuses };
    });
  return (
    <>
      <div className="tc-gl-bar">
        <span className="tc-ledger-count" role="status">
          {shown.length === rows.length ? countOf(rows.length, 'file') : `${formatCount(shown.length)} of ${countOf(rows.length, 'file')}`}
        </span>
        <fieldset className="tc-ledger-chips" aria-label="Filter by status">
          {FILE_STATUSES.filter((s) => (totals.byStatus[s] ?? 0) > 0).map((status) => (
            <UnstyledButton
              key={status}
              className="tc-ledger-chip"
              data-status={status}
              aria-pressed={choice.statuses.has(status)}
              title={STATUS_HELP[status]}
              onClick={() => toggle(status)}
            >
              <span aria-hidden="true">{STATUS_MARK[status]}</span> {STATUS_WORD[status]} {formatCount(totals.byStatus[status])}
            </UnstyledButton>
          ))}
        </fieldset>
        <TextInput
          className="tc-gl-find"
          aria-label="Find files"
          placeholder="Path, reason or hash…"
          maxLength={500}
          value={choice.find}
          onChange={(e) => setChoice({ ...choice, find: e.currentTarget.value })}
          leftSection={<IconSearch size={13} />}
          rightSection={
            choice.find ? <CloseButton size="xs" aria-label="Clear" onClick={() => setChoice({ ...choice, find: '' })} /> : null
          }
        />
        <span className="tc-soft tc-ledger-sums">
          {formatBytes(totals.bytes)} as found · {countOf(totals.records, 'record')}
          {totals.unreadableRecords > 0 ? ` · ${formatCount(totals.unreadableRecords)} unreadable` : ''}
        </span>
        <ShownMenu rows={shown} />
        <LedgerMenu rows={rows} />
      </div>
      <div className="tc-ledger-body">
        {shown.length === 0 ? (
          <EmptyState
            title="No file matches"
            actions={
              <Button variant="default" onClick={() => setChoice({ ...choice, statuses: new Set(), find: '' })}>
                Show all files
              </Button>
            }
          >
            The search is in path, reason, and the beginning of either hash.
          </EmptyState>
        ) : (
          <LedgerTable
            rows={shown}
            verdicts={verdicts}
            choice={choice}
            sortBy={(sort) =>
              setChoice((c) => ({ ...c, sort, descending: c.sort === sort ? !c.descending : sort !== 'path' && sort !== 'kind' }))
            }
            open={openId}
            onOpen={setOpenId}
          />
        )}
        {open ? <FileDetails key={open.id} file={open} verdict={verdicts.get(open.id) ?? null} onClose={() => setOpenId(null)} /> : null}
      </div>
    </>
  );
}

function LedgerMenu({ rows }: { rows: readonly LedgerRow[] }): ReactNode {
  const engine = useEngine();
  const save = async (name: string, mimeType: string, text: string, words: string): Promise<void> => {
    const done = idle.begin();
    try {
      const saved = await saveStream(name, mimeType, oneChunk(text));
      if (saved) tell(words, `Saved ${saved.label}`);
    } catch (thrown) {
      tellFailure('The list could not be saved.', thrown);
    } finally {
      done();
    }
  };
  const list = () => {
    const sums = sha256sumList(rows);
    const left = [
      sums.members > 0 ? `${countOf(sums.members, 'member')} of containers` : '',
      sums.withoutHash > 0 ? `${countOf(sums.withoutHash, 'file')} without a hash` : '',
      sums.withdrawn > 0 ? `${countOf(sums.withdrawn, 'withdrawn file')}` : '',
    ].filter(Boolean);
    return {
      text: sums.text,
      words: `${countOf(sums.listed, 'file')} for sha256sum --check${left.length > 0 ? `; left out: ${left.join(', ')}` : ''}.`,
    };
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={14} />}>
          Ledger as file
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          onClick={() => {
            const { text, words } = list();
            void save('evidence.sha256', 'text/plain; charset=utf-8', text, words);
          }}
        >
          Save hashes (sha256sum format)
        </Menu.Item>
        <Menu.Item onClick={() => void copyText(list().text, 'list of hashes')}>Copy hashes (sha256sum format)</Menu.Item>
        <Menu.Item
          onClick={() => {
            const words = `${countOf(rows.length, 'file')}, times in UTC.`;
            engine.store.custody().then(
              (custody) => save('evidence-ledger.csv', 'text/csv; charset=utf-8', ledgerCsv(rows, custody), words),
              (thrown: unknown) => tellFailure('The list could not be saved.', thrown),
            );
          }}
        >
          Save the whole ledger (CSV)
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
