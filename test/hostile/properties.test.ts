/**
 * Good archives, split, merged, wrapped, packed, doubled, reordered and damaged in every way: nothing is lost, nothing is invented, each
 * loss is in the ledger, and the order of import changes nothing.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMPTY_SELECTION } from '../../src/shared/plan.ts';
import { events, historyCsv, type Json, members, SHAPES, type Shape, tar, zip } from '../fuzz/support/evidence.ts';
import { Random } from '../fuzz/support/seeds.ts';
import { windowedImport } from '../fuzz/support/windowed.ts';
import { Profile } from '../unit/engine/store/support.ts';
import { runImport } from '../unit/main/import/run-import.ts';
import { checkWhole, importAll, importFrom, newCase } from './kills/support.ts';

const POOL = events(new Random(21), 60);
const shapes = Object.keys(SHAPES) as Shape[];
const idOf = (record: Json): string => String(record.eventID);
const sorted = (list: readonly string[]): string[] => [...list].sort();

const PACKINGS = {
  plain: (bytes: Buffer) => ({ bytes, suffix: '' }),
  gzip: (bytes: Buffer) => ({ bytes: gzipSync(bytes), suffix: '' }),
  'gzip of several members': (bytes: Buffer) => ({ bytes: members(new Random(bytes.length), bytes), suffix: '' }),
  zip: (bytes: Buffer) => ({ bytes: zip([{ name: 'a/b.json', bytes }]), suffix: '!a/b.json' }),
  'gzip in a stored zip': (bytes: Buffer) => ({ bytes: zip([{ name: 'c.json.gz', bytes: gzipSync(bytes) }], 0), suffix: '!c.json.gz' }),
  tar: (bytes: Buffer) => ({ bytes: tar([{ name: 'AWSLogs/x.json', bytes }]), suffix: '!AWSLogs/x.json' }),
  'tar.gz': (bytes: Buffer) => ({ bytes: gzipSync(tar([{ name: 'x.json', bytes }])), suffix: '!x.json' }),
} satisfies Record<string, (bytes: Buffer) => { bytes: Buffer; suffix: string }>;
type Packing = keyof typeof PACKINGS;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trailcase-properties-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;

interface Archive {
  /** Records by their numbers in the pool; some stand in several files. */
  files: { records: number[]; shape: Shape; packing: Packing }[];
  /** Names that put the files into two orders. */
  orders: [number[], number[]];
  /** Files that lie there twice. */
  doubled: number[];
}

