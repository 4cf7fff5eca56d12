/** What is no deed of the subject: second records of its calls, and what AWS did in its name. */
import { describe, expect, it } from 'vitest';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { ct, type Row, uuid } from '../query/support.ts';
import { behaviour, of, reverts, said, window } from './support.ts';

describe('second records of a call', () => {
  const rows = (): Row[] => ct`
    t | id | principal | account | identityType | principalId | sharedEventID | eventName | eventSource      | bytesOut | readOnly | sourceIPAddress | res
    0 | 1  | alice     | 111     | IAMUser      | AIDA1       | twin-1        | GetObject | s3.amazonaws.com | 1234     | true     | 203.0.113.50    | arn:aws:s3:::b/k
    0 | 2  | foreign   | 333     | AWSAccount   | AIDA1       | twin-1        | GetObject | s3.amazonaws.com | 1234     | true     | 203.0.113.50    | arn:aws:s3:::b/k
    1 | 3  | alice     | 111     | IAMUser      | AIDA1       | twin-2        | PutBucketPolicy | s3.amazonaws.com | - | false   | 203.0.113.50    | b
    1 | 4  | foreign   | 333     | AWSAccount   | AIDA1       | twin-2        | PutBucketPolicy | s3.amazonaws.com | - | false   | 203.0.113.50    | b
    2 | 5  | foreign   | 333     | AWSAccount   | AIDA2       | alone         | GetObject | s3.amazonaws.com | 1        | true     | 203.0.113.50    | arn:aws:s3:::b/k
  `;
  const address = { column: 'sourceIPAddress', value: '203.0.113.50' } as const;

  it('are left out beside the caller’s own, and that is said', async () => {
    const answer = await behaviour(rows(), window(null), address);
    expect(answer.totals.events).toBe(3);
    expect(answer.buckets.map((b) => [b.bucket, b.reads, b.bytesOut])).toEqual([['b', 2, 1235]]);
    expect(answer.actions.find((a) => a.eventName === 'GetObject')?.succeeded).toBe(2);
    const [twins] = of(answer, 'twins');
    expect(twins).toMatchObject({ weight: 'limit', counts: { records: 2 }, cited: [`id:${uuid(2)}`, `id:${uuid(4)}`] });
    expect(said(twins.parts)).toContain('each call is counted once');
    const { entries } = await reverts(rows(), EMPTY_SELECTION, address);
    expect(entries.map((e) => [e.eventName, e.calls])).toEqual([['PutBucketPolicy', 1]]);
  });

  it('count where the caller’s own is not among the events', async () => {
    const answer = await behaviour(rows(), window(null), { column: 'account', value: '333' });
    expect(answer.totals.events).toBe(3);
    expect(of(answer, 'twins')).toEqual([]);
  });
});

describe('calls of AWS itself', () => {
  const rows = ct`
    t | id | principal | eventName        | eventSource       | invokedBy    | readOnly | res
    0 | 1  | alice     | AttachUserPolicy | iam.amazonaws.com | AWS Internal | false    | alice,arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV2
    1 | 2  | alice     | ListUsers        | iam.amazonaws.com | -            | true     | -
  `;

  it('show no permission of the user, and a quarantine is told', async () => {
    const answer = await behaviour(rows, window(null));
    expect(answer.actions.map((a) => a.eventName)).toEqual(['ListUsers']);
    const [found] = of(answer, 'quarantine');
    expect(found).toMatchObject({ weight: 'notable', cited: [`id:${uuid(1)}`] });
    expect(said(found.parts)).toBe(
      'AWS attached arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV2 at t0, because a key is public. Leave it until the key is gone.',
    );
  });
});
