/** How failures are said, the same everywhere: all that failed by its outcome, and how many of these were denied. */
import type { ReactNode } from 'react';
import { formatCount } from './numbers.ts';
import './failures.css';

export const FAILED_HELP = 'Events whose outcome is denied or error, with an error code or without';
export const DENIED_HELP = 'Of the failed those whose outcome is denied: authorization failures and failed sign-ins';

/** `19 failed, 13 of these denied`; empty when nothing failed. */
export function failureWords(failed: number, denied: number): string {
  if (failed === 0) return '';
  const words = `${formatCount(failed)} failed`;
  if (denied === 0) return words;
  return denied === failed ? `${words}, all denied` : `${words}, ${formatCount(denied)} of these denied`;
}

/** The number of all that failed: after ⊘ when all were denied, after ✕ when none was, else with the denied ones behind it. */
export function Failures({ failed, denied }: { failed: number; denied: number }): ReactNode {
  if (failed === 0) return <span className="tc-soft">0</span>;
  const title = failureWords(failed, denied);
  if (denied === failed)
    return (
      <span className="tc-denied" title={title}>
        ⊘ {formatCount(denied)}
      </span>
    );
  return (
    <span className="tc-failed" title={title}>
      {denied === 0 ? '✕ ' : ''}
      {formatCount(failed)}
      {denied > 0 ? <span className="tc-denied"> (⊘ {formatCount(denied)})</span> : null}
    </span>
  );
}
