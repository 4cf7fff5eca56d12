/** Every fault that digest validation is there to notice, each made in a chain of our own. */
import { describe, expect, test } from 'vitest';
import { parseKeyText } from '../../../../src/engine/integrity/index.ts';
import {
  ACCOUNT,
  asFile,
  BUCKET,
  Chain,
  check,
  counts,
  given,
  headObject,
  REGION,
  rowOf,
  SigningKey,
  sha256,
  shared,
} from './chain-maker.ts';

const HOUR = 3_600_000;

describe('a whole chain', () => {
  test('with given keys every digest is signed and every log matches', async () => {
    const chain = new Chain();
    const report = await check(chain.files());
    expect(counts(report.digests)).toEqual({ signed: 4 });
    expect(counts(report.logs)).toEqual({ matchSigned: 8 });
    expect(report.keysFrom).toBe('given');
    expect(report.gaps).toEqual([]);
    expect(report.chains).toMatchObject([{ account: ACCOUNT, region: REGION, trail: 'main', digests: 4, signed: 4, backfill: false }]);
    expect(report.sentences.some((s) => s.kind === 'alarm')).toBe(false);
  });

  test('keys from among the evidence are said to be so, everywhere', async () => {
    const chain = new Chain();
    const keyFile = { path: 'list-public-keys.json', kind: 'log-sidecar' as const, text: JSON.stringify(shared.list()) };
    const report = await check([...chain.files(), keyFile], []);
    expect(counts(report.digests)).toEqual({ signed: 4 });
    expect(report.keysFrom).toBe('evidence');
    expect(report.rows.every((r) => r.key === 'evidence' && r.reason.includes('came with the evidence'))).toBe(true);
    expect(report.sentences.some((s) => s.kind === 'gap' && s.text.includes('could have forged the key'))).toBe(true);
  });

  test('a given key goes before the same key among the evidence', async () => {
    const keyFile = { path: 'list-public-keys.json', kind: 'log-sidecar' as const, text: JSON.stringify(shared.list()) };
    const report = await check([...new Chain().files(), keyFile]);
    expect(report.keysFrom).toBe('given');
    expect(report.keys).toHaveLength(1);
  });

  test('the newest digest needs its metadata; all others are signed without any', async () => {
    const chain = new Chain();
    const report = await check([...chain.logs, ...chain.digests.map(asFile)]);
    expect(counts(report.digests)).toEqual({ signed: 3, unverified: 1 });
    expect(rowOf(report, chain.digests[3].object).reason).toContain('head-object');
    expect(counts(report.logs)).toEqual({ matchSigned: 6, matchUnsigned: 2 });
  });

  test('metadata of one object without its key is tried on the digest that lacks a signature', async () => {
    const chain = new Chain();
    const sidecar = { path: 'metadata.json', kind: 'log-sidecar' as const, text: JSON.stringify(headObject(chain.digests[3].signature)) };
    expect(counts((await check([...chain.logs, ...chain.digests.map(asFile), sidecar])).digests)).toEqual({ signed: 4 });
  });

  test('without keys the hashes are checked: all but the newest are linked', async () => {
    const chain = new Chain();
    const report = await check(chain.files(), []);
    expect(counts(report.digests)).toEqual({ hashLinked: 3, unverified: 1 });
    expect(counts(report.logs)).toEqual({ matchUnsigned: 8 });
    expect(report.keysFrom).toBeNull();
  });

  test('SPKI keys, and the other spelling with epochs as text', async () => {
    const chain = new Chain({ form: 'spki' });
    expect(counts((await check(chain.files(), [given(shared.list('spki'))])).digests)).toEqual({ signed: 4 });
    const [key] = (shared.list() as { PublicKeyList: Record<string, unknown>[] }).PublicKeyList;
    const other = {
      publicKeyList: [
        {
          fingerprint: key.Fingerprint,
          value: key.Value,
          validityStartTime: String(key.ValidityStartTime),
          validityEndTime: String(key.ValidityEndTime),
        },
      ],
    };
    const report = await check(new Chain().files(), [given(other)]);
    expect(counts(report.digests)).toEqual({ signed: 4 });
    expect(report.keys[0].validFrom).not.toBeNull();
  });

  test('an empty digest is positive evidence', async () => {
    const report = await check(new Chain({ logsPerHour: 0 }).files());
    expect(report.chains[0]).toMatchObject({ signed: 4, signedEmpty: 4 });
    expect(report.sentences.some((s) => s.text.includes('nothing was delivered then'))).toBe(true);
  });

  test('no digests at all: every log is undigested', async () => {
    const report = await check(new Chain().logs);
    expect(counts(report.digests)).toEqual({});
    expect(counts(report.logs)).toEqual({ undigested: 8 });
  });

  test('the order of the files changes nothing', async () => {
    const files = new Chain().files();
    const strip = (r: Awaited<ReturnType<typeof check>>) => r.rows.map(({ ledgerId: _, ...row }) => row);
    expect(strip(await check([...files].reverse()))).toEqual(strip(await check(files)));
  });
});

