import { describe, expect, it } from 'vitest';
import type { ValueColumnId } from '../../../../src/shared/columns.ts';
import { ct, type Row, uuid } from '../query/support.ts';
import { at, behaviour, of, said, window } from './support.ts';

const DAY = 86_400;

/** Habit: twelve calls between nine and ten on each of 10 days, from one address. */
const HABIT: Row[] = ct(
  `t | id | eventName | eventSource | sourceIPAddress | userAgent | awsRegion | accessKeyId | readOnly\n${Array.from(
    { length: 120 },
    (_, i) => {
      const t = Math.floor(i / 12) * DAY + 9 * 3600 + (i % 12) * 300;
      return `${t} | ${1000 + i} | ListBuckets | s3.amazonaws.com | 198.51.100.7 | aws-cli/2.15.0 | eu-west-1 | AKIAALICE | true`;
    },
  ).join('\n')}`,
);

describe('first seen', () => {
  it('names what the principal had not used before the window, and whether nobody had', async () => {
    const rows = [
      ...HABIT,
      ...ct`
        t       | id | principal | eventName   | eventSource          | sourceIPAddress | userAgent               | awsRegion | res                            | readOnly
        864000  | 1  | bob       | ListUsers   | iam.amazonaws.com    | 203.0.113.5     | aws-cli/2.15.0          | us-east-1 | -                              | true
        1000000 | 2  | alice     | ListUsers   | iam.amazonaws.com    | 203.0.113.5     | aws-cli/2.9 x/kali-amd64 | us-east-1 | -                              | true
        1000001 | 3  | alice     | ListBuckets | s3.amazonaws.com     | 198.51.100.7    | aws-cli/2.15.0          | eu-west-1 | -                              | true
        1000002 | 4  | alice     | AssumeRole  | sts.amazonaws.com    | 203.0.113.9     | aws-cli/2.15.0          | us-east-1 | arn:aws:iam::1:role/admin,name | true
      `,
    ];
    const answer = await behaviour(rows, window(900_000));
    expect(answer.basis).toMatchObject({ historyEvents: 120, historyDays: 10, history: 'enough' });
    expect(said(answer.basis.sentence)).toBe(
      'first in these files, which begin 2026-03-01; before the window there are 120 events of it on 10 days',
    );
    const [address] = of(answer, 'newAddress');
    expect(address.values.map((v) => [v.value, v.events, v.newToEvidence, v.note])).toEqual([
      ['203.0.113.9', 1, true, 'public'],
      ['203.0.113.5', 1, false, 'public'],
    ]);
    expect(address.weight).toBe('notable');
    expect(address.cited).toEqual([`id:${uuid(4)}`, `id:${uuid(2)}`]);
    expect(said(address.parts)).toBe('2 addresses not used before the window: 203.0.113.9 and 203.0.113.5.');
    const [agent] = of(answer, 'newAgent');
    expect(agent.values.map((v) => [v.note, v.newToEvidence])).toEqual([['aws-cli/2.x, Kali Linux', true]]);
    expect(of(answer, 'newRegion')[0].values.map((v) => v.value)).toEqual(['us-east-1']);
    expect(of(answer, 'newService')[0].counts).toEqual({ values: 2, events: 2, newToEvidence: 1 });
    expect(of(answer, 'newAction')[0].values.map((v) => v.value)).toEqual(['AssumeRole', 'ListUsers']);
    expect(of(answer, 'newRole')[0].values.map((v) => v.value)).toEqual(['arn:aws:iam::1:role/admin']);
    expect(of(answer, 'oddAgent')[0].counts).toEqual({ events: 1, agents: 1 });
  });

  it('calls nothing new where the window begins with the evidence; on little history notable is what nobody had', async () => {
    const whole = await behaviour(HABIT, window(null));
    expect(whole.statements.filter((s) => s.section === 'new').map((s) => [s.kind, s.weight])).toEqual([['noHistory', 'limit']]);
    expect(said(of(whole, 'noHistory')[0].parts)).toBe(
      'Nothing can be called new: there is no history before the window in these files, which begin 2026-03-01.',
    );
    const rows = [
      ...HABIT.slice(0, 3),
      ...ct`
      t      | id | eventName | eventSource     | sourceIPAddress
      500000 | 1  | GetQueue  | sqs.example.com | 203.0.113.5
    `,
    ];
    const thin = await behaviour(rows, window(400_000));
    expect(thin.basis.history).toBe('thin');
    expect(of(thin, 'newAddress')[0].weight).toBe('notable');
    expect(of(thin, 'newAction')[0].weight).toBe('plain');
    const known = ct`
      t      | id | principal | eventName | eventSource     | sourceIPAddress
      300000 | 2  | bob       | GetQueue  | sqs.example.com | 203.0.113.5
    `;
    expect(of(await behaviour([...rows, ...known], window(400_000)), 'newAddress')[0].weight).toBe('plain');
  });
});

