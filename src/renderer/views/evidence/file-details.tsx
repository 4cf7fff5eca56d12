/** A file of the ledger in full: hashes, container, reason, what could not be read in it, and what can be done with it. */
import { ActionIcon, Button, CloseButton, Group, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconCopy, IconDownload, IconFileMinus, IconList, IconShieldCheck } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { oneChunk, saveStream } from '../../../engine/client/index.ts';
import { custodyLines, STATUS_WORD } from '../../../engine/client/report.ts';
import type { LedgerRow } from '../../../shared/engine.ts';
import { toAppError } from '../../../shared/errors.ts';
import type { IntegrityRow } from '../../../shared/integrity.ts';
import { MAX_PROBLEMS_PER_FILE, type RecordProblem } from '../../../shared/ledger.ts';
import { copyText } from '../../components/copy.ts';
import { countOf, formatBytes, formatCount } from '../../components/numbers.ts';
import { useTime } from '../../components/use-time.ts';
import { VisibleText } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';
import { tell, tellFailure } from '../../state/messages.ts';
import { useSelection } from '../../state/selection.ts';
import { useVerifying, verify } from '../../state/verifying.ts';
import { VerdictBadge } from './integrity-badge.tsx';
import { countsOf, kindWords, originalName } from './ledger-model.ts';
import { useCustody } from './queries.ts';
import { StatusBadge } from './status-badge.tsx';
import { canBringBack, canWithdraw, changeFiles } from './withdraw.ts';
import { WithdrawDialog } from './withdraw-dialog.tsx';

const PROBLEMS_SHOWN = 100;

interface Props {
  file: LedgerRow;
  /** What the digests say about it; null when nothing does. */
  verdict: IntegrityRow | null;
  onClose: () => void;
}

export function FileDetails({ file, verdict, onClose }: Props): ReactNode {
  const engine = useEngine();
  const navigate = useApp((s) => s.navigate);
  const time = useTime();
  const [saving, setSaving] = useState(false);
  const showEvents = (): void => {
    useSelection.getState().onlyValue('file', file.path);
    navigate({ view: 'events' });
  };
  const save = async (): Promise<void> => {
    const done = idle.begin();
    setSaving(true);
    try {
      const bytes = await engine.store.readOriginal(file.id);
      const saved = await saveStream(originalName(file.path), 'application/octet-stream', oneChunk(bytes));
      if (saved) tell(`${formatBytes(bytes.byteLength)} as found, with the SHA-256 of the ledger.`, `Saved ${saved.label}`);
    } catch (thrown) {
      tellFailure('The original could not be saved.', thrown);
    } finally {
      setSaving(false);
      done();
    }
  };
  const held =
    file.sha256 !== null &&
    file.status !== 'repeated' &&
    (file.status !== 'withdrawn' || (file.withdrawal !== undefined && file.commits.length > 0));
  const counts = countsOf(file);
  const was = file.withdrawal ? <span className="tc-soft"> before it was withdrawn</span> : null;
  return (
    <aside className="tc-ledger-details" aria-label="File of the evidence">
      <div className="tc-ledger-details-head">
        <StatusBadge status={file.status} />
        <span className="tc-soft">{kindWords(file.kind)}</span>
        <CloseButton size="sm" ml="auto" aria-label="Close the file" onClick={onClose} />
      </div>
      <h2 className="tc-ledger-path">
        <VisibleText text={file.path} limit={2000} />
      </h2>
      {file.reason ? (
        <p className="tc-ledger-reason">
          <VisibleText text={file.reason} limit={2000} />
        </p>
      ) : null}
      <Group gap={6} my={8}>
        <Button variant="default" leftSection={<IconList size={14} />} disabled={file.records === 0} onClick={showEvents}>
          Events of this file
        </Button>
        <Tooltip label={held ? 'The bytes exactly as they were found' : 'The case holds no copy of it'}>
          <Button variant="default" leftSection={<IconDownload size={14} />} loading={saving} disabled={!held} onClick={() => void save()}>
            Save the original
          </Button>
        </Tooltip>
        <Button variant="default" leftSection={<IconCopy size={14} />} onClick={() => void copyText(file.path, 'path')}>
          Copy path
        </Button>
        <Custodial file={file} />
      </Group>
      <dl className="tc-ledger-facts">
        {verdict ? (
          <Fact name="Integrity">
            <VerdictBadge row={verdict} />
            <br />
            <VisibleText text={verdict.reason} limit={2000} />
          </Fact>
        ) : null}
        <Hash name="SHA-256 as found" value={file.sha256} none="could not be read" />
        <Hash name="SHA-256 unpacked" value={file.sha256Unpacked} none="could not be unpacked wholly" />
        <Fact name="Container">{file.container}</Fact>
        <Fact name="Size as found">
          {formatBytes(file.size)} ({countOf(file.size, 'byte')})
        </Fact>
        <Fact name="Unpacked">
          {file.unpackedSize === null ? 'not known' : `${formatBytes(file.unpackedSize)} (${countOf(file.unpackedSize, 'byte')})`}
        </Fact>
        <Fact name="Records">
          {formatCount(counts.records)}
          {counts.aggregatedRecords > 0 ? `, ${formatCount(counts.aggregatedRecords)} of them aggregated windows` : ''}
          {was}
        </Fact>
        <Fact name="Unreadable records">
          {formatCount(counts.unreadableRecords)}
          {was}
        </Fact>
        <Fact name="First event">
          {time.zoned(counts.firstTime)}
          {was}
        </Fact>
        <Fact name="Last event">
          {time.zoned(counts.lastTime)}
          {was}
        </Fact>
        <Fact name="Changed on disk">{file.modified === null ? 'not known' : time.zoned(file.modified)}</Fact>
        <Fact name="Imported">
          {time.zoned(file.importedAt)}, by version {file.appVersion}
        </Fact>
        {file.withdrawal ? (
          <Fact name="Withdrawn">
            {time.zoned(file.withdrawal.at)}; it was {STATUS_WORD[file.withdrawal.was.status]}, with{' '}
            {countOf(file.withdrawal.was.records, 'record')}
          </Fact>
        ) : null}
        <StatedCustody file={file} />
      </dl>
      {file.unreadableRecords > 0 || file.status === 'partial' ? <Problems file={file} /> : null}
    </aside>
  );
}

