/**
 * A verdict for every digest. Each digest but the newest has its signature and its hash in the next one; the newest has them only in
 * the metadata of its S3 object. Digests are judged from the newest back, so that the next one is known.
 */
import type { DigestVerdict, IntegrityDetail, KeySource } from '../../shared/integrity.ts';
import { chainKey } from './chains.ts';
import type { DigestDoc, FoundTexts } from './evidence.ts';
import { movedReason } from './evidence.ts';
import { type KeyRing, validAt } from './key-ring.ts';
import { MAX_ANONYMOUS } from './limits.ts';
import { awsLogsSuffix, digestName, plainName } from './names.ts';
import type { SidecarSignature } from './sidecar.ts';
import { signatureHolds } from './signature.ts';

export interface JudgedDigest extends DigestDoc {
  verdict: DigestVerdict;
  reason: string;
  detail: IntegrityDetail | null;
  key: KeySource | null;
  /** The digests here that name this one as their previous. */
  next: JudgedDigest[];
  /** The first digest of its chain here that begins when it ends, or later; null when it is the newest. */
  later: JudgedDigest | null;
}

interface Candidate {
  signature: string;
  where: string;
  generated: number | null;
  algorithm: string | null;
  /** The digest it was found in; null for a sidecar. */
  holder: JudgedDigest | null;
}

export const EVIDENCE_KEY =
  'The key came with the evidence: this shows that logs and digests belong together, not that AWS signed them; whoever forged them could have forged the key.';

const placeOf = (bucket: string, object: string): string => `${bucket}/${object}`;

export async function judgeDigests(texts: FoundTexts, keys: KeyRing): Promise<JudgedDigest[]> {
  const all = texts.docs.map(
    (doc): JudgedDigest => ({ ...doc, verdict: 'unverified', reason: '', detail: null, key: null, next: [], later: null }),
  );
  const byPlace = new Map<string, JudgedDigest[]>();
  for (const d of all) {
    const place = placeOf(d.digest.bucket, d.digest.object);
    byPlace.set(place, [...(byPlace.get(place) ?? []), d]);
  }
  for (const d of all) {
    const previous = d.digest.previous;
    if (previous) for (const p of byPlace.get(placeOf(previous.bucket, previous.object)) ?? []) p.next.push(d);
  }
  all.sort((a, b) => b.digest.end - a.digest.end || (a.digest.object < b.digest.object ? 1 : -1));
  noteLater(all);
  const sidecars = sidecarsByName(texts.signatures);
  for (const d of all) await judge(d, sidecars, keys);
  for (const d of all) noteConflict(d, byPlace.get(placeOf(d.digest.bucket, d.digest.object)) ?? []);
  return all;
}

/** `all`: newest first. */
function noteLater(all: readonly JudgedDigest[]): void {
  const chains = new Map<string, JudgedDigest[]>();
  for (const d of all) {
    const key = chainKey(d);
    const list = chains.get(key);
    if (list) list.push(d);
    else chains.set(key, [d]);
  }
  for (const list of chains.values()) {
    list.sort((a, b) => b.digest.start - a.digest.start);
    for (const d of list) d.later = firstFrom(list, d.digest.end);
  }
}

/** Of digests in descending order of their beginning the last that begins at `start` or after it. */
function firstFrom(list: readonly JudgedDigest[], start: number): JudgedDigest | null {
  let from = 0;
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (list[middle].digest.start >= start) from = middle + 1;
    else to = middle;
  }
  return list[from - 1] ?? null;
}

/** Why no digest here names it as the one before. */
function withoutNext({ later }: JudgedDigest): string {
  if (!later) return 'It is the newest of its chain: no later digest names its hash.';
  return later.digest.previous === null
    ? 'The next digest here begins a new chain, so no digest names its hash.'
    : `The digest that follows it is missing: the next one here, of ${later.digest.endText}, names another, so no digest here names its hash.`;
}

interface Sidecars {
  named: Map<string, SidecarSignature[]>;
  anonymous: SidecarSignature[];
}

function sidecarsByName(signatures: readonly SidecarSignature[]): Sidecars {
  const named = new Map<string, SidecarSignature[]>();
  const anonymous: SidecarSignature[] = [];
  for (const s of signatures) {
    const name = s.object === null ? nameInPath(s.path) : plainName(s.object);
    if (name === null) anonymous.push(s);
    else named.set(name, [...(named.get(name) ?? []), s]);
  }
  return { named, anonymous: anonymous.slice(0, MAX_ANONYMOUS) };
}

/** `<digest name>.json.gz.head-object.json` and the like. */
function nameInPath(path: string): string | null {
  const match = /(\d{12}_CloudTrail-Digest_.+?Z(?:_backfill)?\.json)(?:[^\\/!]*)$/.exec(path);
  return match ? match[1] : null;
}

function candidatesOf(d: JudgedDigest, sidecars: Sidecars): { own: Candidate[]; anonymous: Candidate[] } {
  const of = (s: SidecarSignature): Candidate => ({ ...s, where: `its metadata in ${s.path}`, holder: null });
  const suffix = awsLogsSuffix(d.digest.object);
  const named = (sidecars.named.get(plainName(d.digest.object)) ?? []).filter((s) => {
    const other = s.object === null ? null : awsLogsSuffix(s.object);
    return other === null || suffix === null || other === suffix;
  });
  const fromNext = d.next.flatMap((n): Candidate[] =>
    n.digest.previous
      ? [{ signature: n.digest.previous.signature, where: 'the next digest', generated: null, algorithm: null, holder: n }]
      : [],
  );
  return { own: [...named.map(of), ...fromNext], anonymous: sidecars.anonymous.map(of) };
}

