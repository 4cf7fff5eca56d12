/** What bytes are, before anyone parses them. Names lie; only the bytes are asked. */
import { isUtf8 } from 'node:buffer';
import { csvHeader } from '../../shared/csv-record.ts';
import { logLine } from '../../shared/unwrap.ts';
import { awsTextLog } from './aws-logs.ts';
import type { Verdict } from './json-kinds.ts';
import { isTar } from './tar-header.ts';

/** What the first bytes say: a container to open, text to split into records, or something to name and leave. */
export type Sniffed =
  | { is: 'gzip' }
  | { is: 'zip' }
  | { is: 'tar' }
  | { is: 'json' | 'log-lines' | 'csv' }
  | { is: 'other'; verdict: Verdict };

const GZIP = [0x1f, 0x8b, 0x08];
const ZIP_STARTS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
];
const HEAD_BYTES = 4096;

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean => magic.every((byte, i) => bytes[i] === byte);

/** `head`: the first bytes (4 kB are enough) of a file or of what a container held. `whole`: there are no more. */
export function sniff(head: Buffer, whole: boolean): Sniffed {
  if (head.length === 0) return other('empty', 'withoutEvents', 'The file is empty.');
  if (startsWith(head, GZIP)) return { is: 'gzip' };
  if (ZIP_STARTS.some((magic) => startsWith(head, magic))) return { is: 'zip' };
  if (isTar(head)) return { is: 'tar' };
  if (head.toString('latin1', 0, 4) === 'PAR1')
    return other('parquet', 'rejected', 'A Parquet file (as Security Lake writes it): not read by this version.');
  const binary = binaryName(head);
  if (binary !== null) return other('binary', 'rejected', `${binary}: not CloudTrail evidence.`);
  const sample = head.subarray(0, HEAD_BYTES);
  const at = firstByte(sample);
  if (at === -1) {
    return whole && sample.length === head.length
      ? other('empty', 'withoutEvents', 'The file holds only blank space.')
      : other('text', 'rejected', `Its first ${sample.length} bytes are blank space: it was not read any further.`);
  }
  if (sample[at] === 0x7b || sample[at] === 0x5b) return { is: 'json' };
  return sniffText(sample);
}

function sniffText(sample: Buffer): Sniffed {
  const text = sample.toString('utf8', sample[0] === 0xef ? 3 : 0, sample.length);
  const lines = text.trimStart().split(/\r?\n/, 40);
  const line = lines[0];
  const known = awsTextLog(line);
  if (known !== null) return other('aws-other', 'rejected', `${known}: not CloudTrail evidence.`);
  if (lines.some((l) => logLine(l) !== null)) return { is: 'log-lines' };
  if (csvHeader(line) !== null) return { is: 'csv' };
  if (isTornJson(lines, text)) return { is: 'json' };
  // Zero bytes among lines that are read are damage of one of them.
  if (sample.includes(0)) return other('binary', 'rejected', 'Binary data: not CloudTrail evidence.');
  if (text.includes('CloudTrailEvent') || /^EVENTS\t/.test(line))
    return other(
      'lookup-events',
      'rejected',
      'Output of lookup-events as a table, text or YAML: not read. Get it again with --output json.',
    );
  if (line.split(',').length > 3 && line.length < 2000) return other('csv', 'rejected', 'CSV text, not CloudTrail’s JSON.');
  if (/^(---|#|[A-Za-z_][\w-]*\s*:(\s|$))/.test(line) && /^[A-Za-z_][\w-]*\s*:(\s|$)/m.test(text)) {
    return other('yaml', 'rejected', 'YAML text (a rule or a configuration): not CloudTrail evidence.');
  }
  if (!isUtf8(sample.subarray(0, lastWhole(sample)))) return other('binary', 'rejected', 'Binary data: not CloudTrail evidence.');
  return other('text', 'rejected', 'Plain text: not CloudTrail’s JSON.');
}

/** A piece of trail JSON that lost its beginning, as `split -b` and `tail -c` leave it: it begins within a record, and records follow. */
function isTornJson(lines: readonly string[], text: string): boolean {
  if (/[#<`|]/.test(lines[0][0])) return false;
  const within = lines.slice(0, 3).some((line) => /"\s{0,8}:/.test(line) || /^\s*[}\]]/.test(line));
  return within && /\{\s*"(?:eventVersion|eventID|eventTime|userIdentity|Records)"\s{0,8}:/.test(text);
}

function binaryName(head: Buffer): string | null {
  const magic = head.toString('latin1', 0, 8);
  // An AppleDouble file keeps a Mac's extra attributes beside the real one, under the same name behind `._`.
  if (magic.startsWith('\x00\x05\x16\x07')) return 'A Mac’s companion file (AppleDouble), which holds attributes of another file';
  if (magic.startsWith('\x00\x00\x00\x01Bud1')) return 'A Mac’s folder settings (.DS_Store)';
  if (magic.startsWith('%PDF')) return 'A PDF document';
  if (magic.startsWith('\x89PNG') || magic.startsWith('\xff\xd8\xff')) return 'A picture';
  if (magic.startsWith('7z\xbc\xaf')) return 'A 7z archive (unpack it and import the folder)';
  if (magic.startsWith('(\xb5/\xfd')) return 'Zstandard-packed data (unpack it first)';
  if (magic.startsWith('BZh')) return 'bzip2-packed data (unpack it first)';
  if (magic.startsWith('\xfd7zXZ')) return 'xz-packed data (unpack it first)';
  if (magic.startsWith('\x7fELF') || magic.startsWith('MZ\x90')) return 'A program';
  return null;
}

/** First byte that is neither a byte order mark nor JSON whitespace; −1 when there is none. */
function firstByte(bytes: Buffer): number {
  let at = startsWith(bytes, [0xef, 0xbb, 0xbf]) ? 3 : 0;
  while (at < bytes.length && (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09)) at++;
  return at < bytes.length ? at : -1;
}

/** Length without a UTF-8 sequence that the cut at the sample's end may have broken. */
function lastWhole(bytes: Buffer): number {
  let at = bytes.length;
  while (at > 0 && bytes.length - at < 4 && (bytes[at - 1] & 0x80) !== 0) at--;
  return at;
}

const other = (kind: Verdict['kind'], status: Verdict['status'], reason: string): Sniffed => ({
  is: 'other',
  verdict: { kind, status, reason },
});
