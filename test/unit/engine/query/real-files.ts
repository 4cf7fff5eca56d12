/** Files of the shared fixtures read as the app reads them, into a query core. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { claimBytes } from '../../../../src/engine/ingest/claims.ts';
import { IngestCore } from '../../../../src/engine/ingest/ingest-core.ts';
import { CONTROL_FIELDS, type FromThread } from '../../../../src/engine/ingest/thread-types.ts';
import type { ImportId } from '../../../../src/shared/brand.ts';
import { Bench } from './support.ts';

export const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();

/** A case of these files, read in this order. */
export async function benchOf(files: string[]): Promise<Bench> {
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
  return bench;
}
