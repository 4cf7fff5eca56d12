/**
 * A file too large to be held: read twice (its hash first, so that a repetition is not parsed), parsed in windows of about 1 MB,
 * and handed over in stages that count only once the last one is there. Memory does not grow with the file.
 */
import { createHash, type Hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { CommitStage } from '../../shared/commit.ts';
import { CommitBuilder } from './commit-builder.ts';
import type { EvidenceSource } from './evidence-source.ts';
import type { RowBasis } from './ledger-row.ts';
import { BLOCK_BYTES, COMMIT_EVENTS, isBomb, RATIO_FREE_BYTES } from './limits.ts';
import { FileParser } from './parse-file.ts';
import { type Claim, containerNotes, containerOf, nested, REPEATED, type SmallResult } from './small-file.ts';
import { sniff } from './sniff.ts';
import { type StreamEnd, unpackStream } from './unpack.ts';

export interface LargeContext {
  path: string;
  inZip: boolean;
  claim: Claim;
  cancelled(): boolean;
  /** Hands over a stage that is not the last one. */
  stage(builder: CommitBuilder, stage: CommitStage): Promise<void>;
  /** Called often: bytes as found done so far, and records. */
  tick(foundBytes: number, records: number): void;
  stageKey: string;
}

/** `last` is the builder of the last stage, for the row; null when nothing of the file is kept. */
export type LargeResult = SmallResult & { last: { builder: CommitBuilder; stage: CommitStage } | null };

const CANCELLED = {
  kind: 'records',
  status: 'cancelled',
  reason: 'The import was cancelled while this file was read; nothing of it was kept.',
} as const;
const HEAD_BYTES = 4096;

/** Throws Unreadable. */
export async function readLarge(source: EvidenceSource, context: LargeContext): Promise<LargeResult | 'container'> {
  const { path, inZip } = context;
  const hashed = await hashFound(source, context);
  const basis: RowBasis = {
    path,
    container: containerOf(inZip, false),
    size: source.size,
    modified: source.modified,
    sha256: null,
    sha256Unpacked: null,
    unpackedSize: null,
  };
  if (hashed === null) return { basis, facts: CANCELLED, last: null };
  const first = sniff(hashed.head, false);
  if (first.is === 'zip' && !inZip) return 'container';
  basis.sha256 = hashed.sha256;
  basis.container = containerOf(inZip, first.is === 'gzip');
  const repeatOf = context.claim(hashed.sha256);
  if (repeatOf !== undefined) return { basis, facts: { kind: 'records', ...REPEATED }, repeatOf, last: null };
  if (first.is === 'zip') return { basis, facts: nested('zip', true), last: null };
  if (first.is === 'other')
    return { basis: { ...basis, sha256Unpacked: hashed.sha256, unpackedSize: source.size }, facts: first.verdict, last: null };
  return new LargeReader(source, context, basis, first.is === 'gzip').read();
}

async function hashFound(source: EvidenceSource, context: LargeContext): Promise<{ sha256: Buffer; head: Buffer } | null> {
  const hash = createHash('sha256');
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of source.chunks()) {
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES)]);
    hash.update(chunk);
    await setImmediate();
    if (context.cancelled()) return null;
  }
  return { sha256: hash.digest(), head };
}

class LargeReader {
  private builder = new CommitBuilder();
  private readonly parser = new FileParser(this.builder);
  private stages = 0;
  private readonly foundHash: Hash = createHash('sha256');
  private readonly textHash: Hash = createHash('sha256');
  private foundBytes = 0;
  /** Begin of the window in the unpacked file. */
  private base = 0;

  constructor(
    private readonly source: EvidenceSource,
    private readonly context: LargeContext,
    private readonly basis: RowBasis,
    private readonly gzip: boolean,
  ) {}

