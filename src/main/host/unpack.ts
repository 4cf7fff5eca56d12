/**
 * One vault block back to its unpacked bytes: the very bytes that the import read, since records are addressed by their place in
 * them. So a `gzip` block, a file as found, is unpacked by the import's own code: of a damaged file comes what could be read before
 * the damage, and what follows the last member is left out; the ledger tells of both.
 */
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { TooLarge, type Unpacked, unpackSmall } from '../../engine/ingest/unpack.ts';
import type { Packing } from '../../shared/commit.ts';
import { AppError } from '../../shared/errors.ts';

/** Packed bytes of one block, and the most that it may unpack to. */
export const MAX_PACKED = 512 * 1024 * 1024;
export const MAX_UNPACKED = 1024 * 1024 * 1024;

const inflate = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflateRaw);

/** Throws 'too-large' past `limit` bytes of output and 'bad-input' when the bytes are not of that packing. */
export async function unpackBlock(packed: Uint8Array<ArrayBuffer>, packing: Packing, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = (): AppError => new AppError('too-large', `The block unpacks to more than ${limit} bytes.`);
  if (packing === 'gzip') return view(gunzip(packed, limit, tooLarge).bytes);
  if (packing === 'deflate') {
    try {
      const bytes = await inflate(packed, { maxOutputLength: Math.max(1, limit) });
      if (bytes.byteLength <= limit) return view(bytes);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') {
        throw new AppError('bad-input', `The packed block is damaged: ${(thrown as Error).message}.`);
      }
    }
    throw tooLarge();
  }
  if (packed.byteLength > limit) throw tooLarge();
  return packed;
}

function gunzip(packed: Uint8Array<ArrayBuffer>, limit: number, tooLarge: () => AppError): Unpacked {
  let unpacked: Unpacked;
  try {
    unpacked = unpackSmall(Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength), limit);
  } catch (thrown) {
    throw thrown instanceof TooLarge ? tooLarge() : thrown;
  }
  if (unpacked.members === 0) throw new AppError('bad-input', unpacked.damage ?? 'The packed block is not gzip.');
  return unpacked;
}

const view = (bytes: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
