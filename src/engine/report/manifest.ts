/** The evidence ledger as files of its own: a `sha256sum` list to check the originals with, and a table of everything. */

import { CUSTODY_FIELDS, type CustodyBook, custodyOf } from '../../shared/custody.ts';
import { type EvidenceFile, isMember } from '../../shared/ledger.ts';
import { csvCell } from '../client/exports.ts';

/**
 * Lines of GNU `sha256sum --check`: hash, two blanks, path; a path with a backslash, LF or CR is escaped and its line begins
 * with a backslash (coreutils manual, "md5sum invocation"). Files without a hash, members of containers (which do not lie on the
 * disk by themselves) and withdrawn files (which are no evidence) are left out and counted.
 */
export function sha256sumList(files: readonly EvidenceFile[]): {
  text: string;
  listed: number;
  members: number;
  withoutHash: number;
  withdrawn: number;
} {
  const lines = new Set<string>();
  let members = 0;
  let withdrawn = 0;
  let withoutHash = 0;
  for (const file of files) {
    if (file.withdrawal) withdrawn++;
    else if (file.sha256 === null) withoutHash++;
    else if (isMember(file.container)) members++;
    else lines.add(sumLine(file.sha256, file.path));
  }
  return { text: lines.size === 0 ? '' : `${[...lines].join('\n')}\n`, listed: lines.size, members, withoutHash, withdrawn };
}

function sumLine(sha256: string, path: string): string {
  const escaped = path.toWellFormed().replace(/[\\\n\r]/g, (c) => (c === '\n' ? '\\n' : c === '\r' ? '\\r' : '\\\\'));
  return `${escaped === path ? '' : '\\'}${sha256}  ${escaped}`;
}

const COLUMNS = [
  'path',
  'status',
  'kind',
  'container',
  'size',
  'records',
  'aggregatedRecords',
  'unreadableRecords',
  'firstTime',
  'lastTime',
  'sha256',
  'sha256Unpacked',
  'unpackedSize',
  'modified',
  'importedAt',
  'appVersion',
  'reason',
] as const satisfies readonly (keyof EvidenceFile)[];
const TIMES: ReadonlySet<string> = new Set(['firstTime', 'lastTime', 'modified', 'importedAt']);

/** The whole ledger as CSV with CRLF line ends; times in ISO 8601 UTC, sizes in bytes. What was stated about custody stands last. */
export function ledgerCsv(files: readonly EvidenceFile[], custody: CustodyBook): string {
  const cell = (file: EvidenceFile, column: (typeof COLUMNS)[number]): string => {
    const value = file[column];
    if (value === null) return '';
    if (typeof value === 'number') return TIMES.has(column) ? isoTime(value) : String(value);
    return csvCell(value);
  };
  const rows = files.map((file) => {
    const stated = custodyOf(custody, file.importId);
    return [
      ...COLUMNS.map((column) => cell(file, column)),
      file.withdrawal ? isoTime(file.withdrawal.at) : '',
      ...CUSTODY_FIELDS.map((field) => csvCell(stated[field])),
    ].join(',');
  });
  return `${[[...COLUMNS, 'withdrawnAt', ...CUSTODY_FIELDS].join(','), ...rows].join('\r\n')}\r\n`;
}

const isoTime = (ms: number): string => (Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : '');
