/** The same spoilt files read piece by piece, as files of many gigabytes are: what is found is what reading them whole finds. */
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Imported, runImport } from '../unit/main/import/run-import.ts';
import { events, historyCsv, members, SHAPES, type Shape } from './support/evidence.ts';
import { fuzzFiles } from './support/files.ts';
import { mutate } from './support/mutate.ts';
import { Random } from './support/seeds.ts';
import { knobs, windowedImport } from './support/windowed.ts';

let windowed: typeof runImport;
beforeAll(async () => {
  windowed = await windowedImport();
});

const seed = new Random(4);
const POOL = Array.from({ length: 40 }, () => events(seed, seed.between(2, 9)));
const texts = [
  ...(Object.keys(SHAPES) as Shape[]).flatMap((shape) => POOL.map((list) => Buffer.from(SHAPES[shape](list)))),
  ...POOL.map((list) => Buffer.from(historyCsv(list))),
];

describe('fuzz of files in windows', { timeout: 240_000 }, () => {
  it.each([64, 300, 2000])('text, %i bytes at a time', async (window) => {
    knobs.window = window;
    await fuzzFiles({
      reader: `text in windows of ${window}`,
      count: 450,
      run: windowed,
      make: (random) => mutate(random, random.pick(texts), random.pick(texts), 'text'),
    });
  });

  it('gzip', async () => {
    knobs.window = 500;
    const packed = texts.map((bytes, i) => (i % 3 === 0 ? members(seed, bytes) : gzipSync(bytes)));
    await fuzzFiles({
      reader: 'gzip in windows',
      count: 450,
      run: windowed,
      make: (random) => mutate(random, random.pick(packed), random.pick(packed), 'binary'),
    });
  });

  it('records longer than a record may be', async () => {
    knobs.window = 1500;
    // More than what is kept of broken text while its end is looked for (4 kB).
    knobs.maxRecord = 6000;
    const long = Array.from({ length: 60 }, () => {
      const list = events(seed, seed.between(2, 6)).map((r) =>
        seed.chance(40) ? { ...r, userAgent: 'a"{,'.repeat(seed.below(4000)) } : r,
      );
      return Buffer.from(SHAPES[seed.pick(['records', 'array', 'lines', 'lines of records', 'records, indented'] as const)](list));
    });
    await fuzzFiles({
      reader: 'records too long',
      count: 450,
      run: windowed,
      make: (random) => (random.chance(30) ? random.pick(long) : mutate(random, random.pick(long), random.pick(long), 'text')),
    });
    knobs.maxRecord = 16 * 1024 * 1024;
  });

  it('whole and in windows, the same', async () => {
    const found = new Map<string, unknown>();
    const facts = (imported: Imported, path: string): unknown => {
      const { status, kind, records, aggregatedRecords, unreadableRecords, firstTime, lastTime, sha256, sha256Unpacked } =
        imported.file(path);
      const rows = imported.rows
        .filter((r) => r.path === path)
        .map((r) => [r.recordNumber, r.id, r.hash, r.time, r.richness, r.values, r.resources]);
      return [
        { status, kind, records, aggregatedRecords, unreadableRecords, firstTime, lastTime, sha256 },
        // A large file that is none that is read is not unpacked to its end.
        status === 'rejected' || status === 'repeated' ? null : sha256Unpacked,
        rows,
      ];
    };
    const run: typeof runImport = async (paths, options) => {
      const whole = await runImport(paths, options);
      knobs.window = 250;
      for (const path of paths as string[]) found.set(path, facts(whole, path));
      return windowed(paths, options);
    };
    await fuzzFiles({
      reader: 'whole and in windows',
      count: 800,
      run,
      make: (random) => {
        const text = random.chance(20) ? random.pick(texts) : mutate(random, random.pick(texts), random.pick(texts), 'text');
        return random.chance(30) ? gzipSync(text) : text;
      },
      also: (_, { path, imported }) => expect(facts(imported, path)).toEqual(found.get(path)),
    });
  });
});
