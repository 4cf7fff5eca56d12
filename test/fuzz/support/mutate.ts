/** Changes good bytes into almost good ones: flipped bits, cuts, splices, swapped tokens, numbers at their extremes, deep nesting, broken UTF-8. */
import type { Random } from './seeds.ts';

const TOKENS = [
  '{', '}', '[', ']', ',', ':', '"', '\\', '\n', '\r\n', '\t', '\0', '\ufeff', ' ', '\u2028',
  'null', 'true', '-', '{}', '[]', '""', '}{', '][', '},', ',{', ']}', ']}{"Records":[', '},{"eventVersion"', '\n{', '\n[',
  '"Records":[', '{"Records":[', '"Records":{', '"Events":[', '"events":[', '"logEvents":[', '"hits":{"hits":[', '"detail":{',
  '"Message":"', '"CloudTrailEvent":"', '"eventID":', '"eventID":null,', '"eventTime":"redacted"', '"__proto__":{"eventName":"X"},',
  '"constructor":', '"eventCategory":"Aggregated",', '"insightDetails":{},', '"userIdentity":[],', '\\u0000', '\\ud800', '\\u', '\\x',
  'PK\x03\x04', 'PK\x05\x06', '\x1f\x8b\x08', 'ustar', 'PAR1', '1e999', '-0', '0x1', '99999999999999999999', '2026-03-02T09:00:00Z',
  '2026-03-02T09:00:00.000Z {', 'User name,Event time,Event name\n', '","', '\n\n', "'",
].map((token) => Buffer.from(token, 'utf8')); // biome-ignore format: a table of tokens
const NUMBERS = [
  '0',
  '-1',
  '1e309',
  '-1e309',
  '9007199254740993',
  '4294967296',
  '2147483648',
  '0.1e-400',
  '1e',
  '00',
  '1700000000',
  '1700000000000',
];
const INVALID_UTF8 = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0x80]].map((b) => Buffer.from(b));
const FIELDS = [0, 1, 0x7f, 0x80, 0xff, 0xfffe, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
/** Inputs stay near the size of their seeds, so that a run is many inputs and not a few long ones. */
const MAX_GROWTH = 24_000;

export type Mutation = (random: Random, bytes: Buffer, other: Buffer) => Buffer;

const splice = (bytes: Buffer, at: number, gone: number, put: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(Math.min(bytes.length, at + gone))]);
const slice = (random: Random, bytes: Buffer): Buffer => {
  const at = random.below(bytes.length + 1);
  return bytes.subarray(at, Math.min(bytes.length, at + 1 + random.skewed(bytes.length + 1)));
};

const flipBits: Mutation = (random, bytes) => {
  if (bytes.length === 0) return bytes;
  const out = Buffer.from(bytes);
  for (let n = 1 + random.skewed(8); n > 0; n--) out[random.below(out.length)] ^= 1 << random.below(8);
  return out;
};
const setBytes: Mutation = (random, bytes) => {
  if (bytes.length === 0) return bytes;
  const out = Buffer.from(bytes);
  const at = random.below(out.length);
  out.fill(random.below(256), at, Math.min(out.length, at + 1 + random.skewed(64)));
  return out;
};
const truncate: Mutation = (random, bytes) => bytes.subarray(0, random.below(bytes.length + 1));
const cutFront: Mutation = (random, bytes) => bytes.subarray(random.skewed(bytes.length + 1));
const remove: Mutation = (random, bytes) => splice(bytes, random.below(bytes.length + 1), 1 + random.skewed(200), Buffer.alloc(0));
const repeat: Mutation = (random, bytes) => {
  const piece = slice(random, bytes).subarray(0, 2000);
  return splice(bytes, random.below(bytes.length + 1), 0, Buffer.concat(Array.from({ length: 1 + random.skewed(8) }, () => piece)));
};
const move: Mutation = (random, bytes) =>
  splice(bytes, random.below(bytes.length + 1), random.skewed(300), slice(random, bytes).subarray(0, 4000));
const cross: Mutation = (random, bytes, other) =>
  Buffer.concat([bytes.subarray(0, random.below(bytes.length + 1)), other.subarray(random.below(other.length + 1))]);
