/** `npm run batch` on both hosts: the contract's shape, and the counts of independently counted facts. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BatchSummary } from '../../src/shared/batch.ts';
import { coverageOf, recordsIn } from './coverage-facts.ts';
import { expect, test } from './fixtures.ts';
import { sample } from './sample.ts';

const run = promisify(execFile);
const FIXTURES = '../shared/fixtures';

async function batch(host: string, ...args: string[]): Promise<{ summary: BatchSummary; stderr: string }> {
  const { stdout, stderr } = await run(process.execPath, ['scripts/batch.mjs', '--host', host, ...args], { maxBuffer: 256 * 1024 * 1024 });
  return { summary: JSON.parse(stdout) as BatchSummary, stderr };
}

test('the sample: the summary on stdout, alone, agrees with the records', async ({ host }) => {
  const { summary } = await batch(host, 'assets/sample-trail.zip');
  expect(summary).toMatchObject({ app: 'trailcase', host, evidence: { files: sample.files, imported: sample.files, rejected: 0 } });
  const { events } = summary;
  expect(events).toMatchObject({
    records: sample.records,
    events: sample.events.length,
    unique: sample.events.length,
    aggregated: sample.aggregated,
    insights: 2,
  });
  expect(events.withErrorCode).toBe(sample.events.filter((e) => e.errorCode).length);
  expect(events.idsSha256).toBe(
    createHash('sha256')
      .update(
        sample.events
          .map((e) => e.eventID)
          .sort()
          .join('\n'),
      )
      .digest('hex'),
  );
  const byName = new Map<string, number>();
  for (const e of sample.events) byName.set(e.eventName ?? '', (byName.get(e.eventName ?? '') ?? 0) + 1);
  expect(Object.fromEntries(events.byName.slice(0, 10))).toEqual(
    Object.fromEntries([...byName].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 10)),
  );
  expect(summary.notRun.map((n) => n.section).sort()).not.toContain('coverage');
});

test('the sample: coverage agrees with a count by hand', async ({ host }) => {
  const { summary } = await batch(host, 'assets/sample-trail.zip');
  expect(summary.coverage).toEqual(coverageOf(sample.events));
  expect(summary.notRun.map((n) => n.section)).not.toContain('coverage');
});

test('a report and a summary are written where they were asked for', async ({ folder, host }) => {
  const [summary, report] = [join(folder, 's.json'), join(folder, 'r.html')];
  const { stdout } = await run(process.execPath, [
    'scripts/batch.mjs',
    '--host',
    host,
    '--summary',
    summary,
    '--report',
    report,
    'assets/sample-trail.zip',
  ]);
  expect(stdout).toBe('');
  expect(JSON.parse(readFileSync(summary, 'utf8')).app).toBe('trailcase');
  expect(readFileSync(report, 'utf8')).toContain('sample-trail.zip');
});

test('nothing readable: exit 1 and one clear line', async ({ folder, host }) => {
  const failed = await run(process.execPath, ['scripts/batch.mjs', '--host', host, join(folder, 'absent')]).catch(
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr.trim().split('\n').at(-1)).toMatch(/absent|found|no such/i);
  const wrong = await run(process.execPath, ['scripts/batch.mjs', '--nonsense', 'x']).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('--nonsense') });
});

/** Folders whose shapes all are among those this version reads; of the others only the ledger's words are checked. */
const READ_WHOLLY = [
  'invictus-ir-aws_dataset',
  'stratus-red-team',
  'umccr-flaws.cloud-subset',
  'TrailDiscover',
  'trailscraper',
  'rubysoho07-cloudtrail-watcher',
  'synthetic-umccr-eventVersion-examples',
  'aws-cli',
  'plaso',
  'cloud-custodian',
  'stevezieglerva-cloudtrail-log-analytics',
  'awsdocs-cloudtrail-user-guide-CC-BY-SA-4.0',
];

/** Of these every record has an eventID of its own, a time and an account. */
const COVERED_BY_HAND = ['invictus-ir-aws_dataset', 'umccr-flaws.cloud-subset'];

