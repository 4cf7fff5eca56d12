/**
 * Every fault that is to be told, as bytes on a disk: a good chain of our own is spoilt as people and thieves spoil it, goes through import,
 * store and check, and must get exactly the verdict that the fault deserves.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { integritySums } from '../../../../src/engine/integrity/index.ts';
import type { IntegrityReport } from '../../../../src/shared/integrity.ts';
import { tar, zip } from '../../../fuzz/support/evidence.ts';
import { importAll, importFrom, newCase } from '../../../hostile/kills/support.ts';
import { Profile } from '../store/support.ts';
import { asFile, Chain, counts, headObject, type MadeDigest, SigningKey, shared } from './chain-maker.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trailcase-faults-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A download of the bucket: paths and bytes. */
type Download = Map<string, Buffer>;

function downloadOf(chain: Chain): Download {
  const files: Download = new Map();
  for (const f of [...chain.logs, ...chain.digests.map(asFile)]) files.set(f.path, gzipSync(f.text));
  const sidecar = chain.sidecar();
  files.set(sidecar.path, Buffer.from(sidecar.text));
  return files;
}

async function checked(files: Download, keys: unknown = shared.list()): Promise<IntegrityReport> {
  const place = mkdtempSync(join(folder, 'download-'));
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), bytes);
  }
  const profile = new Profile();
  const { mortal } = await newCase(profile);
  importFrom(profile, place);
  expect((await importAll(mortal)).run.status).toBe('done');
  if (keys !== null) await mortal.window.store.addKeys('keys.json', JSON.stringify(keys));
  const sums = await mortal.window.store.integritySums();
  const report = await mortal.window.store.integrity();
  expect(sums).toEqual(integritySums(report));
  await mortal.window.close();
  return report;
}

const verdictOf = (report: IntegrityReport, path: string): string => {
  const rows = report.rows.filter(
    (r) => basename(r.path.replaceAll('!', '/')).replace(/\.gz$/, '') === basename(path).replace(/\.gz$/, ''),
  );
  return rows.map((r) => `${r.verdict}${r.detail === null ? '' : ` (${r.detail})`}`).join(', ');
};
const edited = (bytes: Buffer, from: string, to: string): Buffer => gzipSync(gunzipSync(bytes).toString().replace(from, to));

interface Fault {
  fault: string;
  spoil: (files: Download, chain: Chain, target: { log: string; digest: MadeDigest; newest: MadeDigest }) => void;
  keys?: unknown;
  /** The verdicts of the second hour's first log and of its digest. */
  log?: string;
  digest?: string;
  all?: (report: IntegrityReport) => void;
}