describe('hours and volume', () => {
  it('shows hours of the week, and tells of hours and days that were never so', async () => {
    const night = ct(
      `t | id | eventName | readOnly\n${Array.from({ length: 150 }, (_, i) => `${12 * DAY + 3 * 3600 + i} | ${i + 1} | ListBuckets | true`).join('\n')}`,
    );
    const answer = await behaviour([...HABIT, ...night], window(11 * DAY));
    // 2026-03-01 was a Sunday: nine o'clock of it is hour 6 × 24 + 9, three o'clock of Friday the 13th is 4 × 24 + 3.
    expect(answer.hours.before[6 * 24 + 9]).toBe(24);
    expect(answer.hours.window[4 * 24 + 3]).toBe(150);
    expect(answer.hours.before.reduce((a, b) => a + b, 0)).toBe(120);
    expect(said(of(answer, 'newHours')[0].parts)).toContain('150 events at hours of the day (UTC 03:00)');
    expect(said(of(answer, 'newVolume')[0].parts)).toBe('150 events on 2026-03-13; before the window no day had more than 12 events.');
    expect(answer.days).toHaveLength(11);
    expect(answer.days.at(-1)).toMatchObject({ events: 150, inWindow: 150, failed: 0 });
    const day = ct(`t | id | eventName | readOnly\n${12 * DAY + 10 * 3600} | 1 | ListBuckets | true`);
    expect(of(await behaviour([...HABIT, ...day], window(11 * DAY)), 'newHours')).toEqual([]);
  });

  it('compares hours of the day until the history covers each weekday twice', async () => {
    const later = (from: number): Row[] =>
      ct(`t | id | eventName | readOnly
          ${from + 9 * 3600}  | 1 | ListBuckets | true
          ${from + 10 * 3600} | 2 | ListBuckets | true
          ${from + 22 * 3600} | 3 | ListBuckets | true`);
    const hoursOf = async (rows: Row[], from: number) => {
      const { newHours, newBy } = (await behaviour(rows, window(from))).hours;
      expect(newHours).toHaveLength(168);
      return [newBy, [...newHours.entries()].filter(([, is]) => is === 1).map(([h]) => [Math.floor(h / 24), h % 24])];
    };
    // The twelfth of March is a Thursday, on which it worked at nine; the history begins on the first.
    expect(await hoursOf([...HABIT, ...later(11 * DAY)], 11 * DAY)).toEqual([
      'hour of day',
      [
        [3, 10],
        [3, 22],
      ],
    ]);
    // Tuesday the 17th: the days before end on the tenth, which was one.
    expect(await hoursOf([...HABIT, ...later(16 * DAY)], 16 * DAY)).toEqual([
      'hour of week',
      [
        [1, 10],
        [1, 22],
      ],
    ]);
    expect(await hoursOf([...HABIT.slice(0, 19), ...later(11 * DAY)], 11 * DAY)).toEqual([null, []]);
    expect(await hoursOf(HABIT, 0)).toEqual([null, []]);
  });
});

describe('one key from two addresses', () => {
  const table = (lines: string): Row[] =>
    ct(`t | id | eventName | accessKeyId | sourceIPAddress | userAgent | vpcEndpointId | invokedBy\n${lines}`);

  it('needs there and back within the minutes, or one second', async () => {
    const back = await behaviour(
      table(`0   | 1 | GetX | AKIA1 | 198.51.100.1 | aws-cli/2.1.1 | - | -
             120 | 2 | GetX | AKIA1 | 203.0.113.2  | aws-cli/2.1.1 | - | -
             300 | 3 | GetX | AKIA1 | 198.51.100.1 | aws-cli/2.1.1 | - | -`),
      window(null),
    );
    const [found] = of(back, 'twoAddresses');
    expect(found).toMatchObject({ weight: 'notable', counts: { credentials: 1, pairs: 1, overlaps: 1, minutes: 10 } });
    expect(found.cited).toEqual([`id:${uuid(1)}`, `id:${uuid(2)}`, `id:${uuid(3)}`]);
    expect(said(found.parts)).toContain('198.51.100.1 and 203.0.113.2, with AKIA1.');

    const moved = table(`0   | 1 | GetX | AKIA1 | 198.51.100.1 | - | - | -
                         120 | 2 | GetX | AKIA1 | 203.0.113.2  | - | - | -
                         720 | 3 | GetX | AKIA1 | 203.0.113.2  | - | - | -
                         800 | 4 | GetX | AKIA1 | 198.51.100.1 | - | - | -`);
    expect(of(await behaviour(moved, window(null)), 'twoAddresses')).toEqual([]);

    const second = table(`5 | 1 | GetX | AKIA1 | 198.51.100.1 | - | - | -
                          5 | 2 | GetX | AKIA1 | 203.0.113.2  | - | - | -`);
    expect(of(await behaviour(second, window(null)), 'twoAddresses')[0].counts.pairs).toBe(1);
    const keys = table(`5 | 1 | GetX | AKIA1 | 198.51.100.1 | - | - | -
                        5 | 2 | GetX | AKIA2 | 203.0.113.2  | - | - | -`);
    expect(of(await behaviour(keys, window(null)), 'twoAddresses')).toEqual([]);
  });

  it('says of private, dual-stack and neighbouring addresses what they usually are, and leaves AWS out', async () => {
    const pair = (a: string, b: string): Row[] => table(`5 | 1 | GetX | AKIA1 | ${a} | - | - | -\n5 | 2 | GetX | AKIA1 | ${b} | - | - | -`);
    for (const [a, b, words] of [
      ['10.0.0.1', '203.0.113.2', 'a public and a private address'],
      ['198.51.100.1', '2001:db8::1', 'one host may have both'],
      ['198.51.100.1', '198.51.100.9', 'one network'],
      ['10.0.0.1', '10.0.0.2', 'inside a network'],
    ]) {
      const [found] = of(await behaviour(pair(a, b), window(null)), 'twoAddresses');
      expect([found.weight, said(found.parts)]).toEqual(['plain', expect.stringContaining(words)]);
    }
    const aws = await behaviour(
      table(`5 | 1 | GetX | AKIA1 | 198.51.100.1 | -                          | - | -
             5 | 2 | GetX | AKIA1 | ec2.amazonaws.com | ec2.amazonaws.com     | - | -
             5 | 3 | GetX | AKIA1 | AWS Internal | AWS Internal               | - | -
             5 | 4 | GetX | AKIA1 | 203.0.113.2  | [S3Console/0.4, aws-internal/3] | - | -
             5 | 5 | GetX | AKIA1 | 203.0.113.3  | -                          | - | athena.amazonaws.com`),
      window(null),
    );
    expect(of(aws, 'twoAddresses')).toEqual([]);
    expect(of(aws, 'addressesNotCompared')[0].counts.events).toBe(4);
  });
});

