/** What of the evidence the check is given, and the texts it rests on: digests, sidecars, keys. */

import type { GivenKeys } from '../../shared/integrity.ts';
import type { FileKind, FileStatus, GzipFacts } from '../../shared/ledger.ts';
import type { Digest } from './digest.ts';
import { parseDigest } from './digest.ts';
import { sha256Hex, withoutWhitespace } from './encoding.ts';
import { parseKeyList } from './keys.ts';
import { HELD_MS, MAX_DOCUMENT_BYTES } from './limits.ts';
import { awsLogsSuffix, baseName, looksLikeDigest, plainName } from './names.ts';
import { parseSidecar, type SidecarSignature } from './sidecar.ts';

/** A ledger row, as far as it matters here. Of a repeated file, `kind` is that of the first copy. */
export interface IntegrityFile {
  id: number;
  path: string;
  kind: FileKind;
  status: FileStatus;
  /** Null when the file was not read. */
  sha256: string | null;
  sha256Unpacked: string | null;
  unpackedSize: number | null;
  records: number;
  reason: string | null;
  gzip?: GzipFacts;
}

/** `reason`: why, as the ledger says it. */
export type WithdrawnFile = Pick<IntegrityFile, 'id' | 'path' | 'sha256Unpacked' | 'reason'>;

export interface IntegrityInput {
  files: readonly IntegrityFile[];
  /** The unpacked bytes of a file; null when the case does not hold them. */
  read(file: IntegrityFile): Promise<Uint8Array<ArrayBuffer> | null>;
  givenKeys: readonly GivenKeys[];
  /** Files that are in the ledger and no evidence any more: not checked, and not missing either. */
  withdrawn?: readonly WithdrawnFile[];
  /** Awaited every few milliseconds, so that what else the thread has to do is done; may reject to end the check. */
  pause?(): Promise<void>;
}

/** Gives way when the thread was held for long enough. */
export class Pacer {
  private since = performance.now();

  constructor(private readonly input: Pick<IntegrityInput, 'pause'>) {}

  async breathe(): Promise<void> {
    if (!this.input.pause || performance.now() - this.since < HELD_MS) return;
    await this.input.pause();
    this.since = performance.now();
  }
}

/** One digest, however many copies of it there are. */
export interface DigestDoc {
  digest: Digest;
  files: IntegrityFile[];
  /** Of the unpacked bytes as they are. */
  hash: string;
  /** Of the bytes without white space between JSON tokens; null when there is none. */
  minifiedHash: string | null;
}

export interface FoundTexts {
  docs: DigestDoc[];
  /** Files that are digests by name or kind and cannot be read as such, with the reason. */
  unreadable: { file: IntegrityFile; reason: string }[];
  signatures: SidecarSignature[];
  keyFiles: { path: string; list: NonNullable<ReturnType<typeof parseKeyList>> }[];
}

export const isDigestFile = (file: IntegrityFile): boolean => file.kind === 'digest' || looksLikeDigest(file.path);

export async function readTexts(input: IntegrityInput): Promise<FoundTexts> {
  const found: FoundTexts = { docs: [], unreadable: [], signatures: [], keyFiles: [] };
  const byHash = new Map<string, DigestDoc>();
  const pacer = new Pacer(input);
  for (const file of input.files) {
    await pacer.breathe();
    if (file.kind === 'log-sidecar') {
      if (file.status !== 'repeated') await readSidecar(input, file, found);
    } else if (isDigestFile(file)) await readDigest(input, file, found, byHash);
  }
  return found;
}

async function textOf(input: IntegrityInput, file: IntegrityFile): Promise<Uint8Array<ArrayBuffer> | string> {
  if ((file.unpackedSize ?? 0) > MAX_DOCUMENT_BYTES) return 'It is larger than a digest can be (64 MB).';
  try {
    return (await input.read(file)) ?? `It could not be read as a digest${file.reason === null ? '.' : `: ${file.reason}`}`;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

async function readSidecar(input: IntegrityInput, file: IntegrityFile, found: FoundTexts): Promise<void> {
  const bytes = await textOf(input, file);
  if (typeof bytes === 'string') return;
  let value: unknown;
  try {
    value = JSON.parse(decode(bytes));
  } catch {
    return;
  }
  const list = parseKeyList(value);
  if (list) found.keyFiles.push({ path: file.path, list });
  else found.signatures.push(...parseSidecar(value, file.path));
}

async function readDigest(input: IntegrityInput, file: IntegrityFile, found: FoundTexts, byHash: Map<string, DigestDoc>): Promise<void> {
  const bytes = await textOf(input, file);
  if (typeof bytes === 'string') {
    found.unreadable.push({ file, reason: bytes });
    return;
  }
  const hash = await sha256Hex(bytes);
  const known = byHash.get(hash);
  if (known) {
    known.files.push(file);
    return;
  }
  const digest = parseDigest(decode(bytes));
  if (typeof digest === 'string') {
    found.unreadable.push({ file, reason: digest });
    return;
  }
  const minified = withoutWhitespace(bytes);
  const doc: DigestDoc = { digest, files: [file], hash, minifiedHash: minified ? await sha256Hex(minified) : null };
  byHash.set(hash, doc);
  found.docs.push(doc);
}

const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8').decode(bytes);

/** A digest lies where it says, or under a name that says nothing else. A sentence when it lies at another object's place. */
export function movedReason(file: IntegrityFile, digest: Digest): string | null {
  const place = awsLogsSuffix(file.path);
  const own = awsLogsSuffix(digest.object);
  const says = `it says that it is s3://${digest.bucket}/${digest.object}`;
  if (looksLikeDigest(file.path) && plainName(file.path) !== plainName(digest.object)) {
    return `It has been moved from its original location: ${says}, but lies under the name ${baseName(file.path)}.`;
  }
  if (place !== null && own !== null && place !== own && plainName(place) === plainName(own)) {
    return `It has been moved from its original location: ${says}, but lies at ${place}.`;
  }
  return null;
}
