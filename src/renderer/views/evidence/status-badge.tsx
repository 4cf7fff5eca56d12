/** A status of a file: word and shape, the colour only besides. */
import type { ReactNode } from 'react';
import { STATUS_WORD } from '../../../engine/client/report.ts';
import type { FileStatus } from '../../../shared/ledger.ts';
import { STATUS_HELP, STATUS_MARK } from './ledger-model.ts';

export function StatusBadge({ status }: { status: FileStatus }): ReactNode {
  return (
    <span className="tc-ledger-status" data-status={status} title={STATUS_HELP[status]}>
      <span aria-hidden="true">{STATUS_MARK[status]}</span> {STATUS_WORD[status]}
    </span>
  );
}
