import { describe, expect, it } from 'vitest';
import table from '../../../../assets/revert-pairs.json' with { type: 'json' };
import { lastPart } from '../../../../src/engine/behaviour/last-parts.ts';
import { revertRule } from '../../../../src/engine/behaviour/revert-table.ts';
import type { RevertEntry } from '../../../../src/shared/behaviour.ts';
import { ct, type Row, uuid } from '../query/support.ts';
import { reverts, said, window } from './support.ts';

const iam = (lines: string): Row[] =>
  ct(`t | id | principal | eventName | outcome | account | res | issuedKey\n${lines}`).map((row) => ({
    ...row,
    values: { eventSource: 'iam.amazonaws.com', awsRegion: 'us-east-1', account: '111', readOnly: 'false', ...row.values },
  }));
const ec2 = (lines: string): Row[] =>
  ct(`t | id | principal | eventName | awsRegion | res\n${lines}`).map((row) => ({
    ...row,
    values: { eventSource: 'ec2.amazonaws.com', account: '111', readOnly: 'false', ...row.values },
  }));
const brief = (entries: RevertEntry[]) => entries.map((e) => [e.eventName, e.resource, e.status]);

describe('what was created and undone', () => {
  it('an access key stands until that key, or its user, is deleted by anybody', async () => {
    const made = `0 | 1 | alice | CreateAccessKey | success | 111 | eve,AKIA1 | AKIA1`;
    const other = `9 | 2 | bob | DeleteAccessKey | success | 111 | eve,AKIA2 | -`;
    const [standing] = (await reverts(iam(`${made}\n${other}`))).entries;
    expect(standing).toMatchObject({
      kind: 'created',
      status: 'stands',
      resource: 'AKIA1',
      resources: ['eve', 'AKIA1'],
      issuedKey: 'AKIA1',
      calls: 1,
    });
    expect(said(standing.reason)).toBe('No successful DeleteAccessKey or UpdateAccessKey of it up to t9, where these files end.');

    const [undone] = (await reverts(iam(`${made}\n9 | 2 | bob | DeleteAccessKey | success | 111 | eve,AKIA1 | -`))).entries;
    expect(undone).toMatchObject({ status: 'undone', later: { key: `id:${uuid(2)}`, principal: 'bob', eventName: 'DeleteAccessKey' } });
    expect(said(undone.reason)).toBe('Undone by DeleteAccessKey by bob at t9.');

    const failed = `9 | 2 | bob | DeleteAccessKey | denied | 111 | eve,AKIA1 | -`;
    expect((await reverts(iam(`${made}\n${failed}`))).entries[0].status).toBe('stands');
    const elsewhere = `9 | 2 | bob | DeleteAccessKey | success | 222 | eve,AKIA1 | -`;
    expect((await reverts(iam(`${made}\n${elsewhere}`))).entries[0].status).toBe('stands');
    const before = `-9 | 2 | bob | DeleteAccessKey | success | 111 | eve,AKIA1 | -`;
    expect((await reverts(iam(`${made}\n${before}`))).entries[0].status).toBe('stands');
    const inactive = `9 | 2 | bob | UpdateAccessKey | success | 111 | eve,AKIA1 | -`;
    expect((await reverts(iam(`${made}\n${inactive}`))).entries[0].status).toBe('unknown');
    const same = `0 | 2 | bob | DeleteAccessKey | success | 111 | eve,AKIA1 | -`;
    const [unknown] = (await reverts(iam(`${made}\n${same}`))).entries;
    expect(said(unknown.reason)).toContain('in the same second');
  });

  it('a user by name is the user of the ARN; a policy is undone by its own detaching or by the end of its user', async () => {
    const { entries, byStatus, byKind } = await reverts(
      iam(`0 | 1 | alice | CreateUser       | success | 111 | eve,arn:aws:iam::111:user/x/eve        | -
           1 | 2 | alice | AttachUserPolicy | success | 111 | eve,arn:aws:iam::aws:policy/Admin      | -
           2 | 3 | alice | AttachUserPolicy | success | 111 | eve,arn:aws:iam::aws:policy/ReadOnly   | -
           3 | 4 | alice | PutUserPolicy    | success | 111 | mia                                    | -
           4 | 5 | alice | AttachUserPolicy | denied  | 111 | root,arn:aws:iam::aws:policy/Admin     | -
           5 | 6 | bob   | DetachUserPolicy | success | 111 | eve,arn:aws:iam::aws:policy/Admin      | -
           6 | 7 | bob   | DeleteUserPolicy | success | 111 | mia                                    | -
           7 | 8 | bob   | DeleteUser       | success | 111 | eve                                    | -`),
    );
    expect(brief(entries)).toEqual([
      ['PutUserPolicy', 'mia', 'unknown'],
      ['CreateUser', 'arn:aws:iam::111:user/x/eve', 'undone'],
      ['AttachUserPolicy', 'eve', 'undone'],
      ['AttachUserPolicy', 'eve', 'gone'],
      ['AttachUserPolicy', 'root', 'failed'],
    ]);
    expect(entries.map((e) => e.later?.eventName)).toEqual(['DeleteUserPolicy', 'DeleteUser', 'DetachUserPolicy', 'DeleteUser', undefined]);
    expect(byStatus).toMatchObject({ stands: 0, unknown: 1, undone: 2, gone: 1, failed: 1 });
    expect(said(entries[4].reason)).toBe('No call of it succeeded: nothing was changed.');
    expect(entries[4].undoneBy).toEqual([]);
    expect(byKind).toMatchObject({ created: 1, changed: 4 });
  });

  it('each instance stands for itself, in its Region', async () => {
    const { entries } = await reverts(
      ec2(`0 | 1 | alice | RunInstances       | eu-west-1 | i-1,i-2,i-3,ami-1,sg-1
           5 | 2 | bob   | TerminateInstances | eu-west-1 | i-1,i-9
           5 | 3 | bob   | TerminateInstances | us-east-1 | i-2
           6 | 4 | alice | StopInstances      | eu-west-1 | i-3
           7 | 5 | bob   | StartInstances     | eu-west-1 | i-3`),
    );
    expect(brief(entries)).toEqual([
      ['RunInstances', 'i-2', 'stands'],
      ['RunInstances', 'i-3', 'stands'],
      ['RunInstances', 'i-1', 'undone'],
      ['StopInstances', 'i-3', 'undone'],
    ]);
  });

  it('what only a rule tells apart is left unknown, and so is a share that was called twice', async () => {
    const { entries } = await reverts(
      ec2(`0 | 1 | alice | AuthorizeSecurityGroupIngress | eu-west-1 | sg-1
           1 | 2 | alice | AuthorizeSecurityGroupIngress | eu-west-1 | sg-2
           2 | 3 | alice | ModifySnapshotAttribute       | eu-west-1 | snap-1
           3 | 4 | alice | ModifySnapshotAttribute       | eu-west-1 | snap-2
           4 | 5 | alice | ModifySnapshotAttribute       | eu-west-1 | snap-2
           9 | 6 | bob   | RevokeSecurityGroupIngress    | eu-west-1 | sg-1`),
    );
    expect(brief(entries)).toEqual([
      ['AuthorizeSecurityGroupIngress', 'sg-2', 'stands'],
      ['ModifySnapshotAttribute', 'snap-1', 'stands'],
      ['AuthorizeSecurityGroupIngress', 'sg-1', 'unknown'],
      ['ModifySnapshotAttribute', 'snap-2', 'unknown'],
    ]);
    expect(entries[1].kind).toBe('shared');
  });

  it('deleted things can have been made again, stopped logging started', async () => {
    const rows = ct`
      t | id | principal | eventName    | eventSource              | res                                            | readOnly
      0 | 1  | alice     | StopLogging  | cloudtrail.amazonaws.com | arn:aws:cloudtrail:eu-west-1:111:trail/main    | false
      1 | 2  | alice     | DeleteTrail  | cloudtrail.amazonaws.com | other                                          | false
      2 | 3  | bob       | StartLogging | cloudtrail.amazonaws.com | main                                           | false
      3 | 4  | alice     | DeleteBucket | s3.amazonaws.com         | arn:aws:s3:::logs,logs                         | false
      4 | 5  | alice     | DeleteObject | s3.amazonaws.com         | arn:aws:s3:::data/a,arn:aws:s3:::data          | false
      5 | 6  | alice     | DeleteObject | s3.amazonaws.com         | arn:aws:s3:::data/b,arn:aws:s3:::data          | false
      6 | 7  | alice     | Frobnicate   | new.amazonaws.com        | thing                                          | false
      7 | 8  | alice     | CreateThing  | new.amazonaws.com        | -                                              | false
      8 | 9  | alice     | GetTrail     | cloudtrail.amazonaws.com | main                                           | -
      9 | 10 | alice     | AssumeRole   | sts.amazonaws.com        | r                                              | false
    `;
    const { entries } = await reverts(rows);
    expect(brief(entries)).toEqual([
      ['DeleteTrail', 'other', 'stands'],
      ['DeleteBucket', 'arn:aws:s3:::logs', 'stands'],
      ['DeleteObject', 'data', 'unknown'],
      ['Frobnicate', 'thing', 'unknown'],
      ['CreateThing', null, 'unknown'],
      ['StopLogging', 'arn:aws:cloudtrail:eu-west-1:111:trail/main', 'undone'],
    ]);
    expect(entries[2].calls).toBe(2);
    expect(said(entries[4].reason)).toContain('name no resource');
  });

  it('what it made and unmade itself leaves nothing, unless it unmade more than that', async () => {
    const { entries } = await reverts(
      iam(`0 | 1 | alice | CreateUser | success | 111 | eve | -
           1 | 2 | alice | DeleteUser | success | 111 | eve | -
           2 | 3 | alice | DeleteUser | success | 111 | old | -
           3 | 4 | alice | DeleteRole | success | 111 | r   | -
           4 | 5 | alice | CreateRole | success | 111 | r   | -`),
    );
    expect(brief(entries)).toEqual([
      ['DeleteUser', 'old', 'stands'],
      ['CreateRole', 'r', 'stands'],
      ['CreateUser', 'eve', 'undone'],
      ['DeleteUser', 'eve', 'undone'],
      ['DeleteRole', 'r', 'undone'],
    ]);
    expect(said(entries[3].reason)).toBe('It took back what it had done itself: CreateUser by alice at t0.');
    expect(entries[3].later?.key).toBe(`id:${uuid(1)}`);
  });

  it('lists the calls of the window, sees what came after it, and pages', async () => {
    const rows = iam(
      `0   | 1 | alice | CreateUser | success | 111 | a | -
       100 | 2 | alice | CreateUser | success | 111 | b | -
       300 | 3 | bob   | DeleteUser | success | 111 | b | -`,
    );
    expect(brief((await reverts(rows, window(50, 200))).entries)).toEqual([['CreateUser', 'b', 'undone']]);
    expect((await reverts(rows, window(50, 200))).evidenceTo).not.toBeNull();
  });
});