describe('instance credentials', () => {
  const NAME = 'i-0123456789abcdef0';
  const table = (lines: string): Row[] => ct(`t | id | eventName | userName | sourceIPAddress | vpcEndpointId | identityType\n${lines}`);

  it('are elsewhere when their instance used another public address before', async () => {
    const answer = await behaviour(
      table(`0    | 1 | GetX | ${NAME} | 198.51.100.1 | -      | AssumedRole
             10   | 2 | GetX | ${NAME} | 10.0.0.5     | vpce-1 | AssumedRole
             1000 | 3 | GetX | ${NAME} | 203.0.113.9  | -      | AssumedRole
             1001 | 4 | GetX | ${NAME} | ec2.amazonaws.com | - | AssumedRole`),
      window(500),
    );
    const [found] = of(answer, 'instanceElsewhere');
    expect(found).toMatchObject({ weight: 'notable', counts: { instances: 1, addresses: 1, events: 1 }, cited: [`id:${uuid(3)}`] });
    expect(said(found.parts)).toContain('which addresses were its own these files do not say');
  });

  it('are those that AWS issued; what is only named like an instance is told so', async () => {
    const head = 't | id | eventName | userName | sourceIPAddress | identityType | roleDelivery | identity | issuedTo';
    const arn = (name: string): string => `arn:aws:sts::111111111111:assumed-role/web/${name}`;
    const issued = 'i-0aaaaaaaaaaaaaaa1';
    const named = 'i-0bbbbbbbbbbbbbbb1';
    const rows = ct(`${head}
      0 | 1 | GetX | ${NAME} | 198.51.100.1 | AssumedRole | 2.0 | ${arn(NAME)} | -
      0 | 2 | AssumeRole | - | ec2.amazonaws.com | AWSService | - | AWSService:ec2.amazonaws.com | ${arn(issued)}
      1 | 3 | GetX | ${issued} | 198.51.100.2 | AssumedRole | - | ${arn(issued)} | -
      0 | 4 | AssumeRole | carol | 198.51.100.3 | IAMUser | - | - | ${arn(named)}
      1 | 5 | GetX | ${named} | 198.51.100.3 | AssumedRole | - | ${arn(named)} | -
      9 | 6 | GetX | ${named} | 203.0.113.9 | AssumedRole | - | ${arn(named)} | -`);
    const answer = await behaviour(rows, window(5), { column: 'eventName', value: 'GetX' });
    const [elsewhere] = of(answer, 'instanceElsewhere');
    expect(said(elsewhere.parts)).toContain(`1 event of sessions named ${named} from 203.0.113.9`);
    expect(said(elsewhere.parts)).toContain('No record shows that AWS issued them to an instance');
    const lists = of(await behaviour(rows, window(null), { column: 'eventName', value: 'GetX' }), 'instanceAddresses');
    expect(lists.map((one) => one.values.map((v) => v.value))).toEqual([['198.51.100.1', '198.51.100.2'], ['198.51.100.3']]);
    expect(said(lists[1].parts)).toContain('Sessions named like an instance were used from');
  });

  it('are elsewhere when their instance otherwise calls from inside a VPC, each instance by itself', async () => {
    const head = 't | id | eventName | userName | sourceIPAddress | vpcEndpointId | identityType | roleDelivery';
    const delivered = (list: readonly string[]): Row[] => ct([head, ...list].join('\n'));
    const lines = (publicCalls: number, first: number): string[] => [
      ...Array.from({ length: 40 }, (_, i) => `${i} | ${i} | GetX | ${NAME} | 10.0.0.5 | vpce-1 | AssumedRole | 2.0`),
      ...Array.from({ length: 40 }, (_, i) => `${i} | ${100 + i} | GetX | i-0aaaaaaaaaaaaaaa1 | 203.0.113.9 | - | AssumedRole | -`),
      ...Array.from({ length: publicCalls }, (_, i) => `${first + i} | ${200 + i} | GetX | ${NAME} | 203.0.113.9 | - | AssumedRole | -`),
    ];
    const [found] = of(await behaviour(delivered(lines(3, 500)), window(null)), 'instanceElsewhere');
    expect(found).toMatchObject({ weight: 'notable', counts: { instances: 1, addresses: 1, events: 3, others: 40 } });
    expect(found.cited).toEqual([200, 201, 202].map((id) => `id:${uuid(id)}`));
    expect(said(found.parts)).toContain(
      `3 events with credentials of ${NAME} from 203.0.113.9, where all 40 others came from 10.0.0.5 through a VPC endpoint.`,
    );
    // Used from the beginning, or often: an endpoint for some services, a public address for the rest.
    for (const usual of [lines(3, 0), lines(20, 500)])
      expect(of(await behaviour(delivered(usual), window(null)), 'instanceElsewhere')).toEqual([]);
  });

  it('are elsewhere at a private address that was never the instance’s, in careful words', async () => {
    const head = 't | id | eventName | userName | sourceIPAddress | vpcEndpointId | accessKeyId';
    const own = [0, 1, 2].map((t) => `${t} | ${t} | GetX | ${NAME} | 198.51.100.1 | - | ASIA1`);
    const stolen = `9 | 9 | GetX | ${NAME} | 192.168.10.20 | - | ASIA2`;
    const rows = (...lines: string[]) => ct([head, ...lines].join('\n'));
    const [found] = of(await behaviour(rows(...own, stolen), window(null)), 'instanceElsewhere');
    expect(found).toMatchObject({ weight: 'notable', cited: [`id:${uuid(9)}`], counts: { events: 1, others: 3 } });
    expect(said(found.parts)).toContain('The key was used from nowhere else. An instance keeps its private address, but');
    // Through an endpoint it has its private address beside the public one; a second private one is another's.
    const through = `5 | 5 | GetX | ${NAME} | 10.0.0.5 | vpce-1 | ASIA1`;
    expect(of(await behaviour(rows(...own, through), window(null)), 'instanceElsewhere')).toEqual([]);
    const second = of(
      await behaviour(rows(...own, through, `9 | 9 | GetX | ${NAME} | 10.9.9.9 | vpce-2 | ASIA2`), window(null)),
      'instanceElsewhere',
    );
    expect(second.flatMap((s) => s.values.map((v) => v.value))).toEqual(['10.9.9.9']);
  });

  it('with one public address have nothing to compare with', async () => {
    const answer = await behaviour(table(`0 | 1 | GetX | ${NAME} | 203.0.113.9 | - | AssumedRole`), window(null));
    expect(of(answer, 'instanceElsewhere')).toEqual([]);
    expect(said(of(answer, 'instanceAddresses')[0].parts)).toContain('cannot be known from these files');
    const person = await behaviour(table(`0 | 1 | GetX | i-robot | 203.0.113.9 | - | AssumedRole`), window(null));
    expect(person.statements.filter((s) => s.section === 'addresses')).toEqual([]);
  });
});

