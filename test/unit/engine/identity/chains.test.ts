/** Drawn chains of one to six hops over three accounts, with every ending; and what must hold of all of them. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credentialOfKey, type StopCode } from '../../../../src/shared/lineage.ts';
import type { Row } from '../query/support.ts';
import { Lineages } from './support.ts';
import { type Caller, LIFETIME, Trail } from './trail.ts';

const ACCOUNTS = ['111111111111', '222222222222', '333333333333'];
const ENDINGS = ['long-term', 'root', 'saml', 'web-identity', 'service', 'before', 'no-account', 'created-key', 'sign-in'] as const;
type Ending = (typeof ENDINGS)[number];

/** Depth that the ending adds, and the reason to stop. */
const ENDS: Record<Ending, { hops: number; stop: StopCode; proven: boolean }> = {
  'long-term': { hops: 0, stop: 'before-evidence', proven: true },
  root: { hops: 0, stop: 'root', proven: true },
  saml: { hops: 0, stop: 'identity-provider', proven: true },
  'web-identity': { hops: 0, stop: 'identity-provider', proven: true },
  service: { hops: -1, stop: 'issued-for-service', proven: true },
  before: { hops: 0, stop: 'before-evidence', proven: true },
  'no-account': { hops: 0, stop: 'account-not-in-evidence', proven: true },
  'created-key': { hops: 1, stop: 'before-evidence', proven: true },
  'sign-in': { hops: 1, stop: 'signed-in', proven: false },
};

interface Drawn {
  trail: Trail;
  /** Made with the last credential. */
  event: string;
  /** Issuing events, oldest first. */
  issuing: string[];
  depth: number;
  ending: Ending;
}

function draw(hops: number, ending: Ending, accounts: number[]): Drawn {
  const trail = new Trail();
  const account = ACCOUNTS[accounts[0]];
  const issuing: string[] = [];
  let at = 100;
  // Something that the account of the first hop recorded early, so that "before the evidence" has a meaning.
  trail.call(trail.user('other', account, 'AKIAOTHER'), 'ListUsers', 1);
  let caller: Caller = starter(trail, ending, account, issuing);
  for (let hop = 0; hop < hops; hop++) {
    at += 10;
    const call =
      hop > 0
        ? 'AssumeRole'
        : ending === 'saml'
          ? 'AssumeRoleWithSAML'
          : ending === 'web-identity'
            ? 'AssumeRoleWithWebIdentity'
            : 'AssumeRole';
    const target = ACCOUNTS[accounts[hop % accounts.length]];
    const assumed = trail.assume(caller, `Role${hop}`, target, `ASIA${hop}`, at, {}, call);
    issuing.push(assumed.event);
    if (hop > 0 && caller.account !== target) trail.twin(caller, assumed.event);
    trail.call(assumed.session, 'ListBuckets', at + 1);
    caller = assumed.session;
  }
  if (ending === 'no-account') onlyTwin(trail, issuing[0]);
  const event = trail.call(caller, 'GetObject', at + LIFETIME / 2);
  return { trail, event, issuing, depth: hops + ENDS[ending].hops, ending };
}

function starter(trail: Trail, ending: Ending, account: string, issuing: string[]): Caller {
  switch (ending) {
    case 'root':
      return trail.root(account);
    case 'saml':
      return trail.person('SAMLUser', 'eva');
    case 'web-identity':
      return trail.person('WebIdentityUser', 'eva');
    case 'service':
      return trail.service('ecs-tasks.amazonaws.com');
    case 'before':
      return trail.session('Old', 'work', account, 'ASIAOLD', -7200);
    case 'no-account':
      return trail.user('stranger', '999999999999', 'AKIASTRANGER');
    case 'created-key': {
      const made = trail.createKey(trail.user('admin', account, 'AKIAADMIN'), 'bob', 'AKIABOB', 50);
      issuing.push(made.event);
      return made.user;
    }
    case 'sign-in': {
      trail.call(trail.user('alice', account, null), 'ConsoleLogin', 90, { eventSource: 'signin.amazonaws.com' });
      const console = trail.user('alice', account, 'ASIACONSOLE');
      Object.assign(console.values, { sessionStart: '2026-03-01T00:01:30Z', fromConsole: 'true' });
      trail.call(console, 'ListUsers', 95);
      return console;
    }
    default:
      return trail.user('alice', account, 'AKIAALICE');
  }
}