/** Withdraw or bring back, and verify again: what is done with the file as evidence. */
function Custodial({ file }: { file: LedgerRow }): ReactNode {
  const engine = useEngine();
  const busy = useApp((s) => s.importing !== null || s.opened?.access === 'read');
  const verifying = useVerifying((s) => s.progress !== null);
  const [asking, setAsking] = useState(false);
  const [working, setWorking] = useState(false);
  const bringBack = async (): Promise<void> => {
    const done = idle.begin();
    setWorking(true);
    try {
      tell(await changeFiles(engine, ({ store }) => store.bringBackFiles([file.id])), 'File brought back');
    } catch (thrown) {
      tellFailure('The file could not be brought back.', thrown);
    } finally {
      setWorking(false);
      done();
    }
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconShieldCheck size={14} />}
        disabled={busy || verifying}
        onClick={() => void verify(engine, { ledgerIds: [file.id], grants: null })}
      >
        Verify again
      </Button>
      {canWithdraw(file) ? (
        <Button variant="default" leftSection={<IconFileMinus size={14} />} disabled={busy || verifying} onClick={() => setAsking(true)}>
          Withdraw…
        </Button>
      ) : null}
      {canBringBack(file) ? (
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={14} />}
          loading={working}
          disabled={busy || verifying}
          onClick={() => void bringBack()}
        >
          Bring back
        </Button>
      ) : null}
      {asking ? <WithdrawDialog files={[file]} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

function StatedCustody({ file }: { file: LedgerRow }): ReactNode {
  const { value } = useCustody();
  const lines = value ? custodyLines(value.book, file.importId) : [];
  if (lines.length === 0) return null;
  return (
    <Fact name="Custody">
      {lines.map((line) => (
        <div key={line}>
          <VisibleText text={line} limit={1000} />
        </div>
      ))}
    </Fact>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Hash({ name, value, none }: { name: string; value: string | null; none: string }): ReactNode {
  return (
    <Fact name={name}>
      {value === null ? (
        <span className="tc-absent">{none}</span>
      ) : (
        <span className="tc-ledger-hash">
          <code>{value}</code>
          <Tooltip label="Copy">
            <ActionIcon size={18} aria-label={`Copy the ${name}`} onClick={() => void copyText(value, name)}>
              <IconCopy size={12} />
            </ActionIcon>
          </Tooltip>
        </span>
      )}
    </Fact>
  );
}

function Problems({ file }: { file: LedgerRow }): ReactNode {
  const engine = useEngine();
  const [state, setState] = useState<{ problems: RecordProblem[] | null; error: string | null }>({ problems: null, error: null });
  const [all, setAll] = useState(false);
  useEffect(() => {
    let live = true;
    const done = idle.begin();
    setState({ problems: null, error: null });
    engine.store
      .problems(file.id)
      .then(
        (problems) => {
          if (live) setState({ problems, error: null });
        },
        (thrown: unknown) => {
          if (live) setState({ problems: null, error: toAppError(thrown).message });
        },
      )
      .finally(done);
    return () => {
      live = false;
    };
  }, [engine, file.id]);
  const problems = state.problems ?? [];
  const shown = all ? problems : problems.slice(0, PROBLEMS_SHOWN);
  return (
    <section aria-label="What could not be read">
      <h3 className="tc-ledger-sub">What could not be read</h3>
      {state.error ? <p className="tc-ledger-reason">{state.error}</p> : null}
      {state.problems?.length === 0 ? <p className="tc-soft">No single records are listed; the reason above says what happened.</p> : null}
      <ol className="tc-ledger-problems">
        {shown.map((p) => (
          <li key={`${p.recordNumber} ${p.offset}`}>
            <div>
              Record {formatCount(p.recordNumber)}, at byte {formatCount(p.offset)}, {countOf(p.length, 'byte')}:{' '}
              <VisibleText text={p.reason} limit={500} />
            </div>
            {p.excerpt === '' ? null : (
              <code>
                <VisibleText text={p.excerpt} limit={200} />
              </code>
            )}
          </li>
        ))}
      </ol>
      {problems.length > shown.length ? (
        <Button variant="subtle" size="compact-xs" onClick={() => setAll(true)}>
          Show all {formatCount(problems.length)}
        </Button>
      ) : null}
      {problems.length >= MAX_PROBLEMS_PER_FILE && file.unreadableRecords > problems.length ? (
        <p className="tc-soft">
          The first {formatCount(MAX_PROBLEMS_PER_FILE)} are listed; {formatCount(file.unreadableRecords)} were counted.
        </p>
      ) : null}
    </section>
  );
}