describe('authentication', () => {
  it('counts identity types, MFA, IMDS, sign-ins and federation', async () => {
    const answer = await behaviour(
      ct`
        t | id | eventName    | identityType | mfa   | roleDelivery | outcome | fromConsole | federation
        0 | 1  | ConsoleLogin | IAMUser      | false | -            | success | -           | -
        1 | 2  | ConsoleLogin | IAMUser      | false | -            | denied  | -           | -
        2 | 3  | GetX         | AssumedRole  | true  | -            | success | true        | -
        3 | 4  | GetX         | AssumedRole  | -     | 1.0          | success | -           | -
        4 | 5  | GetX         | Root         | -     | 2.0          | success | -           | arn:aws:iam::1:saml-provider/x
      `,
      window(null),
    );
    expect(answer.authentication).toEqual({
      identityTypes: [
        { value: 'AssumedRole', events: 2 },
        { value: 'IAMUser', events: 2 },
        { value: 'Root', events: 1 },
      ],
      mfa: [
        { value: null, events: 2 },
        { value: 'false', events: 2 },
        { value: 'true', events: 1 },
      ],
      imds: [
        { value: '1.0', events: 1 },
        { value: '2.0', events: 1 },
      ],
      federation: [{ value: 'arn:aws:iam::1:saml-provider/x', events: 1 }],
      fromConsole: 1,
      signIns: { succeeded: 1, failed: 1, unsaid: 0, withoutMfa: 1 },
    });
    const weights = Object.fromEntries(answer.statements.filter((s) => s.section === 'authentication').map((s) => [s.kind, s.weight]));
    expect(weights).toEqual({
      root: 'notable',
      withoutMfa: 'notable',
      imdsV1: 'notable',
      imdsV2: 'plain',
      identityTypes: 'plain',
      signIn: 'plain',
      signInFailed: 'plain',
      mfa: 'plain',
      federation: 'plain',
      fromConsole: 'plain',
    });
  });
});

