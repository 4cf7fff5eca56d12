/** Generated evidence is reproducible, whatever the number of threads, and has the mix of real trails. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { generateBulk } from '../../../scripts/generate/bulk.mjs';
import { Random, weighted } from '../../../scripts/generate/random.mjs';

const folder = mkdtempSync(join(tmpdir(), 'trailcase-generate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const files = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
const digest = (root: string): string => {
  const hash = createHash('sha256');
  for (const file of files(root)) hash.update(file.slice(root.length)).update(gunzipSync(readFileSync(file)));
  return hash.digest('hex');
};

describe('the generator', () => {
  it('makes the same evidence with one thread and with three', async () => {
    const one = join(folder, 'one');
    const three = join(folder, 'three');
    const totals = await generateBulk({ out: one, events: 5_000, perFile: 300, seed: 9, threads: 1 });
    expect(await generateBulk({ out: three, events: 5_000, perFile: 300, seed: 9, threads: 3 })).toEqual(totals);
    expect(totals).toMatchObject({ files: 17, events: 5_000 });
    expect(digest(three)).toBe(digest(one));
  });

  it('makes other evidence from another seed, with distinct eventIDs and about 1.3 kB a record', async () => {
    const out = join(folder, 'other');
    const totals = await generateBulk({ out, events: 5_000, perFile: 300, seed: 10, threads: 2 });
    expect(digest(out)).not.toBe(digest(join(folder, 'one')));
    const records = files(out).flatMap((file) => JSON.parse(gunzipSync(readFileSync(file)).toString()).Records);
    expect(new Set(records.map((r) => r.eventID)).size).toBe(5_000);
    expect(totals.jsonBytes / totals.events).toBeGreaterThan(1_000);
    expect(totals.jsonBytes / totals.events).toBeLessThan(1_700);
    const types = new Set(records.map((r) => r.userIdentity.type));
    for (const type of ['AssumedRole', 'IAMUser', 'AWSService']) expect(types).toContain(type);
    const errors = records.filter((r) => r.errorCode).length;
    expect(errors).toBeGreaterThan(50);
    expect(errors).toBeLessThan(500);
  });
});

describe('seeded randomness', () => {
  it('gives the same numbers for ever', () => {
    const random = new Random(1, 2, 3);
    expect([random.u32(), random.below(10), random.hex(8), random.uuid()]).toMatchInlineSnapshot(`
      [
        92551270,
        2,
        "01712f7d",
        "d37ea3b9-198c-4566-ae87-c14e2c6fdb3f",
      ]
    `);
  });

  it('draws by weight', () => {
    const random = new Random(4);
    const draw = weighted([
      { weight: 90, item: 'often' },
      { weight: 10, item: 'seldom' },
      { weight: 0, item: 'never' },
    ]);
    const counts: Record<string, number> = { often: 0, seldom: 0, never: 0 };
    for (let i = 0; i < 10_000; i++) counts[draw(random)]++;
    expect(counts.never).toBe(0);
    expect(Math.abs(counts.often - 9_000)).toBeLessThan(300);
  });
});
