/**
 * Files of a browser's drop carry no paths, so their bytes are sent to the host in pieces of a request each of some 16 MB; the host hashes
 * and unpacks them as it does files on disk. Layout of a request: see UploadPiece in shared/host.ts.
 */
import type { EpochMs } from '../../shared/brand.ts';
import type { Grant, UploadPiece } from '../../shared/host.ts';
import { hostJson } from '../state/host.ts';

export type PickedFile = { path: string; file: File } | { path: string; file: null; refused: string };

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

/** What a DOMException of reading a dropped file or folder means, for the ledger. */
function refusalOf(thrown: unknown, what: 'file' | 'folder'): string {
  const name = thrown instanceof DOMException ? thrown.name : '';
  if (name === 'TypeMismatchError') return 'Not a regular file (a device, a pipe or a socket): it was not read.';
  if (name === 'NotFoundError') return `The ${what} was gone when it was to be read.`;
  return `The browser could not read the ${what}: permission was denied, or it changed after it was dropped.`;
}

/** Every file at or below a dropped entry; what the browser does not give is there too, with the reason. */
export async function* filesOf(entry: FileSystemEntry): AsyncGenerator<PickedFile> {
  const path = entry.fullPath.replace(/^\//, '');
  try {
    if (entry.isFile) {
      yield { path, file: await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)) };
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    // A reader gives at most 100 entries a call, and none when all were given.
    for (;;) {
      const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (batch.length === 0) return;
      for (const child of batch) yield* filesOf(child);
    }
  } catch (thrown) {
    yield { path, file: null, refused: refusalOf(thrown, entry.isFile ? 'file' : 'folder') };
  }
}

/** The bytes of a request. A file that can no longer be read costs itself, not the others: it joins `lost` and is told as refused. */
export async function requestBody(
  request: readonly { index: number; piece: UploadPiece }[],
  picked: readonly PickedFile[],
  lost: Set<number>,
): Promise<ArrayBuffer> {
  const parts = request.flatMap(({ index, piece }) => {
    if (lost.has(index)) return [];
    const from = picked[index];
    if (from.file === null) return [{ index, piece: { ...piece, refused: from.refused }, bytes: new Blob() }];
    return [{ index, piece, bytes: from.file.slice(piece.offset, piece.offset + piece.length) }];
  });
  try {
    return await new Blob(parts.map(({ piece, bytes }) => encodePiece(piece, bytes))).arrayBuffer();
  } catch {
    const read = parts.map(async ({ index, piece, bytes }) => {
      try {
        return encodePiece(piece, new Blob([await bytes.arrayBuffer()]));
      } catch (thrown) {
        lost.add(index);
        return encodePiece({ ...piece, length: 0, refused: refusalOf(thrown, 'file') }, new Blob());
      }
    });
    return new Blob(await Promise.all(read)).arrayBuffer();
  }
}

/** Sends all, then gives the grants. Rejects with the host's sentence. */
export async function uploadFiles(picked: readonly PickedFile[], onProgress: (bytesDone: number) => void): Promise<Grant[]> {
  const { upload } = await hostJson<{ upload: string }>('/api/upload', { method: 'POST' });
  const described = picked.map(({ path, file }) => ({
    path,
    size: file?.size ?? 0,
    modified: file?.lastModified ? (file.lastModified as EpochMs) : null,
  }));
  const lost = new Set<number>();
  let sent = 0;
  for (const request of planRequests(described)) {
    const body = await requestBody(request, picked, lost);
    await hostJson(`/api/upload/${encodeURIComponent(upload)}`, { method: 'PUT', body });
    for (const { piece } of request) sent += piece.length;
    onProgress(sent);
  }
  return (await hostJson<{ grants: Grant[] }>(`/api/upload/${encodeURIComponent(upload)}/finish`, { method: 'POST' })).grants;
}
