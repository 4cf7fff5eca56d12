/** Which differences of two whole records of one event contradict, and what may be said of copies. */
import { describe, expect, it } from 'vitest';
import { compareCopies, copyWords } from '../../../src/shared/copy-diff.ts';

const record = {
  eventVersion: '1.08',
  userIdentity: {
    type: 'IAMUser',
    userName: 'bert',
    sessionContext: { attributes: { mfaAuthenticated: 'false', creationDate: '2026-03-02T09:00:00Z' } },
  },
  eventTime: '2026-03-02T09:14:05Z',
  eventName: 'CreateRole',
  requestParameters: { roleName: 'a-role', size: 8, tags: [{ key: 'x' }] },
  responseElements: null as unknown,
  resources: [{ ARN: 'arn:1' }],
  additionalEventData: { MFAUsed: 'Yes' } as unknown,
};
const verdict = (patch: object, base: object = record): string =>
  compareCopies(JSON.stringify(base), JSON.stringify({ ...base, ...patch }));

describe('copies of one event', () => {
  it.each([
    ['a request', { requestParameters: { ...record.requestParameters, roleName: 'another-role' } }],
    [
      'an element more of a list of the request',
      { requestParameters: { ...record.requestParameters, tags: [{ key: 'x' }, { key: 'y' }] } },
    ],
    ['a user name', { userIdentity: { ...record.userIdentity, userName: 'mallory' } }],
    ['additional data that both have', { additionalEventData: { MFAUsed: 'No' } }],
    ['a text for an object', { requestParameters: 'nothing' }],
    ['an object written as text, with another value', { requestParameters: JSON.stringify({ ...record.requestParameters, size: 9 }) }],
    ['a list for an object', { requestParameters: ['a-role'] }],
  ])('contradict by %s', (_, patch) => {
    expect(verdict(patch)).toBe('contradict');
    expect(compareCopies(JSON.stringify({ ...record, ...patch }), JSON.stringify(record))).toBe('contradict');
  });

  it.each([
    ['version', { eventVersion: '1.11' }],
    ['extra data', { additionalEventData: { MFAUsed: 'Yes', more: 1 } }],
    ['an addendum', { addendum: { reason: 'DELAYED_DATA' } }],
    ['what an addendum updated', { eventName: 'CreateUser', addendum: { reason: 'UPDATED_DATA', updatedFields: 'eventName' } }],
    ['fields that one lacks', { requestParameters: undefined, responseElements: { role: 'x' } }],
    ['numbers and truth as text', { requestParameters: { ...record.requestParameters, size: '8.0' } }],
    ['an object as text', { requestParameters: JSON.stringify(record.requestParameters) }],
    [
      'milliseconds',
      {
        userIdentity: {
          ...record.userIdentity,
          sessionContext: { attributes: { mfaAuthenticated: false, creationDate: '2026-03-02T09:00:00.000Z' } },
        },
      },
    ],
    ['fields of a tool', { host: 'other', tags: ['a'] }],
    ['more resources', { resources: [{ ARN: 'arn:1' }, { ARN: 'arn:2' }] }],
    ['a value that is hidden', { userIdentity: { ...record.userIdentity, userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' } }],
  ])('agree in spite of %s', (_, patch) => {
    expect(verdict({ ...patch, host: 'one', ...patch }, { ...record, host: 'one' })).toBe('agree');
  });

  it('are not judged when they are no JSON or differ in too much', () => {
    expect(compareCopies('{"a":1', JSON.stringify(record))).toBe('unknown');
    const many = (n: number): object => ({ tool: Object.fromEntries(Array.from({ length: 1200 }, (_, i) => [`k${i}`, n])) });
    expect(verdict(many(2), { ...record, ...many(1) })).toBe('unknown');
  });

  it('are said to agree only when that was looked at', () => {
    const check = { state: 'checked', reason: null, differing: 3, compared: 3 } as const;
    expect(copyWords(check, 0)).toContain('No two records of the evidence share an event ID and say something else');
    expect(copyWords(check, 0)).toContain('3 event IDs');
    expect(copyWords(check, 2)).toBe('');
    for (const other of [
      undefined,
      { ...check, state: 'checking' as const },
      { ...check, compared: 2 },
      { ...check, state: 'failed' as const, reason: 'The disk is gone.' },
    ]) {
      expect(copyWords(other, 0)).not.toContain('say something else');
      expect(copyWords(other, 1)).not.toBe('');
    }
  });
});
