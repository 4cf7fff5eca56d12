/**
 * Gzip, member by member (RFC 1952), by Node's zlib. Node's own gunzip joins the members, ignores zero bytes behind the last one
 * and fails on other bytes there; here each of these is noticed and said. Whatever could be unpacked before damage is given back.
 */
import { constants, crc32, createInflateRaw, type InflateRaw, inflateRawSync } from 'node:zlib';

export interface Unpacked {
  bytes: Buffer;
  members: number;
  /** What is wrong, in a sentence: then `bytes` are what could be read before it. Null when every checksum fits. */
  damage: string | null;
  /** Bytes behind the last member, and whether all of them are zero. */
  trailing: number;
  trailingZeros: boolean;
  /** Number of unpacked bytes of each member. */
  memberSizes: number[];
}

/** Thrown by `unpackSmall` when the output passes its limit: the file is to be streamed. */
export class TooLarge extends Error {}

interface InflateInfo {
  buffer: Buffer;
  engine: { bytesWritten: number };
}
// With `info` the result tells how many packed bytes were used; @types/node knows the plain form only.
const inflateRawWithInfo = inflateRawSync as unknown as (bytes: Uint8Array, options: Record<string, unknown>) => InflateInfo;

const TRAILER = 8;
const MAX_HEADER = 128 * 1024;

/** A whole gzip file in memory. Throws TooLarge past `limit` bytes of output. */
export function unpackSmall(found: Buffer, limit: number): Unpacked {
  const pieces: Buffer[] = [];
  let total = 0;
  let at = 0;
  let damage: string | null = null;
  const hint = sizeHint(found, limit);
  while (at < found.length) {
    const header = headerEnd(found, at);
    if (header === null) break;
    if (header === 'incomplete') {
      damage = 'The gzip data ends inside a member’s header.';
      at = found.length;
      break;
    }
    const body = found.subarray(header);
    let result: InflateInfo;
    try {
      result = inflateRawWithInfo(body, { info: true, maxOutputLength: limit - total + 1, chunkSize: hint });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new TooLarge();
      const readable = inflateUntilDamage(body, limit - total);
      damage = isCut(thrown) ? truncated(pieces.length) : `The gzip data is damaged: ${(thrown as Error).message}.`;
      pieces.push(readable);
      total += readable.length;
      at = found.length;
      break;
    }
    if (result.buffer.length > limit - total) throw new TooLarge();
    pieces.push(result.buffer);
    total += result.buffer.length;
    const end = header + result.engine.bytesWritten;
    damage = checkTrailer(found, end, result.buffer, pieces.length);
    at = Math.min(end + TRAILER, found.length);
    if (damage !== null) break;
  }
  const rest = found.subarray(at);
  return {
    bytes: pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, total),
    members: pieces.length,
    damage,
    trailing: damage === null ? rest.length : 0,
    trailingZeros: rest.every((byte) => byte === 0),
    memberSizes: pieces.map((piece) => piece.length),
  };
}

/** What follows the last member, in a sentence; null when nothing does. */
export function trailingNote(unpacked: Pick<Unpacked, 'trailing' | 'trailingZeros'>): string | null {
  if (unpacked.trailing === 0) return null;
  const what = unpacked.trailingZeros ? 'zero bytes follow' : 'bytes that are no gzip data follow';
  return `${unpacked.trailing} ${what} the end of the gzip data.`;
}

/** The last four bytes of an honest single-member file are its unpacked size: one output buffer of that size saves joining many. */
function sizeHint(found: Buffer, limit: number): number {
  const claimed = found.length >= 18 ? found.readUInt32LE(found.length - 4) : 0;
  return Math.max(1024, Math.min(claimed + 1, limit + 1, found.length * 40));
}

function checkTrailer(found: Buffer, at: number, bytes: Buffer, member: number): string | null {
  if (at + TRAILER > found.length) return 'The gzip data ends before its checksum: it was cut off.';
  return trailerFault(found.subarray(at), crc32(bytes), bytes.length, member);
}

/** The eight bytes behind a member: checksum and length (modulo 2^32) of what it unpacks to. */
function trailerFault(trailer: Buffer, checksum: number, length: number, member: number): string | null {
  if (checksum !== trailer.readUInt32LE(0)) return `The checksum of gzip member ${member} does not fit: the data is damaged.`;
  if (length % 2 ** 32 !== trailer.readUInt32LE(4))
    return `The length written behind gzip member ${member} is not that of its content: the file is damaged.`;
  return null;
}

const truncated = (membersBefore: number): string =>
  membersBefore === 0 ? 'The gzip data is cut off before its end.' : `The gzip data is cut off inside member ${membersBefore + 1}.`;
const isCut = (thrown: unknown): boolean => (thrown as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';

/** Everything that inflates before the data ends or breaks. Halving finds the place: a sync flush gives what a whole prefix holds. */
function inflateUntilDamage(body: Buffer, limit: number): Buffer {
  const attempt = (length: number): Buffer | null => {
    try {
      return inflateRawSync(body.subarray(0, length), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: limit });
    } catch {
      return null;
    }
  };
  const whole = attempt(body.length);
  if (whole !== null) return whole;
  let good = 0;
  let bad = body.length;
  let best: Buffer = Buffer.alloc(0);
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    const piece = attempt(middle);
    if (piece === null) bad = middle;
    else {
      good = middle;
      best = piece;
    }
  }
  return best;
}

