/** The bottom line: how much the case holds, what it covers, what is running, and in which zone times are shown. */
import { CloseButton, Tooltip, UnstyledButton } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import type { LedgerTotals } from '../../shared/engine.ts';
import { EMPTY_SELECTION } from '../../shared/plan.ts';
import { countOf, formatCount, formatPercent } from '../components/numbers.ts';
import { formatDuration, localZoneName } from '../components/time.ts';
import { useTime } from '../components/use-time.ts';
import { visibleString } from '../components/visible-text.tsx';
import { type ImportState, useApp } from '../state/app.ts';
import { useEngine, usePlan } from '../state/engine.tsx';
import { cancelImport, pauseImport } from '../state/imports.ts';
import { tellFailure } from '../state/messages.ts';
import { toggleUtc } from '../state/preferences.ts';

/** Totals of the evidence ledger of the open case, kept up to date. */
export function useLedgerTotals(): LedgerTotals | null {
  const engine = useEngine();
  const caseId = useApp((s) => s.opened?.info.id ?? null);
  const [totals, setTotals] = useState<LedgerTotals | null>(null);
  useEffect(() => {
    setTotals(null);
    if (caseId === null) return;
    let live = true;
    const load = (): void => {
      engine.store
        .ledgerTotals()
        .then((t) => {
          if (live) setTotals(t);
        })
        .catch((thrown: unknown) => {
          if (live) tellFailure('The evidence could not be counted.', thrown);
        });
    };
    load();
    engine.store
      .subscribe('ledger', () => {
        if (live) load();
      })
      .catch((thrown: unknown) => tellFailure('Changes of the evidence are not being followed.', thrown));
    return () => {
      live = false;
    };
  }, [engine, caseId]);
  return totals;
}

/** Share of the import that is done, 0 to 1; null while it is not known how much there is. */
export function importShare({ progress }: Pick<ImportState, 'progress'>): number | null {
  if (progress.walking || progress.bytesFound === 0) return null;
  return Math.min(1, progress.bytesDone / progress.bytesFound);
}

export function importWord({ progress, cancelling }: Pick<ImportState, 'progress' | 'cancelling'>): string {
  return cancelling ? 'Cancelling' : progress.paused ? 'Paused' : 'Importing';
}

export function StatusBar(): ReactNode {
  const engine = useEngine();
  const words = useTime();
  const opened = useApp((s) => s.opened);
  const importing = useApp((s) => s.importing);
  return (
    <footer className="tc-status">
      {opened ? <CaseStatus /> : <span>No case is open.</span>}
      {opened?.access === 'read' ? <strong>Read only: another window holds this case</strong> : null}
      {importing ? (
        <>
          <span>
            {importWord(importing)}
            {importShare(importing) === null ? '' : ` ${formatPercent(importing.progress.bytesDone, importing.progress.bytesFound)}`}
            {importing.rate === null ? '' : ` · ${formatCount(Math.round(importing.rate))}/s`}
          </span>
          <span className="tc-status-path">{visibleString(importing.progress.reading ?? '')}</span>
          {importing.progress.paused && importing.progress.resumable === false ? null : (
            <UnstyledButton
              className="tc-status-button"
              disabled={importing.cancelling}
              onClick={() => void pauseImport(engine, !importing.progress.paused)}
            >
              {importing.progress.paused ? 'Resume' : 'Pause'}
            </UnstyledButton>
          )}
          <UnstyledButton className="tc-status-button" disabled={importing.cancelling} onClick={() => void cancelImport(engine)}>
            Cancel
          </UnstyledButton>
        </>
      ) : null}
      {importing ? null : <LastImport />}
      <span className="tc-spacer" />
      <Tooltip
        label={
          words.utc ? `Times are UTC. Click for local time (${localZoneName()}).` : `Times are local (${localZoneName()}). Click for UTC.`
        }
      >
        <UnstyledButton
          className="tc-status-button"
          aria-label={`Times in ${words.utc ? 'UTC' : `local time, ${words.zone}`}: switch`}
          onClick={toggleUtc}
        >
          {words.utc ? 'UTC' : `local · ${words.zone}`}
        </UnstyledButton>
      </Tooltip>
    </footer>
  );
}

const RESULT_MARK = { done: '✓', odd: '◐', failed: '✕' } as const;

function LastImport(): ReactNode {
  const result = useApp((s) => s.importResult);
  const { navigate, set } = useApp.getState();
  if (!result) return null;
  const text = `${result.title}: ${result.sentence}`;
  return (
    <span className="tc-import-result" data-tone={result.tone} role={result.tone === 'failed' ? 'alert' : 'status'}>
      <span aria-hidden="true">{RESULT_MARK[result.tone]}</span>
      <span className="tc-status-path" title={visibleString(text)}>
        <strong>{result.title}:</strong> {visibleString(result.sentence)}
      </span>
      <UnstyledButton className="tc-status-button" onClick={() => navigate({ view: 'evidence' })}>
        Open the evidence list
      </UnstyledButton>
      <CloseButton size={18} aria-label="Dismiss what the import said" onClick={() => set({ importResult: null })} />
    </span>
  );
}

function CaseStatus(): ReactNode {
  const words = useTime();
  const totals = useLedgerTotals();
  const events = useApp((s) => s.queryStatus?.events ?? 0);
  const { result } = usePlan('status', EMPTY_SELECTION, [{ ask: 'count' }]);
  const rejected = totals?.byStatus.rejected ?? 0;
  const span = result?.answers[0];
  return (
    <>
      <span>{countOf(events, 'event')}</span>
      <span>
        {countOf(totals?.files ?? 0, 'file')}
        {rejected > 0 ? `, ${formatCount(rejected)} rejected` : ''}
      </span>
      {span && span.first !== null && span.last !== null ? (
        <span title={`${words.zoned(span.first)} to ${words.zoned(span.last)}`}>
          {words.date(span.first)} → {words.date(span.last)} ({formatDuration(span.last - span.first)})
        </span>
      ) : null}
      {span && span.withoutTime > 0 ? <span>{formatCount(span.withoutTime)} without time</span> : null}
    </>
  );
}
