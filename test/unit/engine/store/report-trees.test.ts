/** Credential trees that a person put into the report: kept in the case, in its journal by the real host, and there again after a loss. */
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, expect, it } from 'vitest';
import { replayJournal } from '../../../../src/engine/case/journal.ts';
import { credentialId, credentialOfKey } from '../../../../src/shared/lineage.ts';
import { makeHost, type TestHost } from '../../main/host/make-host.ts';
import { Profile, type TestWindow } from './support.ts';

const made: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of made.splice(0).reverse()) await thing.close();
});

async function windowOf(profile: Profile, host: TestHost): Promise<TestWindow> {
  const window = await profile.window({ fetch: (path, init) => host.host.handle(new Request(`http://127.0.0.1:1${path}`, init)) });
  made.push(window);
  return window;
}

async function bed() {
  const host = await makeHost();
  made.push(host);
  const profile = new Profile();
  const window = await windowOf(profile, host);
  const { id } = await window.store.createCase('Case');
  await window.store.openCase(id);
  return { host, profile, window, store: window.store, caseId: id };
}

const KEY = credentialOfKey('ASIAONE');
const HOSTILE = credentialId('session:|\ud800<script>"\u0000\u202e\n');
const tree = (credential = KEY, scope: 'tree' | 'subtree' = 'tree') => ({ credential, scope, name: 'ASIAONE' });

it('each is there once, in the order in which it was added, until it is removed; each change is audited', async () => {
  const { store, caseId } = await bed();
  const first = await store.addReportTree(tree());
  expect(await store.addReportTree({ ...tree(), name: 'another name' })).toEqual(first);
  await store.addReportTree(tree(KEY, 'subtree'));
  await store.addReportTree(tree(HOSTILE));
  expect((await store.listReportTrees()).map((t) => [t.scope, t.credential])).toEqual([
    ['tree', KEY],
    ['subtree', KEY],
    ['tree', HOSTILE],
  ]);
  await store.removeReportTree(first.id);
  await store.removeReportTree(first.id);
  expect((await store.listReportTrees()).map((t) => t.id)).toEqual([`subtree:${KEY}`, `tree:${HOSTILE}`]);
  const audit = (await store.readJournal(caseId)).filter((e) => e.kind === 'audit').map((e) => e.data as { action: string });
  expect(audit.map((a) => a.action)).toEqual(['report-tree-added', 'report-tree-added', 'report-tree-added', 'report-tree-removed']);
  expect(audit[3]).toMatchObject({ detail: { credential: KEY, scope: 'tree', name: 'ASIAONE' } });
});

it('a lost case has them again', async () => {
  const { store, host, profile, caseId, window } = await bed();
  await store.addReportTree(tree());
  const kept = [await store.addReportTree(tree(KEY, 'subtree'))];
  await store.removeReportTree(`tree:${KEY}`);
  made.splice(made.indexOf(window), 1);
  window.kill();
  profile.indexedDB = new IDBFactory();
  const again = await windowOf(profile, host);
  await again.store.recoverCase(caseId);
  await again.store.openCase(caseId);
  expect(await again.store.listReportTrees()).toEqual(kept);
});

it('there is room for 50, and for no name that fills the case', async () => {
  const { store } = await bed();
  for (let i = 0; i < 50; i++) await store.addReportTree({ ...tree(credentialOfKey(`K${i}`)), name: 'x'.repeat(10_000) });
  await expect(store.addReportTree(tree())).rejects.toMatchObject({ kind: 'too-large' });
  await expect(store.addReportTree(tree(credentialId('x'.repeat(10_001))))).rejects.toMatchObject({ kind: 'too-large' });
  const kept = await store.listReportTrees();
  expect(kept).toHaveLength(50);
  expect(Math.max(...kept.map((t) => t.name.length))).toBe(500);
});

it('a window that only reads cannot change them, and says so', async () => {
  const { host, profile, caseId } = await bed();
  const reader = await windowOf(profile, host);
  await reader.store.openCase(caseId);
  await expect(reader.store.addReportTree(tree())).rejects.toMatchObject({ kind: 'busy' });
});

it('a journal entry that was edited is counted, the others stay', () => {
  const sound = { id: `tree:${KEY}`, version: 1, credential: KEY, scope: 'tree', name: 'x', addedAt: 1 };
  const entry = (id: string, data: unknown) => ({
    version: 1 as const,
    at: 1 as never,
    appVersion: '',
    kind: 'reportTree' as const,
    id,
    data,
  });
  const state = replayJournal([
    entry('a', sound),
    entry('b', { ...sound, scope: 'all' }),
    entry('c', { ...sound, addedAt: 'x' }),
    entry('d', []),
  ]);
  expect(state.reportTrees).toEqual([sound]);
  expect(state.unreadable).toBe(3);
});
