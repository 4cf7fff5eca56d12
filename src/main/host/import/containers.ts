/**
 * Containers, opened: zip, tar, and tar inside gzip data. Members that lie readable in a file are read in place by the threads; those
 * of a stream are carried to them when small, and spooled to a temporary file when large. Containers within containers share one
 * budget, so that no nesting multiplies what a single one may unpack to.
 */
import { EvidenceSource, pathOnDisk } from '../../../engine/ingest/evidence-source.ts';
import { isBomb, SMALL_FILE_BYTES } from '../../../engine/ingest/limits.ts';
import type { ContainerKind, FileJob } from '../../../engine/ingest/thread-types.ts';
import { type StreamEnd, trailingNote, unpackStream } from '../../../engine/ingest/unpack.ts';
import type { MemberSpool, SpooledFile } from './member-spool.ts';
import { cutSentence, type FoundTarMember, placedInput, streamedInput, tarMembers } from './tar.ts';
import { zipMembers } from './zip.ts';

/** What a member's job is made of. */
export interface OpenedMember {
  name: string;
  size: number;
  modified: number | null;
  inside: 'zip' | 'tar';
  /** Why it will not be read; else null. */
  refused: string | null;
  damage: string | null;
  place: Pick<FileJob, 'path' | 'member' | 'bytes'>;
  /** The temporary file that holds it, or the container it lies in: held once more for this member. */
  spooled: SpooledFile | null;
}

/** All containers below one file on the disk together may hold so many times its size; an honest archive holds some 20 times. */
const MAX_TOTAL_RATIO = 300;
const FREE_TOTAL_BYTES = 1024 ** 3;

export class Budget {
  private taken = 0;
  constructor(private readonly found: number) {}

  /** Throws an Error with a sentence when there is no more. */
  take(bytes: number): void {
    this.taken += bytes;
    if (this.taken > Math.max(FREE_TOTAL_BYTES, this.found * MAX_TOTAL_RATIO))
      throw new Error(
        `The containers within it unpack to more than ${MAX_TOTAL_RATIO} times the size of the outermost (as a decompression bomb does): the rest was not read.`,
      );
  }
}

/** Members in the order of the container. Throws an Error whose message is a sentence; the members before the fault were given then. */
export async function* openContainer(job: FileJob, kind: ContainerKind, spool: MemberSpool, budget: Budget): AsyncGenerator<OpenedMember> {
  if (kind === 'zip') yield* openZip(job, spool, budget);
  else yield* openTar(job, kind, spool, budget);
}

async function* openZip(job: FileJob, spool: MemberSpool, budget: Budget): AsyncGenerator<OpenedMember> {
  // A zip is read from its end: inside another container it needs a file of its own.
  const own = job.member === null && job.bytes === null ? null : await spoolSource(job, spool);
  const path = own?.path ?? job.path;
  try {
    for await (const { name, size, modified, member, refused } of zipMembers(own?.path ?? pathOnDisk(job.path))) {
      if (member !== null && job.depth > 0) budget.take(size);
      if (member !== null) own?.hold();
      const spooled = member === null ? null : own;
      yield { name, size, modified, inside: 'zip', refused, damage: null, place: { path, member, bytes: null }, spooled };
    }
  } finally {
    await own?.release();
  }
}

async function spoolSource(job: FileJob, spool: MemberSpool): Promise<SpooledFile> {
  const source = new EvidenceSource(job);
  try {
    return await spool.write(source.chunks());
  } finally {
    source.close();
  }
}

async function* openTar(job: FileJob, kind: 'tar' | 'tar.gz', spool: MemberSpool, budget: Budget): AsyncGenerator<OpenedMember> {
  const source = new EvidenceSource(job);
  try {
    const { placed } = source;
    if (kind === 'tar' && placed !== null) {
      const input = placedInput((at, length) => source.readAt(at, length), placed.start, placed.length);
      for await (const found of tarMembers(input)) {
        const member = { in: 'tar' as const, offset: found.offset!, size: found.size };
        const place = { path: job.path, member, bytes: null };
        yield { ...facts(found), size: found.size, damage: found.cut, place, spooled: null };
      }
      return;
    }
    const end: StreamEnd = { members: 0, damage: null, trailing: 0, trailingZeros: true };
    const bytes = kind === 'tar' ? source.chunks() : unpacked(source, end, budget);
    try {
      for await (const found of tarMembers(streamedInput(bytes))) yield await takeMember(found, spool);
    } catch (thrown) {
      // What the gzip data has to say comes first: the tar then only ends where that does.
      throw end.damage === null ? thrown : new Error(end.damage);
    }
    const told = end.damage ?? trailingNote(end);
    if (told !== null) throw new Error(told);
  } finally {
    source.close();
  }
}

const facts = (found: FoundTarMember): Pick<OpenedMember, 'name' | 'modified' | 'inside' | 'refused'> => ({
  name: found.name,
  modified: found.modified,
  inside: 'tar',
  refused: found.refused,
});

async function* unpacked(source: EvidenceSource, end: StreamEnd, budget: Budget): AsyncGenerator<Buffer> {
  let found = 0;
  let out = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of source.chunks()) {
      found += chunk.length;
      yield chunk;
    }
  };
  for await (const piece of unpackStream(counted(), end)) {
    out += piece.length;
    budget.take(piece.length);
    if (isBomb(found, out)) throw new Error(`It unpacks to more than ${Math.floor(out / found)} times its size: the rest was not read.`);
    yield piece;
  }
}

/** A member of a stream: its bytes, or a temporary file with them. */
async function takeMember(found: FoundTarMember, spool: MemberSpool): Promise<OpenedMember> {
  const nowhere = { path: '', member: null, bytes: null };
  if (found.refused !== null) return { ...facts(found), size: found.size, damage: null, place: nowhere, spooled: null };
  if (found.size > SMALL_FILE_BYTES) {
    const spooled = await spool.write(found.body());
    const damage = spooled.size < found.size ? cutSentence(spooled.size, found.size) : null;
    return { ...facts(found), size: spooled.size, damage, place: { ...nowhere, path: spooled.path }, spooled };
  }
  const bytes = new Uint8Array(found.size);
  let size = 0;
  for await (const piece of found.body()) {
    bytes.set(piece, size);
    size += piece.length;
  }
  const damage = size < found.size ? cutSentence(size, found.size) : null;
  return { ...facts(found), size, damage, place: { ...nowhere, bytes: size < found.size ? bytes.slice(0, size) : bytes }, spooled: null };
}
