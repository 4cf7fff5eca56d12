/** Copies whose texts differ though no column contradicts: compared behind everything else, in records that were really read. */
import { afterEach, describe, expect, it } from 'vitest';
import { SegmentBuilder } from '../../../../src/engine/ingest/builder.ts';
import { FileParser } from '../../../../src/engine/ingest/parse-file.ts';
import { QueryCore } from '../../../../src/engine/query/query-core.ts';
import type { ImportId } from '../../../../src/shared/brand.ts';
import type { ConflictList } from '../../../../src/shared/engine.ts';
import { type BuiltCommit, bytesOf, commitOf, frames, GRANT, Profile, type TestWindow } from './support.ts';

const windows: TestWindow[] = [];
afterEach(async () => {
  for (const w of windows.splice(0)) await w.close();
});

const ids = Array.from({ length: 13 }, (_, i) => `${i.toString(16).padStart(8, '0')}-1111-4111-8111-111111111111`);
const record = (n: number): Record<string, unknown> => ({
  eventVersion: '1.08',
  userIdentity: {
    type: 'IAMUser',
    principalId: 'AIDAX',
    arn: 'arn:aws:iam::111122223333:user/bert',
    accountId: '111122223333',
    userName: 'bert',
  },
  eventTime: `2026-03-02T09:00:${String(n).padStart(2, '0')}Z`,
  eventSource: 'ec2.amazonaws.com',
  eventName: 'RunInstances',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '192.0.2.1',
  userAgent: 'aws-cli/2.15',
  requestParameters: { maxCount: n, image: { size: 10 } },
  responseElements: null,
  eventID: ids[n],
});
type Change = (r: Record<string, unknown>, n: number) => Record<string, unknown>;

/** A commit as the import makes it: real columns and hashes over the records' own text. */
function fileOf(path: string, change: Change, importId: ImportId, indent = 0): BuiltCommit {
  const records = ids.map((_, n) => JSON.stringify(change(record(n), n), null, indent));
  const built = commitOf([{ path, records }], importId);
  const target = { segment: new SegmentBuilder(), problems: [], aggregated: [], file: 0, block: 0 };
  const bytes = Buffer.from(bytesOf({ path, records }));
  const parser = new FileParser(target);
  parser.feed(bytes, 0, true);
  const segment = target.segment.finish();
  if (!segment || parser.records !== ids.length) throw new Error('the file was not read');
  return { header: { ...built.header, segment: segment.layout }, buffers: [segment.buffer, built.buffers[1]] };
}

const FILES: Record<string, [Change, number?]> = {
  trail: [(r) => r],
  same: [(r) => r],
  indented: [(r) => r, 2],
  poorer: [({ responseElements: _, userAgent: __, ...r }) => ({ ...r, eventVersion: '1.05' })],
  request: [(r, n) => (n === 4 ? { ...r, requestParameters: { maxCount: n, image: { size: 99 } } } : r)],
  alike: [(r, n) => (n === 4 ? { ...r, requestParameters: { maxCount: n, image: { size: 99 } } } : r), 1],
  other: [(r, n) => (n === 4 ? { ...r, requestParameters: { maxCount: n, image: { size: 1 } } } : r)],
  agent: [(r) => ({ ...r, userAgent: 'curl/8' })],
  person: [(r) => ({ ...r, userIdentity: { ...(r.userIdentity as object), userName: 'mallory' } })],
};

async function conflictsOf(
  ...names: string[]
): Promise<{ list: ConflictList; events: number; caseEvents: number; reopened: ConflictList }> {
  const profile = new Profile();
  const core = new QueryCore();
  const w = await profile.window({}, (port) => core.start({ storePort: port }));
  windows.push(w);
  const info = await w.store.createCase('Copies');
  await w.store.openCase(info.id);
  profile.host.importing = (request) =>
    frames(names.map((name) => fileOf(`${name}.json`, FILES[name][0], request.importId, FILES[name][1])));
  await w.store.importGrants(GRANT, () => undefined);
  await w.store.copiesCompared();
  const list = await core.conflicts(0, 100);
  const { events } = await core.batchEvents();
  const caseEvents = (await w.store.listCases())[0].events;
  await w.store.openCase(info.id);
  await w.store.copiesCompared();
  return { list, events, caseEvents, reopened: await core.conflicts(0, 100) };
}
const CHECKED = { state: 'checked', reason: null };

describe('copies of one event with different texts', () => {
  it('cost nothing and say nothing when two trails delivered the same records', async () => {
    const { list, events } = await conflictsOf('trail', 'same');
    expect(list).toEqual({ ids: 0, events: 0, rows: [], copies: { ...CHECKED, differing: 0, compared: 0 } });
    expect(events).toBe(13);
  });

  it('agree when only formatting, version or missing fields differ', async () => {
    const { list } = await conflictsOf('indented', 'trail', 'poorer');
    expect(list).toEqual({ ids: 0, events: 0, rows: [], copies: { ...CHECKED, differing: 13, compared: 13 } });
  });

  it('are kept apart when a field below the columns differs, and again when the case is opened', async () => {
    const { list, events, caseEvents, reopened } = await conflictsOf('trail', 'request');
    expect([list.ids, list.events, events, caseEvents]).toEqual([1, 2, 14, 14]);
    expect(list.rows[0]).toMatchObject({ eventID: ids[4], total: 2, differs: [] });
    expect(list.copies).toEqual({ ...CHECKED, differing: 1, compared: 1 });
    expect(reopened).toEqual(list);
  });

  it('are the same events whatever the order of import', async () => {
    const names = ['trail', 'request', 'alike', 'other', 'poorer', 'same'];
    const orders = [names, names.toReversed(), [...names.slice(3), ...names.slice(0, 3)]];
    const all = [];
    for (const order of orders) all.push((await conflictsOf(...order)).list);
    expect(all[0].rows.map((c) => [c.eventID, c.events.map((e) => e.copies)])).toEqual([[ids[4], expect.any(Array)]]);
    expect(all[0].rows[0].events.map((e) => e.copies).toSorted()).toEqual([1, 2, 3]);
    for (const list of all) expect(list).toEqual(all[0]);
  });

  it('are told apart by their columns at once', async () => {
    const agents = (await conflictsOf('trail', 'agent')).list;
    expect([agents.ids, agents.events]).toEqual([13, 26]);
    expect(agents.rows[0].differs).toEqual(['userAgent']);
    const names = (await conflictsOf('trail', 'person')).list;
    expect([names.ids, names.events]).toEqual([13, 26]);
    expect(names.rows[0].differs).toEqual(['userName']);
  });
});