/** The issue stands only in the records of the account that was called. */
function onlyTwin(trail: Trail, event: string): void {
  const row = trail.rows.find((r) => r.id === event);
  if (!row) throw new Error('not drawn');
  const { identityType: _t, accessKeyId: _k, userName: _u, principal: _p, ...rest } = row.values;
  row.values = {
    ...rest,
    identityType: 'AWSAccount',
    identity: `AWSAccount:${rest.principalId}`,
    account: row.values.issuedTo?.split(':')[4] ?? '',
  };
}

const cases = fc.record({
  hops: fc.integer({ min: 1, max: 6 }),
  ending: fc.constantFrom(...ENDINGS),
  accounts: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 4 }),
});

/** What a chain says, without the sentences, which count events of the whole case. */
async function said(lineages: Lineages, event: string) {
  const { hops, origin, depth, originProof, stop } = await lineages.behind(event);
  return {
    origin,
    depth,
    originProof,
    stop: stop.code,
    hops: hops.map(({ credential, link }) => [credential.id, link?.proof, link?.how, link?.events]),
  };
}

async function withCase<T>(commits: Row[][], work: (lineages: Lineages) => Promise<T>): Promise<T> {
  const lineages = await Lineages.of(...commits);
  try {
    return await work(lineages);
  } finally {
    lineages.close();
  }
}

