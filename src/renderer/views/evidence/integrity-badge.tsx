/** A verdict of digest validation: word and shape, the colour only besides. */
import type { ReactNode } from 'react';
import { rowVerdict, shownVerdict } from '../../../engine/client/index.ts';
import type { IntegrityRow, ShownVerdict } from '../../../shared/integrity.ts';

export const VERDICT_MARK: Record<ShownVerdict, string> = {
  signed: '✓',
  hashLinked: '◐',
  unverified: '○',
  invalid: '✕',
  missing: '−',
  matchSigned: '✓',
  matchUnsigned: '◐',
  matchInvalid: '✕',
  mismatch: '✕',
  extra: '+',
  undigested: '○',
  withdrawn: '−',
};

export function VerdictBadge({ row }: { row: IntegrityRow }): ReactNode {
  const verdict = shownVerdict(row);
  return (
    <span className="tc-ledger-status" data-verdict={verdict} title={row.reason}>
      <span aria-hidden="true">{VERDICT_MARK[verdict]}</span> {rowVerdict(row)}
    </span>
  );
}
