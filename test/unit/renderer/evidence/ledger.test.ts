import { describe, expect, it } from 'vitest';
import { collectCoverage, coverageSentences } from '../../../../src/engine/client/report.ts';
import { withdrawnRow } from '../../../../src/engine/store/withdrawal.ts';
import { chosenRows, countsOf, type LedgerChoice, originalName, rowOfPath } from '../../../../src/renderer/views/evidence/ledger-model.ts';
import { epochMs, type ImportId } from '../../../../src/shared/brand.ts';
import type { EvidenceFile } from '../../../../src/shared/ledger.ts';
import { type FakeCase, fakeEngine, fakeFile } from '../../engine/report/fake-engine.ts';

const rows = [
  fakeFile({ path: '/e/b.json.gz', records: 5, size: 10 }, 1),
  fakeFile({ path: '/e/a.json.gz', records: 9, size: 30, firstTime: epochMs(5) }, 2),
  fakeFile({ path: '/e/c.txt', status: 'rejected', records: 0, reason: 'It is plain text.' }, 3),
];
const choice = (part: Partial<LedgerChoice> = {}): LedgerChoice => ({
  statuses: new Set(),
  find: '',
  sort: 'path',
  descending: false,
  ...part,
});
const paths = (list: readonly EvidenceFile[]): string[] => list.map((f) => f.path.slice(3));

describe('the ledger', () => {
  it('sorts by what is asked, then by path', () => {
    expect(paths(chosenRows(rows, choice()))).toEqual(['a.json.gz', 'b.json.gz', 'c.txt']);
    expect(paths(chosenRows(rows, choice({ sort: 'records', descending: true })))).toEqual(['a.json.gz', 'b.json.gz', 'c.txt']);
    expect(paths(chosenRows(rows, choice({ sort: 'firstTime' })))).toEqual(['b.json.gz', 'c.txt', 'a.json.gz']);
  });
  it('finds by status, path, reason and the beginning of a hash', () => {
    expect(paths(chosenRows(rows, choice({ statuses: new Set(['rejected']) })))).toEqual(['c.txt']);
    expect(paths(chosenRows(rows, choice({ find: ' PLAIN ' })))).toEqual(['c.txt']);
    expect(paths(chosenRows(rows, choice({ find: rows[0].sha256?.slice(0, 12) ?? '' })))).toEqual(['b.json.gz']);
    expect(chosenRows(rows, choice({ find: 'nothing of this' }))).toEqual([]);
  });
  it('opens a file by its path: the row that holds its records, when it was seen twice', () => {
    const seen = [fakeFile({ path: '/e/x', status: 'repeated' }, 7), fakeFile({ path: '/e/x' }, 8), ...rows];
    expect(rowOfPath(seen, '/e/x')?.id).toBe(8);
    expect(rowOfPath(seen, '/e/c.txt')?.id).toBe(3);
    expect(rowOfPath(seen, '/e/none')).toBeUndefined();
  });
  it('tells of a withdrawn file what it had', () => {
    const [row] = rows;
    expect(countsOf(row)).toMatchObject({ records: 5 });
    const gone = withdrawnRow(row, 'privileged', epochMs(9));
    expect(gone.records).toBe(0);
    expect(countsOf(gone)).toMatchObject({ records: 5, firstTime: row.firstTime });
  });
  it('names an original by the last part of its path', () => {
    expect(originalName('C:\\logs\\a.zip!AWSLogs/x/y.json.gz')).toBe('y.json.gz');
    expect(originalName('///')).toBe('evidence');
  });
});

const words = async (fake: FakeCase): Promise<string> =>
  coverageSentences(await collectCoverage(fakeEngine(fake), 'test'), true)
    .map((s) => `${s.kind}: ${s.text}`)
    .join('\n');
const event = (awsRegion: string, account: string, eventCategory = 'Management') => ({
  time: '2026-03-02T09:00:00Z',
  values: { awsRegion, account, eventCategory },
});

describe('what the evidence covers, in sentences', () => {
  it('says that without us-east-1 no IAM and no sign-in can appear', async () => {
    expect(await words({ events: [event('eu-west-1', '1')] })).toMatch(
      /gap: us-east-1 is absent .* no IAM, STS global or console sign-in event can appear/,
    );
  });
  it('says it of the accounts that lack it', async () => {
    const text = await words({ events: [event('us-east-1', '1'), event('eu-west-1', '2')] });
    expect(text).toContain('gap: us-east-1 is in the evidence, but without a single event of account 2.');
    expect(text).not.toContain('absent from the evidence');
  });
  it('says nothing of us-east-1 about China and GovCloud', async () => {
    expect(await words({ events: [event('cn-north-1', '1'), event('us-gov-west-1', '2')] })).not.toContain('us-east-1');
  });
  it('warns that no data event is no proof that nothing was read', async () => {
    expect(await words({ events: [event('us-east-1', '1')] })).toContain('gap: No data event');
    expect(await words({ events: [event('us-east-1', '1', 'Data')] })).not.toContain('No data event');
  });
  it('counts rejected, partly read and unreadable, events without a time, and broken-off imports', async () => {
    const text = await words({
      events: [event('us-east-1', '1'), { time: null, values: { awsRegion: 'us-east-1', account: '1' } }],
      files: [{}, { status: 'rejected' }, { status: 'rejected' }, { status: 'partial', unreadableRecords: 7 }],
      imports: [
        { id: 'i' as ImportId, startedAt: epochMs(0), endedAt: null, roots: [], status: 'interrupted', files: 0, records: 0, reason: null },
      ],
    });
    expect(text).toContain('2 of 4 files were rejected');
    expect(text).toContain('1 of 4 files could be read only in part');
    expect(text).toContain('7 records could not be read');
    expect(text).toContain('1 event has no readable time');
    expect(text).toContain('1 import did not run to the end');
  });
  it('of nothing says that there is nothing', async () => {
    expect(await words({ events: [], files: [] })).toContain('No file has been imported');
    expect(await words({ events: [], files: [{ status: 'rejected' }] })).toContain('1 file was seen, and none held an event.');
  });
});
