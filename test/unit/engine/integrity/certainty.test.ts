/** What is said for certain, and of what only that it is not proven. */
import { describe, expect, it } from 'vitest';
import { checkIntegrity, integritySums } from '../../../../src/engine/integrity/index.ts';
import { againstWords } from '../../../../src/engine/integrity/sums.ts';
import { rowVerdict, shownVerdict } from '../../../../src/engine/integrity/words.ts';
import type { GivenKeys } from '../../../../src/shared/integrity.ts';
import type { GzipFacts } from '../../../../src/shared/ledger.ts';
import { asFile, Chain, check, counts, given, headObject, input, rowOf, sha256, shared, type TestFile } from './chain-maker.ts';

const KEYS = [given(shared.list())];
const keyFile: TestFile = { path: 'list-public-keys.json', kind: 'log-sidecar', text: JSON.stringify(shared.list()) };
const members = (...texts: string[]): GzipFacts => {
  const [first, ...further] = texts.map((text) => sha256(text) as never);
  return { members: texts.length, trailing: 0, trailingZeros: true, firstMemberSha256: first, furtherSha256: further };
};

describe('logs that were joined', () => {
  const joined = (chain: Chain, path: string, count: number): TestFile[] => {
    const parts = chain.logs.slice(0, count);
    const text = parts.map((p) => p.text).join('');
    const rest = chain.files().filter((f) => !parts.some((p) => p.path === f.path));
    return [...rest, { path, kind: 'records', text, gzip: members(...parts.map((p) => p.text)) }];
  };

  it('a second log behind the first is named, and not called missing or foreign', async () => {
    const chain = new Chain();
    const report = await check(joined(chain, chain.logs[0].path, 2));
    const { verdict, detail, reason } = rowOf(report, chain.logs[0].path);
    expect([verdict, detail]).toEqual(['mismatch', 'appended']);
    expect(reason).toContain(chain.logs[1].path.split('/').at(-1));
    expect(reason).toContain('that log is here, in this file');
    expect(report.logs.missing).toBe(0);
    expect(report.rows.some((r) => r.path.endsWith(chain.logs[1].path))).toBe(false);
  });

  it('under a name that no digest lists too', async () => {
    const chain = new Chain();
    const report = await check(joined(chain, 'all.json.gz', 3));
    expect(rowOf(report, 'all.json.gz')).toMatchObject({ verdict: 'mismatch', detail: 'appended' });
    expect(rowOf(report, 'all.json.gz').reason).toContain('3 members have the hashes');
    expect(counts(report.logs)).toEqual({ matchSigned: 5, mismatch: 1 });
  });

  it('of a member that is in no digest nothing is claimed', async () => {
    const chain = new Chain();
    const { path, text } = chain.logs[0];
    const more = '{"Records":[]}';
    const { furtherSha256: _, ...old } = members(text, more);
    for (const gzip of [members(text, more), old]) {
      const files = chain.files().map((f): TestFile => (f.path === path ? { ...f, text: text + more, gzip } : f));
      const { reason } = rowOf(await check(files), path);
      expect(reason).toContain('a second member follows that the digest does not speak of');
      expect(reason).not.toContain('CloudTrail');
    }
  });
});

describe('the certainty of a reason is that of its digest', () => {
  const reasons = async (keys: readonly GivenKeys[], ...more: TestFile[]) => {
    const chain = new Chain();
    const [changed, missing] = chain.logs;
    const files = chain
      .files()
      .filter((f) => f.path !== missing.path)
      .map((f): TestFile => (f.path === changed.path ? { ...f, text: f.text.replace('ListBuckets', 'DeleteTrail') } : f));
    const report = await check([...files, ...more], keys);
    return [rowOf(report, changed.path).reason, rowOf(report, missing.path).reason];
  };

  it('a signed digest and a given key show what CloudTrail delivered', async () => {
    const [changed, missing] = await reasons(KEYS);
    expect(changed).toContain('the bytes are not those that CloudTrail delivered');
    expect(missing).toContain('CloudTrail delivered it');
  });

  it('without a key, either may have been changed', async () => {
    const [changed, missing] = await reasons([]);
    expect(changed).toContain('The digest is not proven itself: either may have been changed.');
    expect(missing).toContain('The digest, which is not proven itself, names it');
    for (const reason of [changed, missing]) expect(reason).not.toContain('CloudTrail');
  });

  it('a key from the evidence proves no delivery', async () => {
    for (const reason of await reasons([], keyFile)) {
      expect(reason).toContain('The key came with the evidence');
      expect(reason).not.toContain('CloudTrail');
    }
  });
});

