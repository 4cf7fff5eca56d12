/** UTF-16 text, as Windows PowerShell and spreadsheets write it, read as UTF-8. The bytes as found are kept beside what was read. */

export type Utf16 = 'utf-16le' | 'utf-16be';

/** By its byte order mark, or by JSON that begins with every other byte zero; null for any other text. */
export function utf16Of(head: Uint8Array): Utf16 | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const opens = (byte: number): boolean => byte === 0x7b || byte === 0x5b;
  if (head.length >= 4 && opens(head[0]) && head[1] === 0 && head[2] !== 0 && head[3] === 0) return 'utf-16le';
  if (head.length >= 4 && opens(head[1]) && head[0] === 0 && head[3] !== 0 && head[2] === 0) return 'utf-16be';
  return null;
}

/** Without the byte order mark. Half a character at the end, or a surrogate alone, becomes U+FFFD. */
export const recode = (bytes: Uint8Array, encoding: Utf16): Buffer => Buffer.from(new TextDecoder(encoding).decode(bytes), 'utf8');

export async function* recodeStream(chunks: AsyncIterable<Buffer>, encoding: Utf16): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield Buffer.from(text, 'utf8');
  }
  const rest = decoder.decode();
  if (rest !== '') yield Buffer.from(rest, 'utf8');
}

export const RECODED_NOTE = 'It is UTF-16 text and was read as such; the record’s text and its hash are of the same text in UTF-8.';