describe('shares', () => {
  it('with an account stand until that account loses them', async () => {
    const { entries } = await reverts(
      ec2(`0 | 1 | alice | ModifySnapshotAttribute | eu-west-1 | snap-1,111111111111,222222222222
           1 | 2 | alice | ModifySnapshotAttribute | eu-west-1 | snap-2,111111111111
           2 | 3 | bob   | ModifySnapshotAttribute | eu-west-1 | snap-1,remove:111111111111
           3 | 4 | bob   | ModifySnapshotAttribute | eu-west-1 | snap-2,222222222222
           4 | 5 | alice | ModifySnapshotAttribute | eu-west-1 | snap-3,all
           5 | 6 | alice | ModifySnapshotAttribute | eu-west-1 | snap-3,remove:all
           6 | 7 | alice | ModifyImageAttribute    | eu-west-1 | ami-1,remove:333333333333
           7 | 8 | alice | ModifyImageAttribute    | eu-west-1 | ami-1,333333333333
           8 | 9 | alice | ModifySnapshotAttribute | eu-west-1 | snap-4,111111111111
           9 | 10 | bob  | DeleteSnapshot          | eu-west-1 | snap-4`),
    );
    expect(entries.map((e) => [e.resource, e.sharedWith, e.kind, e.status, e.later?.eventName])).toEqual([
      ['snap-1', '222222222222', 'shared', 'stands', undefined],
      ['snap-2', '111111111111', 'shared', 'stands', undefined],
      ['ami-1', '333333333333', 'shared', 'stands', undefined],
      ['snap-1', '111111111111', 'shared', 'undone', 'ModifySnapshotAttribute'],
      ['snap-3', 'all', 'shared', 'undone', 'ModifySnapshotAttribute'],
      ['snap-3', 'all', 'changed', 'undone', 'ModifySnapshotAttribute'],
      ['ami-1', '333333333333', 'changed', 'undone', 'ModifyImageAttribute'],
      ['snap-4', '111111111111', 'shared', 'gone', 'DeleteSnapshot'],
    ]);
    expect(said(entries[7].reason)).toBe('Gone with what held it: DeleteSnapshot by bob at t9.');
    for (const entry of entries) if (entry.status === 'stands') expect(entry.undoneBy).toEqual([entry.eventName]);
    expect(entries[7].undoneBy).toEqual([]);
  });
});

