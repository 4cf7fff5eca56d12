/** The original bytes: the exact text of records, and whole files as they were found. Blocks are unpacked by the host. */
import type { CommitId, Sha256 } from '../../shared/brand.ts';
import type { Block, OriginalChunk } from '../../shared/commit.ts';
import type { LedgerRow, RecordRef, RecordText } from '../../shared/engine.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import { ByteCache } from './byte-cache.ts';
import type { CommitPlace } from './commit-writer.ts';
import type { CaseDatabase } from './databases.ts';
import type { HostCalls } from './host-calls.ts';
import type { CommitSeq, StoredCommit } from './shapes.ts';

const UNPACKED_CACHE = 64 * 1024 * 1024;
const PACKED_CACHE = 64 * 1024 * 1024;
const HEADER_CACHE = 64;
/** Blocks being unpacked by the host at a time. */
const AT_A_TIME = 4;
/** A file past this cannot be one array in every browser. */
const MAX_ORIGINAL = 1024 * 1024 * 1024;

export class Vault {
  private readonly unpacked = new ByteCache(UNPACKED_CACHE);
  private readonly packed = new ByteCache(PACKED_CACHE);
  private readonly headers = new Map<CommitSeq, StoredCommit>();

  constructor(
    private readonly db: CaseDatabase,
    private readonly host: HostCalls,
    private readonly place: (id: CommitId) => CommitPlace | null,
  ) {}

  /** Texts in the order of `refs`. Rejects with 'not-found' for a ref that the case does not hold. */
  async records(refs: readonly RecordRef[]): Promise<RecordText[]> {
    const texts = new Array<RecordText>(refs.length);
    const byBlock = new Map<string, number[]>();
    refs.forEach((ref, i) => {
      const key = `${ref.commitId} ${ref.block}`;
      const list = byBlock.get(key);
      if (list) list.push(i);
      else byBlock.set(key, [i]);
    });
    const groups = [...byBlock.values()];
    const next = async (): Promise<void> => {
      for (let group = groups.shift(); group; group = groups.shift()) {
        const { commitId, block } = refs[group[0]];
        const bytes = await this.block(commitId, block);
        const csvHeader = (await this.header(commitId)).blocks[block]?.csvHeader;
        for (const i of group) texts[i] = { ...(await recordText(refs[i], bytes)), ...(csvHeader === undefined ? {} : { csvHeader }) };
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, next));
    return texts;
  }

  /** The file as found, verified against its ledger hash. `row` is of the file whose bytes are held. */
  async original(row: LedgerRow): Promise<Uint8Array<ArrayBuffer>> {
    if (row.size > MAX_ORIGINAL) throw new AppError('too-large', `Files over ${MAX_ORIGINAL / 2 ** 30} GB cannot be shown whole.`);
    const file = new Uint8Array(row.size);
    let written = 0;
    const write = (offset: number, bytes: Uint8Array): void => {
      if (offset < 0 || offset + bytes.byteLength > file.byteLength) throw damaged(row.path);
      file.set(bytes, offset);
      written += bytes.byteLength;
    };
    const stages = await Promise.all(row.commits.map((id) => this.header(id)));
    const ofFile = (piece: Block | OriginalChunk): boolean => piece.file === row.fileInCommit;
    const chunked = stages.some((s) => s.originals.some(ofFile));
    for (const stage of stages) {
      for (const chunk of stage.originals.filter(ofFile)) write(chunk.foundOffset, await this.slice(stage, chunk));
      for (const [index, block] of stage.blocks.entries()) {
        if (!ofFile(block)) continue;
        if (block.packing === 'gzip') write(0, await this.slice(stage, block));
        // Blocks of a file that came packed, or in UTF-16, hold its text; the file as found is then in the chunks alone.
        else if (chunked) continue;
        else if (!row.container.endsWith('gzip')) write(block.unpackedOffset, await this.block(stage.id, index));
        else throw damaged(row.path);
      }
    }
    if (written === 0 && row.size > 0) {
      throw new AppError(
        'not-found',
        `The bytes of ${row.path} are not in the case: the bytes of files that hold no records are not kept.`,
      );
    }
    if ((row.withdrawal?.was.status ?? row.status) === 'partial' && written < row.size) {
      throw new AppError('not-found', `${row.path} was read only in part, and only that part of its bytes is in the case.`);
    }
    if (written !== row.size || (await sha256(file)) !== row.sha256) throw damaged(row.path);
    return file;
  }