  async read(): Promise<LargeResult> {
    const end: StreamEnd = { members: 0, damage: null, trailing: 0, trailingZeros: true };
    const found = this.found();
    const text = this.gzip ? unpackStream(found, end) : found;
    let pending: Buffer[] = [];
    let have = 0;
    let want = BLOCK_BYTES;
    let unpackedBytes = 0;
    let sniffed = false;
    let whole = true;
    for await (const chunk of text) {
      pending.push(chunk);
      have += chunk.length;
      unpackedBytes += chunk.length;
      this.textHash.update(chunk);
      if (this.gzip && isBomb(this.foundBytes, unpackedBytes)) {
        end.damage = `It unpacks to more than ${Math.floor(unpackedBytes / this.foundBytes)} times its size: reading stopped after ${Math.floor(unpackedBytes / RATIO_FREE_BYTES) * 64} MB.`;
        whole = false;
        break;
      }
      if (have < want) continue;
      const window: Buffer = pending.length === 1 ? pending[0] : Buffer.concat(pending, have);
      if (!sniffed) {
        sniffed = true;
        const inner = sniff(window, false);
        if (inner.is !== 'json') return this.give(inner.is === 'other' ? inner.verdict : nested(inner.is, this.context.inZip));
      }
      const used = this.window(window, false);
      if (this.parser.ended) {
        whole = false;
        break;
      }
      pending = used === window.length ? [] : [window.subarray(used)];
      have = window.length - used;
      want = used === 0 ? have + BLOCK_BYTES : BLOCK_BYTES;
      this.context.tick(this.foundBytes, this.parser.records);
      await setImmediate();
      if (this.context.cancelled()) return { basis: this.basis, facts: CANCELLED, last: null };
      if (this.builder.full(COMMIT_EVENTS)) {
        if (this.parser.records === 0) return this.give(this.parser.facts('No record was found in its first 64 MB.'));
        await this.nextStage();
      }
    }
    if (!this.parser.ended) this.window(Buffer.concat(pending, have), true);
    const damage = end.damage ?? (whole ? this.change() : null);
    if (damage === null && whole) {
      this.basis.sha256Unpacked = this.textHash.digest();
      this.basis.unpackedSize = unpackedBytes;
    }
    if (damage === null && this.gzip && (end.members > 1 || end.trailing > 0)) {
      const { members, trailing, trailingZeros } = end;
      this.basis.gzip = { members, trailing, trailingZeros, firstMemberSha256: null };
    }
    const facts = this.parser.facts(damage);
    const notes = this.gzip && facts.records > 0 ? containerNotes(end) : [];
    const row = notes.length === 0 ? facts : { ...facts, reason: [facts.reason, ...notes].filter((note) => note !== null).join(' ') };
    if (facts.status === 'rejected') return this.give(row);
    return { basis: this.basis, facts: row, last: { builder: this.builder, stage: this.stageAt(true) } };
  }

  /** A file of which nothing is kept. */
  private give(facts: SmallResult['facts']): LargeResult {
    return { basis: this.basis, facts, last: null };
  }

  private window(bytes: Buffer, eof: boolean): number {
    const used = this.parser.feed(bytes, this.base, eof);
    if (used === 0) return 0;
    this.builder.addBlock(bytes.subarray(0, used), this.base);
    this.base += used;
    return used;
  }

  private async nextStage(): Promise<void> {
    const full = this.builder;
    this.builder = new CommitBuilder();
    this.parser.target = this.builder;
    const stage = this.stageAt(false);
    this.stages++;
    await this.context.stage(full, stage);
  }

  private stageAt(last: boolean): CommitStage {
    return { stageKey: this.context.stageKey, index: this.stages, last };
  }

  /** The chunks as found; those of a gzip file are kept beside the blocks. */
  private async *found(): AsyncGenerator<Buffer> {
    for await (const chunk of this.source.chunks()) {
      this.foundHash.update(chunk);
      if (this.gzip) this.builder.addOriginal(chunk, this.foundBytes);
      this.foundBytes += chunk.length;
      yield chunk;
    }
  }

  /** What was read must be what was hashed. */
  private change(): string | null {
    const before = this.basis.sha256 as Buffer;
    return this.foundHash.digest().equals(before) ? null : 'The file changed while it was read.';
  }
}