async function judge(d: JudgedDigest, sidecars: Sidecars, keys: KeyRing): Promise<void> {
  const { own, anonymous } = candidatesOf(d, sidecars);
  // A copy of it at another's place says nothing against the one in its own.
  const places = d.files.map((file) => movedReason(file, d.digest));
  const moved = places.includes(null) ? null : places[0];
  const found = keys.find(d.digest.fingerprint);
  const algorithm = [d.digest.algorithm, ...own.map((c) => c.algorithm)].find((a) => a !== null && a.toUpperCase() !== 'SHA256WITHRSA');
  if (algorithm !== undefined)
    return unsigned(d, moved, `Its signature algorithm, ${String(algorithm).slice(0, 60)}, is not SHA256withRSA.`);
  if (found.length === 0) {
    const why = keys.empty
      ? `No public key is at hand to check its signature (its key has the fingerprint ${d.digest.fingerprint}).`
      : `None of the public keys at hand has its fingerprint, ${d.digest.fingerprint}.`;
    return unsigned(d, moved, why);
  }
  for (const candidate of [...own, ...anonymous]) {
    for (const key of found) {
      const minified = !(await signatureHolds(key.crypto, candidate.signature, d.digest, d.hash));
      if (minified && !(d.minifiedHash !== null && (await signatureHolds(key.crypto, candidate.signature, d.digest, d.minifiedHash))))
        continue;
      const backfill = digestName(d.digest.object)?.backfill ?? false;
      const inTime = validAt(key.shown, d.digest.end, candidate.generated) || (backfill && candidate.generated === null);
      if (!inTime && key !== found.at(-1)) continue;
      return signed(d, { candidate, key: key.shown, minified, inTime, moved });
    }
  }
  if (own.length === 0) {
    return unsigned(
      d,
      moved,
      d.next.length === 0
        ? 'No later digest here carries its signature, and its object metadata (the output of “aws s3api head-object”) is not among the evidence.'
        : 'Its signature is not among the evidence.',
    );
  }
  const trusted = own.filter((c) => c.holder === null || c.holder.verdict !== 'invalid');
  if (trusted.length === 0) return unsigned(d, moved, 'The only place with its signature is the next digest, which is itself invalid.');
  d.verdict = 'invalid';
  const [{ holder }] = trusted;
  const where =
    holder === null ? ', or that metadata,' : holder.verdict === 'signed' ? '' : ', or the next digest, which carries the signature,';
  d.reason = `Its signature (from ${trusted[0].where}) does not verify with the key ${d.digest.fingerprint}: the digest${where} was changed.`;
}

interface Proof {
  candidate: Candidate;
  key: { source: KeySource; from: string; verified: number; validFrom: number | null; validTo: number | null; fingerprint: string };
  minified: boolean;
  inTime: boolean;
  moved: string | null;
}

function signed(d: JudgedDigest, { candidate, key, minified, inTime, moved }: Proof): void {
  if (!inTime) {
    d.verdict = 'invalid';
    d.reason = `Its signature verifies, but with a key (${key.fingerprint}) that was not valid when the digest was signed, after ${d.digest.endText}.`;
    return;
  }
  if (moved !== null) {
    d.verdict = 'invalid';
    d.detail = 'moved';
    d.reason = `${moved} The signature of what it says verifies.`;
    return;
  }
  key.verified++;
  d.verdict = 'signed';
  d.key = key.source;
  const notes = [
    `Its signature (from ${candidate.where}) verifies with ${key.source === 'given' ? 'a key that you gave' : 'a key from among the evidence'}.`,
  ];
  if (minified) {
    d.detail = 'reformatted';
    notes.push('The file was reformatted: its bytes differ, and without the added white space they are those that were signed.');
  }
  if (d.next.some((n) => n.verdict !== 'invalid' && !linkHolds(d, n))) notes.push('The next digest names another hash for it.');
  if (key.source === 'evidence') notes.push(EVIDENCE_KEY);
  d.reason = notes.join(' ');
}

const linkHolds = (d: JudgedDigest, next: JudgedDigest): boolean =>
  next.digest.previous?.hash === d.hash || (d.minifiedHash !== null && next.digest.previous?.hash === d.minifiedHash);

/** What the hashes say where the signature cannot be checked. */
function unsigned(d: JudgedDigest, moved: string | null, why: string): void {
  const usable = d.next.filter((n) => n.verdict !== 'invalid');
  const holding = usable.filter((n) => linkHolds(d, n));
  if (moved !== null) {
    d.verdict = 'invalid';
    d.detail = 'moved';
    d.reason = `${moved} ${why}`;
  } else if (holding.length > 0) {
    const bySigned = holding.find((n) => n.verdict === 'signed');
    d.verdict = 'hashLinked';
    d.key = bySigned?.key ?? null;
    d.reason = `The next digest, which is ${bySigned ? 'signed' : 'not signed for certain'}, names its hash, and it is the same. ${why}`;
  } else if (usable.length > 0) {
    d.verdict = 'invalid';
    const certain = usable.some((n) => n.verdict === 'signed' && n.key === 'given');
    d.reason = `Its hash is not the one that the next digest names: ${certain ? 'it was changed' : 'one of the two was changed'}. ${why}`;
  } else {
    d.verdict = 'unverified';
    d.reason = d.next.length > 0 ? why : `${why} ${withoutNext(d)}`;
  }
}

/** Two different files that say they are the same digest. */
function noteConflict(d: JudgedDigest, same: readonly JudgedDigest[]): void {
  if (same.length < 2) return;
  const equal = same.filter((other) => other !== d && (other.minifiedHash ?? other.hash) !== (d.minifiedHash ?? d.hash));
  if (equal.length === 0) return;
  d.detail ??= 'conflict';
  d.reason += ' Another file says that it is the same digest and holds something else.';
}