  /**
   * What is kept of a file, as steps that each read one piece: stretches of the file as found, of its unpacked text, or of both, each
   * kind in its order. Unknown commits reject with 'not-found'; a step rejects with 'storage', naming what is damaged.
   */
  async pieces(row: LedgerRow): Promise<(() => Promise<KeptPiece>)[]> {
    const stages = await Promise.all(row.commits.map((id) => this.header(id)));
    const ofFile = (piece: Block | OriginalChunk): boolean => piece.file === row.fileInCommit;
    const chunked = stages.some((s) => s.originals.some(ofFile));
    const steps: { at: number; chunk: boolean; read(): Promise<KeptPiece> }[] = [];
    for (const stage of stages) {
      for (const chunk of stage.originals.filter(ofFile)) {
        steps.push({ at: chunk.foundOffset, chunk: true, read: async () => ({ found: await this.slice(stage, chunk) }) });
      }
      for (const [index, block] of stage.blocks.entries()) {
        if (!ofFile(block)) continue;
        const read = async (): Promise<KeptPiece> => {
          const packed = await this.slice(stage, block);
          const unpacked = (await unpackHere(block, packed, MAX_PIECE)) ?? (await this.block(stage.id, index));
          if (block.packing === 'gzip') return { found: packed, unpacked };
          return row.container.endsWith('gzip') || chunked ? { unpacked } : { found: unpacked, unpacked };
        };
        steps.push({ at: block.unpackedOffset, chunk: false, read: () => named(read(), stage, index) });
      }
    }
    return steps.sort((a, b) => Number(a.chunk) - Number(b.chunk) || a.at - b.at).map((step) => step.read);
  }

  /** The unpacked bytes of a file from its blocks, with the ledger's hash; null when the case does not hold all of them. */
  async unpackedFile(row: LedgerRow): Promise<Uint8Array<ArrayBuffer> | null> {
    if (row.unpackedSize === null || row.unpackedSize > MAX_ORIGINAL) return null;
    const file = new Uint8Array(row.unpackedSize);
    let written = 0;
    for (const id of row.commits) {
      const stage = await this.header(id);
      for (const [index, block] of stage.blocks.entries()) {
        if (block.file !== row.fileInCommit || block.unpackedOffset + block.unpackedLength > file.length) continue;
        // Thousands of digests are quicker unpacked here than asked for one by one; what is not one clean member, the host can.
        const bytes = (await unpackHere(block, await this.slice(stage, block))) ?? (await this.block(id, index));
        file.set(bytes, block.unpackedOffset);
        written += bytes.byteLength;
      }
    }
    if (written !== file.length || (row.unpackedSize === 0 && row.commits.length === 0)) return null;
    if (row.sha256Unpacked !== null && (await sha256(file)) !== row.sha256Unpacked) throw damaged(row.path);
    return file;
  }

  /** The unpacked bytes of a block; rejects when they are not what was stored at import. */
  async block(commitId: CommitId, index: number): Promise<Uint8Array<ArrayBuffer>> {
    const key = `${commitId} ${index}`;
    const cached = this.unpacked.get(key);
    if (cached) return cached;
    const header = await this.header(commitId);
    const block = header.blocks[index];
    if (!block) throw unknownRecord();
    const bytes = await this.host.unpack(block.packing, await this.slice(header, block), block.unpackedLength);
    if (bytes.byteLength !== block.unpackedLength) {
      throw new AppError('storage', 'The stored original of this record is damaged: it unpacks to another length than at import.');
    }
    this.unpacked.put(key, bytes);
    return bytes;
  }

