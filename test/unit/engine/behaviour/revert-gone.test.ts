/** What belongs to a thing that is gone is gone, what was set again later is in doubt, and nothing is advised that AWS does not have. */
import { describe, expect, it } from 'vitest';
import table from '../../../../assets/revert-pairs.json' with { type: 'json' };
import { isCall, revertRule } from '../../../../src/engine/behaviour/revert-table.ts';
import type { RevertEntry } from '../../../../src/shared/behaviour.ts';
import { ct, type Row } from '../query/support.ts';
import { reverts, said } from './support.ts';

/** Calls of one service, by alice where nobody is named. */
const calls = (service: string, lines: string): Row[] =>
  ct(`t | id | principal | eventName | res\n${lines}`).map((row) => ({
    ...row,
    values: { eventSource: `${service}.amazonaws.com`, awsRegion: 'us-east-1', account: '111', readOnly: 'false', ...row.values },
  }));
const byName = (entries: RevertEntry[]) =>
  Object.fromEntries(entries.map((e) => [e.eventName, [e.status, e.later?.eventName, e.undoneBy]]));

describe('what belongs to a thing that is gone', () => {
  it('is gone: by ID in EC2, whoever deleted the thing, and nothing is advised', async () => {
    const { entries } = await reverts(
      calls(
        'ec2',
        `0  | 1  | alice | AttachInternetGateway      | igw-1,vpc-1
         1  | 2  | alice | AssociateRouteTable        | rtb-1,subnet-1,rtbassoc-1
         2  | 3  | alice | DeleteRoute                | rtb-1
         3  | 4  | alice | CreateTags                 | ami-1
         4  | 5  | alice | RevokeSecurityGroupIngress | sg-1
         5  | 6  | alice | CreateFlowLogs             | vpc-1,fl-1
         9  | 7  | bob   | DeleteInternetGateway      | igw-1
         9  | 8  | bob   | DeleteRouteTable           | rtb-1
         9  | 9  | bob   | DeregisterImage            | ami-1
         9  | 10 | bob   | DeleteSecurityGroup        | sg-1
         10 | 11 | bob   | DeleteFlowLogs             | fl-1`,
      ),
    );
    expect(byName(entries)).toEqual({
      AttachInternetGateway: ['gone', 'DeleteInternetGateway', []],
      AssociateRouteTable: ['gone', 'DeleteRouteTable', []],
      DeleteRoute: ['gone', 'DeleteRouteTable', []],
      CreateTags: ['gone', 'DeregisterImage', []],
      RevokeSecurityGroupIngress: ['gone', 'DeleteSecurityGroup', []],
      CreateFlowLogs: ['undone', 'DeleteFlowLogs', ['DeleteFlowLogs']],
    });
    expect(said(entries.find((e) => e.eventName === 'DeleteRoute')?.reason ?? [])).toBe(
      'Gone with what held it: DeleteRouteTable by bob at t9.',
    );
  });

  it('is gone by name elsewhere: values of a secret, policies and links of a role or user', async () => {
    const secrets = `0 | 1 | alice | PutSecretValue | arn:aws:secretsmanager:us-east-1:111:secret:db-Ab12
                     1 | 2 | alice | DeleteResourcePolicy | db
                     9 | 3 | bob | DeleteSecret | arn:aws:secretsmanager:us-east-1:111:secret:db-Ab12,db`;
    expect(byName((await reverts(calls('secretsmanager', secrets))).entries)).toMatchObject({
      PutSecretValue: ['gone', 'DeleteSecret', []],
      DeleteResourcePolicy: ['gone', 'DeleteSecret', []],
    });
    const iam = `0 | 1 | alice | DeleteRolePolicy | r,inline
                 1 | 2 | alice | RemoveRoleFromInstanceProfile | r,profile
                 2 | 3 | alice | DetachUserPolicy | eve,arn:aws:iam::aws:policy/AdministratorAccess
                 9 | 4 | bob | DeleteRole | r
                 9 | 5 | bob | DeleteUser | eve`;
    expect(byName((await reverts(calls('iam', iam))).entries)).toEqual({
      DeleteRolePolicy: ['gone', 'DeleteRole', []],
      RemoveRoleFromInstanceProfile: ['gone', 'DeleteRole', []],
      DetachUserPolicy: ['gone', 'DeleteUser', []],
    });
  });

  it('is gone when both were in one second, unless the name was given anew in it', async () => {
    const lines = `0 | 1 | alice | DeleteRolePolicy | r,p\n0 | 2 | bob | DeleteRole | r`;
    expect((await reverts(calls('iam', lines))).entries[0].status).toBe('gone');
    const [unknown] = (await reverts(calls('iam', `${lines}\n0 | 3 | bob | CreateRole | r`))).entries;
    expect(unknown.status).toBe('unknown');
    expect(said(unknown.reason)).toContain('in the same second');
  });

  it('does not make the deletion of what others had made undone', async () => {
    const { entries } = await reverts(calls('iam', `0 | 1 | alice | PutRolePolicy | r,p\n5 | 2 | alice | DeleteRole | r`));
    expect(byName(entries)).toMatchObject({
      PutRolePolicy: ['gone', 'DeleteRole', []],
      DeleteRole: ['stands', undefined, expect.anything()],
    });
  });
});

