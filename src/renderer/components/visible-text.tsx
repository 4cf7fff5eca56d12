/**
 * Text from evidence, made harmless to the eye: control, bidirectional and invisible characters are shown as what they are,
 * so that a value cannot look like another one. What is copied is always the value itself.
 */
import type { ReactNode } from 'react';
import './visible-text.css';

// Controls, format characters (bidi, zero width), line and paragraph separators, lone surrogates, everything that fonts draw as
// nothing, the object replacement character, and blanks that are not the plain blank.
const SPECIAL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{DI}\ufffc]|(?! )\p{Zs}/gu;

const NAMES: Record<number, string> = {
  9: 'TAB',
  10: 'LF',
  13: 'CR',
  27: 'ESC',
  0: 'NUL',
  127: 'DEL',
  160: 'NBSP',
  173: 'SHY',
  8203: 'ZWSP',
  8204: 'ZWNJ',
  8205: 'ZWJ',
  8206: 'LRM',
  8207: 'RLM',
  1564: 'ALM',
  8232: 'LS',
  8233: 'PS',
  8234: 'LRE',
  8235: 'RLE',
  8236: 'PDF',
  8237: 'LRO',
  8238: 'RLO',
  8288: 'WJ',
  8294: 'LRI',
  8295: 'RLI',
  8296: 'FSI',
  8297: 'PDI',
  65279: 'BOM',
};

/** Name of a character that would not be seen, e.g. `RLO` or `U+0085`. */
export function specialName(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

export interface TextPiece {
  text: string;
  /** True for the name of a character that would not be seen. */
  special: boolean;
}

/** The text in pieces; joined without the names of special characters they are the text without those characters. */
export function visiblePieces(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const match of text.matchAll(SPECIAL)) {
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), special: false });
    pieces.push({ text: specialName(match[0]), special: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), special: false });
  return pieces;
}

/** As plain text: `abc⟨RLO⟩def`. For titles, labels and narrow cells. */
export function visibleString(text: string): string {
  return text.replace(SPECIAL, (character) => `⟨${specialName(character)}⟩`);
}

/** At most this many characters of a value are put on the page before the person asks for more. */
export const SHOWN_CHARACTERS = 2000;

/** Cuts between characters, never inside a surrogate pair. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const code = text.charCodeAt(limit - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? limit - 1 : limit);
}

/** For a tooltip: visible characters, cut, with the length said. */
export function hoverText(text: string): string {
  if (text.length <= SHOWN_CHARACTERS) return visibleString(text);
  return `${visibleString(cut(text, SHOWN_CHARACTERS))}… (${text.length.toLocaleString('en')} characters)`;
}

/** A value as text with its special characters marked. */
export function VisibleText({ text, limit }: { text: string; limit?: number }): ReactNode {
  const shown = limit === undefined ? text : cut(text, limit);
  const pieces = visiblePieces(shown);
  return (
    <bdi dir="ltr">
      {pieces.map((piece, i) =>
        piece.special ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
          <span key={i} className="tc-special" title={`character ${piece.text}`}>
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
      {shown.length < text.length ? '…' : null}
    </bdi>
  );
}

const TAIL = 14;
const NARROW_LIMIT = 400;
const SHORT = 24;

/** A piece of a value on one line, and when it gives way as the line narrows. */
export interface LinePiece {
  text: string;
  give: 'first' | 'second' | 'third' | 'last';
}

const ARN_HEAD = /^arn:[^:/]*:[^:/]*:[^:/]*:[^:/]*:(?=.)/s;
const PRINCIPAL_HEAD = /^(\d{12})(\/(?:role|user)\/)(?=.)/s;
/** Of a service the name counts, not the domain that all have. */
const SERVICE = /^(service\/)?([^/:]{1,200})(\.amazonaws\.com(?:\.cn)?)$/s;
/** Roles of IAM Identity Center all begin alike and end in a hash: the permission set between is what tells them apart. */
const RESERVED_ROLE = /^((?:assumed-role\/|\/?role\/)?(?:.{0,200}\/)?AWSReservedSSO_)(.+?_[0-9a-f]{16})( ?\/.*)?$/s;

/** Of a mail address the part before the @ is the person: it is shortened at its end. */
const MAIL = /^[^@\s/:]{1,200}@[^@\s/:]+$/;

/** What tells a value apart from its like stays longest: of an ARN its end, of a principal its name, of anything else both ends. */
export function linePieces(text: string): LinePiece[] {
  const service = SERVICE.exec(text);
  if (service) {
    const [, kind = '', name, suffix] = service;
    const pieces: LinePiece[] = kind ? [{ text: kind, give: 'first' }] : [];
    return [...pieces, { text: name, give: 'last' }, { text: suffix, give: 'first' }];
  }
  if (text.length < SHORT || MAIL.test(text)) return [{ text, give: 'third' }];
  const pieces: LinePiece[] = [];
  let rest = text;
  const take = (length: number, give: LinePiece['give']): void => {
    if (length > 0) pieces.push({ text: rest.slice(0, length), give });
    rest = rest.slice(length);
  };
  take(ARN_HEAD.exec(rest)?.[0].length ?? 0, 'first');
  const principal = PRINCIPAL_HEAD.exec(rest);
  if (principal) take(principal[1].length, 'second');
  const reserved = RESERVED_ROLE.exec(rest);
  if (reserved) {
    take(reserved[1].length, 'first');
    take(reserved[2].length, 'third');
    take(rest.length, 'last');
    return pieces;
  }
  if (principal) take(principal[2].length, 'first');
  if (rest.length >= SHORT) take(rest.length - TAIL, 'third');
  take(rest.length, 'last');
  return pieces;
}

/** One line that shortens where it says least as its cell narrows; on hover the whole value, of which `text` may be a part. */
export function MiddleText({ text, whole = text }: { text: string; whole?: string }): ReactNode {
  const shown = text.length > NARROW_LIMIT ? `${cut(text, NARROW_LIMIT)}…${text.slice(-TAIL)}` : text;
  return (
    <bdi className="tc-middle" dir="ltr" title={hoverText(whole)}>
      {linePieces(visibleString(shown)).map((piece, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
        <span key={i} data-give={piece.give}>
          {piece.text}
        </span>
      ))}
    </bdi>
  );
}