  private async slice(header: StoredCommit, piece: { offset: number; length: number }): Promise<Uint8Array<ArrayBuffer>> {
    const vault = await this.vaultBytes(header.seq);
    if (piece.offset < 0 || piece.offset + piece.length > vault.byteLength) {
      throw new AppError('storage', 'The stored originals are damaged: a part of them is missing.');
    }
    return vault.slice(piece.offset, piece.offset + piece.length);
  }

  private async vaultBytes(seq: CommitSeq): Promise<Uint8Array<ArrayBuffer>> {
    const key = String(seq);
    const cached = this.packed.get(key);
    if (cached) return cached;
    const stored = await this.db.vault.get(seq);
    if (!stored) throw unknownRecord();
    const bytes = new Uint8Array(stored.bytes);
    this.packed.put(key, bytes);
    return bytes;
  }

  private async header(id: CommitId): Promise<StoredCommit> {
    const place = this.place(id);
    if (!place) throw unknownRecord();
    const cached = this.headers.get(place.seq);
    if (cached) return cached;
    const stored = await this.db.commits.get(place.seq);
    if (!stored) throw unknownRecord();
    if (this.headers.size >= HEADER_CACHE) {
      for (const oldest of this.headers.keys()) {
        this.headers.delete(oldest);
        break;
      }
    }
    this.headers.set(place.seq, stored);
    return stored;
  }
}

export interface KeptPiece {
  found?: Uint8Array<ArrayBuffer>;
  unpacked?: Uint8Array<ArrayBuffer>;
}

/** Says which block failed. */
async function named<T>(work: Promise<T>, stage: StoredCommit, index: number): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    const { kind, message } = toAppError(thrown);
    const { unpackedOffset, unpackedLength } = stage.blocks[index];
    const where = `block ${index + 1} of commit ${stage.id}, bytes ${unpackedOffset} to ${unpackedOffset + unpackedLength} of the unpacked file`;
    throw new AppError(kind, `${message} (${where})`);
  }
}

const MAX_HERE = 1024 * 1024;
/** Where thousands of pieces are read one after another, sending them to the host costs more than unpacking them. */
const MAX_PIECE = 64 * 1024 * 1024;

/** Null for what is large, or not one clean stream. */
async function unpackHere(block: Block, packed: Uint8Array<ArrayBuffer>, most = MAX_HERE): Promise<Uint8Array<ArrayBuffer> | null> {
  if (block.packing === 'stored') return packed;
  if (block.unpackedLength > most) return null;
  try {
    const unpacking = new DecompressionStream(block.packing === 'gzip' ? 'gzip' : 'deflate-raw');
    const bytes = new Uint8Array(await new Response(new Blob([packed]).stream().pipeThrough(unpacking)).arrayBuffer());
    return bytes.byteLength === block.unpackedLength ? bytes : null;
  } catch {
    return null;
  }
}

async function recordText(ref: RecordRef, block: Uint8Array<ArrayBuffer>): Promise<RecordText> {
  const { textOffset, textLength } = ref;
  if (textOffset < 0 || textLength < 0 || textOffset + textLength > block.byteLength) throw unknownRecord();
  const bytes = block.subarray(textOffset, textOffset + textLength);
  return { ref, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), sha256: await sha256(bytes) };
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Sha256> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (b) => b.toString(16).padStart(2, '0')).join('') as Sha256;
}

const unknownRecord = (): AppError => new AppError('not-found', 'The case does not hold this record.');
const damaged = (path: string): AppError =>
  new AppError('storage', `The stored original of ${path} is damaged: its SHA-256 is not that of the ledger. Import the file again.`);