describe('the newest digest of a chain', () => {
  const NEWEST = 'It is the newest of its chain';
  it('is one; before a gap the digest that follows is missing', async () => {
    const chain = new Chain();
    const [, before, gone, last] = chain.digests;
    const files = [...chain.logs, ...chain.digests.filter((d) => d !== gone).map(asFile)];
    for (const keys of [[], KEYS]) {
      const report = await check(files, keys);
      expect(rowOf(report, last.object).reason).toContain(NEWEST);
      const { verdict, reason } = rowOf(report, before.object);
      expect(verdict).toBe('unverified');
      expect(reason).not.toContain(NEWEST);
      expect(reason).toContain('The digest that follows it is missing');
    }
  });

  it('before a restart no digest can name it', async () => {
    const chain = new Chain({ hours: 2 });
    chain.addHour(Date.UTC(2024, 4, 1, 15, 0), 1, null);
    const report = await check(chain.files(), []);
    expect(rowOf(report, chain.digests[1].object).reason).toContain('begins a new chain');
    expect(rowOf(report, chain.digests[2].object).reason).toContain(NEWEST);
  });
});

describe('a log that matches an invalid digest alone', () => {
  it('has a verdict of its own, and is counted as one that matches without proof', async () => {
    const chain = new Chain();
    const wrong = { [chain.digests[3].object]: headObject('00'.repeat(256)) };
    const sidecar: TestFile = { path: 'h.json', kind: 'log-sidecar', text: JSON.stringify(wrong) };
    const report = await check([...chain.logs, ...chain.digests.map(asFile), sidecar]);
    expect(rowOf(report, chain.digests[3].object).verdict).toBe('invalid');
    const row = rowOf(report, chain.logs[7].path);
    expect([shownVerdict(row), rowVerdict(row)]).toEqual(['matchInvalid', 'matches an invalid digest']);
    expect(report.logs.matchUnsigned).toBe(2);
    const alarm = report.sentences.find((s) => s.text.includes('invalid digest and no other'));
    expect(alarm?.kind).toBe('alarm');
    expect(alarm?.text).toContain('2 log files match');
    expect(report.sentences.some((s) => s.text.includes('whose signature is not proven'))).toBe(false);
  });
});

describe('what the digests say against the evidence', () => {
  it('is one sentence with its numbers', async () => {
    const chain = new Chain();
    const [changed, gone, reformatted] = chain.logs;
    const spoilt = chain
      .files()
      .filter((f) => f !== gone)
      .map((f): TestFile => {
        if (f === changed) return { ...f, text: f.text.replace('ListBuckets', 'DeleteTrail') };
        return f === reformatted ? { ...f, text: JSON.stringify(JSON.parse(f.text), null, 2) } : f;
      });
    expect(againstWords(integritySums(await check(spoilt)))).toBe(
      'Checked by the digests: 1 log file differs from what the digests list, 1 log file was reformatted, 1 log file that they list is missing. See Evidence, Integrity.',
    );
  });
  it('is none where all is as it should be, and nothing at all without digests', async () => {
    const chain = new Chain();
    const sums = integritySums(await check(chain.files()));
    expect(sums).toMatchObject({ mismatch: 0, missing: 0, extra: 0 });
    expect(againstWords(sums)).toBeNull();
    expect(integritySums(await check(chain.logs))).toBeNull();
  });
});

describe('what was withdrawn', () => {
  const without = async (chain: Chain, gone: string) => {
    const { files, ...rest } = input(chain.files(), KEYS);
    const withdrawn = files.filter((f) => f.path === gone).map((f) => ({ ...f, reason: 'Withdrawn: privileged' }));
    return checkIntegrity({ ...rest, files: files.filter((f) => f.path !== gone), withdrawn });
  };

  it('a log is withdrawn, not missing', async () => {
    const chain = new Chain();
    const report = await without(chain, chain.logs[2].path);
    const row = rowOf(report, chain.logs[2].path);
    expect(row).toMatchObject({ verdict: 'missing', detail: 'withdrawn', ledgerId: 3 });
    expect(rowVerdict(row)).toBe('withdrawn');
    expect(row.reason).toContain('Withdrawn: privileged.');
    expect(row.reason).not.toContain('CloudTrail delivered');
    expect(report.sentences.some((s) => s.kind === 'alarm')).toBe(false);
    expect(againstWords(integritySums(report))).toBeNull();
    expect(report.sentences.some((s) => s.text.startsWith('1 file that the digests name is in the ledger as withdrawn'))).toBe(true);
  });

  it('so is a digest', async () => {
    const chain = new Chain();
    const report = await without(chain, chain.digests[1].object);
    expect(rowOf(report, chain.digests[1].object)).toMatchObject({ verdict: 'missing', detail: 'withdrawn' });
    expect(report.sentences.some((s) => s.kind === 'alarm')).toBe(false);
  });

  it('another copy of it that is there is checked', async () => {
    const chain = new Chain();
    const copy = { ...chain.logs[2], path: `copy/${chain.logs[2].path}` };
    const { files, ...rest } = input([...chain.files(), copy], KEYS);
    const gone = files[2];
    const report = await checkIntegrity({ ...rest, files: files.filter((f) => f !== gone), withdrawn: [gone] });
    expect(counts(report.logs)).toEqual({ matchSigned: 8 });
  });
});
