/** Real records through ingest into the query core: what the shared fixtures are known to hold must come out. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BatchEvents } from '../../../../src/shared/batch.ts';
import { benchOf, filesUnder } from './real-files.ts';

const FIXTURES = resolve('../shared/fixtures');
/** Folders whose facts were counted over all that they hold. */
const FOLDERS = [
  'TrailDiscover',
  'invictus-ir-aws_dataset',
  'rubysoho07-cloudtrail-watcher',
  'stratus-red-team',
  'trailscraper',
  'umccr-flaws.cloud-subset',
  'aws-cli',
  'plaso',
  'cloud-custodian',
  'stevezieglerva-cloudtrail-log-analytics',
];

interface Facts {
  total_event_records: number;
  unique_eventIDs: number;
  records_without_eventID: number;
  duplicate_records: number;
  errorCode_records_unique: number;
  sha256_of_sorted_eventIDs: string;
}

/** The batch summary of a folder, its files read in this order. */
async function summaryOf(files: string[]): Promise<BatchEvents> {
  const bench = await benchOf(files);
  const summary = await bench.core.batchEvents();
  bench.close();
  return summary;
}

describe.skipIf(!existsSync(FIXTURES))('the shared fixtures', () => {
  const facts = existsSync(FIXTURES) ? (JSON.parse(readFileSync(join(FIXTURES, 'FACTS.json'), 'utf8')) as Record<string, Facts>) : {};

  it.each(FOLDERS)('%s', async (folder) => {
    const files = filesUnder(join(FIXTURES, folder));
    const summary = await summaryOf(files);
    const known = facts[folder];
    expect({
      records: summary.records,
      unique: summary.unique,
      withoutId: summary.withoutId,
      duplicates: summary.duplicates + summary.conflicts,
      withErrorCode: summary.withErrorCode,
      ids: summary.idsSha256,
    }).toEqual({
      records: known.total_event_records,
      unique: known.unique_eventIDs,
      withoutId: known.records_without_eventID,
      duplicates: known.duplicate_records,
      withErrorCode: known.errorCode_records_unique,
      ids: known.sha256_of_sorted_eventIDs,
    });
    expect(await summaryOf(files.toReversed())).toEqual(summary);
  });
});

if (!existsSync(FIXTURES)) console.log('skipped: the shared fixtures are not beside the repository');
