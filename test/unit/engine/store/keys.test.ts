/** Keys that were given to a case: kept in it and in its journal, and what is computed with them. */
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, describe, expect, it } from 'vitest';
import { shared } from '../integrity/chain-maker.ts';
import { file, framesFor, GRANT, Profile, type TestWindow } from './support.ts';

const windows: TestWindow[] = [];
afterEach(async () => {
  for (const w of windows.splice(0)) await w.close();
});
async function openedStore(profile: Profile): Promise<TestWindow['store']> {
  const window = await profile.window();
  windows.push(window);
  return window.store;
}
const text = JSON.stringify(shared.list());

describe('keys of a case', () => {
  it('are kept, listed, removed, and in the journal', async () => {
    const profile = new Profile();
    const store = await openedStore(profile);
    const info = await store.createCase('Keys');
    await store.openCase(info.id);
    const added = await store.addKeys('keys.json', text);
    expect(added.keys).toMatchObject([{ fingerprint: shared.fingerprint() }]);
    await store.addKeys('again.json', text);
    expect((await store.listKeys()).map((k) => k.label)).toEqual(['keys.json', 'again.json']);
    await store.removeKeys(added.id);
    await store.openCase(info.id);
    expect((await store.listKeys()).map((k) => k.label)).toEqual(['again.json']);
    const entries = (await store.readJournal(info.id)).filter((e) => e.kind === 'keys');
    expect(entries.map((e) => e.data === null)).toEqual([false, false, true]);
  });

  it('come back with a case that was lost', async () => {
    const profile = new Profile();
    const window = await profile.window();
    const info = await window.store.createCase('Keys');
    await window.store.openCase(info.id);
    await window.store.addKeys('keys.json', text);
    window.kill();
    profile.indexedDB = new IDBFactory();
    const store = await openedStore(profile);
    await store.recoverCase(info.id);
    await store.openCase(info.id);
    expect((await store.listKeys()).map((k) => k.label)).toEqual(['keys.json']);
  });

  it('are refused when they are none', async () => {
    const store = await openedStore(new Profile());
    await store.openCase((await store.createCase('Keys')).id);
    await expect(store.addKeys('x', '{}')).rejects.toMatchObject({ kind: 'bad-input' });
    expect(await store.listKeys()).toEqual([]);
  });

  it('change the report, as an import does', async () => {
    const profile = new Profile();
    const store = await openedStore(profile);
    await store.openCase((await store.createCase('Keys')).id);
    const empty = await store.integrity();
    expect(empty.rows).toEqual([]);
    profile.host.importing = (request) => framesFor([file('a.json.gz', 1, 2)], request);
    await store.importGrants(GRANT, () => undefined);
    expect((await store.integrity()).logs.undigested).toBe(1);
    expect((await store.integrity()).keys).toEqual([]);
    await store.addKeys('keys.json', text);
    expect((await store.integrity()).keys).toMatchObject([{ source: 'given', from: 'keys.json', verified: 0 }]);
  });
});
