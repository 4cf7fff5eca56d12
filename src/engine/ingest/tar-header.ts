/**
 * One 512-byte header of a tar archive: V7, ustar and pax (POSIX.1-1988 and 1003.1-2001, "pax", section "ustar Interchange Format"),
 * and the GNU forms (GNU tar manual, "Basic Tar Format").
 */
import { isUtf8 } from 'node:buffer';

export const TAR_BLOCK = 512;

export interface TarHeader {
  /** As written, prefix joined; the bytes, because no format says their encoding. */
  name: Buffer;
  /** Of the data that follows; NaN when it cannot be read. */
  size: number;
  /** EpochMs, or null. */
  modified: number | null;
  /** The type flag's character; '0' for the NUL of older archives. */
  type: string;
  /** Old GNU sparse files: further blocks of the map lie between this header and the data. */
  sparseMapContinues: boolean;
}

const ZERO_BLOCK = Buffer.alloc(TAR_BLOCK);

export const isZeroBlock = (block: Buffer): boolean => block.equals(ZERO_BLOCK);

/** True when the checksum of the first 512 bytes fits, which no other format's does. */
export function isTar(head: Buffer): boolean {
  if (head.length < TAR_BLOCK || head[0] === 0) return false;
  const said = number(head, 148, 8);
  let sum = 8 * 0x20;
  let signed = sum;
  for (let i = 0; i < TAR_BLOCK; i++) {
    if (i === 148) i = 156;
    sum += head[i];
    signed += head.readInt8(i);
  }
  // Some old writers summed signed bytes.
  return said === sum || said === signed;
}

/** The header of a block for which `isTar` holds. */
export function tarHeader(block: Buffer): TarHeader {
  const magic = block.toString('latin1', 257, 263);
  const type = block[156] === 0 ? '0' : String.fromCharCode(block[156]);
  const own = field(block, 0, 100);
  // GNU's own format ("ustar  ") has other things in the place of the prefix.
  const prefix = magic === 'ustar\0' ? field(block, 345, 155) : Buffer.alloc(0);
  const seconds = number(block, 136, 12);
  return {
    name: prefix.length === 0 ? own : Buffer.concat([prefix, Buffer.from('/'), own]),
    size: number(block, 124, 12),
    modified: Number.isFinite(seconds) && seconds > 0 && seconds < 8.64e12 ? seconds * 1000 : null,
    type,
    sparseMapContinues: type === 'S' && block[482] !== 0,
  };
}

/** Records of a pax extended header, "length key=value\n" each; ends at the first that is malformed. Values are the bytes. */
export function paxRecords(bytes: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at);
    const length = blank === -1 || blank - at > 10 ? Number.NaN : Number(bytes.toString('latin1', at, blank));
    const equals = bytes.indexOf(0x3d, blank);
    if (!(length > 0) || equals === -1 || equals >= at + length || at + length > bytes.length) break;
    records.set(bytes.toString('utf8', blank + 1, equals), bytes.subarray(equals + 1, at + length - 1));
    at += length;
  }
  return records;
}

/** A name as text: UTF-8 where it is that, else Latin-1, so that every byte shows; control characters are replaced. */
export function tarName(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  const name = end === -1 ? bytes : bytes.subarray(0, end);
  return (
    name
      .toString(isUtf8(name) ? 'utf8' : 'latin1')
      .replace(/\p{Cc}/gu, '\ufffd')
      .slice(0, 4096) || '(no name)'
  );
}

function field(block: Buffer, at: number, length: number): Buffer {
  const bytes = block.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end));
}

/** Octal digits, or GNU's base 256 where the first bit is set. NaN for anything else, for negative numbers, and beyond 2^53. */
function number(block: Buffer, at: number, length: number): number {
  if (block[at] & 0x80) {
    if (block[at] !== 0x80) return Number.NaN;
    let value = 0;
    for (let i = at + 1; i < at + length; i++) value = value * 256 + block[i];
    return Number.isSafeInteger(value) ? value : Number.NaN;
  }
  const text = block
    .toString('latin1', at, at + length)
    .replace(/[\0 ]+$/, '')
    .trimStart();
  if (text === '') return 0;
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}