describe('things', () => {
  it('do not act: a bucket is used, an address called from, an agent called with', async () => {
    const rows = ct`
      t | id | eventName | identityType | sourceIPAddress | userAgent | res
      0 | 1  | GetX      | AssumedRole  | 198.51.100.1    | agent/1   | bucket
    `;
    const words = async (column: ValueColumnId, value: string) =>
      said(of(await behaviour(rows, window(null), { column, value }), 'identityTypes')[0].parts);
    expect(await words('principal', 'alice')).toBe('It acted as AssumedRole (1 event).');
    expect(await words('resource', 'bucket')).toBe('Used by identities of type AssumedRole (1 event).');
    expect(await words('sourceIPAddress', '198.51.100.1')).toBe('Called from by identities of type AssumedRole (1 event).');
    expect(await words('userAgent', 'agent/1')).toBe('Called with by identities of type AssumedRole (1 event).');
  });
});

describe('permissions', () => {
  it('tell which denial became a success, not within one second, and on which resource', async () => {
    const answer = await behaviour(
      ct`
        t  | id | eventName | eventSource | outcome | res
        0  | 1  | PutA      | x           | denied  | r1
        9  | 2  | PutA      | x           | success | r1
        0  | 3  | PutB      | x           | denied  | -
        0  | 4  | PutB      | x           | success | -
        0  | 5  | PutC      | x           | denied  | -
        1  | 6  | PutD      | x           | success | r1
        2  | 7  | PutD      | x           | denied  | r2
        3  | 8  | PutD      | x           | success | r1
        4  | 9  | PutE      | x           | error   | -
        5  | 10 | PutF      | x           | denied  | -
        6  | 11 | PutF      | x           | denied  | -
        6  | 12 | PutF      | x           | success | -
      `,
      window(null),
    );
    const use = (name: string) => answer.actions.find((a) => a.eventName === name);
    expect(answer.actionsTotal).toBe(6);
    expect(use('PutA')).toMatchObject({
      succeeded: 1,
      denied: 1,
      deniedThenSucceeded: { denied: `id:${uuid(1)}`, succeeded: `id:${uuid(2)}`, sameResource: 'yes' },
    });
    expect(use('PutB')?.deniedThenSucceeded).toBeNull();
    expect(use('PutD')?.deniedThenSucceeded).toMatchObject({ denied: `id:${uuid(7)}`, succeeded: `id:${uuid(8)}`, sameResource: 'no' });
    expect(use('PutE')).toMatchObject({ failed: 1, denied: 0 });
    expect(use('PutF')?.deniedThenSucceeded).toMatchObject({ denied: `id:${uuid(10)}`, sameResource: 'unknown' });
    const [gained, routine] = of(answer, 'deniedThenSucceeded');
    expect(gained).toMatchObject({ weight: 'notable', counts: { actions: 2, firstSuccess: 2, deniedInWindow: 3, deniedBefore: 0 } });
    expect(gained.values.map((v) => v.value)).toEqual(['PutF', 'PutA']);
    expect(routine).toMatchObject({ weight: 'plain', counts: { actions: 1, firstSuccess: 0 } });
    expect(routine.values.map((v) => v.value)).toEqual(['PutD']);
    expect(of(answer, 'denied')[0].counts).toEqual({ events: 6, actions: 5, neverSucceeded: 1 });
  });

  it('open a denial where they say when it was first denied, and count successes beside the first one after a denial', async () => {
    const answer = await behaviour(
      ct`
        t | id | eventName | outcome
        0 | 1  | PutA      | success
        5 | 2  | PutA      | denied
        7 | 3  | PutA      | denied
        9 | 4  | PutA      | success
      `,
      window(null),
    );
    expect(of(answer, 'denied')[0].values).toMatchObject([
      { events: 2, counted: ['denial', 'denials'], first: at(5), firstKey: `id:${uuid(2)}`, firstIs: 'first denied' },
    ]);
    expect(of(answer, 'deniedThenSucceeded')[0].values).toMatchObject([
      { events: 2, counted: ['success', 'successes'], first: at(9), firstKey: `id:${uuid(4)}`, firstIs: 'first after a denial' },
    ]);
  });

  it('claim the same resource only where all that was denied is named again, and tell what is shared', async () => {
    const turned = async (denied: string, succeeded: string) =>
      (
        await behaviour(
          ct(`t | id | eventName | outcome | res
              0 | 1 | UpdateService | denied | ${denied}
              9 | 2 | UpdateService | success | ${succeeded}`),
          window(null),
        )
      ).actions[0].deniedThenSucceeded;
    expect(await turned('main,catalogue', 'mailer,main')).toMatchObject({ sameResource: 'partly', shared: ['main'] });
    expect(await turned('main,catalogue', 'catalogue,arn:aws:ecs:eu-west-1:111:cluster/main')).toMatchObject({ sameResource: 'yes' });
    expect(await turned('main,catalogue', 'other')).toMatchObject({ sameResource: 'no', shared: [] });
    expect(await turned('-', 'main')).toMatchObject({ sameResource: 'unknown' });
  });

  it('give no weight to a success on another resource when hardly anything came before the denial, and name that history', async () => {
    const rows = (before: number): Row[] => [
      ...ct(`t | id | eventName\n${Array.from({ length: before }, (_, i) => `${i} | ${100 + i} | GetX`).join('\n')}`),
      ...ct`
        t    | id | eventName     | eventSource       | outcome | readOnly | res
        1000 | 1  | UpdateService | ecs.amazonaws.com | denied  | false    | main,catalogue
        1001 | 2  | UpdateService | ecs.amazonaws.com | success | false    | main,mailer
      `,
    ];
    const [few] = of(await behaviour(rows(3), window(null)), 'deniedThenSucceeded');
    expect(few).toMatchObject({ weight: 'plain' });
    expect(few.values[0].note).toContain(
      'only main is named by both; no success among the 3 events of it before the denial, from 2026-03-01 on',
    );
    const [enough] = of(await behaviour(rows(30), window(null)), 'deniedThenSucceeded');
    expect(enough).toMatchObject({ weight: 'notable', compares: true });
    expect(said(enough.parts)).toContain('and not before in these files, which begin 2026-03-01: UpdateService.');
  });

  it('on the page of a thing need one principal: what one may do another was denied is no permission gained', async () => {
    const rows = ct`
      t | id | principal | eventName | outcome | res
      0 | 1  | bob       | PutA      | denied  | bucket
      5 | 2  | alice     | PutA      | success | bucket
      7 | 3  | alice     | PutB      | denied  | bucket
      9 | 4  | alice     | PutB      | success | bucket
    `;
    const { actions } = await behaviour(rows, window(null), { column: 'resource', value: 'bucket' });
    expect(actions.map((a) => [a.eventName, a.deniedThenSucceeded?.succeeded])).toEqual([
      ['PutB', `id:${uuid(4)}`],
      ['PutA', undefined],
    ]);
  });

  it('look back for the denial beyond the window', async () => {
    const rows = ct`
      t   | id | eventName | outcome
      0   | 1  | PutA      | denied
      100 | 2  | PutA      | success
      200 | 3  | PutA      | success
    `;
    expect(of(await behaviour(rows, window(50)), 'deniedThenSucceeded')[0].opens?.time.from).toBeNull();
    expect((await behaviour(rows, window(0, 50))).actions[0].deniedThenSucceeded).toBeNull();
  });

  it('say where the denials lie, and give weight only to a first success close to one, of a call that matters', async () => {
    const rows = (name: string, denied: number, earlier = ''): Row[] =>
      ct(`t | id | eventName | eventSource | outcome | readOnly
          ${earlier}${denied} | 2 | ${name} | x.amazonaws.com | denied | ${name.startsWith('Put') ? 'false' : 'true'}
          300000 | 3 | ${name} | x.amazonaws.com | success | ${name.startsWith('Put') ? 'false' : 'true'}`);
    const weigh = async (given: Row[]) => {
      const answer = await behaviour(given, window(290_000));
      const [found] = of(answer, 'deniedThenSucceeded');
      expect(found.counts.deniedInWindow).toBe(answer.actions[0].denied);
      expect(found.counts.deniedBefore).toBe(answer.actions[0].deniedBefore);
      expect(answer.actions[0].deniedThenSucceeded?.deniedInWindow).toBe(found.counts.deniedInWindow > 0);
      return [found.weight, said(found.parts)];
    };
    expect(await weigh(rows('PutA', 280_000))).toEqual([
      'notable',
      '1 action succeeded after being denied, and not before in these files, which begin 2026-03-04: PutA. The 1 denial lies before the window, the last before a success at t280000.',
    ]);
    expect(await weigh(rows('PutA', 295_000))).toEqual(['notable', expect.stringContaining('The 1 denial lies in the window.')]);
    expect((await weigh(rows('PutA', 100_000)))[0]).toBe('plain');
    expect((await weigh(rows('DescribeA', 295_000)))[0]).toBe('plain');
    const routine = '100 | 1 | PutA | x.amazonaws.com | success | false\n';
    expect((await weigh(rows('PutA', 280_000, routine)))[0]).toBe('plain');
  });
});