describe('what several did to one thing', () => {
  const key = { column: 'resource', value: 'AKIA1' } as const;

  it('tells who undid whose deed, and advises no undoing of an undoing', async () => {
    const { entries, byStatus } = await reverts(
      iam(`0 | 1 | mallory   | CreateAccessKey | success | 111 | eve,AKIA1 | AKIA1
           9 | 2 | responder | DeleteAccessKey | success | 111 | eve,AKIA1 | -`),
      undefined,
      key,
    );
    expect(entries.map((e) => [e.eventName, e.status, e.later?.principal])).toEqual([
      ['DeleteAccessKey', 'undoing', 'mallory'],
      ['CreateAccessKey', 'undone', 'responder'],
    ]);
    expect(byStatus).toMatchObject({ stands: 0, undoing: 1, undone: 1 });
    expect(said(entries[0].reason)).toBe(
      'responder undid CreateAccessKey by mallory at t0. That needs no undoing, unless what it undid was wanted.',
    );
    expect(entries[0].undoneBy).toEqual([]);
    expect(said(entries[1].reason)).toBe('Undone by DeleteAccessKey by responder at t9.');
  });

  it('says of one who took back the own deed that it was the own', async () => {
    const { entries } = await reverts(
      iam(`0 | 1 | mallory | CreateAccessKey | success | 111 | eve,AKIA1 | AKIA1
           9 | 2 | mallory | DeleteAccessKey | success | 111 | eve,AKIA1 | -`),
      undefined,
      key,
    );
    const deleted = entries.find((e) => e.eventName === 'DeleteAccessKey');
    expect(deleted).toMatchObject({ status: 'undone', undoneBy: [] });
    expect(said(deleted?.reason ?? [])).toBe('It took back what it had done itself: CreateAccessKey by mallory at t0.');
  });

  it('an undoing that was itself undone is undone', async () => {
    const { entries } = await reverts(
      ct`
        t | id | principal | eventName    | eventSource              | res  | readOnly
        0 | 1  | admin     | StartLogging | cloudtrail.amazonaws.com | main | false
        5 | 2  | mallory   | StopLogging  | cloudtrail.amazonaws.com | main | false
        9 | 3  | responder | StartLogging | cloudtrail.amazonaws.com | main | false
      `,
      undefined,
      { column: 'resource', value: 'main' },
    );
    expect(entries.find((e) => e.eventName === 'StopLogging')).toMatchObject({ status: 'undone', later: { principal: 'responder' } });
  });
});

