/**
 * The policies that AWS attaches to a user whose key it found exposed (AWSCompromisedKeyQuarantine, V2, V3: AWS managed policies), when
 * they were put on and taken off. An attempt that failed leaves the key as it was.
 */
import type { AccessPoint } from '../../shared/access.ts';
import type { EventRows } from '../behaviour/event-rows.ts';
import { quarantineOf } from '../behaviour/quarantine.ts';
import { count, time, value } from '../behaviour/scene.ts';
import type { Matches } from '../query/matching.ts';
import type { OpenCase } from '../query/open-case.ts';
import { outcomeMarks, SUCCEEDED } from '../query/outcomes.ts';
import type { Turn } from '../query/turns.ts';
import { pickSelected } from './pick.ts';
import { point, theseEvents } from './points.ts';

const NAME = 'AWSCompromisedKeyQuarantine';
const PUTS = /^(?:Attach|Put)(?:User|Role|Group)Policy$/;
const TAKES = /^(?:Detach|Delete)(?:User|Role|Group)Policy$/;

interface Change {
  puts: boolean;
  policy: string;
  /** User, role or group; null when the record does not name it. */
  target: string | null;
  account: string | null;
  at: number[];
}

export async function quarantines(open: OpenCase, matches: Matches, turn: Turn): Promise<AccessPoint[]> {
  const named = open.dictionary('resource').search(NAME);
  const none = !named.includes(1);
  const rows = await pickSelected(
    open,
    matches,
    ({ multi: { resource } }) =>
      none
        ? null
        : (i) => {
            for (let c = resource.start[i]; c < resource.start[i + 1]; c++) if (named[resource.codes[c]] === 1) return true;
            return false;
          },
    turn,
  );
  const changes = new Map<string, Change>();
  for (let k = 0; k < rows.length; k++) {
    const name = rows.text('eventName', k) ?? '';
    const policy = rows.resourcesOf(k).flatMap((r) => quarantineOf(r) ?? [])[0];
    if (policy === undefined || !(PUTS.test(name) || TAKES.test(name))) continue;
    const change = { puts: PUTS.test(name), policy, target: targetOf(rows, k), account: rows.text('account', k) };
    const key = JSON.stringify(change);
    const known = changes.get(key);
    if (known) known.at.push(k);
    else changes.set(key, { ...change, at: [k] });
  }
  return [...changes.values()].map((change) => said(open, rows, change));
}

/** The name where the request gives one, else the ARN. */
function targetOf(rows: EventRows, k: number): string | null {
  const others = rows.resourcesOf(k).filter((r) => quarantineOf(r) === null);
  return others.find((r) => !r.startsWith('arn:')) ?? others[0] ?? null;
}

/** Whether the record itself says that AWS made the call. */
const byAws = (rows: EventRows, k: number): boolean =>
  rows.text('addressKind', k) === 'AWS Internal' ||
  rows.text('addressKind', k) === 'AWS service' ||
  rows.text('invokedBy', k) !== null ||
  rows.text('identityType', k) === 'AWSService';

function said(open: OpenCase, rows: EventRows, { puts, policy, target, account, at }: Change): AccessPoint {
  const outcomes = outcomeMarks(open);
  const worked = at.filter((k) => outcomes[rows.codes('outcome')[k]] & SUCCEEDED);
  const k = worked[0] ?? at[0];
  const aws = byAws(rows, k);
  const who = rows.text('principal', k);
  const user = `${account ?? ''}/user/${target ?? ''}`;
  const subject: AccessPoint['subject'] =
    target === null
      ? null
      : open.dictionary('principal').find(user) !== 0
        ? { column: 'principal', value: user }
        : { column: 'resource', value: target };
  const on: AccessPoint['parts'] = subject === null ? ['a user that the record does not name'] : [value(subject.value, subject.column)];
  const where: AccessPoint['parts'] = aws
    ? []
    : [
        ' The call came from ',
        value(rows.text('sourceIPAddress', k) ?? 'an address that is not recorded', 'sourceIPAddress'),
        ...(who === null ? [] : [' as ', value(who, 'principal')]),
        puts ? ': the record does not show that AWS made it.' : '.',
      ];
  const error = rows.text('errorCode', k);
  const moment = rows.timeOf(k);
  const done: AccessPoint['parts'] = puts
    ? worked.length > 0
      ? [aws ? 'AWS attached ' : 'Attached was ', policy, ' to ', ...on]
      : [aws ? 'AWS tried in vain to attach ' : 'An attempt failed to attach ', policy, ' to ', ...on]
    : [policy, worked.length > 0 ? ' was taken off ' : ' was not taken off ', ...on];
  return point({
    kind: puts ? 'quarantine' : 'quarantineRemoved',
    weight: 'notable',
    subject,
    parts: [
      ...done,
      ...(moment === null ? ['.'] : [' at ', time(moment), '.']),
      ...(worked.length === 0
        ? [` The call failed (${error ?? 'no error code'}): `, puts ? 'nothing was restricted by it.' : 'it stayed on.']
        : []),
      ...(puts && worked.length > 0 ? [' AWS does that to a user whose access key it takes for exposed.'] : []),
      ...where,
      ...(at.length > 1
        ? [' ', count(at.length, 'such call', 'such calls'), ' in all, ', count(worked.length, 'succeeded', 'succeeded'), '.']
        : []),
    ],
    counts: { calls: at.length, succeeded: worked.length, byAws: at.filter((j) => byAws(rows, j)).length },
    cited: at.slice(0, 20).map((j) => rows.key(j)),
    opens: theseEvents(rows, at),
  });
}
