/** What the digest files say about the evidence: what is proven and what is not, in words, and every digest and log with its verdict. */
import { Alert, Button, CloseButton, UnstyledButton } from '@mantine/core';
import { IconFileCheck, IconKey } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import { shownVerdict, verdictWord } from '../../../engine/client/index.ts';
import type { IntegrityReport, IntegrityRow, IntegritySentence, ShownVerdict } from '../../../shared/integrity.ts';
import { DIGEST_VERDICTS } from '../../../shared/integrity.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { formatCount } from '../../components/numbers.ts';
import { VisibleText } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { VERDICT_MARK, VerdictBadge } from './integrity-badge.tsx';
import { KeysDialog } from './integrity-keys.tsx';
import { IntegrityTable } from './integrity-table.tsx';
import type { Loaded } from './queries.ts';

const SENTENCE_MARK: Record<IntegritySentence['kind'], string> = { fact: '●', gap: '▲', alarm: '✕' };
const SENTENCE_LEAD: Record<IntegritySentence['kind'], string> = { fact: '', gap: 'Not proven: ', alarm: 'Attention: ' };

/** One kind and verdict, as `log mismatch`. */
type Choice = `${IntegrityRow['kind']} ${ShownVerdict}`;

const DIGESTS: readonly ShownVerdict[] = [...DIGEST_VERDICTS, 'withdrawn'];
const LOGS: readonly ShownVerdict[] = [
  'matchSigned',
  'matchUnsigned',
  'matchInvalid',
  'mismatch',
  'missing',
  'withdrawn',
  'extra',
  'undigested',
];

const choiceOf = (row: IntegrityRow): Choice => `${row.kind} ${shownVerdict(row)}`;

/** `file`: path of the row to open at first. */
export function Integrity({ loaded, file }: { loaded: Loaded<IntegrityReport | null>; file?: string }): ReactNode {
  const [keys, setKeys] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<Choice>>(new Set());
  const importing = useApp((s) => s.importing !== null);
  const report = loaded.value;
  if (loaded.error) {
    return (
      <Alert color="red" title="The digests could not be checked.">
        {loaded.error}
      </Alert>
    );
  }
  if (importing) {
    return (
      <EmptyState icon={<IconFileCheck size={40} stroke={1.3} />} title="An import is running">
        Digests and logs are checked when all of them are in.
      </EmptyState>
    );
  }
  if (!report) return <div className="tc-ledger-page" aria-busy="true" />;
  const toggle = (choice: Choice): void =>
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(choice)) next.add(choice);
      return next;
    });
  return (
    <>
      <div className="tc-integrity-head">
        <ul className="tc-ledger-sentences" aria-label="What the digests prove">
          {report.sentences.map((s) => (
            <li key={s.text} data-kind={s.kind}>
              <span aria-hidden="true">{SENTENCE_MARK[s.kind]}</span>
              <span>
                {s.kind === 'fact' ? null : <strong>{SENTENCE_LEAD[s.kind]}</strong>}
                <VisibleText text={s.text} limit={3000} />
              </span>
            </li>
          ))}
        </ul>
        <Button variant="default" leftSection={<IconKey size={14} />} onClick={() => setKeys(true)}>
          Keys…
        </Button>
      </div>
      <div className="tc-gl-bar">
        <Chips kind="digest" rows={report.rows} verdicts={DIGESTS} chosen={chosen} toggle={toggle} />
        <Chips kind="log" rows={report.rows} verdicts={LOGS} chosen={chosen} toggle={toggle} />
      </div>
      <Verdicts key={[...chosen].join()} rows={report.rows} chosen={chosen} file={chosen.size === 0 ? file : undefined} />
      {keys ? <KeysDialog onClose={() => setKeys(false)} /> : null}
    </>
  );
}

interface ChipsProps {
  kind: IntegrityRow['kind'];
  rows: readonly IntegrityRow[];
  verdicts: readonly ShownVerdict[];
  chosen: ReadonlySet<Choice>;
  toggle: (choice: Choice) => void;
}

function Chips({ kind, rows, verdicts, chosen, toggle }: ChipsProps): ReactNode {
  const counts = useMemo(() => {
    const sums = new Map<ShownVerdict, number>();
    for (const row of rows) if (row.kind === kind) sums.set(shownVerdict(row), (sums.get(shownVerdict(row)) ?? 0) + 1);
    return sums;
  }, [rows, kind]);
  const present = verdicts.filter((v) => counts.has(v));
  if (present.length === 0) return null;
  return (
    <fieldset className="tc-ledger-chips" aria-label={kind === 'digest' ? 'Digests by verdict' : 'Logs by verdict'}>
      <span className="tc-integrity-kind">{kind === 'digest' ? 'Digests' : 'Logs'}</span>
      {present.map((verdict) => (
        <UnstyledButton
          key={verdict}
          className="tc-ledger-chip"
          data-verdict={verdict}
          aria-pressed={chosen.has(`${kind} ${verdict}`)}
          onClick={() => toggle(`${kind} ${verdict}`)}
        >
          <span aria-hidden="true">{VERDICT_MARK[verdict]}</span> {verdictWord(verdict)} {formatCount(counts.get(verdict) ?? 0)}
        </UnstyledButton>
      ))}
    </fieldset>
  );
}

function Verdicts({ rows, chosen, file }: { rows: readonly IntegrityRow[]; chosen: ReadonlySet<Choice>; file?: string }): ReactNode {
  const [open, setOpen] = useState<number | null>(() => indexOf(rows, file));
  const shown = useMemo(() => (chosen.size === 0 ? rows : rows.filter((r) => chosen.has(choiceOf(r)))), [rows, chosen]);
  const row = open === null ? null : (shown[open] ?? null);
  if (rows.length === 0) {
    return (
      <EmptyState icon={<IconFileCheck size={40} stroke={1.3} />} title="No digest and no log file is in the case">
        Import a trail’s folder with CloudTrail and CloudTrail-Digest beside each other.
      </EmptyState>
    );
  }
  return (
    <div className="tc-ledger-body">
      <IntegrityTable rows={shown} open={open} onOpen={setOpen} />
      {row ? (
        <aside className="tc-ledger-details" aria-label="Verdict">
          <div className="tc-ledger-details-head">
            <VerdictBadge row={row} />
            <span className="tc-soft">{row.kind}</span>
            <CloseButton size="sm" ml="auto" aria-label="Close the verdict" onClick={() => setOpen(null)} />
          </div>
          <h2 className="tc-ledger-path">
            <VisibleText text={row.path} limit={2000} />
          </h2>
          <p>
            <VisibleText text={row.reason} limit={3000} />
          </p>
        </aside>
      ) : null}
    </div>
  );
}

function indexOf(rows: readonly IntegrityRow[], path: string | undefined): number | null {
  const at = path === undefined ? -1 : rows.findIndex((row) => row.path === path);
  return at < 0 ? null : at;
}