const FAULTS: Fault[] = [
  {
    fault: 'none: digest signed, log matches a signed digest',
    spoil: () => undefined,
    log: 'matchSigned',
    digest: 'signed',
    all: (r) => expect(r.keysFrom).toBe('given'),
  },
  {
    fault: 'no keys: hash-linked, log matches an unsigned one',
    spoil: () => undefined,
    keys: null,
    log: 'matchUnsigned',
    digest: 'hashLinked',
  },
  {
    fault: 'keys from among the evidence',
    spoil: (files) => files.set('list-public-keys.json', Buffer.from(JSON.stringify(shared.list()))),
    keys: null,
    log: 'matchSigned',
    digest: 'signed',
    all: (r) => expect(r.keysFrom).toBe('evidence'),
  },
  { fault: 'unknown key', spoil: () => undefined, keys: new SigningKey().list(), log: 'matchUnsigned', digest: 'hashLinked' },
  {
    fault: 'key outside its validity window',
    spoil: () => undefined,
    keys: shared.list('pkcs1', [0, 1000]),
    log: 'matchUnsigned (invalidDigest)',
    digest: 'invalid',
  },
  {
    fault: 'log changed',
    spoil: (files, _, t) => files.set(t.log, edited(files.get(t.log)!, 'ListBuckets', 'ListBucketz')),
    log: 'mismatch',
    digest: 'signed',
  },
  { fault: 'log missing', spoil: (files, _, t) => files.delete(t.log), log: 'missing', digest: 'signed' },
  {
    fault: 'digest reformatted',
    spoil: (files, _, t) =>
      files.set(t.digest.path, edited(files.get(t.digest.path)!, '"oldestEventTime":null', '"oldestEventTime": null')),
    log: 'matchSigned',
    digest: 'signed (reformatted)',
  },
  {
    fault: 'digest forged',
    spoil: (files, _, t) =>
      files.set(t.digest.path, edited(files.get(t.digest.path)!, '"newestEventTime":null', '"newestEventTime":"2024-05-01T10:30:00Z"')),
    digest: 'invalid',
  },
  {
    fault: 'digest missing',
    spoil: (files, _, t) => files.delete(t.digest.path),
    log: 'undigested',
    digest: 'missing',
    all: (r) => expect(r.gaps.map((g) => g.kind)).toEqual(['missing']),
  },
  {
    fault: 'metadata of the newest digest not there',
    spoil: (files) => files.delete('head-object.json'),
    digest: 'signed',
    all: (r) => expect(counts(r.digests)).toEqual({ signed: 3, unverified: 1 }),
  },
  {
    fault: 'metadata of the newest digest wrong',
    spoil: (files, _, t) => files.set('head-object.json', Buffer.from(JSON.stringify({ [t.newest.object]: headObject('ab'.repeat(256)) }))),
    digest: 'signed',
    all: (r) => expect(counts(r.digests)).toEqual({ signed: 3, invalid: 1 }),
  },
  {
    fault: 'zero bytes appended to a log',
    spoil: (files, _, t) => files.set(t.log, Buffer.concat([files.get(t.log)!, Buffer.alloc(16)])),
    log: 'mismatch (appended)',
    digest: 'signed',
  },
  {
    fault: 'a gzip member appended to a log',
    spoil: (files, _, t) => files.set(t.log, Buffer.concat([files.get(t.log)!, gzipSync('\n{"Records":[]}')])),
    log: 'mismatch (appended)',
    digest: 'signed',
  },
  {
    fault: 'log cut off',
    spoil: (files, _, t) => files.set(t.log, files.get(t.log)!.subarray(0, -12)),
    log: 'mismatch (damaged)',
    digest: 'signed',
  },
  {
    fault: 'log reformatted',
    spoil: (files, _, t) => files.set(t.log, gzipSync(JSON.stringify(JSON.parse(gunzipSync(files.get(t.log)!).toString()), null, 2))),
    log: 'mismatch (reformatted)',
    digest: 'signed',
  },
  {
    fault: 'everything gunzipped',
    spoil: (files) => {
      for (const [path, bytes] of [...files]) {
        if (!path.endsWith('.gz')) continue;
        files.delete(path);
        files.set(path.slice(0, -3), gunzipSync(bytes));
      }
    },
    log: 'matchSigned',
    digest: 'signed',
  },
  {
    fault: 'folders flattened',
    spoil: (files) => {
      for (const [path, bytes] of [...files]) {
        files.delete(path);
        files.set(basename(path), bytes);
      }
    },
    log: 'matchSigned',
    digest: 'signed',
  },
  {
    fault: 'log renamed',
    spoil: (files, _, t) => {
      files.set('evidence/part-17.json.gz', files.get(t.log)!);
      files.delete(t.log);
    },
    digest: 'signed',
    all: (r) => {
      expect(verdictOf(r, 'part-17.json.gz')).toBe('matchSigned (renamed)');
      expect(r.logs.missing).toBe(0);
    },
  },
  {
    fault: 'all in a zip',
    spoil: (files) => {
      const packed = zip([...files].map(([name, bytes]) => ({ name, bytes })));
      files.clear();
      files.set('bucket.zip', packed);
    },
    log: 'matchSigned',
    digest: 'signed',
  },
  {
    fault: 'all in a tar.gz',
    spoil: (files) => {
      // Names as long as CloudTrail's do not fit a plain tar header.
      const packed = gzipSync(
        tar([...files].map(([name, bytes]) => ({ name: basename(name), bytes })).filter((m) => m.name.length <= 100)),
      );
      files.clear();
      files.set('bucket.tar.gz', packed);
    },
    log: 'matchSigned',
    digest: 'signed',
  },
  {
    fault: 'digest moved to the place of another',
    spoil: (files, chain, t) => {
      files.set(chain.digests[2].path, files.get(t.digest.path)!);
      files.delete(t.digest.path);
    },
    all: (r) => expect(r.rows.some((row) => row.kind === 'digest' && row.verdict === 'invalid' && row.detail === 'moved')).toBe(true),
  },
  {
    fault: 'only some of the five previous fields',
    spoil: (files, _, t) => {
      const { previousDigestHashAlgorithm: _gone, ...rest } = t.digest.json;
      files.set(t.digest.path, gzipSync(JSON.stringify(rest)));
    },
    all: (r) => expect(r.digests.invalid).toBe(1),
  },
  {
    fault: 'extra log inside the span of a signed chain',
    spoil: (files, _, t) =>
      files.set(
        t.log.replace(/_[0-9a-zA-Z]{16}\.json/, '_abcdefghijklmnop.json'),
        gzipSync('{"Records":[{"eventName":"X","eventID":"x"}]}'),
      ),
    log: 'matchSigned',
    digest: 'signed',
    all: (r) => {
      expect(r.logs.extra).toBe(1);
      expect(r.rows.find((row) => row.verdict === 'extra')?.reason).toContain('another trail');
    },
  },
  {
    fault: 'no digests at all: undigested',
    spoil: (files, chain) => {
      for (const d of chain.digests) files.delete(d.path);
    },
    log: 'undigested',
  },
];

