import { describe, expect, it } from 'vitest';
import { eventVerdict, verdictsOfFiles } from '../../../../src/engine/integrity/event-verdicts.ts';
import { eventVerdictWord } from '../../../../src/engine/integrity/words.ts';
import { EVENT_VERDICTS, type IntegrityRow, type LogRow } from '../../../../src/shared/integrity.ts';
import { Chain, check, given, input, shared, type TestFile } from './chain-maker.ts';

const row = (verdict: LogRow['verdict'], patch: Partial<LogRow> = {}): LogRow => ({
  kind: 'log',
  verdict,
  path: 'a',
  ledgerId: 1,
  reason: '',
  detail: null,
  key: null,
  chain: null,
  ...patch,
});

describe('from the verdict of a file to that of its events', () => {
  it('tells proofs and mismatches apart, and says nothing of digests and missing logs', () => {
    const cases: [IntegrityRow, string | null][] = [
      [row('matchSigned', { key: 'given' }), 'matchSigned'],
      [row('matchSigned', { key: 'evidence' }), 'matchEvidenceKey'],
      [row('matchUnsigned'), 'matchUnsigned'],
      [row('matchUnsigned', { detail: 'renamed' }), 'matchUnsigned'],
      [row('matchUnsigned', { detail: 'invalidDigest' }), 'matchInvalid'],
      [row('mismatch'), 'mismatch'],
      [row('mismatch', { detail: 'damaged' }), 'mismatch'],
      [row('mismatch', { detail: 'conflict' }), 'mismatch'],
      [row('mismatch', { detail: 'appended' }), 'appended'],
      [row('mismatch', { detail: 'reformatted' }), 'reformatted'],
      [row('extra'), 'extra'],
      [row('undigested'), 'undigested'],
      [row('missing'), null],
      [row('missing', { detail: 'withdrawn' }), null],
      [{ ...row('missing'), kind: 'digest', verdict: 'signed' } as IntegrityRow, null],
    ];
    for (const [given, expected] of cases) expect(eventVerdict(given), JSON.stringify(given)).toBe(expected);
  });

  it('has words for each, and none for what it does not know', () => {
    for (const verdict of EVENT_VERDICTS) expect(eventVerdictWord(verdict)).toMatch(/^[a-z]/);
    expect(new Set(EVENT_VERDICTS.map(eventVerdictWord)).size).toBe(EVENT_VERDICTS.length);
    expect(eventVerdictWord('constructor')).toBeNull();
  });

  it('lets files with the same bytes share the best proven verdict, whichever of them was read', () => {
    const files = [
      { id: 1, sha256: 'x', records: 3, status: 'imported' as const },
      { id: 2, sha256: 'x', records: 3, status: 'repeated' as const },
      { id: 3, sha256: 'y', records: 1, status: 'imported' as const },
      { id: 4, sha256: null, records: 0, status: 'rejected' as const },
    ];
    const of = (a: LogRow['verdict'], b: LogRow['verdict']) => {
      const rows = [row(a, { ledgerId: 1 }), row(b, { ledgerId: 2 }), row('extra', { ledgerId: 3 })];
      const { ledgerIds, verdicts } = verdictsOfFiles(files, rows);
      expect([...ledgerIds]).toEqual([1, 3]);
      return Array.from(verdicts, (code) => EVENT_VERDICTS[code - 1]);
    };
    expect(of('mismatch', 'matchUnsigned')).toEqual(['matchUnsigned', 'extra']);
    expect(of('matchUnsigned', 'mismatch')).toEqual(['matchUnsigned', 'extra']);
    expect(of('undigested', 'mismatch')).toEqual(['mismatch', 'extra']);
  });

  it('gives every log of a signed chain its verdict, with one changed and one put there', async () => {
    const chain = new Chain();
    const [changed] = chain.logs;
    const files = chain
      .files()
      .map((f): TestFile => (f.path === changed.path ? { ...f, text: f.text.replace('ListBuckets', 'ListBucket5') } : f));
    files.push({
      ...changed,
      path: changed.path.replace(/_[A-Za-z0-9]+\.json\.gz$/, '_AAAAAAAAAAAAAAAA.json.gz'),
      text: '{"Records":[{"eventName":"x"}]}',
    });
    const keys = [given(shared.list())];
    const { rows } = await check(files, keys);
    const ledger = input(files, keys).files;
    const { ledgerIds, verdicts } = verdictsOfFiles(ledger, rows);
    const found = new Map(Array.from(ledgerIds, (id, i) => [ledger[id - 1].path, EVENT_VERDICTS[verdicts[i] - 1]]));
    expect(found.size).toBe(chain.logs.length + 1);
    expect(found.get(changed.path)).toBe('mismatch');
    expect(found.get(files[files.length - 1].path)).toBe('extra');
    for (const log of chain.logs.slice(1)) expect(found.get(log.path)).toBe('matchSigned');
  });

  it('gives way to other work while it checks, and ends when it is told to', async () => {
    const chain = new Chain({ hours: 3 });
    let pauses = 0;
    const now = performance.now.bind(performance);
    let ahead = 0;
    performance.now = () => {
      ahead += 20;
      return now() + ahead;
    };
    try {
      const given = input(chain.files(), []);
      const { checkIntegrity } = await import('../../../../src/engine/integrity/index.ts');
      await checkIntegrity({ ...given, pause: async () => void pauses++ });
      expect(pauses).toBeGreaterThan(10);
      await expect(checkIntegrity({ ...given, pause: () => Promise.reject(new Error('enough')) })).rejects.toThrow('enough');
    } finally {
      performance.now = now;
    }
  });
});
