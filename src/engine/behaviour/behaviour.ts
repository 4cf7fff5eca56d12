/** Behaviour of a subject in a window: the analyses one after another, each of which gives way to other questions when its turn is over. */
import type { Behaviour, Statement, StatementSection, Subject } from '../../shared/behaviour.ts';
import type { TimeRange } from '../../shared/plan.ts';
import type { OpenCase } from '../query/open-case.ts';
import { DENIED, FAILED, outcomeMarks } from '../query/outcomes.ts';
import type { Turn } from '../query/turns.ts';
import { authenticated, authenticationOf } from './authentication.ts';
import { bursts } from './bursts.ts';
import { dataOut } from './data-out.ts';
import type { EventRows } from './event-rows.ts';
import { firstSeen } from './first-seen.ts';
import { daysOf, hoursOf, lastDays, unusual } from './hours.ts';
import { instances } from './instances.ts';
import { oddAgents } from './odd-agents.ts';
import { permissions } from './permissions.ts';
import { quarantined } from './quarantine.ts';
import { roleGuessing } from './role-guessing.ts';
import { count, type Scene, sceneOf, statement, subjectFilter } from './scene.ts';
import { twinsLeftOut } from './twins.ts';
import { twoAddresses } from './two-addresses.ts';

const SECTIONS: readonly StatementSection[] = ['new', 'hours', 'addresses', 'authentication', 'permissions', 'discovery', 'data'];
const WEIGHTS = ['notable', 'plain', 'limit'] as const;

export type BehaviourFacts = Omit<Behaviour, 'generation' | 'ms'>;

/** `rows`: all events of the subject. */
export async function behaviourOf(
  open: OpenCase,
  subject: Subject,
  window: TimeRange,
  rows: EventRows,
  turn: Turn,
): Promise<BehaviourFacts> {
  const rest = async (): Promise<void> => {
    if (turn.over()) await turn.yield();
  };
  const scene = sceneOf(open, subject, window, rows);
  await rest();
  const hours = hoursOf(scene);
  const days = daysOf(scene);
  const authentication = authenticationOf(scene);
  const found: Statement[] = [
    ...untimed(scene),
    ...twinsLeftOut(rows),
    ...authenticated(scene, authentication),
    ...unusual(scene, hours, days),
  ];
  await rest();
  for (const analysis of [firstSeen, oddAgents, twoAddresses, instances, bursts, roleGuessing]) {
    found.push(...analysis(scene));
    await rest();
  }
  const allowed = permissions(scene);
  await rest();
  const out = dataOut(scene);
  found.push(...quarantined(scene), ...allowed.statements, ...out.statements);
  return {
    subject,
    window,
    scope: 'time',
    basis: scene.basis,
    totals: totalsOf(scene),
    statements: SECTIONS.flatMap((section) => WEIGHTS.flatMap((w) => found.filter((s) => s.section === section && s.weight === w))),
    hours,
    days: lastDays(days),
    authentication,
    actions: allowed.actions,
    actionsTotal: allowed.total,
    buckets: out.buckets,
    bucketsTotal: out.total,
  };
}

const isUnbounded = ({ window }: Scene): boolean => window.from === null && window.to === null;

function totalsOf(scene: Scene): Behaviour['totals'] {
  const { rows, from, to } = scene;
  const end = isUnbounded(scene) ? rows.length : to;
  const withoutTime = rows.length - rows.timed;
  const totals = { failed: 0, denied: 0, writes: 0 };
  const outcomes = outcomeMarks(rows.open);
  const outcome = rows.codes('outcome', from, end);
  const readOnly = rows.codes('readOnly', from, end);
  const write = rows.code('readOnly', 'false');
  // Without bounds those without a time follow those of the window.
  for (let k = from; k < end; k++) {
    const how = outcomes[outcome[k]];
    if (how & FAILED) totals.failed++;
    if (how & DENIED) totals.denied++;
    if (write !== 0 && readOnly[k] === write) totals.writes++;
  }
  return {
    events: to - from + (isUnbounded(scene) ? withoutTime : 0),
    ...totals,
    first: from < to ? rows.timeOf(from) : null,
    last: from < to ? rows.timeOf(to - 1) : null,
    before: from,
    after: rows.timed - to,
    withoutTime,
  };
}

function untimed({ rows, subject }: Scene): Statement[] {
  const events = rows.length - rows.timed;
  if (events === 0) return [];
  return [
    statement({
      kind: 'withoutTime',
      section: 'new',
      weight: 'limit',
      parts: [count(events, 'event has', 'events have'), ' no readable time: they are counted, and compared with nothing.'],
      counts: { events },
      cited: Array.from({ length: Math.min(events, 20) }, (_, i) => rows.key(rows.timed + i)),
      opens: { time: { from: null, to: null }, filters: [subjectFilter(subject)] },
    }),
  ];
}
