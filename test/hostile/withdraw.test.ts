/** A kill, or a full disk, at any write of a withdrawal: wholly in or wholly out, and ledger, events and journal say the same. */
import { IDBObjectStore as ObjectStore } from 'fake-indexeddb';
import { afterEach, describe, expect, it } from 'vitest';
import { replayJournal } from '../../src/engine/case/journal.ts';
import { QueryCore } from '../../src/engine/query/query-core.ts';
import { file, framesFor, GRANT, Profile, type TestWindow } from '../unit/engine/store/support.ts';

const windows: TestWindow[] = [];
afterEach(async () => {
  for (const w of windows.splice(0)) await w.close();
});

const A = file('a.json.gz', 1, 2, 3);
const FILES = [A, { ...A, path: 'copy.json.gz' }, file('b.json.gz', 4), file('c.json.gz', 5, 6)];

async function open(profile: Profile): Promise<{ window: TestWindow; core: QueryCore }> {
  const core = new QueryCore();
  const window = await profile.window({}, (port) => core.start({ storePort: port }));
  windows.push(window);
  return { window, core };
}

async function dyingAt<T>(write: number, work: () => Promise<T>): Promise<T | 'failed'> {
  let writes = 0;
  const { add, put } = ObjectStore.prototype;
  const dying = (original: typeof add): typeof add =>
    function (this: unknown, ...args) {
      if (++writes >= write) throw new DOMException('killed', 'QuotaExceededError');
      return original.apply(this as never, args);
    };
  ObjectStore.prototype.add = dying(add);
  ObjectStore.prototype.put = dying(put);
  try {
    return await work();
  } catch {
    return 'failed';
  } finally {
    ObjectStore.prototype.add = add;
    ObjectStore.prototype.put = put;
  }
}

describe('a kill while files are withdrawn', () => {
  it('leaves all of them withdrawn or none, in the window, in the case opened again, and in the journal', async () => {
    const outcomes = new Set<string>();
    for (let write = 1; write <= 8; write++) {
      for (const back of [false, true]) {
        const profile = new Profile();
        const { window, core } = await open(profile);
        const { id } = await window.store.createCase('Case');
        await window.store.openCase(id);
        profile.host.importing = (request) => framesFor(FILES, request, 1);
        await window.store.importGrants(GRANT, () => undefined);
        const chosen = (await window.store.ledger()).filter((r) => ['a.json.gz', 'b.json.gz'].includes(r.path)).map((r) => r.id);
        if (back) await window.store.withdrawFiles(chosen, 'Before');
        const outcome = await dyingAt(write, () =>
          back ? window.store.bringBackFiles(chosen) : window.store.withdrawFiles(chosen, 'Not ours'),
        );
        const look = async (w: TestWindow, c: QueryCore) => ({
          rows: (await w.store.ledger()).map((r) => [r.path, r.status, r.records, r.commits]).sort(),
          events: (await c.status()).events,
        });
        const shown = await look(window, core);
        const gone = shown.rows.filter(([, status]) => status === 'withdrawn').map(([path]) => path);
        expect([0, 2]).toContain(gone.length);
        // The copy holds what the withdrawn file held; only the other one's events go.
        expect(shown.events).toBe(gone.length === 2 ? 5 : 6);
        outcomes.add(`${back} ${gone.length} ${outcome === 'failed'}`);
        windows.splice(0);
        window.kill();

        const again = await open(profile);
        await again.window.store.openCase(id);
        expect(await look(again.window, again.core)).toEqual(shown);
        await again.window.store.audit('look', null); // sends what waits
        const state = replayJournal(await again.window.store.readJournal(id));
        expect(state.unreadable).toBe(0);
        expect(state.files.map((f) => [f.path, f.status]).sort()).toEqual(shown.rows.map(([path, status]) => [path, status]));
        // And it can be done, or undone, afterwards.
        await again.window.store.withdrawFiles(chosen, 'Again');
        await again.window.store.bringBackFiles(chosen);
        expect((await again.core.status()).events).toBe(6);
        await again.window.close();
        windows.splice(0);
      }
    }
    expect(outcomes.size).toBeGreaterThanOrEqual(4);
  });
});
