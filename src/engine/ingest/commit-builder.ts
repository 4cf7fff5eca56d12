/** Gathers files, rows and packed bytes of one commit, then lays them out to be handed over. */
import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync, type ZlibOptions } from 'node:zlib';
import type { CommitId } from '../../shared/brand.ts';
import { type Block, COMMIT_VERSION, type CommitStage, type OriginalChunk, type Packing } from '../../shared/commit.ts';
import type { AggregatedRecord, EvidenceFile, RecordProblem } from '../../shared/ledger.ts';
import { SegmentBuilder } from './builder.ts';
import { COMMIT_EVENTS, COMMIT_FILES, COMMIT_TEXT_BYTES, COMMIT_VAULT_BYTES } from './limits.ts';
import type { RowTarget } from './parse-file.ts';
import type { CommitMessage } from './thread-types.ts';

const deflate = promisify<Uint8Array, ZlibOptions, Buffer>(deflateRaw);
/** Packing must not cost more than parsing. */
const LEVEL = { level: 1 };
/** Blocks of some 1 MB that are packed beside the thread at a time. */
const BESIDE = 4;

export class CommitBuilder implements RowTarget {
  readonly segment = new SegmentBuilder();
  readonly problems: RecordProblem[] = [];
  readonly aggregated: AggregatedRecord[] = [];
  file = 0;
  block = 0;
  private readonly files: EvidenceFile[] = [];
  private readonly blocks: Block[] = [];
  private readonly originals: OriginalChunk[] = [];
  private readonly seqs: number[] = [];
  private readonly repeats: CommitMessage['repeats'] = [];
  private readonly pieces: { bytes: Uint8Array; place: Block | OriginalChunk }[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private vaultBytes = 0;
  private textBytes = 0;

  get empty(): boolean {
    return this.files.length + this.repeats.length === 0 && this.blocks.length === 0 && this.originals.length === 0;
  }

  /** True when it should be handed over; `events` is what the host asks for at this time of the import. */
  full(events: number): boolean {
    return (
      this.segment.rows >= Math.min(events, COMMIT_EVENTS) ||
      this.aggregated.length >= COMMIT_EVENTS ||
      this.textBytes >= COMMIT_TEXT_BYTES ||
      this.vaultBytes >= COMMIT_VAULT_BYTES ||
      this.files.length + this.repeats.length >= COMMIT_FILES
    );
  }

  /** Points rows to the file and block that come next. */
  beginFile(): void {
    this.file = this.files.length;
    this.block = this.blocks.length;
  }

  addFile(row: EvidenceFile, seq: number, repeatOf?: number | null): void {
    if (repeatOf !== undefined) {
      this.repeats.push({ row, seq, of: repeatOf });
      return;
    }
    this.files.push(row);
    this.seqs.push(seq);
  }

  /** Adds unpacked bytes as a block: packed as they were found, when `packed` is given, else by us. */
  addBlock(
    unpacked: Uint8Array,
    unpackedOffset: number,
    packed?: { packing: Packing; bytes: Uint8Array },
    csvHeader: string | null = null,
  ): void {
    const { packing, bytes } = packed ?? smaller(unpacked, deflateRawSync(unpacked, LEVEL));
    this.keep(bytes, this.blockAt(unpacked, unpackedOffset, packing, csvHeader));
  }

  /** As `addBlock`, packed by us beside this thread. Resolves when no more than a few blocks are under way. */
  async addBlockBeside(unpacked: Uint8Array, unpackedOffset: number, csvHeader: string | null = null): Promise<void> {
    const block = this.blockAt(unpacked, unpackedOffset, 'deflate', csvHeader);
    const work = deflate(unpacked, LEVEL).then((deflated) => {
      const { packing, bytes } = smaller(unpacked, deflated);
      block.packing = packing;
      this.keep(bytes, block);
      this.underWay.delete(work);
    });
    this.underWay.add(work);
    while (this.underWay.size >= BESIDE) await Promise.race(this.underWay);
  }

  /** Resolves when every block is packed: before `finish`. */
  async packed(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private blockAt(unpacked: Uint8Array, unpackedOffset: number, packing: Packing, csvHeader: string | null): Block {
    const { file } = this;
    const header = csvHeader === null ? {} : { csvHeader };
    const block: Block = { file, packing, offset: 0, length: 0, unpackedOffset, unpackedLength: unpacked.byteLength, ...header };
    this.blocks.push(block);
    this.textBytes += unpacked.byteLength;
    this.block = this.blocks.length;
    return block;
  }

  /** Keeps a stretch of the file as found, beside blocks made from what it unpacks to. */
  addOriginal(bytes: Uint8Array, foundOffset: number): void {
    const chunk = { file: this.file, offset: 0, length: 0, foundOffset };
    this.originals.push(chunk);
    this.keep(bytes, chunk);
  }

  private keep(bytes: Uint8Array, place: Block | OriginalChunk): void {
    place.offset = this.vaultBytes;
    place.length = bytes.byteLength;
    this.pieces.push({ bytes, place });
    this.vaultBytes += bytes.byteLength;
  }

  finish(id: string, stage: CommitStage | null): CommitMessage {
    const segment = this.segment.finish();
    const vault = new Uint8Array(this.vaultBytes);
    for (const { bytes, place } of this.pieces) vault.set(bytes, place.offset);
    return {
      type: 'commit',
      header: {
        version: COMMIT_VERSION,
        id: id as CommitId,
        stage,
        files: this.files,
        blocks: this.blocks,
        originals: this.originals,
        problems: this.problems,
        aggregated: this.aggregated,
        segment: segment?.layout ?? null,
      },
      segment: segment?.buffer ?? new ArrayBuffer(0),
      vault: vault.buffer,
      seqs: this.seqs,
      repeats: this.repeats,
    };
  }
}

/** What does not shrink is stored. */
const smaller = (unpacked: Uint8Array, deflated: Uint8Array): { packing: Packing; bytes: Uint8Array } =>
  deflated.byteLength < unpacked.byteLength ? { packing: 'deflate', bytes: deflated } : { packing: 'stored', bytes: unpacked };
