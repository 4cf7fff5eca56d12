/**
 * The analyses of a principal's page over everybody: which instances, keys and principals they may say something of is found by a pass
 * over the columns, then the analysis itself runs on all events of each, as on its own page. The number of subjects is bounded, and said.
 */
import type { AccessPoint, AccessPointKind, Looked } from '../../shared/access.ts';
import type { SentencePart, Statement, Subject } from '../../shared/behaviour.ts';
import type { Selection } from '../../shared/plan.ts';
import { EventRows } from '../behaviour/event-rows.ts';
import { instances } from '../behaviour/instances.ts';
import { permissions } from '../behaviour/permissions.ts';
import { count, type Scene, sceneOf } from '../behaviour/scene.ts';
import { twoAddresses } from '../behaviour/two-addresses.ts';
import type { Matches } from '../query/matching.ts';
import type { OpenCase } from '../query/open-case.ts';
import type { Turn } from '../query/turns.ts';
import { deniedCandidates, instanceCandidates, keyCandidates } from './candidates.ts';
import { inTheseFiles, isNarrow, point } from './points.ts';
import { rowsOfEach, type SubjectColumn } from './subjects.ts';

const KIND_LIMITS = { instances: 50, keys: 100, principals: 60 };

interface Found extends Looked {
  points: AccessPoint[];
}

export async function instancesElsewhere(open: OpenCase, selection: Selection, matches: Matches, turn: Turn): Promise<Found> {
  const candidates = touched(open, 'userName', selection, matches, await instanceCandidates(open, selection.time, turn));
  return run(open, selection, 'userName', candidates, KIND_LIMITS.instances, 'instanceElsewhere', turn, (scene) => ({
    statements: instances(scene).filter((s) => s.kind === 'instanceElsewhere'),
    basis: restsOn(scene, 0),
  }));
}

export async function keysAtTwoAddresses(open: OpenCase, selection: Selection, matches: Matches, turn: Turn): Promise<Found> {
  const candidates = touched(open, 'accessKeyId', selection, matches, await keyCandidates(open, selection.time, turn));
  return run(open, selection, 'accessKeyId', candidates, KIND_LIMITS.keys, 'twoAddresses', turn, (scene) => ({
    statements: twoAddresses(scene).filter((s) => s.kind === 'twoAddresses'),
    basis: restsOn(scene, scene.from),
  }));
}

export async function deniedThenSucceeded(open: OpenCase, selection: Selection, matches: Matches, turn: Turn): Promise<Found> {
  const candidates = touched(open, 'principal', selection, matches, await deniedCandidates(open, selection.time, turn));
  return run(open, selection, 'principal', candidates, KIND_LIMITS.principals, 'deniedThenSucceeded', turn, (scene) => ({
    statements: permissions(scene).statements.filter((s) => s.kind === 'deniedThenSucceeded'),
    basis: restsOn(scene, 0),
  }));
}

/** The events of the subject that were looked at, from the position on. */
const restsOn = (scene: Scene, from: number): SentencePart[] => [
  'rests on ',
  count(scene.to - from, 'event', 'events'),
  ' of it ',
  ...inTheseFiles(scene.open),
];

/** Candidates, the most telling first, that have an event in the selection. */
function touched(open: OpenCase, column: SubjectColumn, selection: Selection, matches: Matches, candidates: readonly number[]): number[] {
  if (!isNarrow(selection)) return [...candidates];
  const marks = new Uint8Array(open.dictionary(column).count + 1);
  for (const { segment, selected } of matches.segments) {
    const codes = segment.dict[column];
    for (let k = 0; k < selected.length; k++) marks[codes[selected[k]]] = 1;
  }
  return candidates.filter((code) => marks[code] === 1);
}

async function run(
  open: OpenCase,
  { time }: Selection,
  column: SubjectColumn,
  candidates: readonly number[],
  limit: number,
  kind: Looked['kind'] & AccessPointKind,
  turn: Turn,
  analysis: (scene: Scene) => { statements: Statement[]; basis: SentencePart[] },
): Promise<Found> {
  const each = await rowsOfEach(open, column, candidates.slice(0, limit), turn);
  const points: AccessPoint[] = [];
  for (const { code, rows } of each) {
    const subject: Subject = { column, value: open.dictionary(column).get(code) ?? '' };
    const { statements, basis } = analysis(sceneOf(open, subject, time, new EventRows(open, rows)));
    for (const { weight, parts, counts, values, more, cited, opens } of statements)
      points.push({ ...point({ kind, weight, subject, parts, counts, values, cited, opens, basis }), more });
    if (turn.over()) await turn.yield();
  }
  return { kind, candidates: candidates.length, looked: each.length, points };
}
