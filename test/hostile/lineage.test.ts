/** Lineage of evidence that was made to hurt: circles, one key ID issued over and over, names without end, records without time. */
import { describe, expect, it } from 'vitest';
import { eventKey } from '../../src/shared/brand.ts';
import { credentialId, credentialOfKey } from '../../src/shared/lineage.ts';
import { EMPTY_SELECTION, type Filter } from '../../src/shared/plan.ts';
import { Lineages } from '../unit/engine/identity/support.ts';
import { type Caller, Trail } from '../unit/engine/identity/trail.ts';

const A = '111111111111';
const MANY = 100_000;

async function withTrail(trail: Trail, work: (lineages: Lineages) => Promise<void>): Promise<void> {
  const lineages = await Lineages.of(trail.rows);
  try {
    await work(lineages);
  } finally {
    lineages.close();
  }
}

describe('hostile lineage', () => {
  it('one key ID issued 100,000 times is ambiguous, at once', async () => {
    const trail = new Trail();
    const alice = trail.user('alice', A, 'AKIAALICE');
    const target = trail.session('R', 's', A, 'ASIAONE', 0);
    for (let i = 0; i < MANY; i++) trail.call(alice, 'AssumeRole', i, { issuedKey: 'ASIAONE', issuedTo: target.values.identity });
    const event = trail.call(target, 'GetObject', MANY);
    await withTrail(trail, async (lineages) => {
      const behind = await lineages.behind(event);
      expect(behind.stop.code).toBe('ambiguous');
      expect(behind.stop.text).toContain('100000 events issue key ASIAONE');
      expect(behind.stop.events).toHaveLength(10);
      expect((await lineages.core.lineageSummary()).ms).toBeLessThan(10_000);
    });
  }, 180_000);

  it('one key ID used by 30,000 principals, named in every incomplete way, is told apart at once', async () => {
    const trail = new Trail();
    const issued = trail.session('R', 's0', A, 'ASIAONE', 0);
    trail.call(trail.user('alice', A, 'AKIAALICE'), 'AssumeRole', 0, { issuedKey: 'ASIAONE', issuedTo: issued.values.identity });
    for (let i = 0; i < 10_000; i++) {
      const whole = trail.session(`R${i}`, `s${i}`, A, 'ASIAONE', 10);
      trail.call(whole, 'Get', 20);
      trail.call({ account: A, values: { ...whole.values, principalId: `AROA${A}R${i}` } }, 'Get', 21);
      trail.call({ account: A, values: { ...whole.values, principalId: '', identity: `:s${i}` } }, 'Get', 22);
    }
    const last = trail.call(issued, 'Get', 30);
    await withTrail(trail, async (lineages) => {
      expect(await lineages.story(last)).toBe('ASIAONE <inferred issued> AKIAALICE · before-evidence');
      const { ms, credentials } = await lineages.core.lineageSummary();
      // A role's ID without a session is its one session's; a name alone can be anybody's.
      expect(credentials).toBe(20_002);
      expect(ms).toBeLessThan(10_000);
      const query = { selection: null, kinds: null, find: '', sort: 'id', descending: false, offset: 0, limit: 1000 } as const;
      const { rows } = await lineages.core.credentials(query);
      expect(rows.every((row) => row.stop.events.length <= 10)).toBe(true);
    });
  }, 60_000);

  it('a chain of 5,000 hops is followed, and listed as far as it can be read', async () => {
    const trail = new Trail();
    let caller: Caller = trail.user('alice', A, 'AKIAALICE');
    for (let i = 0; i < 5000; i++) caller = trail.assume(caller, 'R', A, `ASIA${i}`, i).session;
    const event = trail.call(caller, 'GetObject', 5001);
    await withTrail(trail, async (lineages) => {
      const behind = await lineages.behind(event);
      expect(behind).toMatchObject({ depth: 5000, cut: true, origin: `arn:aws:iam::${A}:user/alice` });
      expect(behind.hops).toHaveLength(64);
      const tree = await lineages.core.credentialTree(credentialOfKey('AKIAALICE'), { maxNodes: 500 });
      expect(tree?.nodes).toHaveLength(500);
      expect(tree?.left).toBe(5000 - 499);
    });
  }, 180_000);

  it('circles of any length and keys that issue themselves end', async () => {
    const trail = new Trail();
    const session = (i: number) => trail.session('R', `s${i}`, A, `ASIA${i}`, 10);
    for (let i = 0; i < 50; i++) trail.call(session(i), 'AssumeRole', 10, { issuedKey: `ASIA${(i + 1) % 50}`, issuedTo: `to${i}` });
    trail.call(trail.session('R', 'self', A, 'ASIASELF', 10), 'AssumeRole', 10, { issuedKey: 'ASIASELF', issuedTo: 'self' });
    const self = trail.call(trail.session('R', 'self', A, 'ASIASELF', 10), 'Get', 11);
    const event = trail.call(session(49), 'Get', 11);
    await withTrail(trail, async (lineages) => {
      expect((await lineages.behind(event)).stop.code).toBe('cycle');
      expect((await lineages.behind(self)).depth).toBe(0);
    });
  });

  it('IDs of 8,000 characters keep working, and sentences stay short', async () => {
    const long = `ASIA${'x'.repeat(8000)}`;
    const trail = new Trail();
    const { session } = trail.assume(trail.user('a'.repeat(8000), A, `AKIA${'y'.repeat(8000)}`), 'R'.repeat(8000), A, long, 10);
    const event = trail.call(session, 'E'.repeat(8000), 20);
    await withTrail(trail, async (lineages) => {
      const { hops, stop } = await lineages.behind(event);
      expect(hops[0].credential.accessKeyId).toBe(long);
      expect(hops[0].link?.reason.length).toBeLessThan(1000);
      expect(stop.text.length).toBeLessThan(1000);
      expect(await lineages.core.credential(credentialOfKey(long))).toMatchObject({ events: 1 });
    });
  });

  it('without any time nothing is proven, and nothing is lost', async () => {
    const trail = new Trail();
    const one = trail.assume(trail.user('alice', A, 'AKIAALICE'), 'R', A, 'ASIAONE', 10);
    const event = trail.call(one.session, 'Get', null);
    for (const row of trail.rows) row.time = null;
    await withTrail(trail, async (lineages) => {
      const behind = await lineages.behind(event);
      expect(behind).toMatchObject({ origin: `arn:aws:iam::${A}:user/alice`, depth: 1, originProof: 'inferred' });
      expect(behind.remarks[0]).toContain('no readable time');
      const [count] = await lineages.bench.answers(EMPTY_SELECTION, { ask: 'facet', column: 'originProof', limit: 5 });
      expect(count.values.reduce((sum, v) => sum + v.count, 0)).toBe(2);
    });
  });

  it('odd sessions, times and expiries are read as far as they can be', async () => {
    const trail = new Trail();
    const odd = ['', 'null', '9999999-99-99', 'Jan 99, 2021 25:00:00 AM', '\u0000', '<b>x</b>'];
    for (const [i, text] of odd.entries()) {
      const caller = trail.session('R', text, A, text, 10, { sessionStart: text });
      trail.call(caller, 'AssumeRole', 10 + i, { issuedKey: `ASIA${i}`, issuedTo: text, issuedExpires: text });
      trail.call(trail.session('R', text, A, `ASIA${i}`, 10, { sessionStart: text }), 'Get', 20 + i);
    }
    trail.call({ account: '', values: {} }, 'Nobody', 50);
    await withTrail(trail, async (lineages) => {
      const summary = await lineages.core.lineageSummary();
      expect(summary.issuedTemporary).toBe(odd.length);
      expect((await lineages.behind('e000012')).stop.code).toBe('no-identity');
      expect(await lineages.core.lineageOf(eventKey('id:none'))).toBeNull();
      expect(await lineages.core.credential(credentialId('nonsense'))).toBeNull();
    });
  });

  it('questions out of bounds are refused with a sentence', async () => {
    await withTrail(new Trail(), async ({ core }) => {
      const query = { selection: null, kinds: null, find: '', sort: 'events', descending: true, offset: 0, limit: 10 } as const;
      expect(await core.credentials(query)).toEqual({ total: 0, rows: [], byKind: [] });
      await expect(core.credentials({ ...query, limit: 1_000_000 })).rejects.toMatchObject({ kind: 'too-large' });
      await expect(core.credentials({ ...query, offset: -1 })).rejects.toMatchObject({ kind: 'bad-input' });
      await expect(core.credentialTree(credentialOfKey('A'), { maxNodes: 1e9 })).rejects.toMatchObject({ kind: 'bad-input' });
      let nested: Filter = { op: 'in', column: 'origin', values: ['x'] };
      for (let i = 0; i < 5000; i++) nested = { op: 'and', filters: [nested] };
      await expect(core.credentials({ ...query, selection: { ...EMPTY_SELECTION, filters: [nested] } })).rejects.toMatchObject({
        kind: 'bad-input',
      });
    });
  });
});
