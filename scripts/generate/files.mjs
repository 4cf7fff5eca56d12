/**
 * Trail files as CloudTrail delivers them: the folder layout and names of an organisation trail, and the bytes. Gzip and zip are
 * made in plain JavaScript (fflate), because zlib's output differs between versions and processors and the sample must not.
 */
import { gzipSync, zipSync } from 'fflate';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * @param {import('./random.mjs').Random} random
 * @param {{organization: string, account: string, region: string, delivered: number, folder?: string}} file delivered in ms
 */
export function trailPath(random, { organization, account, region, delivered, folder = 'CloudTrail' }) {
  const time = new Date(delivered).toISOString();
  const stamp = `${time.slice(0, 16).replace(/[-:]/g, '')}Z`;
  let unique = '';
  for (let i = 0; i < 16; i++) unique += ALPHABET[random.below(ALPHABET.length)];
  const day = time.slice(0, 10).replaceAll('-', '/');
  return `AWSLogs/${organization}/${account}/${folder}/${region}/${day}/${account}_${folder}_${region}_${stamp}_${unique}.json.gz`;
}

/** @param {unknown[]} records @returns {Uint8Array<ArrayBuffer>} the same bytes on every machine */
export const packTrailFile = (records) => gzipSync(new TextEncoder().encode(JSON.stringify({ Records: records })), { level: 9, mtime: 0 });

/** @param {Map<string, Uint8Array<ArrayBuffer>>} files path → bytes, stored as they are @returns {Uint8Array<ArrayBuffer>} */
export function packZip(files) {
  const entries = /** @type {Record<string, Uint8Array<ArrayBuffer>>} */ ({});
  for (const path of [...files.keys()].sort()) entries[path] = /** @type {Uint8Array<ArrayBuffer>} */ (files.get(path));
  // Zip keeps local time: these are the local parts of the date, so the bytes are the same in every zone.
  return zipSync(entries, { level: 0, mtime: new Date(2026, 2, 7, 6, 0, 0) });
}
