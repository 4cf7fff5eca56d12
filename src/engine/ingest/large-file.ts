/**
 * A file too large to be held: read twice (its hash first, so that a repetition is not parsed), parsed in windows of about 1 MB,
 * and handed over in stages that count only once the last one is there. Memory does not grow with the file.
 */
import { createHash, type Hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { CommitStage } from '../../shared/commit.ts';
import { CommitBuilder } from './commit-builder.ts';
import type { EvidenceSource } from './evidence-source.ts';
import type { Verdict } from './json-kinds.ts';
import type { RowBasis } from './ledger-row.ts';
import { BLOCK_BYTES, COMMIT_EVENTS, isBomb, RATIO_FREE_BYTES } from './limits.ts';
import { FileParser } from './parse-file.ts';
import { RECODED_NOTE, recodeStream, utf16Of } from './recode.ts';
import { type Claim, containerNotes, containerOf, type FoundContainer, nested, REPEATED, type SmallResult } from './small-file.ts';
import { sniff } from './sniff.ts';
import { isTar } from './tar-header.ts';
import { type StreamEnd, unpackStream } from './unpack.ts';

export interface LargeContext {
  path: string;
  /** False when there are as many containers around it as may be. */
  mayOpen: boolean;
  /** Waits while the import is paused. */
  paused(): Promise<void>;
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
export async function readLarge(source: EvidenceSource, context: LargeContext): Promise<LargeResult | FoundContainer> {
  const { path } = context;
  const head = await headOf(source);
  const first = sniff(head, false);
  const inner = first.is === 'gzip' ? await headInside(head) : null;
  if (context.mayOpen && (first.is === 'zip' || first.is === 'tar')) return { container: first.is };
  if (context.mayOpen && inner !== null && isTar(inner)) return { container: 'tar.gz' };
  const hashed = await hashFound(source, context);
  const basis: RowBasis = {
    path,
    container: containerOf(source.inside, first.is === 'gzip'),
    size: source.size,
    modified: source.modified,
    sha256: null,
    sha256Unpacked: null,
    unpackedSize: null,
  };
  if (hashed === null) return { basis, facts: CANCELLED, last: null };
  basis.sha256 = hashed;
  const repeatOf = context.claim(hashed);
  if (repeatOf !== undefined) return { basis, facts: { kind: 'records', ...REPEATED }, repeatOf, last: null };
  if (first.is === 'zip' || first.is === 'tar') return { basis, facts: nested(first.is, false), last: null };
  const utf16 = utf16Of(head) !== null;
  if (first.is === 'other' && !utf16)
    return { basis: { ...basis, sha256Unpacked: hashed, unpackedSize: source.size }, facts: first.verdict, last: null };
  return new LargeReader(source, context, basis, first.is === 'gzip', utf16).read();
}

async function headOf(source: EvidenceSource): Promise<Buffer> {
  for await (const chunk of source.chunks()) return chunk.subarray(0, HEAD_BYTES);
  return Buffer.alloc(0);
}

/** What the first packed bytes unpack to. */
async function headInside(packed: Buffer): Promise<Buffer> {
  const once = async function* (): AsyncGenerator<Buffer> {
    yield packed;
  };
  for await (const piece of unpackStream(once(), { members: 0, damage: null, trailing: 0, trailingZeros: true })) return piece;
  return Buffer.alloc(0);
}

async function hashFound(source: EvidenceSource, context: LargeContext): Promise<Buffer | null> {
  const hash = createHash('sha256');
  for await (const chunk of source.chunks()) {
    hash.update(chunk);
    await setImmediate();
    context.tick(0, 0);
    await context.paused();
    if (context.cancelled()) return null;
  }
  return hash.digest();
}

class LargeReader {
  private builder = new CommitBuilder();
  private parser = new FileParser(this.builder);
  private stages = 0;
  private readonly foundHash: Hash = createHash('sha256');
  private readonly textHash: Hash = createHash('sha256');
  private foundBytes = 0;
  private unpackedBytes = 0;
  /** It is UTF-16 and read as UTF-8. */
  private recoded = false;
  /** Begin of the window in the unpacked text. */
  private base = 0;

  constructor(
    private readonly source: EvidenceSource,
    private readonly context: LargeContext,
    private readonly basis: RowBasis,
    private readonly gzip: boolean,
    private readonly utf16: boolean,
  ) {}

  async read(): Promise<LargeResult> {
    const end: StreamEnd = { members: 0, damage: null, trailing: 0, trailingZeros: true };
    const found = this.found();
    const text = this.readable(this.gzip ? unpackStream(found, end) : found);
    let pending: Buffer[] = [];
    let have = 0;
    let want = BLOCK_BYTES;
    let sniffed = false;
    let whole = true;
    for await (const chunk of text) {
      pending.push(chunk);
      have += chunk.length;
      const { foundBytes, unpackedBytes } = this;
      if (this.gzip && isBomb(foundBytes, unpackedBytes)) {
        end.damage = `It unpacks to more than ${Math.floor(unpackedBytes / foundBytes)} times its size: reading stopped after ${Math.floor(unpackedBytes / RATIO_FREE_BYTES) * 64} MB.`;
        whole = false;
        break;
      }
      if (have < want) continue;
      const window: Buffer = pending.length === 1 ? pending[0] : Buffer.concat(pending, have);
      if (!sniffed) {
        sniffed = true;
        const other = this.begin(window);
        if (other !== null) return this.give(other);
      }
      const used = await this.window(window, false);
      if (this.parser.ended) {
        whole = false;
        break;
      }
      pending = used === window.length ? [] : [window.subarray(used)];
      have = window.length - used;
      // What could not be used is looked at again from its beginning: doubling keeps that linear.
      want = used === 0 ? have * 2 : BLOCK_BYTES;
      this.context.tick(this.foundBytes, this.parser.records);
      await setImmediate();
      await this.context.paused();
      if (this.context.cancelled()) return { basis: this.basis, facts: CANCELLED, last: null };
      if (this.builder.full(COMMIT_EVENTS)) {
        if (this.parser.records === 0)
          return this.give({ ...this.parser.facts('No record was found in its first 64 MB.'), kind: 'other-json' });
        await this.nextStage();
      }
    }
    const rest = Buffer.concat(pending, have);
    if (!sniffed) {
      const other = end.damage === null ? this.begin(rest) : null;
      if (other !== null) return this.give(other);
    }
    if (!this.parser.ended) await this.window(rest, true);
    const damage = end.damage ?? (whole ? this.change() : null) ?? this.source.damage;
    if (damage === null && whole) {
      // Of a plain file it is the hash that was compared above.
      this.basis.sha256Unpacked = this.gzip ? this.textHash.digest() : this.basis.sha256;
      this.basis.unpackedSize = this.unpackedBytes;
    }
    if (damage === null && this.gzip && (end.members > 1 || end.trailing > 0)) {
      const { members, trailing, trailingZeros } = end;
      this.basis.gzip = { members, trailing, trailingZeros, firstMemberSha256: null };
    }
    const facts = this.parser.facts(damage);
    const notes = this.gzip && facts.records > 0 ? containerNotes(end) : [];
    if (this.recoded) notes.unshift(RECODED_NOTE);
    const row = notes.length === 0 ? facts : { ...facts, reason: [facts.reason, ...notes].filter((note) => note !== null).join(' ') };
    if (facts.status === 'rejected') return this.give(row);
    return { basis: this.basis, facts: row, last: { builder: this.builder, stage: this.stageAt(true) } };
  }

  /** Makes the parser that the text needs, or says what the text is instead. */
  private begin(text: Buffer): Verdict | null {
    const inner = sniff(text, false);
    if (inner.is === 'other') return inner.verdict;
    if (inner.is === 'gzip' || inner.is === 'zip' || inner.is === 'tar') return nested(inner.is, this.gzip);
    this.parser = new FileParser(this.builder, inner.is);
    return null;
  }

  /** A file of which nothing is kept. */
  private give(facts: SmallResult['facts']): LargeResult {
    return { basis: this.basis, facts, last: null };
  }

  private async window(bytes: Buffer, eof: boolean): Promise<number> {
    const used = this.parser.feed(bytes, this.base, eof);
    if (used === 0) return 0;
    const base = this.base;
    this.base += used;
    await this.builder.addBlockBeside(bytes.subarray(0, used), base, this.parser.csvHeader);
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

  /** The unpacked text, hashed and counted as it is; UTF-16 as UTF-8. */
  private async *readable(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const counted = async function* (reader: LargeReader): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        reader.unpackedBytes += chunk.length;
        if (reader.gzip) reader.textHash.update(chunk);
        yield chunk;
      }
    };
    const source = counted(this);
    const first = await source.next();
    if (first.done) return;
    const all = async function* (): AsyncGenerator<Buffer> {
      yield first.value;
      yield* source;
    };
    const encoding = utf16Of(first.value);
    this.recoded = encoding !== null;
    yield* encoding === null ? all() : recodeStream(all(), encoding);
  }

  /** The chunks as found; those of a file that came packed or in UTF-16 are kept beside the blocks. */
  private async *found(): AsyncGenerator<Buffer> {
    for await (const chunk of this.source.chunks()) {
      this.foundHash.update(chunk);
      if (this.gzip || this.utf16) this.builder.addOriginal(chunk, this.foundBytes);
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
