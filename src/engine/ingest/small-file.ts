/** A file that fits into memory: hashed, unpacked, parsed and packed in one go. */
import { hash } from 'node:crypto';
import type { Sha256 } from '../../shared/brand.ts';
import { type Container, MAX_FURTHER_MEMBERS } from '../../shared/ledger.ts';
import type { CommitBuilder } from './commit-builder.ts';
import type { EvidenceSource } from './evidence-source.ts';
import type { Verdict } from './json-kinds.ts';
import type { RowBasis } from './ledger-row.ts';
import { MAX_CONTAINERS, SMALL_FILE_BYTES } from './limits.ts';
import { type FileFacts, FileParser } from './parse-file.ts';
import { RECODED_NOTE, recode, utf16Of } from './recode.ts';
import { sniff } from './sniff.ts';
import { isTar } from './tar-header.ts';
import type { ContainerKind } from './thread-types.ts';
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

/** A container, to be listed by the host. */
export interface FoundContainer {
  container: ContainerKind;
}

/** `mayOpen`: false when there are as many containers around it as may be. Throws TooLarge when the file is to be streamed, and Unreadable. */
export function readSmall(
  source: EvidenceSource,
  path: string,
  mayOpen: boolean,
  claim: Claim,
  builder: CommitBuilder,
): SmallResult | FoundContainer {
  const found = source.readAll();
  const first = sniff(found, true);
  if (mayOpen && (first.is === 'zip' || first.is === 'tar')) return { container: first.is };
  const foundHash = sha256(found);
  const basis: RowBasis = {
    path,
    container: containerOf(source.inside, first.is === 'gzip'),
    size: found.length,
    modified: source.modified,
    sha256: foundHash,
    sha256Unpacked: foundHash,
    unpackedSize: found.length,
  };
  const unpacked = first.is === 'gzip' ? unpackSmall(found, SMALL_FILE_BYTES) : null;
  if (mayOpen && unpacked !== null && isTar(unpacked.bytes)) return { container: 'tar.gz' };
  const repeatOf = found.length === 0 ? undefined : claim(foundHash);
  if (unpacked !== null) {
    basis.sha256Unpacked = null;
    basis.unpackedSize = null;
  }
  if (repeatOf !== undefined) return { basis, facts: { kind: 'records', ...REPEATED }, repeatOf };
  if (unpacked !== null && unpacked.damage === null) {
    basis.sha256Unpacked = sha256(unpacked.bytes);
    basis.unpackedSize = unpacked.bytes.length;
    const { members, trailing, trailingZeros } = unpacked;
    if (members > 1 || trailing > 0) {
      const [first = null, ...more] = members > 1 ? memberHashes(unpacked) : [];
      basis.gzip = { members, trailing, trailingZeros, firstMemberSha256: first, ...(more.length > 0 ? { furtherSha256: more } : {}) };
    }
  }
  const plain = unpacked?.bytes ?? found;
  const encoding = utf16Of(plain);
  const text = encoding === null ? plain : recode(plain, encoding);
  const damage = unpacked?.damage ?? source.damage;
  const second = text === found ? first : sniff(text, true);
  if (second.is !== 'json' && second.is !== 'log-lines' && second.is !== 'csv') {
    const verdict = second.is === 'other' ? second.verdict : nested(second.is, unpacked !== null);
    return { basis, facts: withNotes(damage === null ? verdict : damaged(verdict, damage), unpacked) };
  }
  builder.beginFile();
  const parser = new FileParser(builder, second.is);
  parser.feed(text, 0, true);
  const facts = withNotes(parser.facts(damage), unpacked);
  if (encoding !== null) facts.reason = facts.reason === null ? RECODED_NOTE : `${facts.reason} ${RECODED_NOTE}`;
  if (facts.status !== 'rejected')
    keep(builder, source, found, { text, recoded: encoding !== null, csvHeader: parser.csvHeader }, unpacked);
  return { basis, facts };
}

/** What a repeated file's row says until the host names the first copy. */
export const REPEATED = { status: 'repeated', reason: 'The same bytes were read before.' } as const;

export const containerOf = (inside: 'zip' | 'tar' | null, gzip: boolean): Container =>
  inside === null ? (gzip ? 'gzip' : 'plain') : gzip ? `${inside}+gzip` : inside;

/** A container where it is not opened. `inGzip`: gzip data is what holds it. */
export function nested(is: 'zip' | 'tar' | 'gzip', inGzip: boolean): Verdict {
  if (is === 'gzip')
    return { kind: 'binary', status: 'rejected', reason: 'Gzip data inside gzip data: not opened. Unpack it once and import that.' };
  const where = is === 'zip' && inGzip ? 'inside gzip data' : `inside ${MAX_CONTAINERS} other containers`;
  return { kind: is, status: 'rejected', reason: `A ${is} ${where}: not opened. Unpack it and import what it holds.` };
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

interface ReadText {
  text: Buffer;
  /** Not the bytes as unpacked, but the same text in UTF-8. */
  recoded: boolean;
  csvHeader: string | null;
}

/** One block. Damaged gzip and UTF-16 cannot be unpacked to it again: the readable text is the block, and the file as found lies beside it. */
function keep(builder: CommitBuilder, source: EvidenceSource, found: Buffer, read: ReadText, unpacked: Unpacked | null): void {
  const { text, recoded, csvHeader } = read;
  if (unpacked !== null && unpacked.damage === null && !recoded) {
    builder.addBlock(text, 0, { packing: 'gzip', bytes: found }, csvHeader);
    return;
  }
  const packed = unpacked === null && !recoded ? source.packedMember() : null;
  builder.addBlock(text, 0, packed === null ? undefined : { packing: 'deflate', bytes: packed }, csvHeader);
  if (unpacked !== null || recoded) builder.addOriginal(found, 0);
}

/** Of each unpacked member, as far as the ledger keeps them. */
function memberHashes({ bytes, memberSizes }: Pick<Unpacked, 'bytes' | 'memberSizes'>): Sha256[] {
  let at = 0;
  return memberSizes.slice(0, 1 + MAX_FURTHER_MEMBERS).map((size) => {
    const member = bytes.subarray(at, at + size);
    at += size;
    return sha256(member).toString('hex') as Sha256;
  });
}
