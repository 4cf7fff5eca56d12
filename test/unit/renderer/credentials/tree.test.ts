/** The credential tree as data: what is on screen, what a subtree is, and the filter that finds its events. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credentialNote } from '../../../../src/renderer/views/credentials/note.ts';
import {
  allOpen,
  firstCollapsed,
  firstSort,
  foundLines,
  indexTree,
  revealed,
  subtree,
  TREE_SORTS,
  type TreeLine,
  type TreeSort,
  type TreeState,
  treeLines,
  typedTo,
} from '../../../../src/renderer/views/credentials/tree-model.ts';
import { shortIdentity, usedByFilter } from '../../../../src/renderer/views/credentials/words.ts';
import {
  type CredentialDetails,
  type CredentialId,
  type CredentialTree,
  type CredentialTreeNode,
  credentialId,
} from '../../../../src/shared/lineage.ts';

/** Nodes from `name < parent`, with `x3` events and `d2` denied of its own, in the order of the contract: each after its parent. */
function nodes(...lines: string[]): CredentialTreeNode[] {
  const parsed = lines.map((line) => {
    const [name, parent] = line
      .split(/ x\d+| d\d+/)
      .join('')
      .split(' < ');
    return { name, parent: parent ?? null, events: Number(/ x(\d+)/.exec(line)?.[1] ?? 1), denied: Number(/ d(\d+)/.exec(line)?.[1] ?? 0) };
  });
  const levels = new Map<string, number>();
  const made = parsed.map(({ name, parent, events, denied }, i) => {
    const level = parent === null ? 0 : (levels.get(parent) ?? 0) + 1;
    levels.set(name, level);
    const role = /^(Role\w*):/.exec(name)?.[1] ?? null;
    return {
      id: credentialId(name),
      accessKeyId: name.startsWith('session:') ? null : name,
      kind: 'assumed-role',
      identity: role === null ? null : `arn:aws:sts::1:assumed-role/${role}/s${i}`,
      issuedTo: null,
      role: role === null ? null : `arn:aws:iam::1:role/${role}`,
      account: role === null ? null : '1',
      parent: parent === null ? null : credentialId(parent),
      lastUse: i,
      level,
      events,
      denied,
      children: parsed.filter((p) => p.parent === name).length,
      descendants: 0,
      totals: { events, denied },
    } as unknown as CredentialTreeNode;
  });
  const byId = new Map(made.map((node) => [node.id as string, node]));
  for (const node of made.toReversed()) {
    const up = byId.get(node.parent ?? '');
    if (!up) continue;
    up.descendants += node.descendants + 1;
    up.totals.events += node.totals.events;
    up.totals.denied += node.totals.denied;
  }
  return made;
}
const state = (collapsed: Iterable<CredentialId> = [], groups: Iterable<string> = [], sort: TreeSort = 'born'): TreeState => ({
  collapsed: new Set(collapsed),
  groups: new Set(groups),
  sort,
});
const names = (list: readonly TreeLine[]): string[] =>
  list.map((line) => (line.type === 'node' ? line.node.id : `${line.nodes.length} more ${line.alike ?? `of ${line.roles}`}`));

describe('lines', () => {
  const tree = indexTree(nodes('a', 'b < a', 'c < b', 'd < a'));

  it('are all nodes, and without what is below a collapsed one', () => {
    expect(names(treeLines(tree, state()))).toEqual(['a', 'b', 'c', 'd']);
    expect(names(treeLines(tree, state([credentialId('b')])))).toEqual(['a', 'b', 'd']);
    expect(names(treeLines(tree, state([credentialId('a')])))).toEqual(['a']);
    expect(treeLines(tree, state()).map((l) => l.indent)).toEqual([0, 1, 2, 1]);
    expect(treeLines(tree, state()).map((l) => [l.above, l.place.at, l.place.of])).toEqual([
      [null, 1, 1],
      ['a', 1, 2],
      ['b', 1, 1],
      ['a', 2, 2],
    ]);
  });

  it('begin collapsed below the asked credential, the busiest first, only when there are many', () => {
    expect(firstCollapsed(tree.nodes).size).toBe(0);
    expect(firstSort(tree.nodes)).toBe('born');
    const many = nodes('a', ...Array.from({ length: 499 }, (_, i) => `k${i} < ${i < 20 ? 'a' : `k${i % 20}`}`));
    const lines = treeLines(indexTree(many), { ...state(), collapsed: firstCollapsed(many), sort: firstSort(many) });
    expect(firstSort(many)).toBe('events');
    expect(lines.slice(1).every((l) => !l.open)).toBe(true);
    expect(lines.length).toBeLessThan(30);
  });

  it('of siblings follow the order that was chosen, by what is in their branches', () => {
    const drawn = indexTree(nodes('a', 'b < a x1', 'c < b x9', 'd < a x5 d3', 'e < a x2', 'f < e x1', 'g < f x1'));
    const first = (sort: TreeSort): string[] => names(treeLines(drawn, state(['b', 'e'].map(credentialId), [], sort))).slice(1);
    expect(first('born')).toEqual(['b', 'd', 'e']);
    expect(first('events')).toEqual(['b', 'd', 'e']);
    expect(first('denied')).toEqual(['d', 'b', 'e']);
    expect(first('below')).toEqual(['e', 'b', 'd']);
    expect(first('last')).toEqual(['e', 'd', 'b']);
    expect(first('name')).toEqual(['b', 'd', 'e']);
  });

  it('show every node once, after its parent, whatever is collapsed, grouped, sorted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(30), { maxLength: 90 }),
        fc.array(fc.nat(60)),
        fc.constantFrom(...TREE_SORTS.map((s) => s.value)),
        (parents, closed, sort) => {
          const drawn = indexTree(depthFirst(parents));
          const collapsed = new Set(closed.map((n) => credentialId(`n${n}`)));
          const lines = treeLines(drawn, { ...allOpen(drawn, sort), collapsed });
          const at = new Map(lines.map((l, i) => [l.key, i]));
          expect(at.size).toBe(lines.length);
          for (const line of lines.slice(1)) expect(at.get(line.above ?? '')).toBeLessThan(at.get(line.key) as number);
          const shown = lines.flatMap((l) => (l.type === 'node' ? [l.node] : []));
          for (const node of shown.slice(1)) expect(collapsed.has(node.parent as never)).toBe(false);
          const all = treeLines(drawn, allOpen(drawn, sort)).filter((l) => l.type === 'node');
          expect(all).toHaveLength(drawn.nodes.length);
        },
      ),
    );
  });
});

