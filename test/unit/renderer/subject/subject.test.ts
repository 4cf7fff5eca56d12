import { describe, expect, it } from 'vitest';
import { sentKey } from '../../../../src/renderer/views/subject/instance-connect.ts';
import { subjectNote } from '../../../../src/renderer/views/subject/note.ts';
import { cardsFor, distinctOf, readSubject, subjectAsks, subjectFilter } from '../../../../src/renderer/views/subject/queries.ts';
import { readSentKeys } from '../../../../src/renderer/views/subject/sent-keys.tsx';
import { windowFor } from '../../../../src/renderer/views/subject/use-groups.ts';
import { principalWords, subjectWords } from '../../../../src/renderer/views/subject/words.ts';
import { epochMs } from '../../../../src/shared/brand.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { fakeEngine } from '../../engine/report/fake-engine.ts';

const admin = '111122223333/role/ops-admin';
const KEY = `ssh-ed25519 ${'A'.repeat(80)} mallory@laptop`;
const sent = (requestParameters: unknown) => JSON.stringify({ eventName: 'SendSSHPublicKey ', requestParameters });

const engine = fakeEngine({
  events: [
    {
      time: '2026-03-04T01:29:50Z',
      eventID: 'e1',
      values: { eventName: 'DescribeInstances', principal: admin, outcome: 'success', readOnly: 'true', sourceIPAddress: '203.0.113.66' },
    },
    {
      time: '2026-03-04T01:31:08Z',
      eventID: 'e2',
      text: sent({ instanceId: 'i-1', instanceOSUser: 'ubuntu', sSHPublicKey: KEY }),
      values: {
        eventName: 'SendSSHPublicKey ',
        principal: admin,
        outcome: 'success',
        readOnly: 'false',
        sourceIPAddress: '203.0.113.66',
        resource: ['i-1'],
      },
    },
    {
      time: '2026-03-04T01:33:08Z',
      eventID: 'e3',
      text: sent('{"instanceId":"i-2","instanceOSUser":"ec2-user","sSHPublicKey":"ssh-rsa B"}'),
      values: {
        eventName: 'SendSSHPublicKey',
        principal: admin,
        outcome: 'denied',
        errorCode: 'AccessDenied',
        readOnly: 'false',
        sourceIPAddress: '203.0.113.67',
        resource: ['i-2'],
      },
    },
    {
      time: '2026-03-04T02:00:00Z',
      eventID: 'e4',
      values: { eventName: 'PutObject', principal: 'service/config.amazonaws.com', outcome: 'success' },
    },
  ],
});

describe('the page of a principal', () => {
  it('asks everything in one plan and reads it back', async () => {
    const cards = cardsFor('principal');
    const result = await engine.query.run({
      view: 'subject',
      selection: { ...EMPTY_SELECTION, filters: [subjectFilter('principal', admin)] },
      asks: subjectAsks(cards, new Set()),
    });
    const answer = readSubject(result);
    expect(answer?.count).toMatchObject({ events: 3, failed: 1, denied: 1, total: 4 });
    expect(answer?.groups.get('eventName')?.rows.map((r) => [r.value, r.count, r.failed])).toContainEqual(['SendSSHPublicKey', 1, 1]);
    expect(distinctOf(answer?.groups.get('sourceIPAddress'))).toBe(2);
    // One event names no error code: the absent value is no further code.
    expect(distinctOf(answer?.groups.get('errorCode'))).toBe(1);
    expect(cards.map((c) => c.column)).not.toContain('principal');
  });

  it('begins a note in which evidence is no markup', async () => {
    const hostile = '111122223333/role/[x](http://evil)';
    const fake = fakeEngine({
      events: [{ time: '2026-03-04T01:29:50Z', values: { principal: hostile, eventName: '<script>', outcome: 'success' } }],
    });
    const cards = cardsFor('principal');
    const answer = readSubject(await fake.query.run({ view: 's', selection: EMPTY_SELECTION, asks: subjectAsks(cards, new Set()) }));
    if (!answer) throw new Error('no answer');
    const note = subjectNote('principal', hostile, EMPTY_SELECTION, answer, cards, { zoned: (at) => `at ${at}` });
    expect(note).toContain('1 event, first at');
    expect(note).toContain('\\[x\\](http://evil)');
    expect(note).toContain('- Actions: \\<script\\> (1)');
    expect(note).toContain('Of the whole case.');
  });
});

describe('the page of a resource', () => {
  it('says first who acted on it', () => {
    const columns = cardsFor('resource').map((c) => c.column);
    expect(columns.slice(0, 2)).toEqual(['principal', 'eventName']);
    expect(cardsFor('resource').find((c) => c.column === 'resource')?.title).toBe('Named together with it');
  });
});

