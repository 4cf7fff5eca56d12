/**
 * One vault block back to its unpacked bytes. `gzip` is a file as found: its members one after another, whatever follows the last
 * one ignored (the ledger tells of it); zlib's own gunzip would fail on such a tail.
 */
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { Packing } from '../../shared/commit.ts';
import { AppError } from '../../shared/errors.ts';

/** Packed bytes of one block, and the most that it may unpack to. */
export const MAX_PACKED = 512 * 1024 * 1024;
export const MAX_UNPACKED = 1024 * 1024 * 1024;

interface Inflated {
  buffer: Buffer;
  engine: { bytesWritten: number };
}
// With `info` the result tells how many packed bytes were used; @types/node knows the plain form only.
const inflateRaw = promisify(zlib.inflateRaw as (b: Uint8Array, o: zlib.ZlibOptions, cb: (e: Error | null, r: Buffer) => void) => void);

async function inflate(packed: Uint8Array, limit: number): Promise<{ bytes: Buffer; used: number }> {
  try {
    const result = (await inflateRaw(packed, { info: true, maxOutputLength: Math.max(1, limit) })) as unknown as Inflated;
    if (result.buffer.byteLength > limit) throw new AppError('too-large', `The block unpacks to more than ${limit} bytes.`);
    return { bytes: result.buffer, used: result.engine.bytesWritten };
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    if ((thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new AppError('too-large', `The block unpacks to more than ${limit} bytes.`);
    }
    throw new AppError('bad-input', `The packed bytes are damaged: ${(thrown as Error).message}.`);
  }
}

/** Throws 'too-large' past `limit` bytes of output and 'bad-input' when the packing is damaged. */
export async function unpackBlock(packed: Uint8Array<ArrayBuffer>, packing: Packing, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  if (packing === 'stored') {
    if (packed.byteLength > limit) throw new AppError('too-large', `The block is larger than ${limit} bytes.`);
    return packed;
  }
  if (packing === 'deflate') return exact((await inflate(packed, limit)).bytes);
  const members: Buffer[] = [];
  let total = 0;
  let at = 0;
  while (at < packed.byteLength) {
    const start = memberData(packed, at);
    if (start === null) break;
    const { bytes, used } = await inflate(packed.subarray(start), limit - total);
    const end = start + used;
    if (end + 8 > packed.byteLength) throw new AppError('bad-input', 'The gzip bytes end before their checksum.');
    const view = new DataView(packed.buffer, packed.byteOffset + end, 8);
    if (zlib.crc32(bytes) !== view.getUint32(0, true)) throw new AppError('bad-input', 'The gzip bytes do not match their checksum.');
    members.push(bytes);
    total += bytes.byteLength;
    at = end + 8;
  }
  if (members.length === 0) throw new AppError('bad-input', 'The packed bytes are not gzip.');
  return exact(members.length === 1 ? members[0] : Buffer.concat(members, total));
}

function exact(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset, buffer.byteLength);
}

/** Where the deflate data of the member at `at` begins; null when no member begins there (RFC 1952, 2.3). */
function memberData(bytes: Uint8Array, at: number): number | null {
  if (at + 18 > bytes.byteLength || bytes[at] !== 0x1f || bytes[at + 1] !== 0x8b || bytes[at + 2] !== 8) return null;
  const flags = bytes[at + 3];
  let p = at + 10;
  if (flags & 4) p += 2 + (bytes[p] | (bytes[p + 1] << 8));
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    const zero = bytes.indexOf(0, p);
    if (zero === -1) return null;
    p = zero + 1;
  }
  if (flags & 2) p += 2;
  return p < bytes.byteLength ? p : null;
}
