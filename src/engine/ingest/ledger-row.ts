/** A ledger row from what is known of a file: everything the row says comes through here. */
import type { EpochMs, ImportId, Sha256 } from '../../shared/brand.ts';
import type { Container, EvidenceFile, GzipFacts } from '../../shared/ledger.ts';
import type { FileFacts } from './parse-file.ts';

export interface RowBasis {
  path: string;
  container: Container;
  size: number;
  modified: number | null;
  sha256: Buffer | string | null;
  sha256Unpacked: Buffer | string | null;
  unpackedSize: number | null;
  gzip?: GzipFacts;
}

const NO_FACTS = { records: 0, aggregatedRecords: 0, unreadableRecords: 0, firstTime: null, lastTime: null };
const hex = (hash: Buffer | string | null): Sha256 | null =>
  hash === null ? null : ((typeof hash === 'string' ? hash : hash.toString('hex')) as Sha256);

export function ledgerRow(
  basis: RowBasis,
  facts: Pick<FileFacts, 'kind' | 'status' | 'reason'> & Partial<FileFacts>,
  run: { importId: ImportId; appVersion: string },
): EvidenceFile {
  return {
    path: basis.path,
    container: basis.container,
    size: basis.size,
    modified: basis.modified as EpochMs | null,
    sha256: hex(basis.sha256),
    sha256Unpacked: hex(basis.sha256Unpacked),
    unpackedSize: basis.unpackedSize,
    ...(basis.gzip === undefined ? {} : { gzip: basis.gzip }),
    ...NO_FACTS,
    ...facts,
    importId: run.importId,
    importedAt: Date.now() as EpochMs,
    appVersion: run.appVersion,
  };
}
