/** A file to be read, on disk or inside a container: its bytes as found, whole or in chunks. Opened read-only, and never anything but a regular file. */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';
import type { FileJob, TarMember, ZipMember } from './thread-types.ts';
import { Member } from './unpack.ts';

/** The disk or the container refused; the message is a sentence for the ledger. */
export class Unreadable extends Error {
  /** Whether a container held it: then it is 'rejected' as broken data, not as a refusal of the disk. */
  constructor(
    message: string,
    readonly broken = false,
  ) {
    super(message);
  }
}

const CHUNK_BYTES = 1024 * 1024;
const LOCAL_HEADER = 30;
const LOCAL_SIGNATURE = 0x04034b50;

type Opened = Pick<FileJob, 'path' | 'modified' | 'inside' | 'member' | 'bytes' | 'damage'>;

export class EvidenceSource {
  private readonly fd: number | null;
  private readonly held: Buffer | null;
  private readonly opened: Stats | null = null;
  /** Bytes of the file, or of the member unpacked from its zip. */
  readonly size: number;
  readonly modified: number | null;
  /** The container that the file came out of, and what it had to say about it. */
  readonly inside: FileJob['inside'];
  readonly damage: string | null;
  /** A sentence when the disk holds fewer bytes than the file has; else null. */
  readonly holes: string | null = null;
  /** Where the bytes lie in the opened file, and how many (packed ones, for a member). */
  private readonly start: number;
  private readonly length: number;
  private readonly member: ZipMember | null;