describe('the table', () => {
  it('offers no call that deletes what holds the thing', async () => {
    const ENDING = /^(?:BatchDelete|Delete|Terminate|Deregister|Close)/;
    const noun = (name: string): string => name.replace(/^[A-Z][a-z]+/, '').replace(/s$/, '');
    for (const { source, call, kind, undo } of table.calls) {
      const rule = revertRule(source, call);
      expect(rule, call).not.toBeNull();
      for (const name of undo) {
        expect(rule?.parents, call).not.toContain(name);
        // Only what the call itself made, gave or added is taken away again.
        if (ENDING.test(name) && kind !== 'created') {
          expect(call, name).toMatch(/^(?:Create|Put|Add|Accept|Set|Import|(?:Start|Resume)Session$)/);
          const [made, gone] = [noun(call), noun(name.replace('BatchDelete', 'Delete'))];
          expect(made.includes(gone) || gone.includes(made) || made.startsWith(gone.replace('Bucket', '')), `${call} ${name}`).toBe(true);
        }
      }
    }
    const rows = ct`
      t | id | principal | eventName              | eventSource              | res  | readOnly
      0 | 1  | alice     | PutEventSelectors      | cloudtrail.amazonaws.com | main | false
      1 | 2  | alice     | StopLogging            | cloudtrail.amazonaws.com | main | false
      2 | 3  | alice     | UpdateAssumeRolePolicy | iam.amazonaws.com        | r    | false
      3 | 4  | alice     | StartLogging           | cloudtrail.amazonaws.com | two  | false
      4 | 5  | alice     | EnableImage            | new.amazonaws.com        | t    | false
      5 | 6  | alice     | RotateThing            | new.amazonaws.com        | t    | false
      8 | 7  | bob       | DeleteTrail            | cloudtrail.amazonaws.com | main | false
      9 | 8  | bob       | DeleteRole             | iam.amazonaws.com        | r    | false
      9 | 9  | bob       | DeleteThing            | new.amazonaws.com        | u    | false
    `;
    const { entries } = await reverts(rows);
    expect(Object.fromEntries(entries.map((e) => [e.eventName, [e.status, e.undoneBy]]))).toEqual({
      PutEventSelectors: ['gone', []],
      StopLogging: ['gone', []],
      UpdateAssumeRolePolicy: ['gone', []],
      StartLogging: ['stands', ['StopLogging']],
      EnableImage: ['stands', ['DisableImage']],
      RotateThing: ['stands', []],
    });
  });

  it('finds rules by call, by version and by verb', () => {
    expect(revertRule('lambda.amazonaws.com', 'UpdateFunctionCode20150331v2')?.parents).toEqual(['DeleteFunction']);
    expect(revertRule('lambda.amazonaws.com', 'CreateFunction20150331')).toMatchObject({
      kind: 'created',
      undo: ['DeleteFunction'],
    });
    expect(revertRule('x.amazonaws.com', 'EnableWidget')).toMatchObject({
      kind: 'enabled',
      undo: ['DisableWidget'],
      parents: ['DeleteWidget'],
    });
    expect(revertRule('s3.amazonaws.com', 'PutBucketTagging')?.parents).toEqual(['DeleteBucket']);
    expect(revertRule('x.amazonaws.com', 'frob')).toMatchObject({ kind: 'changed', known: false });
    expect(revertRule('sts.amazonaws.com', 'AssumeRole')).toBeNull();
    expect(revertRule('x', '__proto__')).toMatchObject({ known: false });
  });

  it('compares names by their last part', () => {
    expect(['arn:aws:iam::1:user/p/eve', 'eve', 'https://sqs.eu-west-1.amazonaws.com/1/q', 'a/b', ''].map(lastPart)).toEqual([
      'eve',
      'eve',
      'q',
      'a/b',
      '',
    ]);
  });
});
