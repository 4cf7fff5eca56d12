/**
 * Every file below what was dropped, in a fixed order (by code unit, folder by folder). Links are not followed; what cannot be read is
 * told, not skipped. A name that is not valid UTF-8 is kept as its bytes, and its other bytes are shown as `\\xE9`.
 */
import { isUtf8 } from 'node:buffer';
import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { refusal } from '../../../engine/ingest/evidence-source.ts';
import type { ImportSource } from '../platform.ts';

export interface FoundFile {
  path: string | Buffer;
  shown: string;
  size: number;
  modified: number | null;
  /** Why it will not be read; null: to be read. */
  refused: string | null;
}

/** Folders within folders; a deeper tree is a loop or an attack. */
const MAX_DEPTH = 256;
const STAT_AT_ONCE = 64;

export async function* walk(sources: readonly ImportSource[]): AsyncGenerator<FoundFile> {
  for (const source of sources) {
    const top = { path: source.path, shown: source.shown, size: 0, modified: source.modified ?? null, refused: null };
    if (source.refused !== undefined) {
      yield { ...top, refused: source.refused };
      continue;
    }
    let found: Stats;
    try {
      // A path given by the person may be a link: what it leads to is what was meant.
      found = await stat(source.path);
    } catch (thrown) {
      yield { ...top, refused: refusal(thrown) };
      continue;
    }
    if (found.isDirectory()) yield* walkFolder(source.path, source.shown, 0);
    else yield fileOf(top.path, top.shown, found, source.modified);
  }
}

async function* walkFolder(folder: string | Buffer, shown: string, depth: number): AsyncGenerator<FoundFile> {
  const refused = (reason: string): FoundFile => ({ path: folder, shown, size: 0, modified: null, refused: reason });
  if (depth > MAX_DEPTH) {
    yield refused(`Folders nested deeper than ${MAX_DEPTH} levels: not read.`);
    return;
  }
  let entries: Dirent<Buffer>[];
  try {
    entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch (thrown) {
    yield refused(refusalOf(folder, thrown).replace('the file', 'the folder').replace('The file', 'The folder'));
    return;
  }
  const found = entries.map((entry) => ({ entry, path: below(folder, entry.name), name: shownName(entry.name) }));
  found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const separator = shown.includes('\\') && !shown.includes('/') ? '\\' : '/';
  const place = (name: string): string => `${shown}${shown.endsWith(separator) ? '' : separator}${name}`;
  for (let i = 0; i < found.length; ) {
    if (found[i].entry.isDirectory()) {
      yield* walkFolder(found[i].path, place(found[i].name), depth + 1);
      i++;
      continue;
    }
    let end = i + 1;
    while (end < found.length && end - i < STAT_AT_ONCE && !found[end].entry.isDirectory()) end++;
    yield* await Promise.all(found.slice(i, end).map(({ path, name }) => lookAt(path, place(name))));
    i = end;
  }
}

/** Bytes only where the name needs them. */
function below(folder: string | Buffer, name: Buffer): string | Buffer {
  if (typeof folder === 'string' && isUtf8(name)) return join(folder, name.toString());
  return Buffer.concat([Buffer.from(folder as string), Buffer.from(sep), name]);
}

/** The bytes that are not part of a valid character are escaped; so no two names look the same. */
function shownName(name: Buffer): string {
  if (isUtf8(name)) return name.toString();
  let text = '';
  for (let at = 0; at < name.length; ) {
    const length = [1, 2, 3, 4].find((n) => at + n <= name.length && isUtf8(name.subarray(at, at + n))) ?? 0;
    text += length > 0 ? name.toString('utf8', at, at + length) : `\\x${name[at].toString(16).toUpperCase().padStart(2, '0')}`;
    at += length || 1;
  }
  return text;
}

async function lookAt(path: string | Buffer, shown: string): Promise<FoundFile> {
  try {
    return fileOf(path, shown, await lstat(path), undefined);
  } catch (thrown) {
    return { path, shown, size: 0, modified: null, refused: refusalOf(path, thrown) };
  }
}

/** Windows gives U+FFFD for a lone surrogate of a name, and then no such file is found. */
function refusalOf(path: string | Buffer, thrown: unknown): string {
  if ((thrown as NodeJS.ErrnoException).code === 'ENOENT' && path.includes('\ufffd'))
    return 'The name is not valid Unicode (parts of it show as “\ufffd”), so it cannot be opened: rename it and import it again.';
  return refusal(thrown);
}

function fileOf(path: string | Buffer, shown: string, found: Stats, modified: number | null | undefined): FoundFile {
  const file = { path, shown, size: found.size, modified: modified === undefined ? Math.floor(found.mtimeMs) : modified };
  if (found.isSymbolicLink())
    return { ...file, size: 0, refused: 'A link to something else: links are not followed. Import what it leads to.' };
  if (!found.isFile()) return { ...file, size: 0, refused: 'Not a regular file (a device, a pipe or a socket): it was not read.' };
  return { ...file, refused: null };
}
