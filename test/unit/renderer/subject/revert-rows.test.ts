import { describe, expect, it } from 'vitest';
import { apartOf, beside } from '../../../../src/renderer/views/subject/revert-rows.ts';
import { REVERT_WORDS } from '../../../../src/renderer/views/subject/tab-words.ts';
import type { RevertEntry } from '../../../../src/shared/behaviour.ts';
import type { ValueColumnId } from '../../../../src/shared/columns.ts';
import { roleOf } from '../../../../src/shared/subjects.ts';

const entry = (eventName: string, about: string[], region = 'eu-west-1'): RevertEntry =>
  ({
    eventName,
    resource: about[0],
    about: about.map((resource) => ({ name: resource.replace(/^arn.*[:/]/, ''), resource })),
    region,
    account: '111',
    issuedKey: null,
    sharedWith: null,
  }) as unknown as RevertEntry;

describe('rows that look alike', () => {
  it('show the name that tells them apart, and the Region where it differs', () => {
    const first = entry('CreateLogStream', ['/ecs/web-shop', 'stream-1']);
    const second = entry('CreateLogStream', ['/ecs/web-shop', 'stream-2']);
    const alone = entry('CreateLogGroup', ['/ecs/web-shop']);
    const here = entry('PutObject', ['images']);
    const there = { ...entry('PutObject', ['arn:aws:s3:::images'], 'us-east-1'), resource: 'images' };
    const apart = apartOf([first, second, alone, here, there]);
    expect(apart.get(first)).toEqual({ names: ['stream-1'], region: null, account: null });
    expect(apart.get(second)?.names).toEqual(['stream-2']);
    expect(apart.has(alone)).toBe(false);
    expect([here, there].map((e) => apart.get(e))).toEqual([
      { names: [], region: 'eu-west-1', account: null },
      { names: [], region: 'us-east-1', account: null },
    ]);
  });
});

describe('the tab of what was changed', () => {
  it.each([
    ['principal', 'What it left behind'],
    ['resource', 'What was changed on it'],
    ['sourceIPAddress', 'What was changed from it'],
    ['userAgent', 'What was changed with it'],
    ['awsRegion', 'What was changed there'],
  ] as [ValueColumnId, string][])('of a value of %s is called “%s”', (column, title) => {
    expect(REVERT_WORDS[roleOf(column)].title).toBe(title);
  });
});

describe('what stands beside the thing', () => {
  it('is what else the entry is about, not the same under another name', () => {
    expect(beside(entry('AttachUserPolicy', ['eve', 'arn:aws:iam::aws:policy/everything']))).toEqual([
      'arn:aws:iam::aws:policy/everything',
    ]);
    expect(beside(entry('CreateSecret', ['db', 'arn:aws:secretsmanager:us-east-1:1:secret:db-Ab12Cd']))).toEqual([]);
    expect(beside(entry('PutParameter', ['arn:aws:ssm:us-east-1:1:parameter/a/b', '/a/b']))).toEqual([]);
    expect(beside({ ...entry('CreateAccessKey', ['AKIA1', 'eve']), issuedKey: 'AKIA1' })).toEqual(['eve']);
  });
});
