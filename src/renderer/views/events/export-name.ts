/** File names for exports. */

const two = (n: number): string => String(n).padStart(2, '0');

/** `<case> events 2026-03-02 0914Z.csv`, without characters that some file system refuses. */
export function exportName(caseName: string, extension: 'csv' | 'ndjson', at: Date): string {
  const plain = caseName
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} ._-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[ .]+|[ .]+$/g, '');
  const stamp = `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} ${two(at.getUTCHours())}${two(at.getUTCMinutes())}Z`;
  return `${plain.slice(0, 80) || 'case'} events ${stamp}.${extension}`;
}
