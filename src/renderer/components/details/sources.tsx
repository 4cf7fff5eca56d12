/** Where the event was read from: every copy, its file and record number, and the conflict if copies contradict each other. */
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { rowVerdict } from '../../../engine/client/index.ts';
import type { EventKey } from '../../../shared/brand.ts';
import type { EventDetails, RecordText, SourceCopy } from '../../../shared/engine.ts';
import { toAppError } from '../../../shared/errors.ts';
import { recordInside } from '../../../shared/unwrap.ts';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';
import { copyText } from '../copy.ts';
import { formatCount } from '../numbers.ts';
import { parseRecord } from '../record-tree-model.ts';
import { hoverText, VisibleText } from '../visible-text.tsx';
import { diffRecords, type RecordDifference } from './diff.ts';
import { type CopyVerdicts, useVerdicts } from './use-verdicts.ts';
import { verdictOf } from './verdict.tsx';

/** Copies listed before "show all"; copies and conflicts read for the comparison. */
const LISTED = 50;
const COMPARED = 8;

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
      {copies.length > 1 ? <Comparison title="Differences between the copies" sources={copiesOf(details)} /> : null}
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
  const openEvent = useApp((s) => s.openEvent);
  return (
    <section>
      <h3>Conflict</h3>
      <p className="tc-detail-conflict" role="note">
        {conflictSentence(details.conflicts.length)} They are kept apart as events of their own.
      </p>
      <ul>
        {details.conflicts.slice(0, LISTED).map((key, i) => (
          <li key={key}>
            <Button size="compact-xs" variant="default" onClick={() => openEvent(key)}>
              Open contradicting event {i + 1}
            </Button>
          </li>
        ))}
      </ul>
      <Comparison
        title="Field by field"
        sources={[{ label: 'this event', key: details.key }, ...details.conflicts.map((key, i) => ({ label: `event ${i + 1}`, key }))]}
      />
    </section>
  );
}

type Source = { label: string; key: EventKey } | { label: string; ref: EventDetails['copies'][number]['ref'] };

const copiesOf = (details: EventDetails): Source[] =>
  details.copies.map((copy, i) => ({ label: copy.shown ? 'shown' : `copy ${i + 1}`, ref: copy.ref }));

/** Reads the records and shows the fields in which they differ. */
function Comparison({ title, sources }: { title: string; sources: Source[] }): ReactNode {
  const { query, store } = useEngine();
  const [state, setState] = useState<{ labels: string[]; difference: RecordDifference; sameText: boolean } | string | null>(null);
  const id = JSON.stringify(sources);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `id` stands for the sources by value
  useEffect(() => {
    let gone = false;
    const compare = async (): Promise<void> => {
      const done = idle.begin();
      try {
        const taken = sources.slice(0, COMPARED);
        const records: RecordText[] = [];
        const labels: string[] = [];
        for (const source of taken) {
          const ref = 'ref' in source ? source.ref : (await query.event(source.key))?.copies.find((c) => c.shown)?.ref;
          if (!ref) continue;
          records.push(...(await store.readRecords([ref])));
          labels.push(source.label);
        }
        const roots = records.map((r) => parseRecord(recordInside(r).text).root);
        if (gone) return;
        if (roots.some((root) => root === null))
          setState('The records differ, but one of them is no JSON that can be compared field by field.');
        else {
          const difference = diffRecords(roots.filter((root) => root !== null));
          setState({ labels, difference, sameText: records.every((r) => r.sha256 === records[0].sha256) });
        }
      } catch (thrown) {
        if (!gone) setState(`The records could not be compared: ${toAppError(thrown).message}`);
      } finally {
        done();
      }
    };
    setState(null);
    void compare();
    return () => {
      gone = true;
    };
  }, [query, store, id]);

  if (state === null) return null;
  if (typeof state === 'string') return <p className="tc-detail-remark">{state}</p>;
  const { difference, labels } = state;
  return (
    <section>
      <h3>{title}</h3>
      {sources.length > COMPARED ? <p className="tc-detail-remark">The first {COMPARED} are compared.</p> : null}
      {difference.differences.length === 0 ? (
        <p className="tc-detail-remark">
          {state.sameText
            ? 'None: the records are the same to the byte.'
            : `None in any of ${formatCount(difference.same)} fields: only spacing, order or spelling of the JSON differs.`}
        </p>
      ) : (
        <>
          <p className="tc-detail-remark">{formatCount(difference.same)} fields are the same.</p>
          <div className="tc-detail-diff">
            <table>
              <thead>
                <tr>
                  <th>Field</th>
                  {labels.map((label) => (
                    <th key={label}>{label}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {difference.differences.slice(0, 200).map((row) => (
                  <tr key={row.path}>
                    <th>
                      <VisibleText text={row.path} limit={300} />
                    </th>
                    {row.values.map((value, i) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: one cell per record, in order
                      <td key={i}>{value === null ? <em>absent</em> : <VisibleText text={value} limit={600} />}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {difference.differences.length > 200 ? (
            <p className="tc-detail-remark">and {formatCount(difference.differences.length - 200)} more differences.</p>
          ) : null}
        </>
      )}
    </section>
  );
}