describe('enumeration', () => {
  const burst = (from: number, different: number, apart: number, extra = '-'): string =>
    Array.from(
      { length: different },
      (_, i) =>
        `${from + i * apart} | ${from + i} | Describe${i} | ec2.amazonaws.com | true | ${i % 4 === 0 ? 'denied' : 'success'} | ${extra}`,
    ).join('\n');
  const table = (lines: string): Row[] => ct(`t | id | eventName | eventSource | readOnly | outcome | fromConsole\n${lines}`);

  it('is many different reading calls within a minute, with the share that was denied', async () => {
    const answer = await behaviour(table(`${burst(0, 24, 1)}\n${burst(5000, 24, 10)}\n${burst(9000, 40, 1, 'true')}`), window(null));
    const found = of(answer, 'enumeration');
    expect(found.map((s) => [s.weight, s.counts])).toEqual([
      ['notable', { distinct: 24, events: 24, denied: 6, threshold: 20 }],
      ['plain', { distinct: 40, events: 40, denied: 10, threshold: 20 }],
    ]);
    expect(said(found[0].parts)).toBe(
      '24 different reading calls within a minute, beginning t0: 24 events, 25 % of them denied. From 20 on it is called a burst.',
    );
    expect(said(found[1].parts)).toContain('console');
  });

  it('is not the same call again and again, nor calls that write', async () => {
    const same = Array.from({ length: 60 }, (_, i) => `${i} | ${i} | DescribeX | ec2.amazonaws.com | true | success | -`).join('\n');
    const writes = Array.from({ length: 60 }, (_, i) => `${i} | ${i + 100} | Put${i} | ec2.amazonaws.com | false | success | -`).join('\n');
    expect(of(await behaviour(table(`${same}\n${writes}`), window(null)), 'enumeration')).toEqual([]);
  });

  it('is fewer within two minutes when at least half are denied, and many refused roles', async () => {
    const reads = (denied: number, different = 8, apart = 15): Row[] =>
      table(
        Array.from(
          { length: different },
          (_, i) => `${i * apart} | ${i} | Describe${i} | ec2.amazonaws.com | true | ${i < denied ? 'denied' : 'success'} | -`,
        ).join('\n'),
      );
    const [found] = of(await behaviour(reads(4), window(null)), 'enumeration');
    expect(found).toMatchObject({ weight: 'notable', counts: { distinct: 8, events: 8, denied: 4, threshold: 8 } });
    expect(said(found.parts)).toContain('From 8 on it is called a burst when at least half are denied.');
    for (const rows of [reads(3), reads(7, 7), reads(8, 8, 20)]) expect(of(await behaviour(rows, window(null)), 'enumeration')).toEqual([]);

    const roles = (different: number, outcome = 'denied'): Row[] =>
      ct(
        `t | id | eventName | outcome | readOnly | res\n${Array.from(
          { length: 12 },
          (_, i) => `${i * 30} | ${i} | AssumeRole | ${outcome} | false | arn:aws:iam::1:role/r${i % different}`,
        ).join('\n')}`,
      );
    const [guess] = of(await behaviour(roles(8), window(null)), 'roleGuessing');
    expect(guess.counts).toEqual({ events: 12, roles: 8, distinct: 8, threshold: 8, minutes: 10 });
    expect(guess.cited).toHaveLength(12);
    expect(of(await behaviour(roles(7), window(null)), 'roleGuessing')).toEqual([]);
    expect(of(await behaviour(roles(12, 'success'), window(null)), 'roleGuessing')).toEqual([]);
  });
});

