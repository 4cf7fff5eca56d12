/** The shared vectors and the one real digest, each against what is known of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { TestFile } from './chain-maker.ts';
import { check, counts, given, rowOf } from './chain-maker.ts';

const FIXTURES = '../shared/fixtures';
const VECTORS = join(FIXTURES, 'digest-vectors-synthetic');
const REAL = join(FIXTURES, 'stevezieglerva-cloudtrail-log-analytics');

function load(folder: string): TestFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && /\.json(\.gz)?$/.test(e.name) && e.name !== 'expected.json')
    .map((e): TestFile => {
      const path = join(e.parentPath, e.name);
      const bytes = readFileSync(path);
      const text = (e.name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
      const kind = e.name.includes('-Digest_') ? 'digest' : /^(head-object|list-public)/.test(e.name) ? 'log-sidecar' : 'records';
      return { path: relative(folder, path), text, kind };
    });
}

const there = existsSync(VECTORS);
if (!there) console.log('skipped: the shared fixtures are not here');

describe.skipIf(!there)('the shared vectors', () => {
  const expected = there ? JSON.parse(readFileSync(join(VECTORS, 'expected.json'), 'utf8')) : {};
  const EXPECTED = {
    valid: ['signed', 'matchSigned'],
    "INVALID: hash value doesn't match": ['mismatch'],
    'INVALID: not found': ['missing'],
  } as Record<string, string[]>;

  test('every digest and log has the expected verdict', async () => {
    const report = await check(load(VECTORS), []);
    for (const [key, verdict] of Object.entries<string>({ ...expected.digests, ...expected.logs })) {
      expect([key, rowOf(report, key).verdict]).toEqual([key, expect.stringMatching(`^(${EXPECTED[verdict].join('|')})$`)]);
    }
    expect(report.digests.signed).toBe(expected.summary.digests_valid);
    expect(report.logs.matchSigned).toBe(expected.summary.logs_valid);
    expect(report.logs.mismatch + report.logs.missing).toBe(expected.summary.logs_invalid);
    expect(report.keysFrom).toBe('evidence');
  });

  test('with the keys given they count as given', async () => {
    const keys = JSON.parse(readFileSync(join(VECTORS, 'list-public-keys.json'), 'utf8'));
    expect((await check(load(VECTORS), [given(keys)])).keysFrom).toBe('given');
  });

  test('without keys and sidecars the hashes still link the chain', async () => {
    const files = load(VECTORS).filter((f) => f.kind !== 'log-sidecar');
    expect(counts((await check(files, [])).digests)).toEqual({ hashLinked: 2, unverified: 1 });
  });
});

describe.skipIf(!existsSync(REAL))('the one real digest', () => {
  test('is read, is not verified, and names what is missing', async () => {
    const report = await check(
      load(REAL).filter((f) => f.path.includes('_CloudTrail')),
      [],
    );
    expect(report.digests).toMatchObject({ signed: 0, invalid: 0, unverified: 2, missing: 1 });
    expect(report.chains).toMatchObject([
      { digests: 1, trail: 'cloudtrail-log-analytics-CloudTrail-1KU5PJNR4T9HG', homeRegion: 'us-east-1' },
    ]);
    expect(report.logs.missing).toBeGreaterThan(10);
  });
});
