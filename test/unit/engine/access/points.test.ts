/** What is worth a look: root, quarantine, endpoints, and the analyses of a principal over everybody. */
import { describe, expect, it } from 'vitest';
import { said } from '../behaviour/support.ts';
import { ct, selection } from '../query/support.ts';
import { asked, kinds, only } from './support.ts';

const HEAD =
  't | id | eventName | eventSource | principal | userName | identityType | account | accessKeyId | sourceIPAddress | outcome | errorCode | vpcEndpointId | issuedTo | readOnly | res';
const rows = (...lines: string[]) => ct([HEAD, ...lines].join('\n'));
interface Cells {
  t: number;
  id: number;
  name: string;
  source?: string;
  who?: string;
  user?: string;
  type?: string;
  key?: string;
  ip?: string;
  outcome?: string;
  error?: string;
  vpce?: string;
  issuedTo?: string;
  readOnly?: string;
  res?: string;
}
const call = (c: Cells): string =>
  [
    c.t,
    c.id,
    c.name,
    c.source ?? 'ec2.amazonaws.com',
    c.who ?? '1/user/ann',
    c.user ?? 'ann',
    c.type ?? 'IAMUser',
    '1',
    c.key ?? '-',
    c.ip ?? '198.51.100.1',
    c.outcome ?? 'success',
    c.error ?? '-',
    c.vpce ?? '-',
    c.issuedTo ?? '-',
    c.readOnly ?? 'true',
    c.res ?? '-',
  ].join(' | ');

const QUARANTINE = 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV2';

