/** A case that an earlier version stored: its later columns are made from its own originals when it is opened. */
import { afterEach, expect, it } from 'vitest';
import { QueryCore } from '../../../../src/engine/query/query-core.ts';
import { DICT_COLUMN_IDS } from '../../../../src/shared/columns.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { type BuiltCommit, commitOf, frames, GRANT, Profile, type TestFile, type TestWindow } from './support.ts';

const windows: TestWindow[] = [];
afterEach(async () => {
  for (const w of windows.splice(0)) await w.close();
});

const issue = (n: number): string =>
  JSON.stringify({
    eventVersion: '1.08',
    eventID: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    eventTime: '2026-03-02T09:00:00Z',
    eventName: 'AssumeRole',
    eventSource: 'sts.amazonaws.com',
    responseElements: { credentials: { accessKeyId: `ASIAEXAMPLE${n}` } },
  });
const file = (path: string, ...numbers: number[]): TestFile => ({ path, gzip: true, records: numbers.map(issue) });

/** The layout as version 1 wrote it. */
function older(commit: BuiltCommit): BuiltCommit {
  const { segment } = commit.header;
  if (!segment) return commit;
  const dict = { ...segment.dict } as Partial<typeof segment.dict>;
  const dictionaries = { ...segment.dictionaries } as Partial<typeof segment.dictionaries>;
  for (const id of DICT_COLUMN_IDS.slice(DICT_COLUMN_IDS.indexOf('vpcEndpointId') + 1)) {
    delete dict[id];
    delete dictionaries[id];
  }
  const layout = { ...segment, version: 1, dict: dict as typeof segment.dict, dictionaries: dictionaries as typeof segment.dictionaries };
  return { ...commit, header: { ...commit.header, segment: layout } };
}

async function windowOf(profile: Profile) {
  const core = new QueryCore();
  const window = await profile.window({}, (port) => core.start({ storePort: port }));
  windows.push(window);
  return { window, store: window.store, core };
}

async function keys(core: QueryCore): Promise<[number, (string | null)[]]> {
  const { answers } = await core.run({
    view: 'test',
    selection: EMPTY_SELECTION,
    asks: [{ ask: 'count' }, { ask: 'facet', column: 'issuedKey', limit: 20 }],
  });
  return [answers[0].events, answers[1].values.map((v) => v.value).sort()];
}

it('has the later columns once opened, stays so, and keeps what cannot be read as it was', async () => {
  const profile = new Profile();
  const { store, core, window } = await windowOf(profile);
  const info = await store.createCase('Older');
  await store.openCase(info.id);
  profile.host.importing = (request) => {
    const damaged = commitOf([file('c.gz', 5)], request.importId);
    new Uint8Array(damaged.buffers[1]).fill(0);
    return frames([
      older(commitOf([file('a.gz', 1, 2), file('b.gz', 3)], request.importId)),
      older(damaged),
      commitOf([file('d.gz', 4)], request.importId),
    ]);
  };
  await store.importGrants(GRANT, () => undefined);
  expect(await keys(core)).toEqual([5, [null]]);
  await window.close();
  windows.length = 0;

  const second = await windowOf(profile);
  const unpacksBefore = profile.host.unpacks;
  await second.store.openCase(info.id);
  expect(await keys(second.core)).toEqual([5, ['ASIAEXAMPLE1', 'ASIAEXAMPLE2', 'ASIAEXAMPLE3', null]]);
  expect(profile.host.unpacks - unpacksBefore).toBe(3);

  // Opened once more: only the damaged commit is tried again.
  await second.store.openCase(info.id);
  expect(await keys(second.core)).toEqual([5, ['ASIAEXAMPLE1', 'ASIAEXAMPLE2', 'ASIAEXAMPLE3', null]]);
  expect(profile.host.unpacks - unpacksBefore).toBe(4);
});
