/** What is worth a look over the whole selection: each analysis after the other, giving way between them. */
import { ACCESS_POINTS, type AccessPoint, type AccessPointKind, type AccessPointsAnswer } from '../../shared/access.ts';
import type { Selection } from '../../shared/plan.ts';
import type { Matches } from '../query/matching.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { Turn } from '../query/turns.ts';
import { ORDER } from './points.ts';
import { quarantines } from './quarantine.ts';
import { deniedThenSucceeded, instancesElsewhere, keysAtTwoAddresses } from './reused.ts';
import { rootUse } from './root.ts';
import { vpcEndpoints } from './vpc.ts';

const WEIGHTS = ['notable', 'plain', 'limit'] as const;
/** Of each kind, so that none crowds out the others. */
const OF_A_KIND = 40;

export async function accessPointsOf(
  open: OpenCase,
  selection: Selection,
  matches: Matches,
  turn: Turn,
): Promise<Omit<AccessPointsAnswer, 'generation' | 'ms'>> {
  const found: AccessPoint[] = [];
  for (const analysis of [rootUse, quarantines, vpcEndpoints]) {
    found.push(...(await analysis(open, matches, turn, selection)));
    if (turn.over()) await turn.yield();
  }
  const looked: AccessPointsAnswer['looked'] = [];
  for (const analysis of [instancesElsewhere, keysAtTwoAddresses, deniedThenSucceeded]) {
    const { points, ...rest } = await analysis(open, selection, matches, turn);
    found.push(...points);
    looked.push(rest);
    if (turn.over()) await turn.yield();
  }
  const totals: Partial<Record<AccessPointKind, number>> = {};
  for (const { kind } of found) totals[kind] = (totals[kind] ?? 0) + 1;
  const span = open.span();
  return {
    points: ORDER.flatMap((kind) =>
      WEIGHTS.flatMap((w) => found.filter((p) => p.kind === kind && p.weight === w)).slice(0, OF_A_KIND),
    ).slice(0, ACCESS_POINTS),
    totals,
    looked,
    evidenceFrom: (span?.first ?? null) as AccessPointsAnswer['evidenceFrom'],
    evidenceTo: (span?.last ?? null) as AccessPointsAnswer['evidenceTo'],
  };
}