const graft: Mutation = (random, bytes, other) =>
  splice(bytes, random.below(bytes.length + 1), random.skewed(100), slice(random, other).subarray(0, 4000));
const token: Mutation = (random, bytes) =>
  splice(bytes, random.below(bytes.length + 1), random.chance(50) ? 0 : random.skewed(20), random.pick(TOKENS));
const invalidUtf8: Mutation = (random, bytes) => splice(bytes, random.below(bytes.length + 1), random.below(3), random.pick(INVALID_UTF8));
const number: Mutation = (random, bytes) => {
  const from = random.below(bytes.length + 1);
  for (let at = from; at < bytes.length && at < from + 2000; at++) {
    if (bytes[at] < 0x30 || bytes[at] > 0x39) continue;
    let end = at;
    while (end < bytes.length && bytes[end] >= 0x30 && bytes[end] <= 0x39) end++;
    return splice(bytes, at, end - at, Buffer.from(random.pick(NUMBERS)));
  }
  return bytes;
};
/** Two quoted texts change places: keys become values, and values of one record stand in another. */
const swapTexts: Mutation = (random, bytes) => {
  const a = quoted(bytes, random.below(bytes.length + 1));
  const b = a && quoted(bytes, a.end + random.below(Math.max(1, bytes.length - a.end)));
  if (!a || !b) return bytes;
  const [first, second] = [bytes.subarray(a.at, a.end), bytes.subarray(b.at, b.end)];
  return Buffer.concat([bytes.subarray(0, a.at), second, bytes.subarray(a.end, b.at), first, bytes.subarray(b.end)]);
};
const nest: Mutation = (random, bytes) => {
  const depth = random.pick([3, 50, 1000, 2047, 2049, 5000]);
  const opening = random.pick(['[', '{"a":', '[[{"Records":', '{"Records":[']);
  const closed = random.chance(50) && opening.length < 6;
  const text =
    opening.repeat(Math.min(depth, MAX_GROWTH / opening.length)) + (closed ? `0${(opening === '[' ? ']' : '}').repeat(depth)}` : '');
  return splice(bytes, random.below(bytes.length + 1), 0, Buffer.from(text));
};
/** A 16- or 32-bit field of a binary header at an extreme. */
const field: Mutation = (random, bytes) => {
  if (bytes.length < 4) return bytes;
  const out = Buffer.from(bytes);
  const at = random.below(out.length - 3);
  const value = random.chance(30) ? (out.readUInt32LE(at) + random.pick([1, -1, 16, -16])) >>> 0 : random.pick(FIELDS);
  if (random.chance(50)) out.writeUInt32LE(value >>> 0, at);
  else out.writeUInt16LE(value & 0xffff, at);
  return out;
};
const pad: Mutation = (random, bytes) => Buffer.concat([bytes, Buffer.alloc(1 + random.skewed(2000), random.pick([0, 0x20, 0x0a, 0xff]))]);

const TEXT: Mutation[] = [flipBits, setBytes, truncate, cutFront, remove, repeat, move, cross, graft, token, token, invalidUtf8, number, swapTexts, swapTexts, nest, pad]; // biome-ignore format: one line reads better
const BINARY: Mutation[] = [flipBits, flipBits, setBytes, truncate, cutFront, remove, repeat, move, cross, graft, field, field, field, pad];

function quoted(bytes: Buffer, from: number): { at: number; end: number } | null {
  const at = bytes.indexOf(0x22, from);
  const end = at === -1 ? -1 : bytes.indexOf(0x22, at + 1);
  return end === -1 ? null : { at, end: end + 1 };
}

/** One to six changes, mostly few: much of the input stays good, so that what is behind the first check is reached. */
export function mutate(random: Random, bytes: Buffer, other: Buffer, kind: 'text' | 'binary'): Buffer {
  const limit = bytes.length + MAX_GROWTH;
  let out = bytes;
  for (let n = 1 + random.skewed(6); n > 0; n--) out = random.pick(kind === 'text' ? TEXT : BINARY)(random, out, other);
  return out.length > limit ? out.subarray(0, limit) : out;
}
