/** The same event out of several shapes is one event: the whole record is shown, every source is listed, and what contradicts stays apart. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimBytes } from '../../../../src/engine/ingest/claims.ts';
import { IngestCore } from '../../../../src/engine/ingest/ingest-core.ts';
import { CONTROL_FIELDS, type FromThread } from '../../../../src/engine/ingest/thread-types.ts';
import type { EventKey, ImportId } from '../../../../src/shared/brand.ts';
import type { EventDetails } from '../../../../src/shared/engine.ts';
import { HISTORY_HEADER, historyLine, lookupEntry, type Made, makeRecord, SHAPES } from '../../main/import/shape-maker.ts';
import { Bench } from './support.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'trailcase-grouping-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A case into which these files were imported, in this order. */
async function caseOf(files: Record<string, string>): Promise<Bench> {
  const bench = new Bench();
  const post = (message: FromThread): void => {
    if (message.type !== 'commit') return;
    const { header, segment, seqs } = message;
    bench.send({ type: 'attach', commit: { id: header.id, header }, segment, remap: null });
    bench.send({
      type: 'files',
      commitId: header.id,
      files: header.files.map((file, index) => ({ ...file, index, ledgerId: seqs[index] })),
    });
    void core.take({ type: 'ack', bytes: message.segment.byteLength + message.vault.byteLength });
  };
  const setup = {
    importId: 'test' as ImportId,
    appVersion: '0',
    threadId: 0,
    claims: new SharedArrayBuffer(claimBytes(1 << 12)),
    control: new SharedArrayBuffer(CONTROL_FIELDS * 4),
  };
  const core = new IngestCore(setup, post);
  const jobs = Object.entries(files).map(([name, text], seq) => {
    const path = join(dir, name);
    writeFileSync(path, text);
    const place = { inside: null, depth: 0, member: null, bytes: null, damage: null };
    return { seq, attempt: 0, shown: name, path, size: text.length, modified: null, ...place };
  });
  await core.take({ type: 'run', jobs, commitEvents: 500 });
  await core.take({ type: 'flush' });
  await bench.settle();
  return bench;
}

const eventOf = async (bench: Bench, record: Made): Promise<EventDetails> => {
  const found = await bench.core.event(`id:${record.eventID}` as EventKey);
  if (!found) throw new Error('the case does not hold the event');
  return found;
};
const one = (value: string | null | string[] | undefined): string | null => (Array.isArray(value) ? value.join() : (value ?? null));

describe('an event out of every shape', () => {
  const kinds = Object.entries(SHAPES);

  it.each([
    ['in this order', kinds],
    ['in the opposite one', kinds.toReversed()],
  ])('is one event with all its sources, the whole record shown: %s', async (_, shapes) => {
    const records = [makeRecord(), makeRecord({ errorCode: 'AccessDenied' }), makeRecord()];
    const files = Object.fromEntries(shapes.map(([name, shape]) => [name.replaceAll(/[^\w]/g, '-'), shape.make(records)]));
    const bench = await caseOf(files);
    const summary = await bench.core.batchEvents();
    expect(summary).toMatchObject({ records: shapes.length * 3, events: 3, unique: 3, conflicts: 0, duplicates: shapes.length * 3 - 3 });
    for (const record of records) {
      const event = await eventOf(bench, record);
      expect(event.copies).toHaveLength(shapes.length);
      expect(one(event.values.identity)).toBe('arn:aws:iam::111122223333:user/dana');
      expect(one(event.values.outcome)).toBe(record.errorCode ? 'denied' : 'success');
      expect(event.conflicts).toEqual([]);
    }
    bench.close();
  });

  it('a whole record with few fields is shown before a summary with many', async () => {
    const full = makeRecord();
    const { eventID, eventName, eventTime, eventSource, userIdentity } = full;
    const bench = await caseOf({
      'history.csv': `${HISTORY_HEADER}\n${historyLine(full)}\n`,
      'trail.json': JSON.stringify({ Records: [{ eventID, eventName, eventTime, eventSource, userIdentity }] }),
    });
    const event = await eventOf(bench, full);
    expect(event.copies.map((c) => [c.file.path, c.shown])).toEqual([
      ['trail.json', true],
      ['history.csv', false],
    ]);
    bench.close();
  });

  it('a summary alone is shown, and says nothing about its outcome', async () => {
    const full = makeRecord();
    const bench = await caseOf({ 'history.csv': `${HISTORY_HEADER}\n${historyLine(full)}\n` });
    const event = await eventOf(bench, full);
    expect(one(event.values.userName)).toBe('dana');
    expect(one(event.values.outcome)).toBeNull();
    bench.close();
  });
});

describe('what contradicts stays apart', () => {
  const cases: [string, (r: Made) => string][] = [
    ['another name in Event history', (r) => `${HISTORY_HEADER}\n${historyLine({ ...r, eventName: 'DeleteBucket' })}\n`],
    ['another second in Event history', (r) => `${HISTORY_HEADER}\n${historyLine({ ...r, eventTime: '2026-03-02T08:00:00Z' })}\n`],
    ['another address in Event history', (r) => `${HISTORY_HEADER}\n${historyLine({ ...r, sourceIPAddress: '198.51.100.7' })}\n`],
    [
      'another access key in a lookup entry',
      (r) => JSON.stringify({ Events: [lookupEntry(r, { CloudTrailEvent: undefined, AccessKeyId: 'AKIAOTHER' })] }),
    ],
    [
      'another name inside an EventBridge event',
      (r) => JSON.stringify({ source: 'aws.s3', 'detail-type': 'x', detail: { ...r, eventName: 'Other' } }),
    ],
  ];
  it.each(cases)('%s', async (_, other) => {
    const record = makeRecord();
    const bench = await caseOf({ 'trail.json': JSON.stringify({ Records: [record] }), other: other(record) });
    expect(await bench.core.batchEvents()).toMatchObject({ events: 2, unique: 1, conflicts: 1 });
    expect((await eventOf(bench, record)).conflicts).toHaveLength(1);
    bench.close();
  });

  it('milliseconds in one copy are none, two different ones are', async () => {
    const record = makeRecord({ eventTime: '2026-03-02T09:00:00Z' });
    const at = (eventTime: string): string => JSON.stringify({ Records: [{ ...record, eventTime }] });
    const same = await caseOf({ a: at('2026-03-02T09:00:00Z'), b: at('2026-03-02T09:00:00.123Z'), c: at('2026-03-02T11:00:00+02:00') });
    expect(await same.core.batchEvents()).toMatchObject({ events: 1, conflicts: 0 });
    same.close();
    const apart = await caseOf({ a: at('2026-03-02T09:00:00.122Z'), b: at('2026-03-02T09:00:00.123Z') });
    expect(await apart.core.batchEvents()).toMatchObject({ events: 2, conflicts: 1 });
    apart.close();
  });
});
