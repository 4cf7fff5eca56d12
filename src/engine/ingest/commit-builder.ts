/** Gathers files, rows and packed bytes of one commit, then lays them out to be handed over. */
import { deflateRawSync } from 'node:zlib';
import type { CommitId } from '../../shared/brand.ts';
import { type Block, COMMIT_VERSION, type CommitStage, type OriginalChunk, type Packing } from '../../shared/commit.ts';
import type { AggregatedRecord, EvidenceFile, RecordProblem } from '../../shared/ledger.ts';
import { SegmentBuilder } from './builder.ts';
import { COMMIT_EVENTS, COMMIT_FILES, COMMIT_TEXT_BYTES, COMMIT_VAULT_BYTES } from './limits.ts';
import type { RowTarget } from './parse-file.ts';
import type { CommitMessage } from './thread-types.ts';

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
  private readonly pieces: Uint8Array[] = [];
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
    const { packing, bytes } = packed ?? pack(unpacked);
    this.blocks.push({
      file: this.file,
      packing,
      offset: this.keep(bytes),
      length: bytes.byteLength,
      unpackedOffset,
      unpackedLength: unpacked.byteLength,
      ...(csvHeader === null ? {} : { csvHeader }),
    });
    this.textBytes += unpacked.byteLength;
    this.block = this.blocks.length;
  }

  /** Keeps a stretch of the file as found, beside blocks made from what it unpacks to. */
  addOriginal(bytes: Uint8Array, foundOffset: number): void {
    this.originals.push({ file: this.file, offset: this.keep(bytes), length: bytes.byteLength, foundOffset });
  }

  private keep(bytes: Uint8Array): number {
    const offset = this.vaultBytes;
    this.pieces.push(bytes);
    this.vaultBytes += bytes.byteLength;
    return offset;
  }

  finish(id: string, stage: CommitStage | null): CommitMessage {
    const segment = this.segment.finish();
    const vault = new Uint8Array(this.vaultBytes);
    let at = 0;
    for (const piece of this.pieces) {
      vault.set(piece, at);
      at += piece.byteLength;
    }
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

/** Level 1: packing must not cost more than parsing. What does not shrink is stored. */
function pack(unpacked: Uint8Array): { packing: Packing; bytes: Uint8Array } {
  const deflated = deflateRawSync(unpacked, { level: 1 });
  return deflated.byteLength < unpacked.byteLength ? { packing: 'deflate', bytes: deflated } : { packing: 'stored', bytes: unpacked };
}
