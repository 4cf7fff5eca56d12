/** The credential tree as data: what is on screen, what a subtree is, and the filter that finds its events. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credentialNote } from '../../../../src/renderer/views/credentials/note.ts';
import { firstCollapsed, subtree, treeLines } from '../../../../src/renderer/views/credentials/tree-model.ts';
import { shortIdentity, usedByFilter } from '../../../../src/renderer/views/credentials/words.ts';
import { type CredentialDetails, type CredentialTree, type CredentialTreeNode, credentialId } from '../../../../src/shared/lineage.ts';

/** Nodes from `name < parent`, in the order of the contract: each after its parent. */
function nodes(...lines: string[]): CredentialTreeNode[] {
  const levels = new Map<string, number>();
  const parents = lines.map((line) => line.split(' < ')[1] ?? null);
  return lines.map((line, i) => {
    const name = line.split(' < ')[0];
    const level = parents[i] === null ? 0 : (levels.get(parents[i]) ?? 0) + 1;
    levels.set(name, level);
    return {
      id: credentialId(name),
      accessKeyId: name.startsWith('session:') ? null : name,
      parent: parents[i] === null ? null : credentialId(parents[i]),
      level,
      children: parents.filter((p) => p === name).length,
    } as CredentialTreeNode;
  });
}
const names = (list: readonly { node: CredentialTreeNode }[]): string[] => list.map((l) => l.node.id);

describe('lines', () => {
  const tree = nodes('a', 'b < a', 'c < b', 'd < a');

  it('are all nodes, and without what is below a collapsed one', () => {
    expect(names(treeLines(tree, new Set()))).toEqual(['a', 'b', 'c', 'd']);
    expect(names(treeLines(tree, new Set([credentialId('b')])))).toEqual(['a', 'b', 'd']);
    expect(names(treeLines(tree, new Set([credentialId('a')])))).toEqual(['a']);
    expect(treeLines(tree, new Set()).map((l) => l.indent)).toEqual([0, 1, 2, 1]);
  });

  it('begin collapsed below the asked credential only when there are many', () => {
    expect(firstCollapsed(tree).size).toBe(0);
    const many = nodes('a', ...Array.from({ length: 499 }, (_, i) => `k${i} < ${i < 20 ? 'a' : `k${i % 20}`}`));
    const lines = treeLines(many, firstCollapsed(many));
    expect(lines).toHaveLength(21);
    expect(lines.slice(1).every((l) => !l.open)).toBe(true);
  });

  it('show every node once, after its parent, whatever is collapsed', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 60 }), fc.array(fc.nat(60)), (parents, closed) => {
        const drawn = depthFirst(parents);
        const collapsed = new Set(closed.map((n) => credentialId(`n${n}`)));
        const lines = treeLines(drawn, collapsed);
        const at = new Map(lines.map((l, i) => [l.node.id, i]));
        expect(at.size).toBe(lines.length);
        for (const { node } of lines.slice(1)) expect(at.get(node.parent as never)).toBeLessThan(at.get(node.id) as number);
        for (const { node } of lines.slice(1)) expect(collapsed.has(node.parent as never)).toBe(false);
        expect(treeLines(drawn, new Set())).toHaveLength(drawn.length);
      }),
    );
  });
});

/** A tree in which node i+1 hangs below node `parents[i] % (i+1)`, listed parents first. */
function depthFirst(parents: readonly number[]): CredentialTreeNode[] {
  const lines = ['n0', ...parents.map((p, i) => `n${i + 1} < n${p % (i + 1)}`)];
  const all = nodes(...lines);
  const out: CredentialTreeNode[] = [];
  const add = (node: CredentialTreeNode): void => {
    out.push(node);
    for (const child of all) if (child.parent === node.id) add(child);
  };
  add(all[0]);
  return out;
}

