/** How a point about access is put together: the same parts and limits as a statement about a subject. */
import type { AccessPoint, AccessPointKind } from '../../shared/access.ts';
import type { Opening, SentencePart, StatementValue, Subject } from '../../shared/behaviour.ts';
import type { EpochMs, EventKey } from '../../shared/brand.ts';
import type { Selection } from '../../shared/plan.ts';
import type { EventRows } from '../behaviour/event-rows.ts';
import { OPENED, VALUES_LISTED } from '../behaviour/scene.ts';
import type { OpenCase } from '../query/open-case.ts';

const CITED = 20;

type Given = Pick<AccessPoint, 'kind' | 'weight' | 'parts' | 'opens'> &
  Partial<Pick<AccessPoint, 'subject' | 'counts' | 'basis'>> & {
    values?: StatementValue[];
    /** How many values there are, when `values` holds the first of them only. */
    total?: number;
    cited?: readonly EventKey[];
  };

export function point(given: Given): AccessPoint {
  const values = given.values ?? [];
  return {
    kind: given.kind,
    weight: given.weight,
    subject: given.subject ?? null,
    parts: given.parts,
    counts: given.counts ?? {},
    values: values.slice(0, VALUES_LISTED),
    more: Math.max(0, (given.total ?? values.length) - VALUES_LISTED),
    cited: [...new Set(given.cited)].slice(0, CITED),
    opens: given.opens,
    basis: given.basis ?? null,
  };
}

/** Exactly these events, the first OPENED of them. */
export const theseEvents = (rows: EventRows, positions: readonly number[]): Opening => ({
  time: { from: null, to: null },
  filters: [{ op: 'keys', keys: positions.slice(0, OPENED).map((k) => rows.key(k)) }],
});

export const principal = (value: string): Subject => ({ column: 'principal', value });

/** "in these files, which begin 2026-03-01" */
export function inTheseFiles(open: OpenCase): SentencePart[] {
  const from = open.span()?.first;
  return from === undefined ? ['in these files'] : ['in these files, which begin ', { part: 'day', day: from as EpochMs }];
}

/** Whether the selection leaves anything out. */
export const isNarrow = ({ time, filters, hideReadOnly, hideServiceCalls }: Selection): boolean =>
  time.from !== null || time.to !== null || filters.length > 0 || hideReadOnly || hideServiceCalls;

/** The values that occur at these positions, most events first, with the first event of each. */
export function valuesAt(
  rows: EventRows,
  column: Parameters<EventRows['text']>[0],
  positions: readonly number[],
  note?: (value: string, at: readonly number[]) => string,
): StatementValue[] {
  const found = new Map<string, number[]>();
  for (const k of positions) {
    const text = rows.text(column, k);
    if (text === null) continue;
    const at = found.get(text);
    if (at) at.push(k);
    else found.set(text, [k]);
  }
  return [...found]
    .sort(([a, p], [b, q]) => q.length - p.length || (a < b ? -1 : 1))
    .map(([value, at]) => ({
      value,
      column,
      events: at.length,
      first: rows.timeOf(at[0]),
      firstKey: rows.key(at[0]),
      ...(note ? { note: note(value, at) } : {}),
    }));
}

export const ORDER: readonly AccessPointKind[] = [
  'spraying',
  'bruteForce',
  'successAfterFailures',
  'hiddenNames',
  'withoutMfa',
  'newPlace',
  'root',
  'assumeRoot',
  'quarantine',
  'quarantineRemoved',
  'instanceElsewhere',
  'twoAddresses',
  'deniedThenSucceeded',
  'vpcDenied',
  'vpcEndpoint',
];
