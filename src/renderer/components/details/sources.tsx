/** Where the event was read from: every copy, its file and record number, and the conflict if copies contradict each other. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { rowVerdict } from '../../../engine/client/index.ts';
import type { EventDetails, SourceCopy } from '../../../shared/engine.ts';
import { useApp } from '../../state/app.ts';
import { copyText } from '../copy.ts';
import { formatCount } from '../numbers.ts';
import { hoverText, VisibleText } from '../visible-text.tsx';
import { Comparison } from './comparison.tsx';
import type { Source } from './use-records.ts';
import { type CopyVerdicts, useVerdicts } from './use-verdicts.ts';
import { verdictOf } from './verdict.tsx';

/** Copies listed before "show all". */
const LISTED = 50;

export const conflictSentence = (n: number): string =>
  n === 1
    ? '≠ Another record carries this event ID and says something else.'
    : `≠ ${formatCount(n)} other records carry this event ID and say something else.`;

export function Sources({ details }: { details: EventDetails }): ReactNode {
  const [all, setAll] = useState(false);
  const { copies } = details;
  const verdicts = useVerdicts(details);
  const shown = all ? copies : copies.slice(0, LISTED);
  return (
    <div className="tc-detail-sources">
      <p className="tc-detail-remark">
        {copies.length === 1
          ? 'One record in the evidence says this.'
          : `${formatCount(copies.length)} records in the evidence carry this event. It is counted once; the richest record is shown.`}
      </p>
      <ol>
        {shown.map((copy) => (
          <li key={`${copy.ref.commitId}/${copy.ref.block}/${copy.ref.textOffset}`}>
            <FilePlace path={copy.file.path} recordNumber={copy.recordNumber} />
            {copy.shown ? <span className="tc-detail-badge">shown</span> : null} <CopyVerdict copy={copy} verdicts={verdicts} />
            <div className="tc-detail-hash">
              <span title="SHA-256 of the file as found">file</span>
              {copy.file.sha256 ? (
                <button
                  type="button"
                  className="tc-detail-text"
                  title="Copy"
                  onClick={() => void copyText(copy.file.sha256 ?? '', 'SHA-256 of the file')}
                >
                  {copy.file.sha256}
                </button>
              ) : (
                <span>without a hash</span>
              )}
            </div>
          </li>
        ))}
      </ol>
      {shown.length < copies.length ? (
        <Button size="compact-xs" variant="default" onClick={() => setAll(true)}>
          Show all {formatCount(copies.length)} copies
        </Button>
      ) : null}
      {copies.length > 1 ? <Comparison quiet title="Differences between the copies" sources={copiesOf(details)} /> : null}
      {details.conflicts.length > 0 ? <Conflicts details={details} /> : null}
    </div>
  );
}

function CopyVerdict({ copy, verdicts }: { copy: SourceCopy; verdicts: CopyVerdicts }): ReactNode {
  const row = verdictOf(copy, verdicts);
  if (!row) return null;
  return (
    <span className="tc-detail-badge" title={hoverText(row.reason)}>
      {rowVerdict(row)}
    </span>
  );
}

function FilePlace({ path, recordNumber }: { path: string; recordNumber: number }): ReactNode {
  const navigate = useApp((s) => s.navigate);
  return (
    <div className="tc-detail-file">
      <button
        type="button"
        className="tc-detail-text"
        onClick={() => navigate({ view: 'evidence', file: path })}
        title="Open this file in the evidence list"
      >
        <VisibleText text={path} />
      </button>
      <span>record {formatCount(recordNumber)} (counted from 0)</span>
    </div>
  );
}

function Conflicts({ details }: { details: EventDetails }): ReactNode {
  const navigate = useApp((s) => s.navigate);
  return (
    <section>
      <h3>Conflict</h3>
      <p className="tc-detail-conflict" role="note">
        {conflictSentence(details.conflicts.length)} They are kept apart as events of their own.
      </p>
      <p>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => navigate({ view: 'evidence', part: 'contradictions', eventID: details.eventID ?? undefined })}
        >
          Open in Evidence › Contradictions
        </Button>
      </p>
      <Comparison
        title="Field by field"
        sources={[
          { label: 'This event', key: details.key },
          ...details.conflicts.map((key, i) => ({ label: details.conflicts.length === 1 ? 'Other event' : `Other event ${i + 1}`, key })),
        ]}
      />
    </section>
  );
}

const copiesOf = (details: EventDetails): Source[] =>
  details.copies.map((copy, i) => ({ label: copy.shown ? 'Shown' : `Copy ${i + 1}`, ref: copy.ref, time: details.time }));
