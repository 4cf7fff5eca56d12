/** Asks a drawn case about one principal. */
import type { Behaviour, RevertAnswer, Statement, StatementKind, Subject } from '../../../../src/shared/behaviour.ts';
import type { EpochMs } from '../../../../src/shared/brand.ts';
import { EMPTY_SELECTION, type Selection } from '../../../../src/shared/plan.ts';
import { Bench, commitOf, DAY_ONE, type Row } from '../query/support.ts';

export const ALICE: Subject = { column: 'principal', value: 'alice' };
export const at = (seconds: number): EpochMs => (DAY_ONE + seconds * 1000) as EpochMs;

/** Seconds after the first of March; null = open. */
export const window = (from: number | null, to: number | null = null): Selection => ({
  ...EMPTY_SELECTION,
  time: { from: from === null ? null : at(from), to: to === null ? null : at(to) },
});

/** Rows that do not say who did it, with what result or whether it wrote, are successful calls of alice. */
export function filled(rows: Row[]): Row[] {
  return rows.map((row) => ({ ...row, values: { principal: 'alice', outcome: 'success', ...row.values } }));
}

export async function behaviour(rows: Row[], selection: Selection, subject = ALICE): Promise<Behaviour> {
  const bench = await Bench.with(commitOf('one', filled(rows)));
  const answer = await bench.core.behaviour(subject, selection);
  // What a statement opens must be in the case.
  for (const s of answer.statements) {
    if (s.opens === null) continue;
    const [counted] = await bench.answers({ ...EMPTY_SELECTION, ...s.opens }, { ask: 'count' });
    // What it counts as events is what it opens; a burst and a denial that became a success are opened with what lies between.
    const exact = !['enumeration', 'deniedThenSucceeded', 'withoutTime', 'newRole'].includes(s.kind);
    if (counted.events === 0 || (exact && s.counts.events !== undefined && s.counts.events !== counted.events))
      throw new Error(`${s.kind} says ${s.counts.events} events and opens ${counted.events}`);
    for (const key of s.cited) if ((await bench.core.event(key)) === null) throw new Error(`${s.kind} cites ${key}, which is not there`);
  }
  bench.close();
  return answer;
}

export async function reverts(rows: Row[], selection: Selection = EMPTY_SELECTION, subject = ALICE): Promise<RevertAnswer> {
  const bench = await Bench.with(commitOf('one', filled(rows)));
  const answer = await bench.core.revertList(subject, selection, { offset: 0, limit: 1000 });
  for (const { opens, calls, failures } of answer.entries) {
    const [counted] = await bench.answers({ ...EMPTY_SELECTION, ...opens }, { ask: 'count' });
    if (counted.events < calls + failures) throw new Error('an entry opens fewer events than it has');
  }
  bench.close();
  return answer;
}

export const of = (answer: Behaviour, kind: StatementKind): Statement[] => answer.statements.filter((s) => s.kind === kind);

/** The sentence as a person reads it, times as seconds after the first of March. */
export function said(parts: Statement['parts']): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      if (part.part === 'value') return part.value;
      if (part.part === 'count') return `${part.count} ${part.count === 1 ? part.one : part.many}`;
      if (part.part === 'time') return `t${(part.time - DAY_ONE) / 1000}`;
      if (part.part === 'day') return new Date(part.day).toISOString().slice(0, 10);
      return part.part === 'bytes' ? `${part.bytes} B` : `${part.percent} %`;
    })
    .join('');
}