describe('drawn chains', () => {
  it.each(ENDINGS.flatMap((ending) => [1, 2, 3, 4, 5, 6].map((hops) => [ending, hops] as const)))('%s, %i hops', async (ending, hops) => {
    const { trail, event, depth } = draw(hops, ending, [0, 1, 2]);
    await withCase([trail.rows], async (lineages) => {
      const chain = await said(lineages, event);
      expect(chain.depth).toBe(depth);
      expect(chain.stop).toBe(ENDS[ending].stop);
      expect(chain.originProof).toBe(ENDS[ending].proven ? 'proven' : 'inferred');
      expect(chain.hops).toHaveLength(depth + 1);
    });
  });

  it('shuffled rows in any commits say the same', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.integer(), fc.integer({ min: 1, max: 4 }), async ({ hops, ending, accounts }, seed, parts) => {
        const { trail, event } = draw(hops, ending, accounts);
        const straight = await withCase([trail.rows], (l) => said(l, event));
        const shuffled = shuffle(trail.rows, seed);
        const size = Math.ceil(shuffled.length / parts);
        const commits = Array.from({ length: parts }, (_, i) => shuffled.slice(i * size, (i + 1) * size)).filter((list) => list.length > 0);
        expect(await withCase(commits, (l) => said(l, event))).toEqual(straight);
      }),
      { numRuns: 60 },
    );
  });

  it('shuffled rows say the same of keys that several use, and of failed sign-ins', async () => {
    const trail = new Trail();
    const [account] = ACCOUNTS;
    const one = trail.assume(trail.user('alice', account, 'AKIAALICE'), 'R', account, 'ASIAONE', 10).session;
    trail.call({ account, values: { ...one.values, principalId: `AROA${account}R` } }, 'Bare', 11);
    trail.call({ account, values: { accessKeyId: 'ASIAONE', identity: ':work' } }, 'Csv', 12);
    trail.call(one, 'Get', 13);
    trail.call(trail.session('Q', 'other', account, 'ASIAONE', 10), 'Get', 14);
    trail.call(trail.user('alice', account, null), 'ConsoleLogin', 15, { outcome: 'denied' });
    trail.call(trail.user('alice', account, null), 'ConsoleLogin', 16);
    trail.call(trail.user('alice', account, 'AKIA****'), 'Get', 17);
    const all = async (lineages: Lineages): Promise<unknown[]> => {
      const query = { selection: null, kinds: null, find: '', sort: 'id', descending: false, offset: 0, limit: 100 } as const;
      const events = await Promise.all(trail.rows.map((row) => said(lineages, row.id ?? '')));
      return [events, (await lineages.core.credentials(query)).rows, await lineages.core.batchCredentials()];
    };
    const straight = await withCase([trail.rows], all);
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 7 }), async (seed, at) => {
        const shuffled = shuffle(trail.rows, seed);
        expect(await withCase([shuffled.slice(0, at), shuffled.slice(at)], all)).toEqual(straight);
      }),
      { numRuns: 20 },
    );
  });

  it('unrelated evidence never changes a proven link', async () => {
    await fc.assert(
      fc.asyncProperty(cases, cases, async (one, other) => {
        const { trail, event } = draw(one.hops, one.ending, one.accounts);
        const before = await withCase([trail.rows], (l) => said(l, event));
        const noise = draw(other.hops, other.ending, other.accounts).trail.rows.map(renamed);
        const after = await withCase([noise, trail.rows], (l) => said(l, event));
        const proven = before.hops.filter(([, proof]) => proof === 'exact');
        expect(after.hops.filter(([, proof]) => proof === 'exact')).toEqual(proven);
        expect(after.hops[0][0]).toBe(before.hops[0][0]);
      }),
      { numRuns: 60 },
    );
  });

  it('removing a record only shortens the chain, and says why it ends', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(), async ({ hops, ending, accounts }, which) => {
        const { trail, event } = draw(hops, ending, accounts);
        const before = await withCase([trail.rows], (l) => l.behind(event));
        const others = trail.rows.filter((row) => row.id !== event);
        const gone = others[which % others.length];
        const after = await withCase([trail.rows.filter((row) => row !== gone)], (l) => l.behind(event));
        expect(after.depth).toBeLessThanOrEqual(before.depth);
        expect(after.stop.text.length).toBeGreaterThan(20);
        if (after.depth < before.depth) expect(after.hops.at(-1)?.link).toBeNull();
        // What is left of the chain is what was there.
        const ids = before.hops.map((h) => h.credential.id);
        for (const [i, hop] of after.hops.entries()) if (hop.link?.proof === 'exact') expect(hop.credential.id).toBe(ids[i]);
      }),
      { numRuns: 120 },
    );
  });

  it('removing an issue ends the chain there', async () => {
    const { trail, event, issuing } = draw(4, 'long-term', [0]);
    const rows = trail.rows.filter((row) => row.id !== issuing[2]);
    await withCase([rows], async (lineages) => {
      expect(await said(lineages, event)).toMatchObject({ depth: 1, stop: 'issue-not-in-evidence' });
      expect(await lineages.core.credential(credentialOfKey('ASIA2'))).toMatchObject({ depth: 0, parent: null });
    });
  });
});

const renamed = (row: Row): Row => {
  const rename = (text: string): string =>
    text
      .replaceAll(/ASIA|AKIA|AIDA|AROA/g, (p) => `${p}X`)
      .replaceAll(/(\d)\d{11}/g, '7$1555555555')
      .replaceAll('shared-', 'other-');
  const values = Object.fromEntries(Object.entries(row.values).map(([k, v]) => [k, v === undefined ? v : rename(v)]));
  return { ...row, id: `noise-${row.id}`, values };
};

function shuffle<T>(list: readonly T[], seed: number): T[] {
  const out = [...list];
  let s = seed >>> 0 || 1;
  for (let i = out.length - 1; i > 0; i--) {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    const j = s % (i + 1);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}
