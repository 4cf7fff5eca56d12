/** The verdict of the file that the shown record was read from: in words, with its reason, and the way to where it is explained. */
import type { ReactNode } from 'react';
import type { EventDetails, SourceCopy } from '../../../shared/engine.ts';
import type { IntegrityRow } from '../../../shared/integrity.ts';
import { useApp } from '../../state/app.ts';
import { VerdictsPending } from '../event-verdict.tsx';
import { VisibleText } from '../visible-text.tsx';
import type { CopyVerdicts } from './use-verdicts.ts';

export const verdictOf = (copy: SourceCopy | undefined, verdicts: CopyVerdicts): IntegrityRow | null =>
  (copy?.file.ledgerId !== undefined && verdicts.rows?.get(copy.file.ledgerId)) || null;

export function VerdictReason({ details, verdicts }: { details: EventDetails; verdicts: CopyVerdicts }): ReactNode {
  const shown = details.copies.find((copy) => copy.shown) ?? details.copies[0];
  const row = verdictOf(shown, verdicts);
  return (
    <>
      <VerdictsPending />
      {verdicts.error ? <p className="tc-detail-remark">The reason could not be read: {verdicts.error}</p> : null}
      {row ? (
        <p className="tc-detail-remark">
          <VisibleText text={row.reason} limit={2000} /> <ToIntegrity path={row.path} />
        </p>
      ) : null}
    </>
  );
}

export function ToIntegrity({ path }: { path: string }): ReactNode {
  const navigate = useApp((s) => s.navigate);
  return (
    <button type="button" className="tc-tree-all" onClick={() => navigate({ view: 'evidence', part: 'integrity', file: path })}>
      Open in Evidence › Integrity
    </button>
  );
}