describe('every fault, from the disk to the verdict', () => {
  test.each(FAULTS)('$fault', { timeout: 60_000 }, async ({ spoil, keys, log, digest, all }) => {
    const chain = new Chain();
    const files = downloadOf(chain);
    const target = { log: chain.logs[2].path, digest: chain.digests[1], newest: chain.digests[3] };
    spoil(files, chain, target);
    const report = await checked(files, keys === undefined ? shared.list() : keys);
    if (log !== undefined) expect(verdictOf(report, target.log)).toBe(log);
    if (digest !== undefined) expect(verdictOf(report, target.digest.path)).toBe(digest);
    all?.(report);
    expect(report.rows.every((row) => row.reason.endsWith('.') || row.reason.endsWith('”'))).toBe(true);
  });
});

test('a log that was withdrawn is told as withdrawn, and matches again when it is brought back', { timeout: 60_000 }, async () => {
  const chain = new Chain();
  const place = mkdtempSync(join(folder, 'download-'));
  for (const [path, bytes] of downloadOf(chain)) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), bytes);
  }
  const profile = new Profile();
  const { mortal } = await newCase(profile);
  importFrom(profile, place);
  await importAll(mortal);
  const { store } = mortal.window;
  await store.addKeys('keys.json', JSON.stringify(shared.list()));
  const { path } = chain.logs[2];
  const id = (await store.ledger()).find((row) => row.path.endsWith(basename(path)))!.id;
  await store.withdrawFiles([id], 'privileged');
  const report = await store.integrity();
  expect(verdictOf(report, path)).toBe('missing (withdrawn)');
  expect(report.rows.find((r) => r.ledgerId === id)?.reason).toContain('Withdrawn: privileged.');
  expect((await store.integritySums())?.missing).toBe(0);
  expect(report.sentences.some((s) => s.kind === 'alarm')).toBe(false);
  await store.bringBackFiles([id]);
  expect(verdictOf(await store.integrity(), path)).toBe('matchSigned');
  await mortal.window.close();
});
