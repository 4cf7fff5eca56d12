/**
 * Second records of one call: the account that was called writes one too, under the same `sharedEventID`. Where both are about a subject
 * (an address, a bucket) the call is one, and the caller's own record stands for it.
 */
import type { Statement } from '../../shared/behaviour.ts';
import { foreignRecords } from '../identity/foreign.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { EventRows } from './event-rows.ts';
import { count, exactly, OPENED, statement } from './scene.ts';

export class Twins {
  private found: { generation: number; own: Map<number, number> } | null = null;

  constructor(private readonly open: OpenCase) {}

  forget(): void {
    this.found = null;
  }

  /** `rows` without the second records of calls whose own record is among them, and those. */
  apart(rows: Uint32Array): { own: Uint32Array; twins: Uint32Array } {
    const { generation } = this.open;
    if (this.found?.generation !== generation) this.found = { generation, own: foreignRecords(this.open) };
    const { own } = this.found;
    const none = { own: rows, twins: new Uint32Array(0) };
    if (own.size === 0) return none;
    const callers = new Set<number>();
    const possible: number[] = [];
    for (const row of rows) {
      const caller = own.get(row);
      if (caller === undefined) continue;
      possible.push(row);
      callers.add(caller);
    }
    if (possible.length === 0) return none;
    const here = new Set<number>();
    for (const row of rows) if (callers.has(row)) here.add(row);
    const twins = new Set(possible.filter((row) => here.has(own.get(row) ?? -1)));
    return { own: rows.filter((row) => !twins.has(row)), twins: Uint32Array.from(twins) };
  }
}

/** That records were left out, with these. */
export function twinsLeftOut({ open, twins }: EventRows): Statement[] {
  if (twins.length === 0) return [];
  const keys = Array.from(twins.subarray(0, OPENED), (row) => open.keys.keyOf(row));
  return [
    statement({
      kind: 'twins',
      section: 'new',
      weight: 'limit',
      parts: [
        count(twins.length, 'record is', 'records are'),
        ' of the account that was called, where the caller’s own record of the same call (one shared event ID) is here too: each call is counted once.',
      ],
      counts: { records: twins.length },
      cited: keys,
      opens: exactly(keys),
    }),
  ];
}