describe('keys', () => {
  test('a key with another fingerprint than claimed is refused', () => {
    const list = shared.list() as { PublicKeyList: Record<string, unknown>[] };
    list.PublicKeyList[0].Fingerprint = '0'.repeat(32);
    expect(parseKeyText(JSON.stringify(list))).toContain('fingerprint');
  });

  test('an unknown key leaves the digests linked, and names the fingerprint', async () => {
    const report = await check(new Chain({ key: new SigningKey() }).files());
    expect(counts(report.digests)).toEqual({ hashLinked: 3, unverified: 1 });
    expect(report.rows[0].reason).toContain('None of the public keys');
  });

  test('a key outside its window makes the digest invalid', async () => {
    const early: [number, number] = [Date.UTC(2020, 0, 1), Date.UTC(2020, 1, 1)];
    const report = await check(new Chain().files(), [given(shared.list('pkcs1', early))]);
    expect(counts(report.digests)).toEqual({ invalid: 4 });
    expect(report.rows[0].reason).toContain('not valid when');
  });

  test('a chain over a change of keys', async () => {
    const second = new SigningKey();
    const first = new Chain({ hours: 2 });
    const rest = new Chain({ key: second, hours: 0 });
    rest.addHour(Date.UTC(2024, 4, 1, 12, 0), 1, first.digests[1]);
    rest.addHour(Date.UTC(2024, 4, 1, 13, 0), 1);
    const files = [...first.logs, ...rest.logs, ...first.digests.map(asFile), ...rest.digests.map(asFile), rest.sidecar()];
    expect(counts((await check(files, [given(shared.list()), given(second.list())])).digests)).toEqual({ signed: 4 });
  });

  test.each(['', '{}', '[]', '{"PublicKeyList":[]}', '{"PublicKeyList":[{"Value":"AAAA"}]}', '{"PublicKeyList":[{"Value":7}]}', 'no json'])(
    'what is no list of keys is told in a sentence: %s',
    (text) => {
      expect(parseKeyText(text)).toBeTypeOf('string');
    },
  );
});