describe('many siblings', () => {
  const many = indexTree(
    nodes('a', ...Array.from({ length: 400 }, (_, i) => `RoleA:${i} < a x${i} d1`), 'RoleB:1 < a x900', 'RoleC:1 < RoleB:1 d7'),
  );

  it('that are alike stand behind one line with the totals of all of them and of what is below', () => {
    const lines = treeLines(many, state([credentialId('RoleB:1')], [], 'events'));
    expect(names(lines)).toEqual(['a', 'RoleB:1', 'RoleA:399', 'RoleA:398', 'RoleA:397', '397 more RoleA in 1']);
    const [group] = lines.filter((l) => l.type === 'group');
    expect(group).toMatchObject({ open: false, kind: 'assumed-role', children: 397 });
    expect(group.totals).toEqual({ credentials: 397, events: (396 * 397) / 2, denied: 397 });
    expect(treeLines(many, state([], [group.key], 'events'))).toHaveLength(1 + 402 + 1);
  });

  it('of which each is another stand behind one line from the 26th on', () => {
    const wide = indexTree(nodes('a', ...Array.from({ length: 200 }, (_, i) => `Role${i}x:1 < a`)));
    const lines = treeLines(wide, state());
    expect(lines).toHaveLength(1 + 25 + 1);
    expect(names(lines).at(-1)).toBe('175 more of 175');
  });

  it('are opened as far as it takes to see one of them', () => {
    const wanted = credentialId('RoleA:5');
    const closed = state([credentialId('a')], [], 'denied');
    expect(names(treeLines(many, closed))).not.toContain(wanted);
    expect(names(treeLines(many, revealed(many, wanted, closed)))).toContain(wanted);
    const deep = credentialId('RoleC:1');
    expect(names(treeLines(many, revealed(many, deep, state([credentialId('RoleB:1')]))))).toContain(deep);
  });
});

describe('a search in the tree', () => {
  const tree = indexTree(nodes('a', 'RoleA:1 < a', 'RoleB:1 < RoleA:1', 'RoleA:2 < a', 'ASIAX < RoleA:2'));

  it('gives what it finds below that from which it came, and nothing else', () => {
    const { lines, found } = foundLines(tree, 'roleb', 'born');
    expect(names(lines)).toEqual(['a', 'RoleA:1', 'RoleB:1']);
    expect([...found]).toEqual(['RoleB:1']);
    expect(foundLines(tree, 'nowhere', 'born').lines).toEqual([]);
    expect(foundLines(tree, 'assumed role', 'born').found.size).toBe(5);
  });

  it('of hundreds alike gives each of them', () => {
    const many = indexTree(nodes('a', ...Array.from({ length: 300 }, (_, i) => `RoleA:${i} < a`)));
    expect(foundLines(many, 'rolea', 'events').lines).toHaveLength(301);
  });

  it('by typed letters goes to the next line that begins so, round the end', () => {
    const lines = treeLines(tree, state());
    expect(typedTo(lines, 0, 'r')).toBe(1);
    expect(typedTo(lines, 1, 'r')).toBe(2);
    expect(typedTo(lines, 4, 'r')).toBe(1);
    expect(typedTo(lines, 0, 'roleb')).toBe(2);
    expect(typedTo(lines, 0, 'asia')).toBe(4);
    expect(typedTo(lines, 0, 'zz')).toBe(-1);
    expect(typedTo([], 0, 'r')).toBe(-1);
  });
});

/** A tree in which node i+1 hangs below node `parents[i] % (i+1)`, listed parents first. */
function depthFirst(parents: readonly number[]): CredentialTreeNode[] {
  const all = nodes('n0', ...parents.map((p, i) => `n${i + 1} < n${p % (i + 1)}`));
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
              means: 'policy',
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
