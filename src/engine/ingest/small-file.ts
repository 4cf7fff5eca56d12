/** A file that fits into memory: hashed, unpacked, parsed and packed in one go. */
import { hash } from 'node:crypto';
import type { Sha256 } from '../../shared/brand.ts';
import type { Container } from '../../shared/ledger.ts';
import type { CommitBuilder } from './commit-builder.ts';
import type { EvidenceSource } from './evidence-source.ts';
import type { Verdict } from './json-kinds.ts';
import type { RowBasis } from './ledger-row.ts';
import { SMALL_FILE_BYTES } from './limits.ts';
import { type FileFacts, FileParser } from './parse-file.ts';
import { sniff } from './sniff.ts';
import { trailingNote, type Unpacked, unpackSmall } from './unpack.ts';

export const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');

export interface SmallResult {
  basis: RowBasis;
  facts: Pick<FileFacts, 'kind' | 'status' | 'reason'> & Partial<FileFacts>;
  /** The seq that holds the same bytes (null: the case), when they were not read again. */
  repeatOf?: number | null;
}

/** How to find out whether these bytes are read elsewhere: undefined when they are not, else the seq, or null for the case. */
export type Claim = (sha256: Buffer) => number | null | undefined;

/** 'container': a zip on disk, to be listed by the host. Throws TooLarge when the file is to be streamed, and Unreadable. */
export function readSmall(
  source: EvidenceSource,
  path: string,
  inZip: boolean,
  claim: Claim,
  builder: CommitBuilder,
): SmallResult | 'container' {
  const found = source.readAll();
  const first = sniff(found, true);
  if (first.is === 'zip' && !inZip) return 'container';
  const foundHash = sha256(found);
  const basis: RowBasis = {
    path,
    container: containerOf(inZip, first.is === 'gzip'),
    size: found.length,
    modified: source.modified,
    sha256: foundHash,
    sha256Unpacked: foundHash,
    unpackedSize: found.length,
  };
  const unpacked = first.is === 'gzip' ? unpackSmall(found, SMALL_FILE_BYTES) : null;
  const repeatOf = found.length === 0 ? undefined : claim(foundHash);
  if (unpacked !== null) {
    basis.sha256Unpacked = null;
    basis.unpackedSize = null;
  }
  if (repeatOf !== undefined) return { basis, facts: { kind: 'records', ...REPEATED }, repeatOf };
  if (unpacked !== null && unpacked.damage === null) {
    basis.sha256Unpacked = sha256(unpacked.bytes);
    basis.unpackedSize = unpacked.bytes.length;
    const { members, trailing, trailingZeros, firstMember } = unpacked;
    if (members > 1 || trailing > 0) {
      const firstMemberSha256 = members > 1 ? (sha256(unpacked.bytes.subarray(0, firstMember)).toString('hex') as Sha256) : null;
      basis.gzip = { members, trailing, trailingZeros, firstMemberSha256 };
    }
  }
  const text = unpacked?.bytes ?? found;
  const second = unpacked === null ? first : sniff(text, true);
  if (second.is !== 'json') {
    const verdict = second.is === 'other' ? second.verdict : nested(second.is, inZip);
    return { basis, facts: withNotes(unpacked?.damage ? damaged(verdict, unpacked.damage) : verdict, unpacked) };
  }
  builder.beginFile();
  const parser = new FileParser(builder);
  parser.feed(text, 0, true);
  const facts = withNotes(parser.facts(unpacked?.damage ?? null), unpacked);
  if (facts.status !== 'rejected') keep(builder, source, found, text, unpacked);
  return { basis, facts };
}

/** What a repeated file's row says until the host names the first copy. */
export const REPEATED = { status: 'repeated', reason: 'The same bytes were read before.' } as const;

export const containerOf = (inZip: boolean, gzip: boolean): Container => (inZip ? (gzip ? 'zip+gzip' : 'zip') : gzip ? 'gzip' : 'plain');

export function nested(is: 'zip' | 'gzip', inZip: boolean): Verdict {
  const inside = inZip ? 'inside a zip' : 'inside gzip data';
  return is === 'zip'
    ? { kind: 'zip', status: 'rejected', reason: `A zip ${inside}: not opened. Unpack it and import what it holds.` }
    : { kind: 'binary', status: 'rejected', reason: 'Gzip data inside gzip data: not opened. Unpack it once and import that.' };
}

/** What could be unpacked is no JSON, and it is not all there was: the file was not read, however harmless its beginning. */
function damaged(verdict: Verdict, damage: string): Verdict {
  return verdict.kind === 'empty'
    ? { kind: 'binary', status: 'rejected', reason: `${damage} No record could be read.` }
    : { ...verdict, status: 'rejected', reason: `${damage} ${verdict.reason}` };
}

function withNotes<F extends { reason: string | null }>(
  facts: F,
  unpacked: Pick<Unpacked, 'trailing' | 'trailingZeros' | 'members'> | null,
): F {
  if (unpacked === null) return facts;
  const notes = containerNotes(unpacked);
  return notes.length === 0 ? facts : { ...facts, reason: [facts.reason, ...notes].filter((note) => note !== null).join(' ') };
}

/** What the gzip container has to say besides damage. */
export function containerNotes(unpacked: Pick<Unpacked, 'trailing' | 'trailingZeros' | 'members'>): string[] {
  const trailing = trailingNote(unpacked);
  return [
    ...(unpacked.members > 1 ? [`The gzip data has ${unpacked.members} members, one after another.`] : []),
    ...(trailing === null ? [] : [trailing]),
  ];
}

/** One block. Damaged gzip cannot be unpacked by itself again: its readable text is the block, and the file as found lies beside it. */
function keep(builder: CommitBuilder, source: EvidenceSource, found: Buffer, text: Buffer, unpacked: Unpacked | null): void {
  if (unpacked !== null && unpacked.damage === null) {
    builder.addBlock(text, 0, { packing: 'gzip', bytes: found });
    return;
  }
  const packed = unpacked === null ? source.packedMember() : null;
  builder.addBlock(text, 0, packed === null ? undefined : { packing: 'deflate', bytes: packed });
  if (unpacked !== null) builder.addOriginal(found, 0);
}
