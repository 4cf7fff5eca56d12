// biome-ignore-all lint/a11y/useSemanticElements: cells of a virtual grid, which cannot be a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus
/** The files of the ledger: an archive has tens of thousands. */
import { type ReactNode, useMemo } from 'react';
import type { LedgerRow } from '../../../shared/engine.ts';
import type { IntegrityRow } from '../../../shared/integrity.ts';
import { formatBytes, formatCount } from '../../components/numbers.ts';
import { ChoiceGrid, SortHead } from '../../components/row-grid.tsx';
import { useTime } from '../../components/use-time.ts';
import { hoverText, MiddleText } from '../../components/visible-text.tsx';
import { shortTime } from '../subject/short-time.ts';
import { VerdictBadge } from './integrity-badge.tsx';
import { kindWords, type LedgerChoice, type LedgerSort } from './ledger-model.ts';
import { StatusBadge } from './status-badge.tsx';

const FILE_WIDTH = 220;
const FIXED_WIDTH = 964;
const CHARACTER_WIDTH = 6.5;

/** The reason gets the room that the longest one needs, shared with the file where many have one; where few have one the file keeps it. */
function layout(rows: readonly LedgerRow[]): { template: string; minWidth: number } {
  let [longest, many] = [0, 0];
  for (const { reason } of rows) {
    if (reason === null) continue;
    many++;
    if (reason.length > longest) longest = reason.length;
  }
  const needed = Math.max(70, Math.ceil(longest * CHARACTER_WIDTH) + 16);
  const least = Math.min(needed, 210);
  const reasons = needed <= 210 || many * 3 < rows.length ? `${least}px` : 'minmax(210px, 3fr)';
  return {
    template: `120px 150px minmax(${FILE_WIDTH}px, 2fr) 130px 68px 86px 62px 128px 128px 92px ${reasons}`,
    minWidth: FIXED_WIDTH + FILE_WIDTH + least,
  };
}

interface Props {
  rows: readonly LedgerRow[];
  /** By ledger row; empty while the digests are being checked. */
  verdicts: ReadonlyMap<number | null, IntegrityRow>;
  choice: LedgerChoice;
  sortBy: (sort: LedgerSort) => void;
  open: number | null;
  onOpen: (id: number | null) => void;
}

export function LedgerTable({ rows, verdicts, choice, sortBy, open, onOpen }: Props): ReactNode {
  const time = useTime();
  const { template, minWidth } = useMemo(() => layout(rows), [rows]);
  const at = rows.findIndex((r) => r.id === open);
  const head = (id: LedgerSort, label: string, number = false): ReactNode => (
    <SortHead id={id} label={label} number={number} sort={{ by: choice.sort, descending: choice.descending }} onSort={sortBy} />
  );
  return (
    <ChoiceGrid
      label="Files of the evidence"
      total={rows.length}
      template={template}
      minWidth={minWidth}
      open={at >= 0 ? at : null}
      onOpen={(index) => onOpen(index === null ? null : rows[index].id)}
      head={
        <>
          {head('status', 'Status')}
          <span
            role="columnheader"
            title="What the digests say of the file; empty while they are being checked, and where they say nothing"
          >
            Verdict
          </span>
          {head('path', 'File')}
          {head('kind', 'Kind')}
          {head('records', 'Records', true)}
          {head('unreadableRecords', 'Unreadable', true)}
          {head('size', 'Size', true)}
          {head('firstTime', `First (${time.zone})`)}
          {head('lastTime', `Last (${time.zone})`)}
          <span role="columnheader" title="Of the bytes as found">
            SHA-256
          </span>
          <span role="columnheader">Reason</span>
        </>
      }
      cells={(index) => {
        const f = rows[index];
        const verdict = f && verdicts.get(f.id);
        return f === undefined ? undefined : (
          <>
            <span role="gridcell">
              <StatusBadge status={f.status} />
            </span>
            <span role="gridcell">{verdict ? <VerdictBadge row={verdict} /> : null}</span>
            <span role="gridcell">
              <MiddleText text={f.path} />
            </span>
            <span role="gridcell" className="tc-gl-kind">
              {kindWords(f.kind)}
            </span>
            <span role="gridcell" className={`num${f.records === 0 ? ' zero' : ''}`}>
              {formatCount(f.records)}
            </span>
            <span role="gridcell" className={`num${f.unreadableRecords === 0 ? ' zero' : ' error'}`}>
              {f.unreadableRecords > 0 ? '✕ ' : ''}
              {formatCount(f.unreadableRecords)}
            </span>
            <span role="gridcell" className="num">
              {formatBytes(f.size)}
            </span>
            <span role="gridcell" title={time.zoned(f.firstTime)}>
              {f.firstTime === null ? '–' : shortTime(time.time(f.firstTime))}
            </span>
            <span role="gridcell" title={time.zoned(f.lastTime)}>
              {f.lastTime === null ? '–' : shortTime(time.time(f.lastTime))}
            </span>
            <span role="gridcell" title={f.sha256 ?? 'not known'}>
              {f.sha256 === null ? <span className="tc-absent">not known</span> : <code>{f.sha256.slice(0, 10)}…</code>}
            </span>
            <span role="gridcell" title={f.reason === null ? undefined : hoverText(f.reason)} className="tc-gl-kind">
              {f.reason === null ? '' : hoverText(f.reason)}
            </span>
          </>
        );
      }}
    />
  );
}