interface Facts {
  total_event_records: number;
  unique_eventIDs: number;
  sha256_of_sorted_eventIDs: string;
  first_eventTime: string;
  last_eventTime: string;
}

const facts: Record<string, Facts> = existsSync(`${FIXTURES}/FACTS.json`) ? JSON.parse(readFileSync(`${FIXTURES}/FACTS.json`, 'utf8')) : {};
const folders = existsSync(FIXTURES)
  ? readdirSync(FIXTURES, { withFileTypes: true })
      .filter((e) => e.isDirectory())
      .map((e) => e.name)
  : [];

test('digests: with keys given by --keys, and with those that lie among the evidence', async ({ host }) => {
  const vectors = join(FIXTURES, 'digest-vectors-synthetic');
  test.skip(!existsSync(vectors), 'the shared fixtures are not here');
  const { summary: given } = await batch(host, '--keys', join(vectors, 'list-public-keys.json'), vectors);
  expect(given.integrity).toMatchObject({ digests: { signed: 3 }, logs: { matchSigned: 7, mismatch: 1, missing: 1 }, keysFrom: 'given' });
  expect(given.integrity.list.every((row) => row.reason.length > 0)).toBe(true);
  const { summary: found } = await batch(host, vectors);
  expect(found.integrity).toMatchObject({ digests: { signed: 3 }, keysFrom: 'evidence', gaps: [] });
});

test('the same 300 events in every shape of export are 300 events', async ({ host }) => {
  const derived = join(FIXTURES, 'derived-formats');
  test.skip(!existsSync(derived), 'the shared fixtures are not here');
  const { summary } = await batch(host, derived);
  // Thirteen files of 300, of which one is a copy to the byte, and one that is cut off.
  expect(summary.events).toMatchObject({ events: 300, unique: 300, conflicts: 0, withoutId: 0, withoutTime: 0, records: 13 * 300 + 177 });
  expect(summary.evidence).toMatchObject({ rejected: 0, partial: 1, repeated: 1, withoutEvents: 0 });
});

test('real trails are there to compare with', () => {
  test.skip(folders.length === 0, 'the shared fixtures are not here');
  for (const name of READ_WHOLLY) expect(folders).toContain(name);
});

for (const name of folders) {
  test(`real data: ${name}`, async ({ host, folder }) => {
    // A folder of rules or of shapes that come later holds nothing to import: exit 1, and the summary says why for every file.
    const file = join(folder, 'summary.json');
    const args = ['scripts/batch.mjs', '--host', host, '--summary', file, join(FIXTURES, name)];
    const code = await run(process.execPath, args).then(
      () => 0,
      (error: { code: number }) => error.code,
    );
    const { events, evidence, coverage } = JSON.parse(readFileSync(file, 'utf8')) as BatchSummary;
    expect(code).toBe(evidence.imported + evidence.partial + evidence.withoutEvents > 0 ? 0 : 1);
    expect(evidence.list).toHaveLength(evidence.files);
    for (const row of evidence.list) if (row.status === 'rejected' || row.status === 'partial') expect(row.reason, row.path).toBeTruthy();
    expect(events.records).toBe(events.events + events.duplicates + events.aggregated);
    if (!READ_WHOLLY.includes(name)) return;
    const fact = facts[name];
    expect(events).toMatchObject({
      records: fact.total_event_records,
      unique: fact.unique_eventIDs,
      idsSha256: fact.sha256_of_sorted_eventIDs,
    });
    for (const row of coverage) expect(row.hoursWithEvents + row.hoursSilent).toBe(row.hours);
    if (COVERED_BY_HAND.includes(name)) expect(coverage).toEqual(coverageOf(recordsIn(join(FIXTURES, name))));
    expect([events.firstTime, events.lastTime].map((t) => t?.replace('.000Z', 'Z'))).toEqual([fact.first_eventTime, fact.last_eventTime]);
  });
}
