/**
 * The spool: a folder of the profile for bytes that come without a path (pasted text, a browser's dropped files) and for what a
 * browser will download. Names on disk are our own; it is emptied at every start, and piece by piece as things are used up.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as v from 'valibot';
import { epochMs } from '../../shared/brand.ts';
import { AppError } from '../../shared/errors.ts';
import type { Grant, UploadPiece } from '../../shared/host.ts';
import type { Grants } from './grants.ts';
import type { ImportSource } from './platform.ts';
import { check } from './route.ts';

const MAX_PIECE_HEADER = 64 * 1024;
const MAX_FILES = 5_000_000;

const Count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const PieceSchema = v.object({
  path: v.pipe(v.string(), v.minLength(1), v.maxLength(8192)),
  modified: v.nullable(v.pipe(v.number(), v.transform(epochMs))),
  size: Count,
  offset: Count,
  length: Count,
  refused: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(500))),
});

interface UploadedFile {
  source: ImportSource & { modified: number | null };
  size: number;
  written: number;
}
interface Upload {
  folder: string;
  files: UploadedFile[];
  /** By the browser's name: the file that its next piece continues. */
  current: Map<string, UploadedFile>;
  /** One request at a time: pieces of a file come in order. */
  busy: boolean;
}

export interface Spool {
  dir: string;
  paste(bytes: Uint8Array): Promise<Grant>;
  beginUpload(): Promise<string>;
  /** Takes pieces until the body ends. Throws 'bad-input' when one is malformed or not where its file ended. */
  takePieces(upload: string, body: ReadableStream<Uint8Array> | null): Promise<void>;
  /** One grant for each top-level name. Throws 'bad-input' when a file is not complete. */
  finishUpload(upload: string): Promise<Grant[]>;
  /** Keeps a finished file for one download; the token is its only key. */
  offerDownload(path: string, name: string, mimeType: string): string;
  /** The file once; it is removed when it has been read. Throws 'not-found' after that. */
  takeDownload(token: string): { body: ReadableStream<Uint8Array>; name: string; mimeType: string };
}

export async function createSpool(profileDir: string, grants: Grants): Promise<Spool> {
  const dir = join(profileDir, 'spool');
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const uploads = new Map<string, Upload>();
  const downloads = new Map<string, { path: string; name: string; mimeType: string }>();

  const need = (id: string): Upload => {
    const upload = uploads.get(id);
    if (!upload) throw new AppError('forbidden', 'That upload is not open. Drop the files again.');
    if (upload.busy) throw new AppError('busy', 'That upload is still taking an earlier piece.');
    return upload;
  };

  return {
    dir,
    async paste(bytes) {
      if (bytes.byteLength === 0) throw new AppError('bad-input', 'Nothing was pasted.');
      const path = join(dir, `paste-${randomUUID()}`);
      await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
      const label = 'pasted text';
      return grants.add(
        { label, kind: 'pasted' },
        { sources: [{ path, shown: label, modified: null }], root: null, release: () => rm(path, { force: true }) },
      );
    },
    async beginUpload() {
      const id = randomUUID();
      const folder = join(dir, id);
      await mkdir(folder, { mode: 0o700 });
      uploads.set(id, { folder, files: [], current: new Map(), busy: false });
      return id;
    },
    async takePieces(id, body) {
      const upload = need(id);
      if (!body) throw new AppError('bad-input', 'The upload request is empty.');
      upload.busy = true;
      try {
        await writePieces(upload, body);
      } finally {
        upload.busy = false;
      }
    },
    async finishUpload(id) {
      const upload = need(id);
      uploads.delete(id);
      const tops = new Map<string, ImportSource[]>();
      for (const file of upload.files) {
        if (file.source.refused === undefined && file.written !== file.size) {
          await rm(upload.folder, { recursive: true, force: true });
          throw new AppError(
            'bad-input',
            `“${file.source.shown}” arrived with ${file.written} of ${file.size} bytes. Drop the files again.`,
          );
        }
        const top = file.source.shown.split('/')[0];
        const list = tops.get(top);
        if (list) list.push(file.source);
        else tops.set(top, [file.source]);
      }
      let left = tops.size;
      const release = async (): Promise<void> => {
        if (--left === 0) await rm(upload.folder, { recursive: true, force: true });
      };
      return [...tops].map(([label, sources]) => grants.add({ label, kind: 'uploaded' }, { sources, root: null, release }));
    },
    offerDownload(path, name, mimeType) {
      const token = randomUUID();
      downloads.set(token, { path, name, mimeType });
      return token;
    },
    takeDownload(token) {
      const found = downloads.get(token);
      if (!found) throw new AppError('not-found', 'That download was already taken. Export again.');
      downloads.delete(token);
      const file = createReadStream(found.path);
      file.once('close', () => void rm(found.path, { force: true }).catch(() => undefined));
      return { body: Readable.toWeb(file) as ReadableStream<Uint8Array>, name: found.name, mimeType: found.mimeType };
    },
  };
}

