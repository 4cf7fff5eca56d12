/**
 * The members of a tar, in the order of the archive. Names are labels and never become paths on disk. Read where it lies, an
 * archive is only stepped through, header by header; read as a stream, each member's bytes are offered in passing.
 */
import { isTar, isZeroBlock, paxRecords, TAR_BLOCK, tarHeader, tarName } from '../../../engine/ingest/tar-header.ts';

/** Where the archive's bytes come from. */
export interface TarInput {
  /** The next bytes: fewer than asked for only where the archive ends. */
  read(length: number): Promise<Buffer>;
  /** Passes over bytes; gives how many there were. */
  skip(length: number): Promise<number>;
  /** Bytes that are left, where that can be known without reading them. */
  left(): number | null;
  /** Where the next byte lies in the file on disk; null in a stream. */
  place(): number | null;
}

export interface FoundTarMember {
  /** Control characters replaced. */
  name: string;
  /** Bytes that are there: fewer than the header says when the archive ends inside the member. */
  size: number;
  modified: number | null;
  /** Where its bytes lie in the file on disk; null in a stream. */
  offset: number | null;
  /** Null: it can be read. */
  refused: string | null;
  /** The archive ends inside this member: what was to be there. */
  cut: string | null;
  /** Its bytes in pieces, of a stream; at most once, before the next member is asked for. */
  body(): AsyncGenerator<Buffer>;
}

const MAX_MEMBERS = 2_000_000;
/** Of a long name or of pax records. */
const MAX_EXTENDED = 1024 * 1024;
const PIECE = 1024 * 1024;

const REFUSED_TYPES: Record<string, string> = {
  '1': 'A link to another member of its tar: links are not followed. What it leads to is read under its own name, if it is there.',
  '2': 'A link inside its tar: links are not followed.',
  '3': 'A device inside its tar: it was not read.',
  '4': 'A device inside its tar: it was not read.',
  '6': 'A pipe inside its tar: it was not read.',
  S: 'A sparse file inside its tar: it was not read. Unpack the tar and import the folder.',
  M: 'The rest of a file that begins in another volume of the tar: it was not read. Unpack all volumes and import the folder.',
};

/** Throws an Error whose message is a sentence where the archive is damaged; the members before it were given then. */
export async function* tarMembers(input: TarInput): AsyncGenerator<FoundTarMember> {
  let members = 0;
  let longName: Buffer | null = null;
  let pax = new Map<string, Buffer>();
  let everywhere = new Map<string, Buffer>();
  let anyHeader = false;
  for (;;) {
    const block = await input.read(TAR_BLOCK);
    if (block.length === 0) {
      if (longName !== null || pax.size > 0) throw new Error('The tar ends behind the name of a member that is missing.');
      return;
    }
    if (block.length < TAR_BLOCK) {
      if (block.every((byte) => byte === 0)) return;
      throw new Error('The tar is cut off inside a header.');
    }
    // Zero blocks end an archive; another may follow where archives were joined.
    if (isZeroBlock(block)) continue;
    if (!isTar(block))
      throw new Error(anyHeader ? 'The tar is damaged: no header where one should be.' : 'The tar has no readable header.');
    anyHeader = true;
    const header = tarHeader(block);
    const named = pax.get('size') ?? everywhere.get('size');
    const extended = 'xgLK'.includes(header.type);
    const size = named && !extended ? Number(named.toString('latin1')) : header.size;
    if (!Number.isSafeInteger(size) || size < 0) throw new Error('The tar is damaged: a header gives no readable size.');
    if (extended) {
      if (size > MAX_EXTENDED) throw new Error(`The tar is damaged: a name or its records would take ${size} bytes.`);
      const bytes = await input.read(size);
      if (bytes.length < size) throw new Error('The tar is cut off inside a header.');
      await input.skip(padding(size));
      if (header.type === 'x') pax = paxRecords(bytes);
      else if (header.type === 'g') everywhere = new Map([...everywhere, ...paxRecords(bytes)]);
      else if (header.type === 'L') longName = bytes;
      continue;
    }
    if (header.sparseMapContinues) {
      for (let more = true; more; ) {
        const map = await input.read(TAR_BLOCK);
        if (map.length < TAR_BLOCK) throw new Error('The tar is cut off inside a header.');
        more = map[504] !== 0;
      }
    }
    const name = tarName(pax.get('path') ?? longName ?? header.name);
    const sparse = [...pax.keys()].some((key) => key.startsWith('GNU.sparse.'));
    const refused = sparse ? REFUSED_TYPES.S : (REFUSED_TYPES[header.type] ?? null);
    longName = null;
    pax = new Map();
    const folder =
      header.type === '5' || header.type === 'D' || header.type === 'V' || (header.type === '0' && name.endsWith('/') && size === 0);
    if (folder) {
      await input.skip(size + padding(size));
      continue;
    }
    if (++members > MAX_MEMBERS) throw new Error(`The tar has more than ${MAX_MEMBERS} members: the rest was not read.`);
    const known = input.left();
    const there = known === null ? size : Math.min(size, known);
    let taken = 0;
    yield {
      name,
      size: there,
      modified: header.modified,
      offset: input.place(),
      refused,
      cut: there < size ? cutSentence(there, size) : null,
      async *body() {
        while (taken < size) {
          const piece = await input.read(Math.min(PIECE, size - taken));
          if (piece.length === 0) return;
          taken += piece.length;
          yield piece;
        }
      },
    };
    if (there < size) return;
    const rest = size - taken + padding(size);
    // Without its padding a last member is whole all the same.
    if ((await input.skip(rest)) < size - taken) return;
  }
}

export const cutSentence = (there: number, size: number): string =>
  `The tar ends inside this member: ${there} of its ${size} bytes are there.`;

const padding = (size: number): number => (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK;

/** A stretch of a file on disk; `read` gives bytes at an absolute place. */
export function placedInput(read: (at: number, length: number) => Buffer, start: number, length: number): TarInput {
  let at = 0;
  return {
    async read(wanted) {
      const bytes = read(start + at, Math.min(wanted, length - at));
      at += bytes.length;
      return bytes;
    },
    async skip(wanted) {
      const skipped = Math.min(wanted, length - at);
      at += skipped;
      return skipped;
    },
    left: () => length - at,
    place: () => start + at,
  };
}

/** What comes piece by piece. */
export function streamedInput(chunks: AsyncIterable<Buffer>): TarInput {
  const source = chunks[Symbol.asyncIterator]();
  let pending: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    while (pending.length === 0) {
      const next = await source.next();
      if (next.done) return false;
      pending = next.value;
    }
    return true;
  };
  const some = async (wanted: number): Promise<Buffer | null> => {
    if (wanted === 0 || !(await more())) return null;
    const piece = pending.subarray(0, wanted);
    pending = pending.subarray(piece.length);
    return piece;
  };
  return {
    async read(wanted) {
      const pieces: Buffer[] = [];
      let have = 0;
      while (have < wanted) {
        const piece = await some(wanted - have);
        if (piece === null) break;
        pieces.push(piece);
        have += piece.length;
      }
      return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, have);
    },
    async skip(wanted) {
      let have = 0;
      while (have < wanted) {
        const piece = await some(wanted - have);
        if (piece === null) break;
        have += piece.length;
      }
      return have;
    },
    left: () => null,
    place: () => null,
  };
}
