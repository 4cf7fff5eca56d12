/** A digest file's JSON, checked. Format: CloudTrail user guide, "CloudTrail digest file structure". */
import * as v from 'valibot';
import { MAX_LOG_FILES, MAX_NAME, MAX_SIGNATURE } from './limits.ts';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_NAME));
const time = v.pipe(name, v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-fA-F]{64}$/), v.toLowerCase());
const signature = v.pipe(v.string(), v.maxLength(MAX_SIGNATURE), v.regex(/^(?:[0-9a-fA-F]{2})+$/));
const optional = <S extends v.GenericSchema>(schema: S) => v.nullish(schema);

const DigestSchema = v.object({
  awsAccountId: optional(name),
  digestStartTime: time,
  digestEndTime: time,
  digestS3Bucket: name,
  digestS3Object: name,
  digestPublicKeyFingerprint: v.pipe(name, v.toLowerCase()),
  digestSignatureAlgorithm: optional(name),
  previousDigestS3Bucket: optional(name),
  previousDigestS3Object: optional(name),
  previousDigestHashValue: optional(hash),
  previousDigestHashAlgorithm: optional(name),
  previousDigestSignature: optional(signature),
  logFiles: v.pipe(
    v.array(v.object({ s3Bucket: name, s3Object: name, hashValue: hash, hashAlgorithm: v.literal('SHA-256') })),
    v.maxLength(MAX_LOG_FILES),
  ),
});

export interface LogEntry {
  bucket: string;
  object: string;
  /** Lower-case hex SHA-256 of the unpacked log file. */
  hash: string;
}

export interface PreviousDigest {
  bucket: string;
  object: string;
  hash: string;
  signature: string;
}

export interface Digest {
  account: string | null;
  /** Milliseconds; times of delivery. */
  start: number;
  end: number;
  /** Exactly as written: it is part of what is signed. */
  endText: string;
  bucket: string;
  object: string;
  fingerprint: string;
  algorithm: string | null;
  /** Null in the digest that begins a chain. */
  previous: PreviousDigest | null;
  logs: LogEntry[];
}

/** The digest, or why the text is none, in a sentence. */
export function parseDigest(text: string): Digest | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'It is no valid JSON.';
  }
  const parsed = v.safeParse(DigestSchema, value);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const field = v.getDotPath(issue);
    return `It is not in the form of a digest: ${field === null ? 'no JSON object' : `the field ${field.slice(0, 100)} is absent or malformed`}.`;
  }
  const d = parsed.output;
  const previous = previousOf(d);
  if (typeof previous === 'string') return previous;
  const start = Date.parse(d.digestStartTime);
  const end = Date.parse(d.digestEndTime);
  if (!Number.isFinite(start) || !Number.isFinite(end) || end < start)
    return 'It is not in the form of a digest: it ends before it begins.';
  return {
    account: d.awsAccountId ?? null,
    start,
    end,
    endText: d.digestEndTime,
    bucket: d.digestS3Bucket,
    object: d.digestS3Object,
    fingerprint: d.digestPublicKeyFingerprint,
    algorithm: d.digestSignatureAlgorithm ?? null,
    previous,
    logs: d.logFiles.map((l) => ({ bucket: l.s3Bucket, object: l.s3Object, hash: l.hashValue })),
  };
}

/** All five fields are there, or none is. */
function previousOf(d: v.InferOutput<typeof DigestSchema>): PreviousDigest | null | string {
  const fields = [
    d.previousDigestS3Bucket,
    d.previousDigestS3Object,
    d.previousDigestHashValue,
    d.previousDigestHashAlgorithm,
    d.previousDigestSignature,
  ];
  const present = fields.filter((field) => field !== null && field !== undefined).length;
  if (present === 0) return null;
  const { previousDigestS3Bucket: bucket, previousDigestS3Object: object } = d;
  const { previousDigestHashValue: hashValue, previousDigestSignature: signed, previousDigestHashAlgorithm: algorithm } = d;
  if (!bucket || !object || !hashValue || !signed || !algorithm) {
    return `Of the five fields that name the previous digest ${present === 1 ? 'one is' : `${present} are`} there: CloudTrail writes all of them or none.`;
  }
  if (algorithm !== 'SHA-256') return 'The hash of the previous digest is not SHA-256.';
  return { bucket, object, hash: hashValue, signature: signed };
}