describe('rights', () => {
  it('are not advised to be given back to who acted, nor to whom the actor made', async () => {
    const { entries } = await reverts(
      calls(
        'iam',
        `0 | 1 | alice | DetachUserPolicy | alice,arn:aws:iam::aws:policy/P
         1 | 2 | alice | CreateUser | eve
         2 | 3 | alice | DetachUserPolicy | eve,arn:aws:iam::aws:policy/P
         3 | 4 | alice | DetachUserPolicy | mia,arn:aws:iam::aws:policy/P`,
      ),
    );
    const advised = entries.filter((e) => e.eventName === 'DetachUserPolicy').map((e) => [e.resources[0], e.undoneBy]);
    expect(advised).toEqual([
      ['alice', []],
      ['eve', []],
      ['mia', ['AttachUserPolicy']],
    ]);
    expect(entries.filter((e) => e.givesRights).map((e) => e.resources[0])).toEqual(['mia']);
  });
});

describe('later calls of the same name', () => {
  const later = async (rows: Row[]) => {
    const [entry] = (await reverts(rows)).entries;
    return [entry.status, entry.later?.principal, said(entry.reason)];
  };

  it('are cited, whatever else they name', async () => {
    const stack = `0 | 1 | alice | UpdateStack | mailer,arn:aws:cloudformation:us-east-1:111:stack/mailer/one
                   9 | 2 | deploy | UpdateStack | mailer,arn:aws:cloudformation:us-east-1:111:stack/mailer/two`;
    const again = 'Changed again later by UpdateStack by deploy at t9: what is left of it the events must show.';
    expect(await later(calls('cloudformation', stack))).toEqual(['unknown', 'deploy', again]);
    const policy = `0 | 1 | alice | PutBucketPolicy | logs\n9 | 2 | deploy | PutBucketPolicy | arn:aws:s3:::logs`;
    expect((await later(calls('s3', policy))).slice(0, 2)).toEqual(['unknown', 'deploy']);
    expect((await later(calls('ecr', `0 | 1 | alice | PutImage | repo\n9 | 2 | deploy | PutImage | repo`))).slice(0, 2)).toEqual([
      'stands',
      undefined,
    ]);
    const inline = `0 | 1 | alice | PutUserPolicy | eve,one\n9 | 2 | deploy | PutUserPolicy | eve,two`;
    expect((await later(calls('iam', inline))).slice(0, 2)).toEqual(['stands', undefined]);
  });

  it('of a service of a cluster are told from those of another', async () => {
    const cluster = 'arn:aws:ecs:us-east-1:111:cluster/main';
    const { entries } = await reverts(
      calls(
        'ecs',
        `0 | 1 | alice  | UpdateService | main,mailer,mailer:1,${cluster}
         1 | 2 | alice  | UpdateService | main,web,web:7,${cluster}
         9 | 3 | deploy | UpdateService | main,mailer,mailer:2,${cluster}`,
      ),
    );
    expect(entries.map((e) => [e.resource, e.status])).toEqual([
      ['web', 'stands'],
      ['mailer', 'unknown'],
    ]);
  });
});