const archive: fc.Arbitrary<Archive> = fc
  .array(
    fc.record({
      records: fc.uniqueArray(fc.nat(POOL.length - 1), { minLength: 1, maxLength: 7 }),
      shape: fc.constantFrom(...shapes),
      packing: fc.constantFrom<Packing>(...(Object.keys(PACKINGS) as Packing[])),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .chain((files) => {
    const order = fc.shuffledSubarray(
      files.map((_, i) => i),
      { minLength: files.length },
    );
    return fc.record({
      files: fc.constant(files),
      orders: fc.tuple(order, order),
      doubled: fc.subarray(
        files.map((_, i) => i),
        { maxLength: Math.min(2, files.length) },
      ),
    });
  });

/** The archive on disk, with names that put its files into this order. */
function lay({ files, doubled }: Archive, order: number[]): string {
  const place = mkdtempSync(join(folder, 'archive-'));
  for (const [rank, i] of order.entries()) {
    const { records, shape, packing } = files[i];
    const { bytes } = PACKINGS[packing](Buffer.from(SHAPES[shape](records.map((n) => POOL[n]))));
    writeFileSync(join(place, `${rank}-file`), bytes);
    if (doubled.includes(i)) writeFileSync(join(place, `${String.fromCharCode(97 + ((rank * 7) % 26))}-copy-${rank}`), bytes);
  }
  return place;
}

/** What an import of the folder gives, as far as it may not depend on names and order. */
async function whatIsIn(place: string) {
  const profile = new Profile();
  const { mortal, id } = await newCase(profile);
  importFrom(profile, place);
  expect((await importAll(mortal)).run.status).toBe('done');
  const ledger = await checkWhole(profile, id, mortal, { sharesEvents: true });
  const summary = await mortal.core.batchEvents();
  const { refs, keys } = await mortal.core.refs(EMPTY_SELECTION, false, 0, 1000);
  const texts = await mortal.window.store.readRecords(refs);
  const { answers } = await mortal.core.run({
    view: 'facets',
    selection: EMPTY_SELECTION,
    asks: [
      { ask: 'facet', column: 'eventName', limit: 100 },
      { ask: 'facet', column: 'principal', limit: 100 },
      { ask: 'facet', column: 'awsRegion', limit: 100 },
    ],
  });
  await mortal.window.close();
  return {
    ledger,
    summary,
    // The copy that is shown, by its own text.
    shown: keys.map((key, i) => [key, texts[i].sha256]),
    facets: answers.map((a) => ('values' in a ? a.values : null)),
  };
}

describe('a good archive', () => {
  it('loses nothing and gains nothing, however it is split, wrapped, packed, doubled and ordered', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(archive, async (drawn) => {
        const first = await whatIsIn(lay(drawn, drawn.orders[0]));
        const placed = drawn.files.flatMap((f) => f.records);
        const ids = sorted([...new Set(placed.map((n) => idOf(POOL[n])))]);
        expect(first.summary).toMatchObject({ unique: ids.length, events: ids.length, withoutId: 0, conflicts: 0, unreadableRecords: 0 });
        expect(first.summary.idsSha256).toBe(createHash('sha256').update(ids.join('\n')).digest('hex'));
        // Files of the same bytes are read once, and count as often as they lie there.
        const copies = drawn.files.flatMap((f, i) => (drawn.doubled.includes(i) ? [f, f] : [f]));
        expect(first.summary.records).toBe(copies.reduce((sum, f) => sum + f.records.length, 0));
        expect(first.summary.duplicates).toBe(first.summary.records - ids.length);
        expect(first.ledger.map((r) => r.status).filter((s) => s !== 'imported' && s !== 'repeated')).toEqual([]);
        expect(sorted(first.ledger.map((r) => String(r.records)))).toEqual(sorted(copies.map((f) => String(f.records.length))));
        const second = await whatIsIn(lay(drawn, drawn.orders[1]));
        expect({ ...second, ledger: null }).toEqual({ ...first, ledger: null });
        const contents = (rows: typeof first.ledger) => sorted(rows.map((r) => `${r.sha256} ${r.status} ${r.records} ${r.kind}`));
        expect(contents(second.ledger)).toEqual(contents(first.ledger));
      }),
      { numRuns: 40 },
    );
  });

  it('is read the same in windows as whole, in every shape', { timeout: 120_000 }, async () => {
    const windowed = await windowedImport();
    const paths = shapes.map((shape) => {
      const path = join(folder, `shape-${made++}`);
      writeFileSync(path, SHAPES[shape](POOL.slice(0, 25)));
      return path;
    });
    for (const run of [runImport, windowed]) {
      const imported = await run(paths);
      for (const [i, path] of paths.entries()) {
        expect([shapes[i], imported.file(path).status, imported.file(path).records]).toEqual([shapes[i], 'imported', 25]);
        expect(sorted(imported.rows.filter((r) => r.path === path).map((r) => r.id ?? ''))).toEqual(sorted(POOL.slice(0, 25).map(idOf)));
      }
    }
  });

  it('shows a whole record before a poorer one of the same event, in any order', async () => {
    const [a, b] = [mkdtempSync(join(folder, 'rich-')), mkdtempSync(join(folder, 'rich-'))];
    const some = POOL.slice(0, 10);
    for (const [place, names] of [
      [a, ['1', '2']],
      [b, ['2', '1']],
    ] as const) {
      writeFileSync(join(place, names[0]), historyCsv(some));
      writeFileSync(join(place, names[1]), SHAPES.records(some));
    }
    const [first, second] = [await whatIsIn(a), await whatIsIn(b)];
    expect(first.summary).toMatchObject({ unique: 10, records: 20, duplicates: 10, conflicts: 0 });
    expect(first.shown.map(([, hash]) => hash).sort()).toEqual(
      some.map((r) => createHash('sha256').update(JSON.stringify(r)).digest('hex')).sort(),
    );
    expect(second.shown).toEqual(first.shown);
  });
});

/** Texts in which every record has a place of its own to be damaged in. */
const damagedShapes = [...shapes.map((shape) => [shape, SHAPES[shape]] as const), ['Event history CSV', historyCsv] as const];
const damage = fc.record({
  records: fc.uniqueArray(fc.nat(POOL.length - 1), { minLength: 2, maxLength: 8 }),
  victim: fc.nat(),
  offset: fc.nat(30),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 6 }),
    fc.constantFrom('"', '}', '{', '[', ']', '\n', '\\', '\0', '","', '}}', '"}', '"},{', '\n{', ',{').map((text) => Buffer.from(text)),
  ),
  insert: fc.boolean(),
});