describe('worth a look', () => {
  it('root and AssumeRoot, each with its account and its events', async () => {
    const { points } = await asked(
      rows(
        call({ t: 0, id: 1, name: 'ConsoleLogin', who: '1/root', user: 'root', type: 'Root' }),
        call({ t: 9, id: 2, name: 'DeleteBucketPolicy', who: '3/root', type: 'AssumedRole' }),
        call({ t: 5, id: 3, name: 'AssumeRoot', issuedTo: '3' }),
        call({ t: 6, id: 4, name: 'AssumeRoot', outcome: 'denied' }),
      ),
    );
    expect(kinds(points.points)).toEqual(['root', 'root', 'assumeRoot']);
    expect(points.points.find((p) => p.subject?.value === '3/root')?.counts).toMatchObject({ events: 1, sessions: 1 });
    expect(said(only(points.points.filter((p) => p.kind === 'assumeRoot')).parts)).toBe(
      '1/user/ann called AssumeRoot 2 times between t5 and t6, and got a root session of 3. 1 call failed.',
    );
  });

  it('quarantine: attached by AWS, attempted in vain, taken off; and who did it when the record does not show AWS', async () => {
    const iam = 'iam.amazonaws.com';
    const { points } = await asked(
      rows(
        call({ t: 0, id: 1, name: 'AttachUserPolicy', source: iam, who: '1/user/dave', ip: 'AWS Internal', res: `dave,${QUARANTINE}` }),
        call({
          t: 5,
          id: 2,
          name: 'PutUserPolicy',
          source: iam,
          who: '1/user/erin',
          outcome: 'error',
          error: 'LimitExceededException',
          res: 'erin,AWSCompromisedKeyQuarantineV3',
        }),
        call({ t: 9, id: 3, name: 'DetachUserPolicy', source: iam, who: '1/user/ann', res: `dave,${QUARANTINE}` }),
        call({ t: 9, id: 4, name: 'GetPolicy', source: iam, res: QUARANTINE }),
        call({ t: 9, id: 5, name: 'AttachUserPolicy', source: iam, res: 'ann,arn:aws:iam::1:policy/NotAWSCompromisedKeyQuarantineV2x' }),
      ),
    );
    const sentences = points.points.map((p) => said(p.parts));
    expect(kinds(points.points)).toEqual(['quarantine', 'quarantine', 'quarantineRemoved']);
    expect(sentences[0]).toContain('AWS attached AWSCompromisedKeyQuarantineV2 to 1/user/dave at t0');
    expect(sentences[1]).toContain('The call failed (LimitExceededException): nothing was restricted by it.');
    expect(sentences[1]).toContain('the record does not show that AWS made it');
    expect(sentences[2]).toContain('was taken off 1/user/dave at t9');
    expect(points.points[0].subject).toEqual({ column: 'principal', value: '1/user/dave' });
  });

  it('a call that the policy of a VPC endpoint denied, and the endpoints that were used', async () => {
    const { points } = await asked(
      rows(
        call({ t: 0, id: 1, name: 'GetObject', outcome: 'denied', error: 'VpceAccessDenied', vpce: 'vpce-1', ip: '10.0.0.4' }),
        call({ t: 1, id: 2, name: 'GetObject', vpce: 'vpce-2', ip: '10.0.0.4' }),
      ),
    );
    expect(only(points.points.filter((p) => p.kind === 'vpcDenied')).counts).toEqual({ calls: 1, endpoints: 1, addresses: 1 });
    const through = only(points.points.filter((p) => p.kind === 'vpcEndpoint'));
    expect(through.values.map((v) => [v.value, v.events, v.note])).toEqual([
      ['vpce-1', 1, '1 principal from 1 address, 1 denied by its policy'],
      ['vpce-2', 1, '1 principal from 1 address'],
    ]);
  });

  it('one key at two addresses at once, and not two that followed each other; denied then succeeded of one principal, not of two', async () => {
    const drawn = rows(
      call({ t: 0, id: 1, name: 'A', key: 'AKIA1', ip: '198.51.100.1' }),
      call({ t: 60, id: 2, name: 'A', key: 'AKIA1', ip: '203.0.113.7' }),
      call({ t: 120, id: 3, name: 'A', key: 'AKIA1', ip: '198.51.100.1' }),
      call({ t: 0, id: 4, name: 'A', key: 'AKIA2', ip: '198.51.100.1' }),
      call({ t: 60, id: 5, name: 'A', key: 'AKIA2', ip: '203.0.113.7' }),
      call({ t: 0, id: 6, name: 'CreateUser', source: 'iam.amazonaws.com', who: '1/user/bob', outcome: 'denied', readOnly: 'false' }),
      call({ t: 9, id: 7, name: 'CreateUser', source: 'iam.amazonaws.com', who: '1/user/kim', readOnly: 'false' }),
      call({ t: 0, id: 8, name: 'PutUserPolicy', source: 'iam.amazonaws.com', who: '1/user/eve', outcome: 'denied', readOnly: 'false' }),
      call({ t: 9, id: 9, name: 'PutUserPolicy', source: 'iam.amazonaws.com', who: '1/user/eve', readOnly: 'false' }),
    );
    const { points } = await asked(drawn);
    expect(points.points.map((p) => [p.kind, p.subject?.value])).toEqual([
      ['twoAddresses', 'AKIA1'],
      ['deniedThenSucceeded', '1/user/eve'],
    ]);
    expect(points.looked).toContainEqual({ kind: 'twoAddresses', candidates: 1, looked: 1 });
    expect(said(points.points[0].basis ?? [])).toBe('rests on 3 events of it in these files, which begin 2026-03-01');
    // A filter chooses whom it is about; the whole of its events still counts.
    const narrow = await asked(drawn, selection({ op: 'in', column: 'sourceIPAddress', values: ['203.0.113.7'] }));
    expect(kinds(narrow.points.points)).toEqual(['twoAddresses']);
  });

  it('instance credentials elsewhere, over all instances', async () => {
    const instance = { user: 'i-0123456789abcdef0', who: '1/role/web', type: 'AssumedRole' };
    const { points } = await asked(
      rows(
        ...Array.from({ length: 20 }, (_, i) => call({ t: i, id: i + 1, name: 'A', ip: '10.0.0.4', vpce: 'vpce-1', ...instance })),
        call({ t: 100, id: 90, name: 'A', ip: '203.0.113.7', ...instance }),
        ...Array.from({ length: 5 }, (_, i) =>
          call({ t: i, id: i + 30, name: 'A', ip: '10.0.0.5', ...instance, user: 'i-0123456789abcdef1' }),
        ),
      ),
    );
    const found = only(points.points.filter((p) => p.kind === 'instanceElsewhere'));
    expect(found.subject).toEqual({ column: 'userName', value: 'i-0123456789abcdef0' });
    expect(found.values.map((v) => v.value)).toEqual(['203.0.113.7']);
  });
});
