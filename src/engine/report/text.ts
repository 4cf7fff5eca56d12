/**
 * Text from evidence on its way into a report. Everything in it is hostile: markup characters are escaped, and characters that
 * would not be seen (controls, bidirectional and zero-width ones, lone surrogates) are shown by name, as `⟨RLO⟩`.
 */
import type { EpochMs } from '../../shared/brand.ts';

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5|[\ufe00-\ufe0f]/gu;
const UNSEEN_BUT_LINES = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5|[\ufe00-\ufe0f]/gu;

const NAMES: Record<number, string> = {
  0: 'NUL',
  9: 'TAB',
  10: 'LF',
  13: 'CR',
  27: 'ESC',
  127: 'DEL',
  173: 'SHY',
  8203: 'ZWSP',
  8204: 'ZWNJ',
};
Object.assign(NAMES, {
  8205: 'ZWJ',
  8206: 'LRM',
  8207: 'RLM',
  8234: 'LRE',
  8235: 'RLE',
  8236: 'PDF',
  8237: 'LRO',
  8238: 'RLO',
  65279: 'BOM',
});

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟨${NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`}⟩`;
}

/** One line, nothing unseen in it. */
export const visible = (text: string): string => text.replace(UNSEEN, nameOf);
/** The same, but line feeds and tabs stay; a CR before an LF is dropped from view. */
export const visibleLines = (text: string): string => text.replace(/\r\n/g, '\n').replace(UNSEEN_BUT_LINES, nameOf);

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };
const toEntities = (text: string): string => text.replace(/[&<>"'`]/g, (c) => ENTITIES[c]);

/** For element content and for attributes in double quotes. */
export const html = (text: string): string => toEntities(visible(text));
export const htmlLines = (text: string): string => toEntities(visibleLines(text));

/** As literal Markdown on one line; safe in a table cell. */
export function markdown(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()#+\-.!|~$:@]/g, (c) => `\\${c}`)
    .replace(/[&<>]/g, (c) => ENTITIES[c])
    .replace(/^( +)|( +)$/g, (blanks) => '&#32;'.repeat(blanks.length));
}

/** A string token of CSS: nothing in it can end the string or the style element. */
export const cssString = (text: string): string =>
  `"${Array.from(visible(text), (c) => (/[A-Za-z0-9 ]/.test(c) ? c : `\\${(c.codePointAt(0) ?? 0).toString(16)} `)).join('')}"`;

/** A fenced block whose fence no line of the text can close. */
export function fence(text: string): string {
  const shown = visibleLines(text);
  const longest = Math.max(2, ...Array.from(shown.matchAll(/`+/g), (m) => m[0].length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}\n${shown}\n${marks}`;
}

/** Cuts between characters, never inside a surrogate pair. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const code = text.charCodeAt(limit - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? limit - 1 : limit);
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `UTC`, or the offset of this computer's zone at that moment, as `UTC+02:00`. */
export function zoneAt(at: EpochMs | number, utc: boolean): string {
  if (utc) return 'UTC';
  const offset = -new Date(at).getTimezoneOffset();
  return `UTC${offset < 0 ? '−' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
}

/** `2026-03-02 09:14:05 UTC`; every time in a report carries its zone. "no time" for null. */
export function stamp(at: EpochMs | number | null, utc: boolean): string {
  if (at === null || !Number.isFinite(at) || Math.abs(at) > 8.64e15) return 'no time';
  const shifted = utc ? at : at - new Date(at).getTimezoneOffset() * 60_000;
  const iso = new Date(shifted).toISOString();
  const text = iso
    .slice(0, -1)
    .replace('T', ' ')
    .replace(/\.000$/, '');
  return `${text} ${zoneAt(at, utc)}`;
}

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
export const number = (n: number): string => whole.format(n);
export const countOf = (n: number, one: string, many = `${one}s`): string => `${number(n)} ${n === 1 ? one : many}`;

/** Decimal units, with the exact number of bytes from a kilobyte on: `1.3 MB (1,304,221 bytes)`. */
export function bytes(n: number): string {
  if (n < 1000) return countOf(n, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = n / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]} (${number(n)} bytes)`;
}