describe('a subtree', () => {
  it('is the node and all below it', () => {
    const tree = nodes('a', 'b < a', 'c < b', 'd < a', 'e < d');
    expect(subtree(tree, credentialId('b')).map((n) => n.id)).toEqual(['b', 'c']);
    expect(subtree(tree, credentialId('a'))).toHaveLength(5);
    expect(subtree(tree, credentialId('nobody'))).toEqual([]);
  });

  it('is found by its key IDs, and by principal and beginning where a session has none', () => {
    expect(usedByFilter(nodes('AKIA1', 'ASIA2 < AKIA1'))).toEqual({ op: 'in', column: 'accessKeyId', values: ['AKIA1', 'ASIA2'] });
    const filter = usedByFilter(nodes('ASIA1', 'session:2026-03-02T09:00:00Z|AROA1:dana|x < ASIA1'));
    expect(filter).toMatchObject({
      op: 'or',
      filters: [
        { values: ['ASIA1'] },
        {
          op: 'and',
          filters: [{ column: 'sessionStart', values: ['2026-03-02T09:00:00Z'] }, {}, { filters: [{ values: ['AROA1:dana|x'] }, {}] }],
        },
      ],
    });
    expect(usedByFilter([])).toBeNull();
    expect(usedByFilter(nodes('session:nothing'))).toBeNull();
  });
});

describe('identities in short', () => {
  it.each([
    ['arn:aws:sts::1:assumed-role/ops-admin/maintenance', 'ops-admin / maintenance'],
    ['arn:aws:sts::1:assumed-role/ops-admin/a/b', 'ops-admin / a/b'],
    ['arn:aws:iam::1:user/team/jenkins-legacy', 'jenkins-legacy'],
    ['arn:aws:iam::1:root', 'root'],
    ['SAMLUser:eva@example.org', 'eva@example.org'],
    ['AWSService:ec2.amazonaws.com', 'ec2.amazonaws.com'],
    ['arn:aws:s3:::bucket/key', 'arn:aws:s3:::bucket/key'],
    ['', ''],
  ])('%s', (identity, short) => expect(shortIdentity(identity)).toBe(short));
});

describe('a note from a credential’s page', () => {
  it('cites the events of each link, names the roles, and says which sessions to revoke until when', () => {
    const row = {
      id: credentialId('key:ASIA1'),
      accessKeyId: 'ASIA1',
      kind: 'assumed-role',
      identity: 'arn:aws:sts::1:assumed-role/Admin/*dana*',
      principal: '1/role/Admin',
      events: 3,
      denied: 1,
    };
    const parent = { ...row, id: credentialId('key:AKIA1'), accessKeyId: 'AKIA1', kind: 'long-term', identity: 'arn:aws:iam::1:user/bob' };
    const text = credentialNote(
      {
        ...row,
        descendants: 0,
        chain: [
          {
            credential: row,
            link: { proof: 'exact', how: 'issued', parent: parent.id, reason: 'AssumeRole answered with it.', events: ['id:e1'], time: 0 },
          },
          { credential: parent, link: null },
        ],
        stop: { code: 'before-evidence', text: 'Issued before the evidence begins.', events: [] },
        containment: {
          longTermKeys: [
            { accessKeyId: 'AKIA1', user: null, deleted: null, usesAfter: null },
            {
              accessKeyId: 'AKIA2',
              user: 'eve',
              deleted: { key: 'id:gone' },
              usesAfter: { eventName: 'DeleteAccessKey', uses: 2, events: ['id:late'] },
            },
          ],
          revoke: [
            {
              arn: 'arn:aws:iam::1:role/Admin',
              sessions: 2,
              issuedBefore: 0,
              lastExpiry: null,
              lastUse: null,
              policies: [{ key: 'id:put', eventName: 'PutRolePolicy', time: 0 }],
            },
          ],
          revokeIssuedBefore: 0,
          allExpireBy: null,
          text: [],
        },
      } as unknown as CredentialDetails,
      {
        nodes: [
          { ...row, level: 0, link: null, firstUse: null },
          { ...row, level: 1, link: null, firstUse: null },
        ],
        left: 0,
      } as unknown as CredentialTree,
      { zoned: (ms) => `at ${ms}` },
    );
    expect(text).toContain('exact: AssumeRole answered with it. [event 1](event:id%3Ae1)');
    expect(text).toContain('ASIA1 as Admin / \\*dana\\* (Assumed role)');
    expect(text).toContain('Revoke of arn:aws:iam::1:role/Admin 2 sessions issued before at 0 (aws:TokenIssueTime)');
    expect(text).toContain('written since: PutRolePolicy [its event](event:id%3Aput)');
    expect(text).toContain('- Deactivate AKIA1\n');
    expect(text).toContain(
      '- Deleted: AKIA2 of eve [its event](event:id%3Agone)\n  - 2 uses after DeleteAccessKey: [event 1](event:id%3Alate)',
    );
    expect(text).not.toContain('Deactivate AKIA2');
  });
});