describe('faults of digests', () => {
  test('a changed digest is invalid, and what only it lists proves nothing', async () => {
    const chain = new Chain();
    const files = chain.files();
    const at = files.findIndex((f) => f.path === chain.digests[1].object);
    files[at] = { ...files[at], text: files[at].text.replace(/"hashValue":"./, '"hashValue":"x').replace('"x', '"0') };
    const report = await check(files);
    expect(rowOf(report, chain.digests[1].object).verdict).toBe('invalid');
    expect(report.digests.signed).toBe(3);
    expect(report.logs.matchSigned).toBe(6);
  });

  test('with no keys a changed digest is noticed by its hash', async () => {
    const chain = new Chain();
    const files = chain.files();
    const at = files.findIndex((f) => f.path === chain.digests[1].object);
    files[at] = { ...files[at], text: files[at].text.replace('"oldestEventTime":null', '"oldestEventTime":"x"') };
    const report = await check(files, []);
    expect(rowOf(report, chain.digests[1].object)).toMatchObject({ verdict: 'invalid' });
    expect(rowOf(report, chain.digests[1].object).reason).toContain('hash');
  });

  test('a wrong signature in the metadata', async () => {
    const chain = new Chain();
    const files = [...chain.logs, ...chain.digests.map(asFile)];
    const wrong = {
      path: 'h.json',
      kind: 'log-sidecar' as const,
      text: JSON.stringify({ [chain.digests[3].object]: headObject('00'.repeat(256)) }),
    };
    const report = await check([...files, wrong]);
    expect(rowOf(report, chain.digests[3].object)).toMatchObject({ verdict: 'invalid' });
  });

  test('a deleted digest is missing, and the gap is told', async () => {
    const chain = new Chain({ hours: 5 });
    const files = chain.files().filter((f) => f.path !== chain.digests[2].object);
    const report = await check(files);
    expect(counts(report.digests)).toEqual({ signed: 3, unverified: 1, missing: 1 });
    expect(report.gaps).toMatchObject([{ kind: 'missing', logsHeld: 2 }]);
    expect(rowOf(report, chain.digests[2].object)).toMatchObject({ verdict: 'missing', ledgerId: null });
    expect(counts(report.logs)).toEqual({ matchSigned: 6, matchUnsigned: 2, undigested: 2 });
  });

  test('two deleted in a row are both missing', async () => {
    const chain = new Chain({ hours: 6 });
    const gone = new Set([chain.digests[2].object, chain.digests[3].object]);
    const report = await check(chain.files().filter((f) => !gone.has(f.path)));
    expect(report.digests.missing).toBe(2);
    expect(report.gaps).toHaveLength(1);
  });

  test('the oldest digest names one before: the chain goes on outside the evidence', async () => {
    const chain = new Chain();
    const report = await check(chain.files().filter((f) => f.path !== chain.digests[0].object));
    expect(report.digests.missing).toBe(1);
    expect(report.gaps[0].from).toBeNull();
  });

  test('a restart is a gap, neither valid nor invalid', async () => {
    const chain = new Chain({ hours: 2 });
    const later = Date.UTC(2024, 4, 1, 15, 0);
    chain.addHour(later, 1, null);
    chain.addHour(later + HOUR, 1);
    const first = chain.digests[1];
    const sidecar = {
      path: 'h1.json',
      kind: 'log-sidecar' as const,
      text: JSON.stringify({ [first.object]: headObject(first.signature) }),
    };
    const name = `${ACCOUNT}_CloudTrail_${REGION}_20240501T1310Z_abcdefghijklmnop.json.gz`;
    const report = await check([...chain.files(), sidecar, { path: name, kind: 'records', text: '{"Records":[{}]}' }]);
    expect(counts(report.digests)).toEqual({ signed: 4 });
    expect(report.gaps).toMatchObject([{ kind: 'restart', logsHeld: 1 }]);
    expect(report.gaps[0].text).toContain('does not prove');
    expect(rowOf(report, name).verdict).toBe('undigested');
  });

  test('some of the five previous fields', async () => {
    const chain = new Chain();
    const files = chain.files();
    const at = files.findIndex((f) => f.path === chain.digests[2].object);
    const { previousDigestHashAlgorithm: _, ...rest } = chain.digests[2].json;
    files[at] = { ...files[at], text: JSON.stringify(rest) };
    const report = await check(files);
    expect(rowOf(report, chain.digests[2].object)).toMatchObject({ verdict: 'invalid' });
    expect(rowOf(report, chain.digests[2].object).reason).toContain('five fields');
  });

  test('a moved digest, in the place of one that is gone', async () => {
    const chain = new Chain();
    const [a, b] = [chain.digests[1], chain.digests[2]];
    const files = chain.files().filter((f) => f.path !== a.object && f.path !== b.object);
    const report = await check([...files, { ...asFile(a), path: b.object }]);
    const there = report.rows.filter((r) => r.path.endsWith(b.object));
    expect(there.map((r) => r.verdict).sort()).toEqual(['invalid', 'missing']);
    expect(there.find((r) => r.ledgerId !== null)).toMatchObject({ detail: 'moved', reason: expect.stringContaining('original location') });
  });

  test('backfill digests are a chain of their own', async () => {
    const main = new Chain();
    const backfill = new Chain({ backfill: true, hours: 2, logsPerHour: 1 });
    const generated = { 'backfill-generation-timestamp': '2024-05-01T18:00:00Z' };
    const last = backfill.digests[1];
    const sidecar = {
      path: 'b.json',
      kind: 'log-sidecar' as const,
      text: JSON.stringify({ [last.object]: headObject(last.signature, generated) }),
    };
    const report = await check([...main.files(), ...backfill.logs, ...backfill.digests.map(asFile), sidecar]);
    expect(counts(report.digests)).toEqual({ signed: 6 });
    expect(report.chains.map((c) => c.backfill).sort()).toEqual([false, true]);
    expect(counts(report.logs)).toEqual({ matchSigned: 10 });
    expect(report.gaps).toEqual([]);
  });

  test('prefixes, several accounts, regions and trails are kept apart', async () => {
    const chains = [
      new Chain({ prefix: 'logs/org/' }),
      new Chain({ account: '999988887777' }),
      new Chain({ region: 'us-east-1' }),
      new Chain({ trail: 'second_trail' }),
    ];
    const sidecars = chains.map((c, i) => ({ ...c.sidecar(), path: `h${i}.json` }));
    const report = await check([...chains.flatMap((c) => [...c.logs, ...c.digests.map(asFile)]), ...sidecars]);
    expect(report.chains).toHaveLength(4);
    expect(counts(report.digests)).toEqual({ signed: 16 });
  });
});

describe('organisation trails', () => {
  const org = 'o-abc1234567';
  const members = () => [new Chain({ org, prefix: 'central/' }), new Chain({ org, prefix: 'central/', account: '999988887777' })];
  const filesOf = (chains: Chain[]) => [
    ...chains.flatMap((c) => [...c.logs, ...c.digests.map(asFile)]),
    ...chains.map((c, i) => ({ ...c.sidecar(), path: `h${i}.json` })),
  ];

  test('each member account has a chain, below the ID of the organisation', async () => {
    const report = await check(filesOf(members()));
    expect(report.chains.map((c) => c.account).sort()).toEqual([ACCOUNT, '999988887777']);
    expect(counts(report.digests)).toEqual({ signed: 8 });
    expect(counts(report.logs)).toEqual({ matchSigned: 16 });
  });

  test('the log of one account in the place of another is no match, flattened or not', async () => {
    const [one, two] = members();
    const files = filesOf([one, two]).map((f) => (f.path === two.logs[0].path ? { ...f, text: one.logs[0].text } : f));
    const report = await check(files);
    expect(rowOf(report, two.logs[0].path)).toMatchObject({ verdict: 'mismatch', detail: 'conflict' });
    expect(counts(report.logs)).toEqual({ matchSigned: 15, mismatch: 1 });
    const flat = files.map((f) => ({ ...f, path: `case/${f.path.split('/').at(-1)}` }));
    expect(counts((await check(flat)).logs)).toEqual({ matchSigned: 15, mismatch: 1 });
  });
});

describe('digests as people leave them', () => {
  test('renamed and reformatted ones are still read, and signed by their content', async () => {
    const chain = new Chain();
    const files = [
      ...chain.logs,
      ...chain.digests.map((d, i) => ({
        ...asFile(d),
        path: `downloads/digest-${i}.json`,
        text: i === 1 ? JSON.stringify(d.json, null, 2) : d.text,
      })),
      chain.sidecar(),
    ];
    const report = await check(files);
    expect(counts(report.digests)).toEqual({ signed: 4 });
    expect(counts(report.logs)).toEqual({ matchSigned: 8 });
  });
});

describe('faults of logs', () => {
  const spoil = async (change: (log: Chain['logs'][number]) => Chain['logs'][number] | null) => {
    const chain = new Chain();
    const files = chain.files().flatMap((f) => (f === chain.logs[3] ? (change(f) ?? []) : f));
    const report = await check(files);
    return { report, row: report.rows.find((r) => r.path.endsWith(chain.logs[3].path)) ?? null, log: chain.logs[3] };
  };

  test('changed', async () => {
    const { row, report } = await spoil((log) => ({ ...log, text: log.text.replace('ListBuckets', 'ListBuckett') }));
    expect(row).toMatchObject({ verdict: 'mismatch', detail: null });
    expect(report.logs.matchSigned).toBe(7);
  });

  test('missing', async () => {
    const { row } = await spoil(() => null);
    expect(row).toMatchObject({ verdict: 'missing', ledgerId: null, path: expect.stringContaining(`s3://${BUCKET}/`) });
  });

  test('reformatted: content readable, bytes differ', async () => {
    const { row } = await spoil((log) => ({ ...log, text: JSON.stringify(JSON.parse(log.text), null, 2) }));
    expect(row).toMatchObject({ verdict: 'mismatch', detail: 'reformatted' });
  });

  test('reformatted and changed: told apart from what is proven', async () => {
    const { row } = await spoil((log) => ({
      ...log,
      text: JSON.stringify(JSON.parse(log.text.replace('ListBuckets', 'GetObject')), null, 2),
    }));
    expect(row).toMatchObject({ verdict: 'mismatch', detail: null, reason: expect.stringContaining('cannot be told') });
  });

  test('data appended behind the gzip data', async () => {
    const gzip = { members: 1, trailing: 12, trailingZeros: true, firstMemberSha256: null };
    const { row } = await spoil((log) => ({ ...log, gzip }));
    expect(row).toMatchObject({ verdict: 'mismatch', detail: 'appended' });
  });

  test('a second gzip member appended', async () => {
    const { row } = await spoil((log) => ({
      ...log,
      text: `${log.text}{"Records":[{}]}`,
      gzip: { members: 2, trailing: 0, trailingZeros: true, firstMemberSha256: sha256(log.text) as never },
    }));
    expect(row).toMatchObject({ verdict: 'mismatch', detail: 'appended' });
  });

  test('damaged', async () => {
    const { row } = await spoil((log) => ({ ...log, unpacked: false }));
    expect(row).toMatchObject({ verdict: 'mismatch', detail: 'damaged' });
  });

  test('gunzipped and flattened copies match', async () => {
    const chain = new Chain();
    const files = chain.files().map((f) => ({ ...f, path: f.path.split('/').at(-1)?.replace('.json.gz', '.json') ?? f.path }));
    const report = await check(files);
    expect(counts(report.digests)).toEqual({ signed: 4 });
    expect(counts(report.logs)).toEqual({ matchSigned: 8 });
  });

  test('a renamed log is found by its hash', async () => {
    const { report } = await spoil((log) => ({ ...log, path: 'evidence/part-17.json' }));
    expect(rowOf(report, 'evidence/part-17.json')).toMatchObject({ verdict: 'matchSigned', detail: 'renamed' });
    expect(report.logs.missing).toBe(0);
  });

  test('a log that holds the content of another', async () => {
    const chain = new Chain();
    const files = chain.files().map((f) => (f === chain.logs[3] ? { ...f, text: chain.logs[0].text } : f));
    expect(rowOf(await check(files), chain.logs[3].path)).toMatchObject({ verdict: 'mismatch', detail: 'conflict' });
  });

  test('extra: inside the span of a signed chain, in no digest; outside it, undigested', async () => {
    const inside = `${ACCOUNT}_CloudTrail_${REGION}_20240501T1120Z_abcdefghijklmnop.json.gz`;
    const outside = `${ACCOUNT}_CloudTrail_${REGION}_20240502T1120Z_abcdefghijklmnop.json.gz`;
    const elsewhere = `${ACCOUNT}_CloudTrail_us-west-2_20240501T1120Z_abcdefghijklmnop.json.gz`;
    const more = [inside, outside, elsewhere].map((path) => ({
      path,
      kind: 'records' as const,
      text: `{"Records":[{"eventID":"${path}"}]}`,
    }));
    const report = await check([...new Chain().files(), ...more]);
    expect(rowOf(report, inside)).toMatchObject({ verdict: 'extra', reason: expect.stringContaining('another trail') });
    expect(rowOf(report, outside).verdict).toBe('undigested');
    expect(rowOf(report, elsewhere).verdict).toBe('undigested');
  });

  test('without a signed chain nothing is extra', async () => {
    const inside = `${ACCOUNT}_CloudTrail_${REGION}_20240501T1120Z_abcdefghijklmnop.json.gz`;
    const report = await check([...new Chain().files(), { path: inside, kind: 'records', text: '{"Records":[{}]}' }], []);
    expect(rowOf(report, inside).verdict).toBe('undigested');
  });

  test('a path of Windows, and a member of a zip', async () => {
    const chain = new Chain();
    const files = chain.files().map((f, i) => ({
      ...f,
      path: i % 2 === 0 ? `C:\\case\\${f.path.replaceAll('/', '\\')}` : `/tmp/evidence.zip!bucket/${f.path}`,
    }));
    expect(counts((await check(files)).logs)).toEqual({ matchSigned: 8 });
  });
});