describe('outcomes that were not recorded', () => {
  it('make a sign-in neither a success nor a failure, and no role newly taken', async () => {
    const rows = (...others: Row[]) => [
      ...ct`
        t   | id | eventName    | eventSource          | outcome | res
        500 | 1  | ConsoleLogin | signin.amazonaws.com | -       | -
        501 | 2  | AssumeRole   | sts.amazonaws.com    | -       | arn:aws:iam::111:role/r
      `.map((row) => ({ ...row, values: { ...row.values, outcome: undefined } })),
      ...others,
    ];
    const failed = ct`t | id | principal | eventName | outcome\n900 | 9 | bob | GetX | error`;
    for (const answer of [await behaviour(rows(), window(100)), await behaviour(rows(...failed), window(100))]) {
      expect(answer.authentication.signIns).toEqual({ succeeded: 0, failed: 0, unsaid: 1, withoutMfa: 0 });
      expect(answer.actions.map((a) => [a.succeeded, a.failed, a.unsaid])).toEqual([
        [0, 0, 1],
        [0, 0, 1],
      ]);
      expect(of(answer, 'signInUnsaid')[0]).toMatchObject({ weight: 'limit', counts: { events: 1 } });
      expect([...of(answer, 'signIn'), ...of(answer, 'signInFailed'), ...of(answer, 'newRole')]).toEqual([]);
    }
  });
});