/** The piece's own path cleaned for showing: no root, no `.` and `..`, whatever slash the browser's system uses. */
function shownPath(path: string): string {
  const parts = path.split(/[\\/]+/).filter((p) => p !== '' && p !== '.' && p !== '..');
  if (parts.length === 0) throw new AppError('bad-input', 'A dropped file has no name.');
  return parts.join('/');
}

async function writePieces(upload: Upload, body: ReadableStream<Uint8Array>): Promise<void> {
  const iterator = body.values();
  let pending: Uint8Array = new Uint8Array(0);
  const more = async (): Promise<boolean> => {
    const next = await iterator.next();
    if (next.done) return false;
    pending = pending.byteLength === 0 ? next.value : Buffer.concat([pending, next.value]);
    return true;
  };
  const take = async (bytes: number): Promise<Uint8Array> => {
    while (pending.byteLength < bytes) if (!(await more())) throw new AppError('bad-input', 'The upload ends inside a piece.');
    const out = pending.subarray(0, bytes);
    pending = pending.subarray(bytes);
    return out;
  };
  while (pending.byteLength > 0 || (await more())) {
    if (pending.byteLength === 0) continue;
    const head = await take(4);
    const headerBytes = new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true);
    if (headerBytes > MAX_PIECE_HEADER) throw new AppError('bad-input', 'The header of an upload piece is too long.');
    let header: unknown;
    try {
      header = JSON.parse(new TextDecoder().decode(await take(headerBytes)));
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      throw new AppError('bad-input', 'The header of an upload piece is not JSON.');
    }
    const piece = check(PieceSchema, header, 'upload piece');
    const file = fileOf(upload, piece);
    const handle = await open(file.source.path, 'a', 0o600);
    try {
      let left = piece.length;
      while (left > 0) {
        if (pending.byteLength === 0 && !(await more())) throw new AppError('bad-input', 'The upload ends inside a piece.');
        const chunk = await take(Math.min(left, pending.byteLength));
        await writeAll(handle, chunk);
        file.written += chunk.byteLength;
        left -= chunk.byteLength;
      }
    } finally {
      await handle.close();
    }
  }
}

function fileOf(upload: Upload, piece: UploadPiece): UploadedFile {
  const name = shownPath(piece.path);
  let file = upload.current.get(name);
  // Files of one name from different folders can be dropped together, and a browser tells no folder.
  const another = file !== undefined && piece.offset === 0 && (file.written === file.size || file.source.refused !== undefined);
  if (!file || another) {
    const number = upload.files.length;
    if (number >= MAX_FILES) throw new AppError('too-large', `More than ${MAX_FILES} files in one drop.`);
    const shown = another ? `${name} (${number + 1})` : name;
    file = { source: { path: join(upload.folder, String(number)), shown, modified: piece.modified }, size: piece.size, written: 0 };
    upload.files.push(file);
    upload.current.set(name, file);
  }
  if (piece.refused !== undefined && piece.length === 0) {
    file.source.refused = piece.refused;
    return file;
  }
  if (
    file.source.refused !== undefined ||
    piece.size !== file.size ||
    piece.offset !== file.written ||
    piece.offset + piece.length > piece.size
  ) {
    throw new AppError('bad-input', `A piece of “${name}” does not continue where the file ended.`);
  }
  return file;
}

export async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let at = 0;
  while (at < bytes.byteLength) at += (await handle.write(bytes, at, bytes.byteLength - at)).bytesWritten;
}
