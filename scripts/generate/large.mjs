/**
 * One file of any size, for measuring: records of the bulk generator in turn, each with an eventID and a time of its own. NDJSON, or
 * one `Records` document on one line; plain or gzip.
 */

import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip, gunzipSync } from 'node:zlib';
import { generateBulk } from './bulk.mjs';
import { BEGIN } from './bulk-world.mjs';

const PATTERNS = 5000;
const PIECE = 4 * 1024 * 1024;

/** Record texts cut where the eventID and the eventTime are. @param {number} seed @returns {Promise<string[][]>} */
async function patterns(seed) {
  const out = mkdtempSync(join(tmpdir(), 'trailcase-patterns-'));
  try {
    await generateBulk({ out, events: PATTERNS, perFile: PATTERNS, seed, threads: 1 });
    const file = readdirSync(out, { recursive: true, withFileTypes: true }).find((entry) => entry.isFile());
    if (!file) throw new Error('no patterns were generated');
    const { Records } = JSON.parse(gunzipSync(readFileSync(join(file.parentPath, file.name))).toString());
    return Records.map((/** @type {Record<string, unknown>} */ record) =>
      JSON.stringify({ ...record, eventTime: '\u0001', eventID: '\u0001' }).split('\\u0001'),
    );
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/**
 * @param {{path: string, bytes: number, form: 'ndjson' | 'records', gzip?: boolean, seed?: number}} options `bytes`: unpacked, at least
 * @returns {Promise<{events: number, bytes: number}>} unpacked bytes
 */
export async function generateLarge({ path, bytes, form, gzip = false, seed = 1 }) {
  const texts = await patterns(seed);
  const file = createWriteStream(path);
  const packer = gzip ? createGzip({ level: 1 }) : null;
  packer?.pipe(file);
  const sink = packer ?? file;
  let written = 0;
  let events = 0;
  let piece = form === 'records' ? '{"Records":[' : '';
  const flush = async () => {
    written += Buffer.byteLength(piece);
    if (!sink.write(piece)) await once(sink, 'drain');
    piece = '';
  };
  while (written + piece.length < bytes) {
    const parts = texts[events % texts.length];
    const time = new Date(BEGIN + events * 1000).toISOString().replace('.000', '');
    const id = `${events.toString(16).padStart(8, '0')}-0000-4000-8000-${String(seed).padStart(12, '0')}`;
    // The generator writes eventTime before eventID.
    piece += `${events === 0 ? '' : form === 'records' ? ',' : '\n'}${parts[0]}${time}${parts[1]}${id}${parts[2]}`;
    events++;
    if (piece.length >= PIECE) await flush();
  }
  piece += form === 'records' ? ']}' : '\n';
  await flush();
  sink.end();
  await once(file, 'close');
  return { events, bytes: written };
}