describe('a damaged archive', () => {
  it.each(damagedShapes)('%s: bytes changed inside one record cost that record alone', { timeout: 240_000 }, async (_, wrap) => {
    const drawn = fc.sample(damage, { numRuns: 120 });
    const cases = drawn.map((d) => {
      const records = d.records.map((n) => POOL[n]);
      const victim = records[d.victim % records.length];
      const text = Buffer.from(wrap(records));
      const at = text.lastIndexOf(idOf(victim)) + d.offset;
      const bytes = Buffer.concat([text.subarray(0, at), d.bytes, text.subarray(at + (d.insert ? 0 : d.bytes.length))]);
      const path = join(folder, `damaged-${made++}`);
      writeFileSync(path, bytes);
      return { path, others: records.filter((r) => r !== victim).map(idOf), victim: idOf(victim), drawn: d };
    });
    const imported = await runImport(cases.map((c) => c.path));
    for (const { path, others, victim, drawn: d } of cases) {
      const file = imported.file(path);
      if (file.status === 'repeated') continue;
      const found = imported.rows.filter((r) => r.path === path).map((r) => r.id ?? '');
      const why = JSON.stringify({ ...d, bytes: Buffer.from(d.bytes).toString('latin1'), path, status: file.status, reason: file.reason });
      expect({ lost: others.filter((id) => !found.includes(id)), why }).toEqual({ lost: [], why });
      // At most the damaged one is there besides, under whatever its ID has become (broken in two, it may give two pieces).
      expect(found.length).toBeLessThanOrEqual(others.length + 2);
      if (found.length === others.length) expect([file.status, file.unreadableRecords > 0, why]).toEqual(['partial', true, why]);
      expect(victim).toBeTruthy();
    }
  });

  it('cut off anywhere, packed or not, it gives what is whole and says that it was cut', { timeout: 240_000 }, async () => {
    const cut = fc.record({
      records: fc.uniqueArray(fc.nat(POOL.length - 1), { minLength: 2, maxLength: 8 }),
      shape: fc.constantFrom(...shapes),
      packed: fc.boolean(),
      part: fc.double({ min: 0.02, max: 0.98, noNaN: true }),
    });
    const cases = fc.sample(cut, { numRuns: 600 }).map((d) => {
      const records = d.records.map((n) => POOL[n]);
      const text = Buffer.from(SHAPES[d.shape](records));
      const whole = d.packed ? gzipSync(text) : text;
      const bytes = whole.subarray(0, Math.floor(whole.length * d.part));
      const path = join(folder, `cut-${made++}`);
      writeFileSync(path, bytes);
      return { path, ids: records.map(idOf), drawn: d };
    });
    const imported = await runImport(cases.map((c) => c.path));
    for (const { path, ids, drawn: d } of cases) {
      const file = imported.file(path);
      if (file.status === 'repeated') continue;
      const found = imported.rows.filter((r) => r.path === path).map((r) => r.id ?? '');
      const why = JSON.stringify({ ...d, path, status: file.status, reason: file.reason, found: found.length });
      // Nothing is invented, and what is there came in order.
      expect([ids.slice(0, found.length), why]).toEqual([found, why]);
      if (found.length < ids.length && !endsBetweenRecords(d.shape))
        expect([file.status === 'partial' || file.status === 'rejected', why]).toEqual([true, why]);
      if (file.status !== 'imported') expect(file.reason).toBeTruthy();
    }
  });
});

/** Of lines and documents one after another, a cut between two of them leaves no trace in plain text. */
const endsBetweenRecords = (shape: Shape): boolean =>
  [
    'lines',
    'lines, CRLF, no last one',
    'one after another',
    'EventBridge',
    'EventBridge by SNS',
    'Logstash lines',
    'CloudWatch export',
    'lines of records',
    'concatenated',
    'lookup-events, pages',
  ].includes(shape);
