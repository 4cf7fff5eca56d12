/** Draws a case and asks about access in it; what a point or a row opens and cites must be there. */
import type { AccessPoint, AccessPointsAnswer, AcrossAnswer, SignInsAnswer } from '../../../../src/shared/access.ts';
import { EMPTY_SELECTION, type Selection } from '../../../../src/shared/plan.ts';
import { Bench, commitOf, type Row } from '../query/support.ts';

export interface Asked {
  signIns: SignInsAnswer;
  across: AcrossAnswer;
  points: AccessPointsAnswer;
}

export async function asked(rows: Row[], selection: Selection = EMPTY_SELECTION): Promise<Asked> {
  const bench = await Bench.with(commitOf('one', rows));
  const answer = await ask(bench, selection);
  bench.close();
  return answer;
}

export async function ask(bench: Bench, selection: Selection = EMPTY_SELECTION): Promise<Asked> {
  const answer = {
    signIns: await bench.core.signIns(selection),
    across: await bench.core.acrossAccounts(selection),
    points: await bench.core.accessPoints(selection),
  };
  for (const point of [...answer.signIns.points, ...answer.points.points]) {
    for (const key of [...point.cited, ...point.values.map((v) => v.firstKey)])
      if ((await bench.core.event(key)) === null) throw new Error(`${point.kind} cites ${key}, which is not there`);
    if (point.opens && (await counted(bench, point.opens)) === 0) throw new Error(`${point.kind} opens nothing`);
  }
  for (const row of answer.signIns.rows) {
    const opened = await counted(bench, row.opens);
    if (opened !== row.succeeded + row.failed + row.unclear) throw new Error(`a row of sign-ins opens ${opened} events`);
  }
  for (const row of answer.across.rows) {
    if ((await counted(bench, row.opens)) < row.calls) throw new Error('a row across accounts opens fewer events than calls');
    for (const key of [row.callerKey, row.calledKey])
      if (key !== null && (await bench.core.event(key)) === null) throw new Error('a row across accounts cites what is not there');
  }
  return answer;
}

async function counted(bench: Bench, opens: NonNullable<AccessPoint['opens']>): Promise<number> {
  const [count] = await bench.answers({ ...EMPTY_SELECTION, ...opens }, { ask: 'count' });
  return count.events;
}

export const kinds = (points: readonly AccessPoint[]): string[] => points.map((p) => p.kind);
export function only<T>(list: readonly T[]): T {
  if (list.length !== 1) throw new Error(`expected one, got ${list.length}`);
  return list[0];
}