describe('EC2 Instance Connect', () => {
  it('finds instance, OS user and key of the records, the verbatim name with its trailing blank too', async () => {
    const { rows, total } = await readSentKeys(engine, { ...EMPTY_SELECTION, filters: [subjectFilter('principal', admin)] });
    expect(total).toBe(2);
    expect(rows.map((r) => [r.key, r.instanceId, r.osUser, r.publicKey, r.address, r.outcome])).toEqual([
      ['id:e3', 'i-2', 'ec2-user', 'ssh-rsa B', '203.0.113.67', 'denied'],
      ['id:e2', 'i-1', 'ubuntu', KEY, '203.0.113.66', 'success'],
    ]);
    expect(rows[0].time).toBe(epochMs(Date.parse('2026-03-04T01:33:08Z')));
  });

  it('reads no record where there is no such event', async () => {
    const { rows } = await readSentKeys(
      { ...engine, store: { ...engine.store, readRecords: () => Promise.reject(new Error('read')) } },
      { ...EMPTY_SELECTION, filters: [subjectFilter('principal', 'service/config.amazonaws.com')] },
    );
    expect(rows).toEqual([]);
  });

  it('says nothing of what it cannot read', () => {
    for (const text of ['', 'not json', '[]', 'null', sent(null), sent('{'), sent([])]) {
      expect(sentKey(text)).toEqual({ instanceId: null, osUser: null, publicKey: null, withoutRequest: true });
    }
    expect(sentKey(sent({ instanceId: { $ne: 1 }, InstanceOSUser: 'root' }))).toMatchObject({ instanceId: null, osUser: 'root' });
  });
});

describe('words for subjects', () => {
  it.each([
    ['111122223333/role/Admin', 'Role'],
    ['111122223333/user/a/b', 'IAM user'],
    ['?/root', 'Root'],
    ['111122223333/federated-user/x', 'Federated user'],
    ['service/ec2.amazonaws.com', 'AWS service'],
    ['account/444455556666', 'Account'],
    ['saml/arn:aws:iam::1:saml-provider/Okta/jo', 'SAML subject'],
    ['web-identity/accounts.google.com/1', 'Web identity'],
    ['identity-center/123', 'Identity Center user'],
    ['directory/x', 'Directory user'],
    ['unknown/?', 'Unknown identity'],
    ['constructor/toString', 'Principal'],
    ['x', 'Principal'],
  ])('%s is a %s', (value, kind) => {
    expect(principalWords(value).kind).toBe(kind);
  });

  it.each([
    ['aws-actions/configure-aws-credentials', 'User agent (CI/CD)', 'It says of itself: GitHub Actions. The'],
    ['aws-cli/2.15.0 lang/python#3.11', 'User agent (command line)', 'It says of itself: aws-cli 2.15.0, in python 3.11. The'],
    ['Boto3/1.40.4 md/Botocore#1.40.4 lang/python#3.13.7', 'User agent (SDK)', 'It says of itself: Boto3 1.40.4, in python 3.13.7. The'],
    ['amazon-ssm-agent/3.1 aws-sdk-go/1.41.4', 'User agent (AWS agent)', 'It says of itself: SSM Agent 3.1, by aws-sdk-go 1.41.4. The'],
    ['whatever', 'User agent', 'It names no tool that Trailcase knows. The'],
    ['whatever os/linux#6.1', 'User agent', 'It names no tool that Trailcase knows; it says of itself: on Linux 6.1. The'],
  ])('%s says each thing once', (value, kind, text) => {
    const words = subjectWords('userAgent', value);
    expect([words.kind, words.text.slice(0, text.length)]).toEqual([kind, text]);
  });

  it('tell keys and addresses apart', () => {
    expect(subjectWords('accessKeyId', 'AKIAEXAMPLE').kind).toBe('Long-term access key');
    expect(subjectWords('accessKeyId', 'ASIAEXAMPLE').kind).toBe('Temporary credentials');
    expect(subjectWords('sourceIPAddress', '10.1.2.3').kind).toBe('Private address');
    expect(subjectWords('sourceIPAddress', '172.32.0.1').kind).toBe('Public address');
    expect(subjectWords('sourceIPAddress', 'AWS Internal').kind).toBe('Internal');
    expect(subjectWords('sourceIPAddress', 'config.amazonaws.com').kind).toBe('AWS service');
    expect(subjectWords('sourceIPAddress', 'redacted').kind).toBe('Source');
    expect(subjectWords('userAgent', 'aws-cli/2.15.0 md/distrib#kali.2024 md/command#s3.ls').text).toMatch(/aws-cli.*s3\.ls.*▲ /);
    expect(subjectWords('resource', 'arn:aws:s3:::bucket').text).toContain('A resource of s3, as');
    expect(subjectWords('errorCode', null).text).toContain('absent');
  });
});

describe('windows of a long list', () => {
  it('hold what is on screen and change in whole steps', () => {
    expect(windowFor(0, 30)).toEqual({ offset: 0, limit: 200 });
    expect(windowFor(5, 35)).toEqual(windowFor(0, 30));
    const { offset, limit } = windowFor(950, 1010);
    expect(offset).toBeLessThanOrEqual(950);
    expect(offset + limit).toBeGreaterThan(1010);
  });
});
