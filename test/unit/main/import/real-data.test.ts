/** Real trail data (../shared/fixtures): counts against facts that were counted independently, and the ledger's words for what is not read. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DictColumnId } from '../../../../src/shared/columns.ts';
import { recordInside } from '../../../../src/shared/unwrap.ts';
import { type Imported, type Row, recordText, runImport } from './run-import.ts';

const FIXTURES = resolve('../shared/fixtures');
const present = existsSync(FIXTURES);
if (!present) console.log('skipped: ../shared/fixtures is absent');

type Counts = [string, number][];
interface Facts {
  total_event_records: number;
  unique_eventIDs: number;
  records_without_eventID: number;
  records_without_eventTime: number;
  first_eventTime: string;
  last_eventTime: string;
  sha256_of_sorted_eventIDs: string;
  eventName_top10_raw: Counts;
  eventSource_top10_unique: Counts;
  arn_top10_unique: Counts;
  identity_types_unique: Record<string, number>;
  sourceIP_top10_unique: Counts;
  regions_unique: Record<string, number>;
  recipientAccounts_unique: Record<string, number>;
  errorCode_records_raw: number;
  readOnly_unique: Record<string, number>;
}
const facts = (present ? JSON.parse(readFileSync(resolve(FIXTURES, 'FACTS.json'), 'utf8')) : {}) as Record<string, Facts>;

/** Folders all of whose events are in shapes that this version reads. */
const WHOLE = [
  'TrailDiscover',
  'invictus-ir-aws_dataset',
  'rubysoho07-cloudtrail-watcher',
  'stratus-red-team',
  'synthetic-umccr-eventVersion-examples',
  'trailscraper',
  'umccr-flaws.cloud-subset',
  'awsdocs-cloudtrail-user-guide-CC-BY-SA-4.0',
  'aws-cli',
  'cloud-custodian',
  'plaso',
  'stevezieglerva-cloudtrail-log-analytics',
];

/** One row for each eventID, and those without one. */
function unique(rows: Row[]): Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => row.id === null || (!seen.has(row.id) && seen.add(row.id)));
}

function counts(rows: Row[], column: DictColumnId): Map<string | null, number> {
  const found = new Map<string | null, number>();
  for (const row of rows) found.set(row.values[column], (found.get(row.values[column]) ?? 0) + 1);
  return found;
}

const python = (value: string): string | null => (value === 'None' || value === '(none)' ? null : value);

function repeatedRecords(imported: Imported): number {
  return imported.files
    .filter((f) => f.status === 'repeated')
    .reduce((sum, f) => sum + (imported.files.find((o) => o.sha256 === f.sha256 && o.status !== 'repeated')?.records ?? 0), 0);
}

describe.skipIf(!present)('real evidence', () => {
  it.each(WHOLE)('%s agrees with its facts', async (folder) => {
    const imported = await runImport([resolve(FIXTURES, folder)]);
    const fact = facts[folder];
    const events = unique(imported.rows);
    const ids = [...new Set(imported.rows.flatMap((row) => (row.id === null ? [] : [row.id])))].sort();
    expect(imported.rows.length + repeatedRecords(imported)).toBe(fact.total_event_records);
    expect(ids.length).toBe(fact.unique_eventIDs);
    expect(imported.rows.filter((row) => row.id === null).length).toBe(fact.records_without_eventID);
    expect(createHash('sha256').update(ids.join('\n')).digest('hex')).toBe(fact.sha256_of_sorted_eventIDs);
    const times = imported.rows.map((row) => row.time).filter((t) => !Number.isNaN(t));
    expect(Math.min(...times)).toBe(Date.parse(fact.first_eventTime));
    expect(Math.max(...times)).toBe(Date.parse(fact.last_eventTime));
    expect(imported.rows.length - times.length).toBe(fact.records_without_eventTime);
    if (fact.records_without_eventID > 0) return;
    const byColumn: [DictColumnId, Counts][] = [
      ['eventSource', fact.eventSource_top10_unique],
      ['sourceIPAddress', fact.sourceIP_top10_unique],
      ['identityType', Object.entries(fact.identity_types_unique)],
      ['awsRegion', Object.entries(fact.regions_unique)],
      ['readOnly', Object.entries(fact.readOnly_unique).map(([k, n]) => [k === 'None' ? k : k.toLowerCase(), n])],
    ];
    for (const [column, expected] of byColumn) {
      const found = counts(events, column);
      expect(expected.map(([value]) => [value, found.get(python(value)) ?? 0])).toEqual(expected);
    }
    const arns = counts(events, 'identity');
    for (const [arn, n] of fact.arn_top10_unique) if (arn.startsWith('arn:')) expect([arn, arns.get(arn)]).toEqual([arn, n]);
  });

  it('every row leads back to the exact text of its record', async () => {
    for (const folder of ['stratus-red-team', 'derived-formats', 'otrf-security-datasets']) {
      const imported = await runImport([resolve(FIXTURES, folder)]);
      expect(imported.rows.length).toBeGreaterThan(0);
      for (const row of imported.rows.slice(0, 300)) {
        const csvHeader = imported.commits[row.commit].header.blocks[row.block].csvHeader;
        const read = recordInside({ text: await recordText(imported, row), csvHeader });
        const record = JSON.parse(read.text) as Record<string, unknown>;
        expect(record.eventName ?? null).toBe(row.values.eventName);
        expect(record.eventID ?? null).toBe(row.id);
      }
    }
  });
});
