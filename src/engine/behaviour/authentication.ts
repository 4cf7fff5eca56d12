/** How the subject proved who it is: identity types, MFA, console sign-ins, instance metadata, federation. */
import type { Authentication, Statement, Tally } from '../../shared/behaviour.ts';
import type { Filter } from '../../shared/plan.ts';
import { roleOf, type SubjectRole } from '../../shared/subjects.ts';
import { topCodes } from '../query/facets.ts';
import { FAILED, outcomeMarks, SUCCEEDED } from '../query/outcomes.ts';
import type { SingleColumnId } from './event-rows.ts';
import { count, oneOf, type Scene, statement, value, within } from './scene.ts';

const TALLIES = 20;

/** Values of a column in the window by count; the absent one is null. */
function tally({ rows, from, to }: Scene, column: SingleColumnId): Tally[] {
  const codes = rows.codes(column, from, to);
  const dictionary = rows.dictionary(column);
  const counts = new Uint32Array(dictionary.count + 1);
  for (let k = from; k < to; k++) counts[codes[k]]++;
  return Array.from(topCodes(counts, dictionary, TALLIES, null).codes, (code) => ({ value: dictionary.get(code), events: counts[code] }));
}

const present = (tallies: Tally[]): Tally[] => tallies.filter((t) => t.value !== null);
const eventsOf = (tallies: readonly Tally[], wanted: string | null): number => tallies.find((t) => t.value === wanted)?.events ?? 0;

export function authenticationOf(scene: Scene): Authentication {
  const { rows, from, to } = scene;
  const names = rows.codes('eventName', from, to);
  const outcome = rows.codes('outcome', from, to);
  const mfa = rows.codes('mfa', from, to);
  const outcomes = outcomeMarks(rows.open);
  const signIn = rows.code('eventName', 'ConsoleLogin');
  const without = rows.code('mfa', 'false');
  const signIns = { succeeded: 0, failed: 0, unsaid: 0, withoutMfa: 0 };
  for (let k = from; signIn !== 0 && k < to; k++) {
    if (names[k] !== signIn) continue;
    const how = outcomes[outcome[k]];
    if (how & FAILED) signIns.failed++;
    else if (how & SUCCEEDED) {
      signIns.succeeded++;
      if (mfa[k] === without && without !== 0) signIns.withoutMfa++;
    } else signIns.unsaid++;
  }
  return {
    identityTypes: tally(scene, 'identityType'),
    mfa: tally(scene, 'mfa'),
    imds: present(tally(scene, 'roleDelivery')),
    federation: present(tally(scene, 'federation')),
    fromConsole: eventsOf(tally(scene, 'fromConsole'), 'true'),
    signIns,
  };
}

export function authenticated(scene: Scene, auth: Authentication): Statement[] {
  const made: Statement[] = [];
  const say = (
    kind: Statement['kind'],
    weight: Statement['weight'],
    events: number,
    parts: Statement['parts'],
    ...filters: Filter[]
  ): void => {
    if (events > 0)
      made.push(statement({ kind, section: 'authentication', weight, parts, counts: { events }, opens: within(scene, ...filters) }));
  };
  const types = present(auth.identityTypes);
  if (types.length > 0) {
    const total = types.reduce((sum, t) => sum + t.events, 0);
    say(
      'identityTypes',
      'plain',
      total,
      [
        IDENTITIES[roleOf(scene.subject.column)],
        ...types.flatMap((t, i) => [
          i > 0 ? ', ' : '',
          value(t.value ?? '', 'identityType'),
          ' (',
          count(t.events, 'event', 'events'),
          ')',
        ]),
        '.',
      ],
      oneOf(
        'identityType',
        types.map((t) => t.value),
      ),
    );
  }
  const root = eventsOf(types, 'Root');
  say('root', 'notable', root, [count(root, 'event', 'events'), ' by the root of an account.'], oneOf('identityType', ['Root']));
  const signIn = oneOf('eventName', ['ConsoleLogin']);
  const { succeeded, failed, unsaid, withoutMfa } = auth.signIns;
  say('signIn', 'plain', succeeded, [count(succeeded, 'console sign-in', 'console sign-ins'), '.'], signIn, oneOf('outcome', ['success']));
  say(
    'signInUnsaid',
    'limit',
    unsaid,
    [count(unsaid, 'console sign-in', 'console sign-ins'), ' of which the records do not say whether it succeeded.'],
    signIn,
    oneOf('outcome', [null]),
  );
  say(
    'signInFailed',
    failed >= FAILED_SIGN_INS ? 'notable' : 'plain',
    failed,
    [count(failed, 'console sign-in', 'console sign-ins'), ' failed.'],
    signIn,
    oneOf('outcome', ['denied', 'error']),
  );
  say(
    'withoutMfa',
    'notable',
    withoutMfa,
    [
      count(withoutMfa, 'console sign-in', 'console sign-ins'),
      ' without MFA, as recorded. Sign-in through a federation or Identity Center is recorded so too, whatever the provider asked for.',
    ],
    signIn,
    oneOf('outcome', ['success']),
    oneOf('mfa', ['false']),
  );
  const [yes, no, unknown] = [eventsOf(auth.mfa, 'true'), eventsOf(auth.mfa, 'false'), eventsOf(auth.mfa, null)];
  if (yes + no > 0)
    say(
      'mfa',
      'plain',
      yes + no,
      [
        'MFA: ',
        count(yes, 'event', 'events'),
        ' with it, ',
        count(no, 'event', 'events'),
        ' without, ',
        count(unknown, 'event', 'events'),
        ' of which nothing is recorded.',
      ],
      oneOf('mfa', ['true', 'false']),
    );
  const imdsV1 = eventsOf(auth.imds, '1.0');
  say(
    'imdsV1',
    'notable',
    imdsV1,
    [
      count(imdsV1, 'event', 'events'),
      ' with instance credentials fetched by IMDSv1, which a forged request to the instance can read out.',
    ],
    oneOf('roleDelivery', ['1.0']),
  );
  const imdsV2 = eventsOf(auth.imds, '2.0');
  say(
    'imdsV2',
    'plain',
    imdsV2,
    [count(imdsV2, 'event', 'events'), ' with instance credentials fetched by IMDSv2, which asks the instance for a session token first.'],
    oneOf('roleDelivery', ['2.0']),
  );
  const federated = auth.federation.reduce((sum, t) => sum + t.events, 0);
  say(
    'federation',
    'plain',
    federated,
    [
      count(federated, 'event', 'events'),
      ' through ',
      ...auth.federation.slice(0, 3).flatMap((t, i) => [i > 0 ? ', ' : '', value(t.value ?? '', 'federation')]),
      '.',
    ],
    oneOf(
      'federation',
      auth.federation.map((t) => t.value),
    ),
  );
  say(
    'fromConsole',
    'plain',
    auth.fromConsole,
    [count(auth.fromConsole, 'event', 'events'), ' with credentials of a console session.'],
    oneOf('fromConsole', ['true']),
  );
  return made;
}

const IDENTITIES: Record<SubjectRole, string> = {
  actor: 'It acted as ',
  thing: 'Used by identities of type ',
  place: 'Called from by identities of type ',
  tool: 'Called with by identities of type ',
  other: 'By identities of type ',
};

/** From so many failed sign-ins on, it looks like guessing. */
const FAILED_SIGN_INS = 5;