describe('data out', () => {
  it('sums objects and bytes by bucket', async () => {
    const answer = await behaviour(
      ct`
        t | id | eventName     | eventSource                  | outcome | bytesOut | res
        0 | 1  | GetObject     | s3.amazonaws.com             | success | 1000     | arn:aws:s3:::big/a,arn:aws:s3:::big,big
        1 | 2  | GetObject     | s3.amazonaws.com             | success | 500.0    | arn:aws:s3:::big/a,big
        2 | 3  | GetObject     | s3.amazonaws.com             | denied  | -        | arn:aws:s3:::big/b
        3 | 4  | GetObject     | s3.amazonaws.com             | success | many     | small
        4 | 5  | GetObject     | s3.amazonaws.com             | success | 7        | -
        5 | 6  | GetObject     | other.amazonaws.com          | success | 7        | big
        6 | 7  | GetSecretValue | secretsmanager.amazonaws.com | success | -       | arn:secret
        7 | 8  | GetSecretValue | secretsmanager.amazonaws.com | denied  | -       | arn:secret
        8 | 9  | ModifySnapshotAttribute | ec2.amazonaws.com  | success | -        | snap-1,098797384747
        9 | 10 | ModifySnapshotAttribute | ec2.amazonaws.com  | success | -        | snap-1,remove:098797384747
      `,
      window(null),
    );
    expect(answer.buckets.map((b) => [b.bucket, b.reads, b.objects, b.denied, b.bytesOut, b.readsWithBytes])).toEqual([
      ['big', 2, 1, 1, 1500, 2],
      [null, 1, 0, 0, 7, 1],
      ['small', 1, 0, 0, 0, 0],
    ]);
    expect(said(of(answer, 'objectsRead')[0].parts)).toBe(
      '4 reads of 1 object in 2 buckets, 1507 B as far as the size is recorded (3 of 4 reads); 1 read was denied. The record of 1 of them names no bucket. The record of 1 of them names no object.',
    );
    expect(of(answer, 'secretsRead')[0].counts).toEqual({ events: 1, names: 1 });
    expect(of(answer, 'sharedOut')[0].values[0]).toMatchObject({
      value: 'ModifySnapshotAttribute',
      note: 'snap-1, shared with 098797384747',
      events: 1,
    });
    expect(of(answer, 'noDataEvents')).toEqual([]);
  });

  it('counts no bucket and no object that no record names, and begins with a read', async () => {
    const sentence = async (table: string) => {
      const answer = await behaviour(
        ct(`t | id | eventName | eventSource | outcome | res\n${table}`).map((row) => ({
          ...row,
          values: { eventSource: 's3.amazonaws.com', ...row.values },
        })),
        window(null),
      );
      const [found] = of(answer, 'objectsRead');
      return [said(found.parts), found.values.map((v) => [v.value, v.events, v.firstKey])];
    };
    const s3 = 's3.amazonaws.com';
    expect(
      await sentence(`0 | 1 | GetObject | ${s3} | success | -
                      1 | 2 | GetObject | ${s3} | success | -`),
    ).toEqual([
      '2 reads of objects, 0 B as far as the size is recorded (0 of 2 reads). Their records name no bucket.',
      [['(no bucket named)', 2, `id:${uuid(1)}`]],
    ]);
    expect(
      await sentence(`0 | 1 | GetObject | ${s3} | error   | data
                      1 | 2 | GetObject | ${s3} | success | data
                      2 | 3 | GetObject | ${s3} | denied  | data
                      3 | 4 | GetObject | ${s3} | success | arn:aws:s3:::data/a,arn:aws:s3:::data
                      4 | 5 | GetObject | ${s3} | success | -`),
    ).toEqual([
      '3 reads of 1 object in 1 bucket, 0 B as far as the size is recorded (0 of 3 reads); 1 read was denied. The record of 1 of them names no bucket. The record of 1 of them names no object.',
      [
        ['data', 3, `id:${uuid(2)}`],
        ['(no bucket named)', 1, `id:${uuid(5)}`],
      ],
    ]);
  });

  it('says when data events were not recorded', async () => {
    const answer = await behaviour(
      ct`
      t | id | eventName   | eventSource
      0 | 1  | ListBuckets | s3.amazonaws.com
    `,
      window(null),
    );
    expect(of(answer, 'noDataEvents')[0].weight).toBe('limit');
  });

  it('of an account without S3 data events says so, whatever other accounts recorded', async () => {
    const rows = ct`
      t | id | principal | account | eventName   | eventSource
      0 | 1  | alice     | 111     | ListBuckets | s3.amazonaws.com
      1 | 2  | alice     | 222     | ListBuckets | s3.amazonaws.com
      2 | 3  | bob       | 222     | GetObject   | s3.amazonaws.com
    `;
    const [limit] = of(await behaviour(rows, window(null)), 'noDataEvents');
    expect(said(limit.parts)).toContain('Of 111 these files hold no S3 data events of anybody');
    expect(limit.values.map((v) => v.value)).toEqual(['111']);
    expect(of(await behaviour(rows.slice(1), window(null)), 'noDataEvents')).toEqual([]);
  });
});

describe('what is odd in the evidence', () => {
  it('events without a time are counted and said', async () => {
    const rows = ct`
      t | id | eventName | outcome
      - | 1  | GetX      | error
      5 | 2  | GetX      | success
    `;
    const whole = await behaviour(rows, window(null));
    expect(whole.totals).toMatchObject({ events: 2, failed: 1, withoutTime: 1, before: 0, after: 0 });
    expect(of(whole, 'withoutTime')[0].cited).toEqual([`id:${uuid(1)}`]);
    const part = await behaviour(rows, window(0));
    expect(part.totals).toMatchObject({ events: 1, failed: 0, withoutTime: 1 });
  });

  it('a subject that is not there, and an empty case, give an empty answer', async () => {
    const answer = await behaviour(HABIT, window(null), { column: 'accessKeyId', value: 'nobody' });
    expect(answer).toMatchObject({ totals: { events: 0, first: null }, statements: [], actions: [], buckets: [], days: [] });
    expect((await behaviour([], window(null))).totals.events).toBe(0);
  });
});
