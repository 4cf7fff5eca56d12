/**
 * Public keys as `aws cloudtrail list-public-keys` prints them. `Value` is base64 of DER, PKCS#1 or SPKI; the fingerprint is the hex
 * MD5 of those bytes (true of published AWS keys of both forms). WebCrypto takes SPKI only and has no MD5.
 */
import { md5 } from '@noble/hashes/legacy.js';
import type { EpochMs } from '../../shared/brand.ts';
import type { PublicKey } from '../../shared/integrity.ts';
import { fromBase64, hex } from './encoding.ts';
import { MAX_KEY_BYTES, MAX_KEYS } from './limits.ts';

export interface KeyList {
  keys: PublicKey[];
  refused: string[];
}

/** The keys of a list-public-keys answer in either spelling; null when the value is none. */
export function parseKeyList(value: unknown): KeyList | null {
  if (!isObject(value)) return null;
  const list = value.PublicKeyList ?? value.publicKeyList;
  if (!Array.isArray(list)) return null;
  const found: KeyList = { keys: [], refused: [] };
  for (const [index, entry] of list.slice(0, MAX_KEYS).entries()) {
    const key = parseKey(entry);
    if (typeof key === 'string') found.refused.push(`Key ${index + 1}: ${key}`);
    else found.keys.push(key);
  }
  if (list.length > MAX_KEYS) found.refused.push(`Only the first ${MAX_KEYS} keys were read.`);
  return found;
}

/** Keys from the text of a file; a sentence when it holds none. */
export function parseKeyText(text: string): KeyList | string {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return 'This is no valid JSON. Expected is the output of “aws cloudtrail list-public-keys”.';
  }
  const list = parseKeyList(value);
  if (!list) return 'This JSON has no PublicKeyList. Expected is the output of “aws cloudtrail list-public-keys”.';
  if (list.keys.length === 0) return list.refused[0] ?? 'The PublicKeyList is empty: no key was valid in the time that was asked for.';
  return list;
}

function parseKey(entry: unknown): PublicKey | string {
  if (!isObject(entry)) return 'it is no object.';
  const field = (name: string): unknown => entry[name] ?? entry[name[0].toLowerCase() + name.slice(1)];
  const value = field('Value');
  if (typeof value !== 'string' || value.length > MAX_KEY_BYTES * 2) return 'it has no value, or one that is too long.';
  const der = fromBase64(value);
  if (!der || der.length > MAX_KEY_BYTES) return 'its value is no base64.';
  if (!spkiOf(der)) return 'its value is no RSA public key in PKCS#1 or SPKI form.';
  const fingerprint = hex(md5(der));
  const claimed = field('Fingerprint');
  if (typeof claimed === 'string' && claimed.replaceAll(':', '').toLowerCase() !== fingerprint) {
    return `its fingerprint is given as ${claimed.slice(0, 64)}, but that of its bytes is ${fingerprint}.`;
  }
  return { fingerprint, value, validFrom: moment(field('ValidityStartTime')), validTo: moment(field('ValidityEndTime')) };
}

/** Seconds since 1970 as a number or in text, or an ISO time. */
function moment(value: unknown): EpochMs | null {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim()))) {
    const ms = Number(value) * 1000;
    return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? (ms as EpochMs) : null;
  }
  if (typeof value !== 'string') return null;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : (ms as EpochMs);
}

/** WebCrypto's key, by whichever library of types is there. */
export type VerifyKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** For WebCrypto; null when the bytes are no RSA key that it takes. */
export async function importKey(key: PublicKey): Promise<VerifyKey | null> {
  const der = fromBase64(key.value);
  const spki = der && spkiOf(der);
  if (!spki) return null;
  try {
    return await crypto.subtle.importKey('spki', spki, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['verify']);
  } catch {
    return null;
  }
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
/** AlgorithmIdentifier of rsaEncryption (1.2.840.113549.1.1.1) with NULL parameters. */
const RSA_ENCRYPTION = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/** SubjectPublicKeyInfo of a PKCS#1 RSAPublicKey or of itself; null for anything else. */
export function spkiOf(der: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const outer = tlv(der, 0);
  if (!outer || outer.tag !== SEQUENCE || outer.end !== der.length) return null;
  const first = tlv(der, outer.start);
  if (!first) return null;
  if (first.tag === SEQUENCE) return der;
  if (first.tag !== INTEGER) return null;
  const second = tlv(der, first.end);
  if (!second || second.tag !== INTEGER || second.end !== der.length) return null;
  const bits = [0x03, ...lengthOf(der.length + 1), 0x00];
  const body = RSA_ENCRYPTION.length + bits.length + der.length;
  return new Uint8Array([SEQUENCE, ...lengthOf(body), ...RSA_ENCRYPTION, ...bits, ...der]);
}

function tlv(der: Uint8Array, at: number): { tag: number; start: number; end: number } | null {
  if (at + 2 > der.length) return null;
  const tag = der[at];
  const first = der[at + 1];
  if (first < 0x80) return at + 2 + first <= der.length ? { tag, start: at + 2, end: at + 2 + first } : null;
  const count = first & 0x7f;
  if (count === 0 || count > 3 || at + 2 + count > der.length) return null;
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + der[at + 2 + i];
  const start = at + 2 + count;
  return start + length <= der.length ? { tag, start, end: start + length } : null;
}

const lengthOf = (length: number): number[] =>
  length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
