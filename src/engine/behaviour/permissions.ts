/** What the subject evidently may do (calls that succeeded) and may not (calls that were denied), and which denial became a success. */
import type { ActionUse, Statement } from '../../shared/behaviour.ts';
import type { EpochMs } from '../../shared/brand.ts';
import { roleOf } from '../../shared/subjects.ts';
import { DENIED, FAILED, outcomeMarks, SUCCEEDED } from '../query/outcomes.ts';
import { afterDenial, sameResource } from './after-denial.ts';
import { insights } from './call-names.ts';
import { type EventRows, paired } from './event-rows.ts';
import { byAwsItself } from './quarantine.ts';
import { count, oneOf, type Scene, statement, VALUES_LISTED, within } from './scene.ts';

const ACTIONS_LISTED = 500;

export interface Use {
  succeeded: number;
  /** Denied or error; `denied` of them. */
  failed: number;
  denied: number;
  /** The records do not say whether they succeeded. */
  unsaid: number;
  succeededBefore: number;
  deniedBefore: number;
  /** Positions in the window; -1 = none. */
  first: number;
  last: number;
  firstDenied: number;
  /** A denial, and the success after it; -1 = none. Whether that was the first success of all, before the window too. */
  deniedThen: number;
  succeededThen: number;
  gained: boolean;
}

/** Of an action, and on the page of a thing of one principal: there a denial of one and a success of another are no turn. */
interface Track {
  /** The first denial of the last second with denials, and that of the second before it. */
  lastDenied: number;
  deniedEarlier: number;
  succeeded: boolean;
}

export interface Permissions {
  actions: ActionUse[];
  total: number;
  statements: Statement[];
}

export function permissions(scene: Scene): Permissions {
  const uses = usesOf(scene).filter((use) => use.first >= 0);
  const compare = namesOf(scene.rows);
  uses.sort(
    (a, b) =>
      Number(b.succeededThen >= 0) - Number(a.succeededThen >= 0) ||
      b.denied - a.denied ||
      b.succeeded + b.failed - a.succeeded - a.failed ||
      compare(a.first, b.first),
  );
  const actions = uses.slice(0, ACTIONS_LISTED).map((use) => actionOf(scene, use));
  return { actions, total: uses.length, statements: [...afterDenial(scene, uses), ...denials(scene, uses)] };
}

function usesOf({ subject, rows, from, to }: Scene): Use[] {
  const { of, count: actions } = rows.actions();
  const whose =
    roleOf(subject.column) === 'actor'
      ? { of, count: actions }
      : paired(of, rows.codes('principal', 0, to), rows.dictionary('principal').count);
  const outcome = rows.codes('outcome', 0, to);
  const { time } = rows;
  const outcomes = outcomeMarks(rows.open);
  const uses = new Array<Use | undefined>(actions);
  const tracks = new Array<Track | undefined>(whose.count);
  const aws = byAwsItself(rows, 0, to);
  const isInsight = insights(rows, from, to);
  for (let k = 0; k < to; k++) {
    if (aws(k)) continue;
    let use = uses[of[k]];
    if (!use) {
      use = {
        succeeded: 0,
        failed: 0,
        denied: 0,
        unsaid: 0,
        succeededBefore: 0,
        deniedBefore: 0,
        first: -1,
        last: -1,
        firstDenied: -1,
        deniedThen: -1,
        succeededThen: -1,
        gained: false,
      };
      uses[of[k]] = use;
    }
    let track = tracks[whose.of[k]];
    if (!track) {
      track = { lastDenied: -1, deniedEarlier: -1, succeeded: false };
      tracks[whose.of[k]] = track;
    }
    const inWindow = k >= from;
    const how = outcomes[outcome[k]];
    if (inWindow) {
      if (use.first < 0) use.first = k;
      use.last = k;
    }
    if (inWindow && how & FAILED) use.failed++;
    if (inWindow && how === 0 && !isInsight(k)) use.unsaid++;
    if (how & DENIED) {
      if (inWindow) {
        if (use.firstDenied < 0) use.firstDenied = k;
        use.denied++;
      } else use.deniedBefore++;
      // The first of equal seconds stands for all: no order is inferred within one.
      if (track.lastDenied < 0 || time[track.lastDenied] < time[k]) {
        track.deniedEarlier = track.lastDenied;
        track.lastDenied = k;
      }
    } else if (how & SUCCEEDED) {
      if (inWindow) use.succeeded++;
      else use.succeededBefore++;
      if (inWindow && use.succeededThen < 0 && track.lastDenied >= 0) {
        const before = time[track.lastDenied] < time[k] ? track.lastDenied : track.deniedEarlier;
        if (before >= 0) {
          use.deniedThen = before;
          use.succeededThen = k;
          use.gained = !track.succeeded;
        }
      }
      track.succeeded = true;
    }
  }
  return uses.filter((use) => use !== undefined);
}

function actionOf({ rows, from }: Scene, use: Use): ActionUse {
  return {
    eventSource: rows.text('eventSource', use.first),
    eventName: rows.text('eventName', use.first),
    succeeded: use.succeeded,
    failed: use.failed,
    denied: use.denied,
    unsaid: use.unsaid,
    succeededBefore: use.succeededBefore,
    deniedBefore: use.deniedBefore,
    first: rows.timeOf(use.first),
    last: rows.timeOf(use.last),
    deniedThenSucceeded:
      use.succeededThen < 0
        ? null
        : {
            denied: rows.key(use.deniedThen),
            deniedAt: rows.time[use.deniedThen] as EpochMs,
            succeeded: rows.key(use.succeededThen),
            succeededAt: rows.time[use.succeededThen] as EpochMs,
            ...sameResource(rows, use.deniedThen, use.succeededThen),
            deniedInWindow: use.deniedThen >= from,
          },
  };
}

function denials(scene: Scene, uses: readonly Use[]): Statement[] {
  const { rows } = scene;
  const compare = namesOf(rows);
  const found = uses.filter((use) => use.denied > 0).sort((a, b) => b.denied - a.denied || compare(a.first, b.first));
  if (found.length === 0) return [];
  const never = found.filter((use) => use.succeeded + use.succeededBefore === 0);
  const events = found.reduce((sum, use) => sum + use.denied, 0);
  const names = found.map((use) => rows.text('eventName', use.first) ?? '');
  return [
    statement({
      kind: 'denied',
      section: 'permissions',
      weight: 'plain',
      parts: [
        count(events, 'call was', 'calls were'),
        ' denied, of ',
        count(found.length, 'action', 'actions'),
        '; ',
        count(never.length, 'of these never succeeded', 'of these never succeeded'),
        '.',
      ],
      counts: { events, actions: found.length, neverSucceeded: never.length },
      values: found.slice(0, VALUES_LISTED).map((use, i) => ({
        value: names[i],
        column: 'eventName',
        events: use.denied,
        counted: ['denial', 'denials'],
        first: rows.timeOf(use.firstDenied),
        firstKey: rows.key(use.firstDenied),
        firstIs: 'first denied',
        ...(use.succeeded + use.succeededBefore === 0 ? { note: 'never succeeded' } : {}),
      })),
      total: found.length,
      opens: within(scene, oneOf('outcome', ['denied'])),
    }),
  ];
}

/** By name, then service, of the actions at two positions. */
function namesOf(rows: EventRows): (a: number, b: number) => number {
  const names = rows.codes('eventName');
  const sources = rows.codes('eventSource');
  const name = rows.dictionary('eventName');
  const source = rows.dictionary('eventSource');
  return (a, b) => name.compare(names[a], names[b]) || source.compare(sources[a], sources[b]);
}
