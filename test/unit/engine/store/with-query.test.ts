/** Store and query engine over a real port: what was imported is what is asked, before and after the case is opened again. */
import { afterEach, describe, expect, it } from 'vitest';
import { QueryCore } from '../../../../src/engine/query/query-core.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { commitOf, frames, GRANT, hex, Profile, record, stagesOf, type TestFile, type TestWindow } from './support.ts';

const NAMES = ['ListBuckets', 'GetCallerIdentity', 'AssumeRole', 'näïve', 'DeleteTrail'];
const named = (path: string, from: number, count: number): TestFile => ({
  path,
  gzip: true,
  records: Array.from({ length: count }, (_, i) => record(from + i, NAMES[(from + i) % NAMES.length])),
});

const windows: TestWindow[] = [];
afterEach(async () => {
  for (const w of windows.splice(0)) await w.close();
});

async function windowOf(profile: Profile): Promise<{ store: TestWindow['store']; core: QueryCore }> {
  const core = new QueryCore();
  const window = await profile.window({}, (port) => core.start({ storePort: port }));
  windows.push(window);
  return { store: window.store, core };
}

async function seen(core: QueryCore): Promise<unknown> {
  const { answers } = await core.run({
    view: 'test',
    selection: EMPTY_SELECTION,
    asks: [{ ask: 'count' }, { ask: 'facet', column: 'eventName', limit: 10 }, { ask: 'facet', column: 'file', limit: 50 }],
  });
  return [answers[0].events, answers[1].values, answers[2].values];
}

describe('store and query engine', () => {
  it('agree on every record during the import, after it, when opened again, and in a reading window', async () => {
    const profile = new Profile();
    const { store, core } = await windowOf(profile);
    const info = await store.createCase('Both');
    await store.openCase(info.id);
    const small = Array.from({ length: 12 }, (_, i) => named(`small-${i}.gz`, i * 7, 3));
    const large = named('large.gz', 1000, 11);
    profile.host.importing = (request) =>
      frames([
        ...small.map((f) => commitOf([f], request.importId)),
        ...stagesOf(large, request.importId, 4),
        ...stagesOf(named('unfinished.gz', 2000, 9), request.importId, 3).slice(0, 2),
      ]);
    await store.importGrants(GRANT, () => undefined);
    const before = await seen(core);
    expect(before).toMatchObject([12 * 3 + 11, expect.any(Array), expect.any(Array)]);
    expect(JSON.stringify(before)).toContain('näïve');
    expect(JSON.stringify(before)).not.toContain('unfinished');

    await store.openCase(info.id);
    expect(await seen(core)).toEqual(before);
    expect((await store.listCases())[0].events).toBe(47);

    const reader = await windowOf(profile);
    expect((await reader.store.openCase(info.id)).access).toBe('read');
    expect(await seen(reader.core)).toEqual(before);

    const { refs, keys } = await core.refs(EMPTY_SELECTION, false, 0, 100);
    const texts = await store.readRecords(refs);
    expect(texts.map((t) => t.text).sort()).toEqual([...small, large].flatMap((f) => f.records).sort());
    expect(texts[0].sha256).toBe(hex(texts[0].text));
    await store.setStars([keys[3]], true);
    expect((await core.event(keys[3]))?.starred).toBe(true);
    await store.openCase(info.id);
    expect((await core.event(keys[3]))?.starred).toBe(true);
  });
});
