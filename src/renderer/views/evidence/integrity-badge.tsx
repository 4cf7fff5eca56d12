/** A verdict of digest validation: word and shape, the colour only besides. */
import type { ReactNode } from 'react';
import { rowVerdict } from '../../../engine/client/index.ts';
import type { DigestVerdict, IntegrityRow, LogVerdict } from '../../../shared/integrity.ts';

export const VERDICT_MARK: Record<DigestVerdict | LogVerdict, string> = {
  signed: '✓',
  hashLinked: '◐',
  unverified: '○',
  invalid: '✕',
  missing: '−',
  matchSigned: '✓',
  matchUnsigned: '◐',
  mismatch: '✕',
  extra: '+',
  undigested: '○',
};

export function VerdictBadge({ row }: { row: IntegrityRow }): ReactNode {
  return (
    <span className="tc-ledger-status" data-verdict={row.verdict} title={row.reason}>
      <span aria-hidden="true">{VERDICT_MARK[row.verdict]}</span> {rowVerdict(row)}
    </span>
  );
}
