/** Real records through ingest into the query core: what the shared fixtures are known to hold must come out. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimBytes } from '../../../../src/engine/ingest/claims.ts';
import { IngestCore } from '../../../../src/engine/ingest/ingest-core.ts';
import { CONTROL_FIELDS, type FromThread } from '../../../../src/engine/ingest/thread-types.ts';
import type { BatchEvents } from '../../../../src/shared/batch.ts';
import type { ImportId } from '../../../../src/shared/brand.ts';
import { Bench } from './support.ts';

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

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();

/** The batch summary of a folder, its files read in this order. */
async function summaryOf(files: string[]): Promise<BatchEvents> {
  const bench = new Bench();
  const recordsOf = new Map<number, number>();
  const post = (message: FromThread): void => {
    if (message.type !== 'commit') return;
    const { header, segment, seqs, repeats } = message;
    for (const [i, file] of header.files.entries()) recordsOf.set(seqs[i], file.records);
    // A thread does not read a file again; the host says how many records it has.
    const copies = repeats.map(({ row, seq, of }) => ({
      ...row,
      records: recordsOf.get(of ?? -1) ?? 0,
      index: header.files.length,
      ledgerId: seq,
    }));
    bench.send({ type: 'attach', commit: { id: header.id, header }, segment, remap: null });
    const told = header.files.map((file, index) => ({ ...file, index, ledgerId: seqs[index] }));
    bench.send({ type: 'files', commitId: header.id, files: [...told, ...copies] });
    void core.take({ type: 'ack', bytes: message.segment.byteLength + message.vault.byteLength });
  };
  const core = new IngestCore(
    {
      importId: 'test' as ImportId,
      appVersion: '0',
      threadId: 0,
      claims: new SharedArrayBuffer(claimBytes(1 << 12)),
      control: new SharedArrayBuffer(CONTROL_FIELDS * 4),
    },
    post,
  );
  const jobs = files.map((path, seq) => ({
    seq,
    attempt: 0,
    shown: path,
    path,
    size: statSync(path).size,
    modified: null,
    inside: null,
    depth: 0,
    member: null,
    bytes: null,
    damage: null,
  }));
  await core.take({ type: 'run', jobs, commitEvents: 500 });
  await core.take({ type: 'flush' });
  await bench.settle();
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
