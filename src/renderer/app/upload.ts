/**
 * Files of a browser's drop carry no paths, so their bytes are sent to the host in pieces of a request each of some 16 MB; the host hashes
 * and unpacks them as it does files on disk. Layout of a request: see UploadPiece in shared/host.ts.
 */
import type { EpochMs } from '../../shared/brand.ts';
import type { Grant, UploadPiece } from '../../shared/host.ts';
import { hostJson } from '../state/host.ts';

export interface PickedFile {
  path: string;
  file: File;
}

export const REQUEST_BYTES = 16 * 1024 * 1024;

/** One piece: u32 LE bytes of the header, the header as JSON, then the bytes. */
export function encodePiece(header: UploadPiece, bytes: Blob): Blob {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.byteLength, true);
  return new Blob([length, json, bytes]);
}

/** What goes into each request: pieces of files in order, about `limit` bytes together. An empty file is one empty piece. */
export function* planRequests(
  files: readonly { path: string; size: number; modified: EpochMs | null }[],
  limit = REQUEST_BYTES,
): Generator<{ index: number; piece: UploadPiece }[]> {
  let request: { index: number; piece: UploadPiece }[] = [];
  let room = limit;
  for (const [index, { path, size, modified }] of files.entries()) {
    let offset = 0;
    do {
      const length = Math.min(size - offset, room);
      request.push({ index, piece: { path, modified, size, offset, length } });
      offset += length;
      room -= length + 256;
      if (room <= 0) {
        yield request;
        request = [];
        room = limit;
      }
    } while (offset < size);
  }
  if (request.length > 0) yield request;
}

/** Sends all, then gives the grants. Rejects with the host's sentence. */
export async function uploadFiles(picked: readonly PickedFile[], onProgress: (bytesDone: number) => void): Promise<Grant[]> {
  const { upload } = await hostJson<{ upload: string }>('/api/upload', { method: 'POST' });
  const described = picked.map(({ path, file }) => ({
    path,
    size: file.size,
    modified: file.lastModified ? (file.lastModified as EpochMs) : null,
  }));
  let sent = 0;
  for (const request of planRequests(described)) {
    const body = new Blob(
      request.map(({ index, piece }) => encodePiece(piece, picked[index].file.slice(piece.offset, piece.offset + piece.length))),
    );
    await hostJson(`/api/upload/${encodeURIComponent(upload)}`, { method: 'PUT', body });
    for (const { piece } of request) sent += piece.length;
    onProgress(sent);
  }
  return (await hostJson<{ grants: Grant[] }>(`/api/upload/${encodeURIComponent(upload)}/finish`, { method: 'POST' })).grants;
}
