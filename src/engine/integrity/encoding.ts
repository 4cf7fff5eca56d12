/** Hex, base64, SHA-256 and minified JSON. */

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/** Null for anything that is no even number of hex digits. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length === 0 || text.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(text)) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}

/** Null for anything that is no base64. Line breaks are allowed. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  const compact = text.replace(/[\r\n\t ]+/g, '');
  if (compact === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return null;
  try {
    return Uint8Array.from(atob(compact), (c) => c.charCodeAt(0));
  } catch {
    return null;
  }
}

export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** The JSON text without the white space between its tokens; null when there is none, so that nothing would change. */
export function withoutWhitespace(text: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const out = new Uint8Array(text.length);
  let length = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const byte = text[i];
    if (inString) {
      if (byte === BACKSLASH) {
        out[length++] = byte;
        if (++i < text.length) out[length++] = text[i];
        continue;
      }
      if (byte === QUOTE) inString = false;
    } else if (isSpace(byte)) continue;
    else if (byte === QUOTE) inString = true;
    out[length++] = byte;
  }
  return length === text.length ? null : out.slice(0, length);
}
