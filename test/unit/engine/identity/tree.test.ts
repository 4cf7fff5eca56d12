/** The credential tree: totals of branches, the time that ends a session, and which branches are listed when not all have room. */
import { expect, it } from 'vitest';
import { credentialOfKey } from '../../../../src/shared/lineage.ts';
import { DAY_ONE } from '../query/support.ts';
import { lineageReader } from './support.ts';
import { Trail } from './trail.ts';

const A = '111111111111';
const KEY = 'AKIAALICE';
const read = lineageReader();

/** alice → 30 idle sessions, then one session that goes on for two more roles and does most of it. */
function drawn(): Trail {
  const trail = new Trail();
  const alice = trail.user('alice', A, KEY);
  for (let i = 0; i < 30; i++) trail.assume(alice, `Idle${i}`, A, `ASIAIDLE${i}`, 10 + i);
  const { session: first } = trail.assume(alice, 'First', A, 'ASIAFIRST', 100);
  const { session: second } = trail.assume(first, 'Second', A, 'ASIASECOND', 110);
  const { session: third } = trail.assume(second, 'Third', A, 'ASIATHIRD', 120);
  for (let i = 0; i < 20; i++) trail.call(third, 'GetObject', 130 + i, i < 5 ? { outcome: 'denied', errorCode: 'AccessDenied' } : {});
  return trail;
}

it('every node has the totals of its branch and the time that ends it', async () => {
  const { core } = await read(drawn());
  const tree = await core.credentialTree(credentialOfKey('ASIASECOND'), { maxNodes: 100 });
  const facts = tree?.nodes.map((n) => [n.accessKeyId, n.level, n.descendants, n.totals, n.revokeBefore]);
  expect(facts).toEqual([
    [KEY, -2, 33, { events: 53, denied: 5 }, null],
    ['ASIAFIRST', -1, 2, { events: 22, denied: 5 }, DAY_ONE + 101_000],
    ['ASIASECOND', 0, 1, { events: 21, denied: 5 }, DAY_ONE + 111_000],
    ['ASIATHIRD', 1, 0, { events: 20, denied: 5 }, DAY_ONE + 121_000],
  ]);
});

it('where not all have room, the busiest branch is listed whole and no node without its parent', async () => {
  const { core } = await read(drawn());
  for (let maxNodes = 1; maxNodes <= 34; maxNodes++) {
    const tree = await core.credentialTree(credentialOfKey(KEY), { maxNodes });
    if (!tree) throw new Error('no tree');
    const ids = new Set(tree.nodes.map((n) => n.id));
    expect(tree.nodes).toHaveLength(maxNodes);
    expect(tree.left).toBe(34 - maxNodes);
    expect(tree.nodes.slice(1).every((n) => n.parent !== null && ids.has(n.parent))).toBe(true);
    if (maxNodes >= 4) expect(ids.has(credentialOfKey('ASIATHIRD'))).toBe(true);
  }
});
