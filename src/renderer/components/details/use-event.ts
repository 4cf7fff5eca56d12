/** The event in the details pane with its record. The one shown stays until the next is there; of fast changes only the last is read. */
import { useEffect, useRef, useState } from 'react';
import type { EventKey } from '../../../shared/brand.ts';
import type { EventDetails, RecordText } from '../../../shared/engine.ts';
import { type AppErrorShape, toAppError } from '../../../shared/errors.ts';
import { type RecordInside, recordInside } from '../../../shared/unwrap.ts';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';
import { type ParsedRecord, parseRecord } from '../record-tree-model.ts';

export interface OpenEvent {
  details: EventDetails;
  /** Null when the record could not be read from the vault; `recordError` says why. */
  record: RecordText | null;
  recordError: AppErrorShape | null;
  /** CloudTrail's record inside what was found, and what it was found in (nothing, where it stands by itself). */
  inside: RecordInside | null;
  /** Of the record inside. */
  parsed: ParsedRecord;
}

export interface EventState {
  event: OpenEvent | null;
  /** The key that could not be found, or the failure. */
  missing: EventKey | null;
  error: AppErrorShape | null;
}

const NOTHING: EventState = { event: null, missing: null, error: null };

export function useEvent(key: EventKey | null): EventState {
  const engine = useEngine();
  const generation = useApp((s) => s.queryStatus?.generation ?? 0);
  const caseId = useApp((s) => s.opened?.info.id ?? null);
  const [state, setState] = useState<EventState>(NOTHING);
  const wanted = useRef<{ key: EventKey; turn: number } | null>(null);
  const running = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another generation or case answers anew
  useEffect(() => {
    if (key === null) {
      wanted.current = null;
      setState(NOTHING);
      return;
    }
    const turn = (wanted.current?.turn ?? 0) + 1;
    wanted.current = { key, turn };
    if (running.current) return;
    const work = async (): Promise<void> => {
      const done = idle.begin();
      running.current = true;
      try {
        for (let target = wanted.current; target !== null; ) {
          const next = await load(target.key);
          if (wanted.current === target) {
            setState(next);
            return;
          }
          target = wanted.current;
        }
      } finally {
        running.current = false;
        done();
      }
    };
    const load = async (at: EventKey): Promise<EventState> => {
      try {
        const details = await engine.query.event(at);
        if (!details) return { event: null, missing: at, error: null };
        const shown = details.copies.find((c) => c.shown) ?? details.copies[0];
        let record: RecordText | null = null;
        let recordError: AppErrorShape | null = null;
        try {
          if (shown) [record] = await engine.store.readRecords([shown.ref]);
        } catch (thrown) {
          recordError = toAppError(thrown).toShape();
        }
        const inside = record ? recordInside(record) : null;
        const parsed: ParsedRecord = inside ? parseRecord(inside.text) : { root: null, error: 'The record’s text is not there.' };
        return { event: { details, record, recordError, inside, parsed }, missing: null, error: null };
      } catch (thrown) {
        return { event: null, missing: null, error: toAppError(thrown).toShape() };
      }
    };
    void work();
  }, [engine, key, generation, caseId]);
  return state;
}