describe('outcomes that were not recorded', () => {
  const outcome = (rows: Row[], how: (k: number) => string | undefined): Row[] =>
    rows.map((row, k) => ({ ...row, values: { ...row.values, outcome: how(k) } }));

  it('are neither failures nor successes', async () => {
    const rows = calls('iam', `0 | 1 | alice | CreateUser | eve\n1 | 2 | alice | DeleteUser | old`);
    for (const all of [undefined, 'error'] as const) {
      const { entries, byStatus } = await reverts(outcome(rows, (k) => (k === 0 ? undefined : all)));
      expect(entries.find((e) => e.eventName === 'CreateUser')).toMatchObject({ status: 'unsaid', calls: 0, failures: 0, unsaid: 1 });
      expect(byStatus.failed).toBe(all === undefined ? 0 : 1);
    }
  });

  it('of a later call leave doubt', async () => {
    const rows = calls('iam', `0 | 1 | alice | CreateUser | eve\n1 | 2 | bob | DeleteUser | eve`);
    const [entry] = (await reverts(outcome(rows, (k) => (k === 0 ? 'success' : undefined)))).entries;
    expect([entry.status, said(entry.reason)]).toEqual([
      'unknown',
      'Followed by DeleteUser by bob at t1, of which the record does not say whether it succeeded.',
    ]);
  });
});

describe('calls of AWS itself', () => {
  const policy = 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV2';

  it('are no deeds of the user they are made for', async () => {
    const rows = calls('iam', `0 | 1 | alice | AttachUserPolicy | alice,${policy}\n1 | 2 | alice | CreateUser | eve`);
    rows[0].values.invokedBy = 'AWS Internal';
    const answer = await reverts(rows);
    expect(answer.entries.map((e) => e.eventName)).toEqual(['CreateUser']);
    expect(answer.byAws).toBe(1);
  });

  it('put a quarantine that nobody is told to lift', async () => {
    const { entries } = await reverts(calls('iam', `0 | 1 | alice | PutUserPolicy | bob,AWSCompromisedKeyQuarantineV3`));
    expect(entries[0]).toMatchObject({ status: 'stands', undoneBy: [] });
    expect(said(entries[0].reason)).toContain('Leave it until the key is gone.');
  });
});

describe('advice', () => {
  it('names calls that AWS has', () => {
    const LOGGED = /^(?:Put|Delete)BucketPublicAccessBlock$/;
    for (const { source, call } of table.calls) {
      const [first] = revertRule(source, call)?.undo ?? [];
      if (first !== undefined) expect(LOGGED.test(first), `${call} ${first}`).toBe(false);
    }
    expect(isCall('DeleteSecretValue', 'secretsmanager.amazonaws.com')).toBe(false);
    expect(revertRule('secretsmanager.amazonaws.com', 'PutSecretValue')).toMatchObject({ undo: [], again: ['PutSecretValue'] });
    expect(revertRule('ec2.amazonaws.com', 'CreateFleet')?.undo).toEqual(['DeleteFleets']);
    expect(revertRule('events.amazonaws.com', 'DeleteRule')?.undo).toEqual(['PutRule']);
    expect(revertRule('rds.amazonaws.com', 'AddRoleToDBCluster')?.undo).toEqual(['RemoveRoleFromDBCluster']);
    expect(revertRule('ec2.amazonaws.com', 'DeleteFlowLogs')?.undo).toEqual(['CreateFlowLogs']);
  });

  it('is not that a command which ran be cancelled', async () => {
    const [sent] = (await reverts(calls('ssm', `0 | 1 | alice | SendCommand | i-1,AWS-RunShellScript`))).entries;
    expect([sent.status, sent.undoneBy, said(sent.reason)]).toEqual(['unknown', [], expect.stringContaining('has run')]);
  });

  it('is not given for a call that no table and no service has', async () => {
    const [made] = (await reverts(calls('new', `0 | 1 | alice | CreateFrobnicator | f`))).entries;
    expect([made.status, made.undoneBy]).toEqual(['unknown', []]);
  });
});
