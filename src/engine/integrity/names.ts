/**
 * Names of S3 objects and of the local files that were downloaded from them. Sources: the CloudTrail user guide on log file names
 * and digest file structure; backfill digests end in `_backfill.json.gz`.
 */

export interface DigestName {
  account: string;
  region: string;
  trail: string;
  homeRegion: string;
  backfill: boolean;
}

const DIGEST = /^(\d{12})_CloudTrail-Digest_([a-z0-9-]+)_(.+)_([a-z]{2,4}(?:-[a-z]+)+-\d+)_(\d{8}T\d{6}Z)(_backfill)?\.json(?:\.gz)?$/;
const LOG = /^(\d{12})_CloudTrail(?:-[A-Za-z]+)?_([a-z0-9-]+)_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})Z_[A-Za-z0-9]+\.json(?:\.gz)?$/;

export const baseName = (path: string): string => path.split(/[\\/!]/).findLast((part) => part !== '') ?? '';

export function digestName(key: string): DigestName | null {
  const match = DIGEST.exec(baseName(key));
  if (!match) return null;
  const [, account, region, trail, homeRegion, , backfill] = match;
  return { account, region, trail, homeRegion, backfill: backfill !== undefined };
}

export const looksLikeDigest = (path: string): boolean => /_CloudTrail-Digest_/.test(baseName(path));

export interface LogName {
  account: string;
  region: string;
  /** Delivery time, to the minute. */
  delivered: number;
}

export function logName(path: string): LogName | null {
  const match = LOG.exec(baseName(path));
  if (!match || looksLikeDigest(path)) return null;
  const [, account, region, year, month, day, hour, minute] = match;
  const delivered = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  return { account, region, delivered };
}

const withoutGz = (name: string): string => name.replace(/\.gz$/i, '');

/** What a gunzipped copy shares with its object. */
export const plainName = (path: string): string => withoutGz(baseName(path));

/** From `AWSLogs/` on, without `.gz` and with forward slashes; null for a path that does not have it. */
export function awsLogsSuffix(path: string): string | null {
  const unified = path.replace(/[\\!]/g, '/');
  const at = unified.lastIndexOf('/AWSLogs/');
  if (at >= 0) return withoutGz(unified.slice(at + 1));
  return unified.startsWith('AWSLogs/') ? withoutGz(unified) : null;
}
