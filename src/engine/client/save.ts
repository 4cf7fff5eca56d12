/** Files that leave the app: written by the host where the person chose, or handed to the browser as a download. */
import { AppError, toAppError } from '../../shared/errors.ts';
import type { SaveResult } from '../../shared/host.ts';
import { hostCall } from './host-session.ts';

/** Pieces are sent when they have grown to this many bytes. */
const PIECE_BYTES = 1024 * 1024;

/**
 * Saves a stream under a name the person may change. Null when the person cancelled the dialog; nothing is left behind when the
 * stream fails or is cancelled.
 */
export async function saveStream(
  suggestedName: string,
  mimeType: string,
  chunks: AsyncIterable<Uint8Array>,
  startDownload: (url: string, name: string) => void = clickDownload,
): Promise<SaveResult | null> {
  const begun = (await (
    await hostCall('/api/save', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ suggestedName, mimeType }),
    })
  ).json()) as { save: string } | { cancelled: true };
  if ('cancelled' in begun) return null;
  const path = `/api/save/${begun.save}`;
  try {
    for await (const piece of inPieces(chunks)) await hostCall(path, { method: 'PUT', body: piece });
    const result = (await (await hostCall(`${path}/finish`, { method: 'POST' })).json()) as SaveResult;
    if (result.download !== null) startDownload(downloadUrl(result.download), suggestedName);
    return result;
  } catch (thrown) {
    await hostCall(path, { method: 'DELETE' }).catch(() => undefined); // the first error is the one to tell
    throw toAppError(thrown);
  }
}

/** A whole document at once. */
export async function* oneChunk(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

/** A self-contained HTML document as PDF. Rejects with 'not-supported' where nothing can print. */
export async function printPdf(html: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await hostCall('/api/pdf', { method: 'POST', headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: html });
  return new Uint8Array(await response.arrayBuffer());
}

async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Blob> {
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk as Uint8Array<ArrayBuffer>);
    bytes += chunk.byteLength;
    if (bytes >= PIECE_BYTES) {
      yield new Blob(waiting);
      waiting = [];
      bytes = 0;
    }
  }
  if (bytes > 0) yield new Blob(waiting);
}

function downloadUrl(download: string): string {
  if (download.startsWith('/api/download/')) return download;
  if (/^[\w-]+$/.test(download)) return `/api/download/${download}`;
  throw new AppError('internal', 'The host offered no download.');
}

function clickDownload(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
