/** What an entry of the revert list is about, opened: everything it names, and the requests of its calls, read from the original records. */
import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Engine } from '../../../engine/client/index.ts';
import type { RevertEntry } from '../../../shared/behaviour.ts';
import type { EventKey } from '../../../shared/brand.ts';
import { EMPTY_SELECTION } from '../../../shared/plan.ts';
import { recordInside } from '../../../shared/unwrap.ts';
import { countOf } from '../../components/numbers.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { useApp } from '../../state/app.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { type RequestLines, requestLines } from './request-lines.ts';
import { ValueLink } from './value-row.tsx';

const CALLS_READ = 8;
const NAMES_SHOWN = 12;

interface Request {
  key: EventKey;
  request: RequestLines | null;
}

/** The first calls of the entry, in order. */
export async function readRequests(engine: Pick<Engine, 'query' | 'store'>, entry: RevertEntry): Promise<Request[]> {
  const { keys, refs } = await engine.query.refs({ ...EMPTY_SELECTION, ...entry.opens }, false, 0, CALLS_READ + 1);
  const own = keys.map((key, i) => ({ key, ref: refs[i] })).filter(({ key }) => key !== entry.later?.key || key === entry.first.key);
  const read = own.slice(0, CALLS_READ);
  const records = await engine.store.readRecords(read.map(({ ref }) => ref));
  return read.map(({ key }, i) => ({ key, request: records[i] ? requestLines(recordInside(records[i]).text) : null }));
}

export function RevertDetails({ entry, openMenu }: { entry: RevertEntry; openMenu: ValueMenuControl['open'] }): ReactNode {
  const openEvent = useApp((s) => s.openEvent);
  const { value, error } = useAnswer(['revert-requests', entry.opens], (engine) => readRequests(engine, entry));
  const calls = entry.calls + entry.failures + entry.unsaid;
  return (
    <div className="tc-rev-details">
      {entry.resources.length > 0 ? (
        <div className="tc-rev-names">
          <span className="tc-soft">Names</span>
          {entry.resources.slice(0, NAMES_SHOWN).map((name) => (
            <ValueLink key={name} column="resource" value={name} openMenu={openMenu} />
          ))}
          {entry.resources.length > NAMES_SHOWN ? <span className="tc-soft">and {entry.resources.length - NAMES_SHOWN} more</span> : null}
        </div>
      ) : null}
      {error ? (
        <Alert color="red" title="The records could not be read.">
          {error.message}
        </Alert>
      ) : value === null ? (
        <span className="tc-soft">Reading the records…</span>
      ) : (
        value.map(({ key, request }, i) => (
          <div key={key} className="tc-rev-request">
            <button type="button" className="tc-link" onClick={() => openEvent(key)}>
              {value.length > 1 ? `Request ${i + 1}` : 'Request'}
            </button>
            {request === null ? (
              <span className="tc-soft">The record holds no request.</span>
            ) : (
              <dl>
                {request.lines.map((line, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat, and lines never move
                  <div key={at}>
                    <dt>{line.name}</dt>
                    <dd>{line.value}</dd>
                  </div>
                ))}
              </dl>
            )}
            {request && request.more > 0 ? <span className="tc-soft">{countOf(request.more, 'line')} more in the record</span> : null}
          </div>
        ))
      )}
      {value && calls > value.length && value.length === CALLS_READ ? (
        <span className="tc-soft">
          The first {CALLS_READ} of {calls} calls.
        </span>
      ) : null}
    </div>
  );
}
