/** Whole files of every shape and container, spoilt in every way, through the import: rows, sums and bytes must agree. */
import { gzipSync } from 'node:zlib';
import { describe, it } from 'vitest';
import { aggregated, event, events, historyCsv, insight, type Json, members, SHAPES, type Shape, tar, zip } from './support/evidence.ts';
import { fuzzFiles } from './support/files.ts';
import { mutate } from './support/mutate.ts';
import { Random } from './support/seeds.ts';

const seed = new Random(3);
const few = (random: Random): Json[] => {
  const list = events(random, random.between(1, 5));
  if (random.chance(15)) list.splice(random.below(list.length), 0, insight(random));
  if (random.chance(15)) list.splice(random.below(list.length), 0, aggregated(random));
  return list;
};
const POOL = Array.from({ length: 60 }, () => few(seed));
const shaped = (shape: Shape) =>
  POOL.map((list) => Buffer.from(SHAPES[shape](list.filter((r) => r.eventCategory === undefined || 'eventTime' in r))));
const pools = Object.fromEntries((Object.keys(SHAPES) as Shape[]).map((shape) => [shape, shaped(shape)])) as Record<Shape, Buffer[]>;
const everything = Object.values(pools).flat();
const csv = POOL.map((list) => Buffer.from(historyCsv(list)));

describe('fuzz of files', { timeout: 240_000 }, () => {
  it.each(Object.keys(SHAPES) as Shape[])('%s', async (shape) => {
    await fuzzFiles({
      reader: shape,
      count: 600,
      make: (random) => mutate(random, random.pick(pools[shape]), random.pick(everything), 'text'),
    });
  });

  it('Event history CSV', async () => {
    await fuzzFiles({ reader: 'csv', count: 600, make: (random) => mutate(random, random.pick(csv), random.pick(csv), 'text') });
  });

  it('any bytes', async () => {
    await fuzzFiles({
      reader: 'any bytes',
      count: 600,
      make: (random) => {
        const noise = Buffer.from(Array.from({ length: random.skewed(600) }, () => random.below(random.chance(50) ? 128 : 256)));
        return random.chance(50) ? noise : mutate(random, Buffer.concat([noise, random.pick(everything)]), noise, 'binary');
      },
    });
  });

  it('gzip', async () => {
    const packed = everything.slice(0, 300).map((bytes, i) => (i % 3 === 0 ? members(seed, bytes) : gzipSync(bytes)));
    await fuzzFiles({ reader: 'gzip', count: 1200, make: (random) => mutate(random, random.pick(packed), random.pick(packed), 'binary') });
  });

  it('zip', async () => {
    const zips = Array.from({ length: 40 }, (_, i) => {
      const named = Array.from({ length: seed.between(1, 4) }, (_, n) => {
        const bytes = seed.pick(everything);
        return { name: `AWSLogs/${n}.json${n % 2 ? '.gz' : ''}`, bytes: n % 2 ? gzipSync(bytes) : bytes };
      });
      return zip(named, i % 2 === 0 ? 0 : 6);
    });
    await fuzzFiles({ reader: 'zip', count: 1500, make: (random) => mutate(random, random.pick(zips), random.pick(zips), 'binary') });
  });

  it('tar', async () => {
    const tars = Array.from({ length: 40 }, (_, i) => {
      const named = Array.from({ length: seed.between(1, 4) }, (_, n) => ({ name: `AWSLogs/${n}.json`, bytes: seed.pick(everything) }));
      return i % 2 === 0 ? tar(named) : gzipSync(tar(named));
    });
    await fuzzFiles({ reader: 'tar', count: 1000, make: (random) => mutate(random, random.pick(tars), random.pick(tars), 'binary') });
  });

  it('values of records', async () => {
    await fuzzFiles({
      reader: 'values of records',
      count: 1500,
      make: (random) => Buffer.from(JSON.stringify({ Records: Array.from({ length: 3 }, () => strange(random, event(random))) })),
    });
  });
});

const ODD: unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  'null',
  ' ',
  '\ud800',
  '\0',
  [],
  {},
  [null],
  [[[]]],
  { a: { b: [1] } },
  'x'.repeat(9000),
  '2026-13-40T99:99:99Z',
  'Jan 22, 2021 12:46:28 AM',
];

/** Somewhere in the record something else than CloudTrail writes there. */
function strange(random: Random, record: Json): Json {
  for (let n = random.between(1, 4); n > 0; n--) {
    let at: Json = record;
    for (;;) {
      const keys = Object.keys(at);
      if (keys.length === 0) break;
      const key = random.pick(keys);
      const inner = at[key];
      if (typeof inner === 'object' && inner !== null && !Array.isArray(inner) && random.chance(60)) {
        at = inner as Json;
        continue;
      }
      if (random.chance(10)) delete at[key];
      else at[key] = random.pick(ODD);
      break;
    }
  }
  return record;
}
