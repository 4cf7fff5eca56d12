/** What the digests say of the files of an event's copies, with the reasons. Asked once all files were checked. */
import { useEffect, useState } from 'react';
import type { EventDetails } from '../../../shared/engine.ts';
import { toAppError } from '../../../shared/errors.ts';
import type { IntegrityRow } from '../../../shared/integrity.ts';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';

/** Copies whose verdict is asked for. */
const ASKED = 50;

export interface CopyVerdicts {
  /** By ledger row; null until it is known. */
  rows: ReadonlyMap<number, IntegrityRow> | null;
  error: string | null;
}

const UNKNOWN: CopyVerdicts = { rows: null, error: null };

export function useVerdicts(details: EventDetails): CopyVerdicts {
  const { store } = useEngine();
  const checked = useApp((s) => s.queryStatus?.integrity?.state === 'checked');
  const generation = useApp((s) => s.queryStatus?.generation ?? 0);
  const [state, setState] = useState<CopyVerdicts>(UNKNOWN);
  const ids = [...new Set(details.copies.slice(0, ASKED).flatMap((copy) => copy.file.ledgerId ?? []))].join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: other data, other verdicts
  useEffect(() => {
    if (!checked || ids === '') {
      setState(UNKNOWN);
      return;
    }
    let gone = false;
    const done = idle.begin();
    store
      .integrityOf(ids.split(',').map(Number))
      .then(
        (rows) => {
          if (!gone) setState({ rows: new Map(rows.map((row) => [row.ledgerId ?? -1, row])), error: null });
        },
        (thrown: unknown) => {
          const error = toAppError(thrown);
          if (!gone && error.kind !== 'superseded') setState({ rows: null, error: error.message });
        },
      )
      .finally(done);
    return () => {
      gone = true;
    };
  }, [store, ids, checked, generation]);
  return state;
}