/** Where the data of the member at `at` begins; null when no member begins there. */
function headerEnd(bytes: Buffer, at: number): number | null | 'incomplete' {
  if (bytes[at] !== 0x1f || bytes[at + 1] !== 0x8b || bytes[at + 2] !== 8) return null;
  if (at + 10 > bytes.length) return 'incomplete';
  const flags = bytes[at + 3];
  let p = at + 10;
  if (flags & 4) {
    if (p + 2 > bytes.length) return 'incomplete';
    p += 2 + bytes.readUInt16LE(p);
  }
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const zero = bytes.indexOf(0, p);
    if (zero === -1) return 'incomplete';
    p = zero + 1;
  }
  if (flags & 2) p += 2;
  return p <= bytes.length ? p : 'incomplete';
}

/** What a stream of unpacked bytes tells once it is over. */
export interface StreamEnd {
  members: number;
  damage: string | null;
  trailing: number;
  trailingZeros: boolean;
}

/** Unpacked chunks of a gzip file that comes in chunks; `end` is filled when the generator has returned. Never throws for bad data. */
export async function* unpackStream(chunks: AsyncIterable<Buffer>, end: StreamEnd): AsyncGenerator<Buffer> {
  const source = chunks[Symbol.asyncIterator]();
  let pending: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await source.next();
    if (next.done) return false;
    pending = pending.length === 0 ? next.value : Buffer.concat([pending, next.value]);
    return true;
  };
  for (;;) {
    while (pending.length < 18 && (await more()));
    let header = headerEnd(pending, 0);
    while (header === 'incomplete' && pending.length < MAX_HEADER && (await more())) header = headerEnd(pending, 0);
    if (header === 'incomplete') {
      end.damage = 'The gzip data ends inside a member’s header.';
      return;
    }
    if (header === null) break;
    pending = pending.subarray(header);
    const member = new Member();
    try {
      for (;;) {
        if (pending.length === 0 && !(await more())) {
          end.damage = truncated(end.members);
          return;
        }
        const { output, used, finished, error } = await member.push(pending);
        pending = pending.subarray(used);
        for (const piece of output) yield piece;
        if (error !== null) {
          end.damage = `The gzip data is damaged: ${error}.`;
          return;
        }
        if (finished) break;
      }
    } finally {
      member.close();
    }
    end.members++;
    while (pending.length < TRAILER && (await more()));
    if (pending.length < TRAILER) {
      end.damage = 'The gzip data ends before its checksum: it was cut off.';
      return;
    }
    end.damage = trailerFault(pending, member.checksum, member.unpacked, end.members);
    if (end.damage !== null) return;
    pending = pending.subarray(TRAILER);
  }
  do {
    end.trailing += pending.length;
    end.trailingZeros &&= pending.every((byte) => byte === 0);
    pending = Buffer.alloc(0);
  } while (await more());
}

/** What one push gave: the output, how much of the input was used, and whether the deflate stream came to its end. */
export interface Pushed {
  output: Buffer[];
  used: number;
  finished: boolean;
  error: string | null;
}

/** Packed bytes inflated at a time: what comes out of them (at most 1,032 times as much) lies in memory at once. */
const PUSH_BYTES = 64 * 1024;

/** Inflates one raw deflate stream that comes in chunks: a gzip member's or a zip member's. */
export class Member {
  checksum = 0;
  /** Bytes given out so far. */
  unpacked = 0;
  private readonly inflate: InflateRaw = createInflateRaw({ chunkSize: 256 * 1024 });
  private output: Buffer[] = [];
  /** Ends the push under way: zlib tells of bad data by an event alone, and never calls the write back that met it. */
  private fail: (error: Error) => void = () => undefined;
  /** Settled when everything was given out, or never will be. */
  private readonly over: Promise<void>;

  constructor() {
    this.inflate.on('data', (piece: Buffer) => {
      this.checksum = crc32(piece, this.checksum);
      this.unpacked += piece.length;
      this.output.push(piece);
    });
    this.over = new Promise((resolve) => {
      this.inflate.once('end', resolve);
      this.inflate.once('error', (error) => {
        this.fail(error);
        resolve();
      });
      this.inflate.once('close', resolve);
    });
  }

  /** Takes the first bytes of `packed`; call again with the unused rest until finished. */
  async push(packed: Buffer): Promise<Pushed> {
    const before = this.inflate.bytesWritten;
    const piece = packed.length > PUSH_BYTES ? packed.subarray(0, PUSH_BYTES) : packed;
    const error = await new Promise<Error | null>((resolve) => {
      this.fail = resolve;
      this.inflate.write(piece, (thrown) => resolve(thrown ?? null));
    });
    const used = this.inflate.bytesWritten - before;
    // zlib leaves input unused only behind the end of its stream.
    const finished = error === null && used < piece.length;
    if (finished || error !== null) {
      await this.over;
      this.close();
    }
    const output = this.output;
    this.output = [];
    return { output, used, finished, error: error?.message ?? null };
  }

  close(): void {
    this.inflate.destroy();
  }
}