  /** Throws Unreadable. */
  constructor(job: Opened) {
    this.member = job.member?.in === 'zip' ? job.member : null;
    this.inside = job.inside;
    this.damage = job.damage;
    this.modified = job.modified;
    this.held = job.bytes === null ? null : Buffer.from(job.bytes.buffer, job.bytes.byteOffset, job.bytes.byteLength);
    this.start = 0;
    if (this.held !== null) {
      this.fd = null;
      this.length = this.held.length;
      this.size = this.held.length;
      return;
    }
    // Without O_NONBLOCK a pipe in the place of a file would hold the thread forever.
    const fd = attempt(() => openSync(pathOnDisk(job.path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
    this.fd = fd;
    try {
      const stat = attempt(() => fstatSync(fd));
      this.opened = stat;
      if (!stat.isFile()) throw new Unreadable('Not a regular file (a device, a pipe or a socket): it was not read.');
      this.modified = job.modified ?? (job.inside ? null : Math.floor(stat.mtimeMs));
      const { start, length, size } = this.place(job.member, stat.size);
      this.start = start;
      this.length = length;
      this.size = size;
      if (job.inside === null) this.holes = holesOf(stat.size, stat.blocks, () => this.readRange(0, 4096));
      if (start + length > stat.size) throw new Unreadable(`The ${job.inside} ends inside this member.`, true);
    } catch (thrown) {
      this.close();
      throw thrown;
    }
  }

  close(): void {
    if (this.fd !== null) closeSync(this.fd);
  }

  /** Where the bytes as found lie unpacked in the opened file; null when they do not. */
  get placed(): { start: number; length: number } | null {
    return this.fd === null || (this.member !== null && this.member.method !== 0) ? null : { start: this.start, length: this.length };
  }

  /** Whether somebody wrote to the file since it was opened. */
  get changed(): boolean {
    if (this.fd === null) return false;
    const { mtimeMs, size } = attempt(() => fstatSync(this.fd!));
    return mtimeMs !== this.opened?.mtimeMs || size !== this.opened.size;
  }

  /** Bytes of the opened file, at an absolute place. Throws Unreadable. */
  readAt(start: number, length: number): Buffer {
    return this.readRange(start, length);
  }

  private place(member: ZipMember | TarMember | null, fileSize: number): { start: number; length: number; size: number } {
    if (member === null) return { start: 0, length: fileSize, size: fileSize };
    if (member.in === 'tar') return { start: member.offset, length: member.size, size: member.size };
    return { start: this.memberStart(member), length: member.packedSize, size: member.size };
  }

  /** All bytes as found; for small files. Throws Unreadable. */
  readAll(): Buffer {
    const raw = this.readRange(this.start, this.length);
    const member = this.member;
    if (member === null) return raw;
    if (member.method === 0) return this.checked(raw, crc32(raw), raw.length);
    let bytes: Buffer;
    try {
      bytes = inflateRawSync(raw, { maxOutputLength: Math.max(1, member.size), chunkSize: Math.max(64, member.size + 1) });
    } catch (thrown) {
      throw new Unreadable(
        (thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
          ? 'This member unpacks to more than the zip says: it was not read.'
          : `This member of the zip is damaged: ${(thrown as Error).message}.`,
        true,
      );
    }
    return this.checked(bytes, crc32(bytes), bytes.length);
  }

  /** The packed bytes of a deflated member, which the vault can keep as they are. */
  packedMember(): Buffer | null {
    return this.member?.method === 8 ? this.readRange(this.start, this.length) : null;
  }

  /** The bytes as found in chunks of some 1 MB, each a buffer of its own. Throws Unreadable. */
  async *chunks(): AsyncGenerator<Buffer> {
    const member = this.member;
    if (member === null || member.method === 0) {
      let checksum = 0;
      let total = 0;
      for (const chunk of this.rawChunks()) {
        if (member !== null) checksum = crc32(chunk, checksum);
        total += chunk.length;
        yield chunk;
      }
      if (member !== null) this.check(checksum, total);
      return;
    }
    const inflate = new Member();
    let total = 0;
    try {
      for (const chunk of this.rawChunks()) {
        let rest = chunk;
        while (rest.length > 0) {
          const { output, used, finished, error } = await inflate.push(rest);
          for (const piece of output) {
            total += piece.length;
            if (total > member.size) throw new Unreadable('This member unpacks to more than the zip says: reading stopped.', true);
            yield piece;
          }
          if (error !== null) throw new Unreadable(`This member of the zip is damaged: ${error}.`, true);
          if (finished) break;
          rest = rest.subarray(used);
        }
      }
      this.check(inflate.checksum, total);
    } finally {
      inflate.close();
    }
  }

  private *rawChunks(): Generator<Buffer> {
    for (let at = 0; at < this.length; ) {
      const chunk = this.readRange(this.start + at, Math.min(CHUNK_BYTES, this.length - at));
      if (chunk.length === 0) return;
      at += chunk.length;
      yield chunk;
    }
  }

  private checked(bytes: Buffer, checksum: number, total: number): Buffer {
    this.check(checksum, total);
    return bytes;
  }

  private check(checksum: number, total: number): void {
    const member = this.member!;
    if (total !== member.size) throw new Unreadable(`This member of the zip holds ${total} bytes where the zip says ${member.size}.`, true);
    if (checksum !== member.crc32 >>> 0)
      throw new Unreadable('The checksum of this member of the zip does not fit: the data is damaged.', true);
  }

  private memberStart(member: ZipMember): number {
    const header = this.readRange(member.headerOffset, LOCAL_HEADER);
    if (header.length < LOCAL_HEADER || header.readUInt32LE(0) !== LOCAL_SIGNATURE)
      throw new Unreadable('The zip’s directory points to no such member.', true);
    return member.headerOffset + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
  }

  /** Fewer bytes only where the file ends (it may have shrunk since it was opened). */
  private readRange(start: number, length: number): Buffer {
    const { fd } = this;
    if (fd === null) return this.held!.subarray(start, start + length);
    const bytes = Buffer.allocUnsafeSlow(length);
    let at = 0;
    while (at < length) {
      const read = attempt(() => readSync(fd, bytes, at, length - at, start + at));
      if (read === 0) break;
      at += read;
    }
    return at === length ? bytes : bytes.subarray(0, at);
  }
}

/** `blocks` counts 512 bytes (POSIX, `st_blocks`); systems without it give none. */
function holesOf(size: number, blocks: number | undefined, head: () => Buffer): string | null {
  // Some file systems count no blocks at all; a file that is one hole reads as zero bytes from its beginning.
  if (blocks === 0 && size >= 65_536 && head().some((byte) => byte !== 0)) return null;
  const there = (blocks ?? Number.POSITIVE_INFINITY) * 512;
  if (size < 65_536 || there >= size / 2) return null;
  return `The disk holds only ${there} of its ${size} bytes (a sparse or packed file): what is not there reads as zero bytes.`;
}

/** Node takes bytes only as Buffer; between threads a Buffer becomes a plain Uint8Array. */
export const pathOnDisk = (path: string | Uint8Array): string | Buffer =>
  typeof path === 'string' ? path : Buffer.from(path.buffer, path.byteOffset, path.byteLength);

const SENTENCES: Record<string, string> = {
  ENOENT: 'The file was gone when it was to be read.',
  EACCES: 'The system refused to open the file: permission denied.',
  EPERM: 'The system refused to open the file: not permitted.',
  EBUSY: 'The file is locked by another program.',
  ENXIO: 'Not a regular file (a device, a pipe or a socket): it was not read.',
  EISDIR: 'A folder stands where a file was.',
  EIO: 'The disk reported an error while the file was read.',
  ELOOP: 'A link that leads in a circle: it was not followed.',
};

export function refusal(thrown: unknown): string {
  const code = (thrown as NodeJS.ErrnoException).code ?? '';
  return SENTENCES[code] ?? `The system could not read the file (${code || (thrown as Error).message}).`;
}

function attempt<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw new Unreadable(refusal(thrown));
  }
}
