/** The members of a zip, from its central directory; the threads read them. Names are labels and never become paths on disk. */
import { isUtf8 } from 'node:buffer';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import type { ZipMember } from '../../../engine/ingest/thread-types.ts';

export interface FoundMember {
  /** As written in the zip, control characters replaced. */
  name: string;
  size: number;
  modified: number | null;
  /** Null: it will not be read, `refused` says why. */
  member: ZipMember | null;
  refused: string | null;
}

const MAX_MEMBERS = 2_000_000;
/** All members together: an honest zip of trail files unpacks to some 20 times its size at most. */
const MAX_TOTAL_RATIO = 300;
const FREE_TOTAL_BYTES = 1024 ** 3;
/** Of the attributes that a Unix system wrote (APPNOTE.TXT 4.4.15): the file's kind, and that of a link. */
const UNIX = 3;
const MODE_KIND = 0xf000;
const MODE_LINK = 0xa000;

/** Members in the order of the directory. Throws an Error whose message is a sentence when the zip cannot be opened; members before the fault were given then. */
export async function* zipMembers(path: string | Buffer): AsyncGenerator<FoundMember> {
  const zip = await open(path);
  try {
    const zipBytes = zip.fileSize;
    let packed = 0;
    let unpacked = 0;
    let members = 0;
    for (let entry = await next(zip); entry !== null; entry = await next(zip)) {
      const name = nameOf(entry);
      if (name.endsWith('/') && entry.uncompressedSize === 0) continue;
      if (++members > MAX_MEMBERS) throw new Error(`The zip has more than ${MAX_MEMBERS} members: the rest was not read.`);
      packed += entry.compressedSize;
      unpacked += entry.uncompressedSize;
      const refused =
        packed > zipBytes
          ? 'Members of the zip lie over one another (as in a decompression bomb): it was not read.'
          : unpacked > Math.max(FREE_TOTAL_BYTES, zipBytes * MAX_TOTAL_RATIO)
            ? `The zip unpacks to more than ${MAX_TOTAL_RATIO} times its size (as a decompression bomb does): it was not read.`
            : refusalOf(entry);
      const member: ZipMember = {
        in: 'zip',
        headerOffset: entry.relativeOffsetOfLocalHeader,
        packedSize: entry.compressedSize,
        size: entry.uncompressedSize,
        method: entry.compressionMethod,
        crc32: entry.crc32,
      };
      yield { name, size: entry.uncompressedSize, modified: modifiedOf(entry), member: refused === null ? member : null, refused };
    }
  } finally {
    zip.close();
  }
}

function open(path: string | Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Names stay bytes: yauzl's own decoding refuses a whole zip for one strange name.
    // It hands the path to `fs.open`, which takes bytes as well.
    yauzl.open(path as string, { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true }, (error, zip) => {
      if (error) reject(new Error(`The zip could not be opened: ${error.message}.`));
      else resolve(zip);
    });
  });
}

function next(zip: ZipFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      zip.removeAllListeners();
      act();
    };
    zip.once('entry', (entry: Entry) => settle(() => resolve(entry)));
    zip.once('end', () => settle(() => resolve(null)));
    zip.once('error', (error: Error) => settle(() => reject(new Error(`The zip’s directory is damaged: ${error.message}.`))));
    zip.readEntry();
  });
}

function nameOf(entry: Entry): string {
  const raw: unknown = entry.fileName;
  const bytes = Buffer.isBuffer(raw) ? raw : Buffer.from(String(raw));
  // Many writers give UTF-8 without saying so; else a name is code page 437, or a field of its own says it in UTF-8.
  const name = isUtf8(bytes)
    ? bytes.toString('utf8')
    : yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, bytes, entry.extraFields, true);
  // Control characters, so that a name shows as what it is.
  return name.replace(/\p{Cc}/gu, '\ufffd').slice(0, 4096) || '(no name)';
}

function refusalOf(entry: Entry): string | null {
  if ((entry.generalPurposeBitFlag & 1) !== 0)
    return 'Encrypted inside its zip: it cannot be read. Unpack the zip with its password and import the folder.';
  if (entry.versionMadeBy >>> 8 === UNIX && ((entry.externalFileAttributes >>> 16) & MODE_KIND) === MODE_LINK)
    return 'A link inside its zip: links are not followed.';
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    return `Packed inside its zip by method ${entry.compressionMethod}, which is not read (only stored and deflate are). Unpack it and import the folder.`;
  }
  if (entry.compressionMethod === 0 && entry.compressedSize !== entry.uncompressedSize)
    return 'The zip’s directory contradicts itself about this member: it was not read.';
  return null;
}

function modifiedOf(entry: Entry): number | null {
  const time = entry.getLastModDate().getTime();
  return Number.isFinite(time) && time > 0 ? time : null;
}
