/** Every file below what was dropped, in a fixed order (by code unit, folder by folder). Links are not followed; what cannot be read is told, not skipped. */
import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { refusal } from '../../../engine/ingest/evidence-source.ts';
import type { ImportSource } from '../platform.ts';

export interface FoundFile {
  path: string;
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

async function* walkFolder(folder: string, shown: string, depth: number): AsyncGenerator<FoundFile> {
  const refused = (reason: string): FoundFile => ({ path: folder, shown, size: 0, modified: null, refused: reason });
  if (depth > MAX_DEPTH) {
    yield refused(`Folders nested deeper than ${MAX_DEPTH} levels: not read.`);
    return;
  }
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (thrown) {
    yield refused(refusalOf(folder, thrown).replace('the file', 'the folder').replace('The file', 'The folder'));
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const separator = shown.includes('\\') && !shown.includes('/') ? '\\' : '/';
  const below = (name: string): string => `${shown}${shown.endsWith(separator) ? '' : separator}${name}`;
  for (let i = 0; i < entries.length; ) {
    if (entries[i].isDirectory()) {
      yield* walkFolder(join(folder, entries[i].name), below(entries[i].name), depth + 1);
      i++;
      continue;
    }
    let end = i + 1;
    while (end < entries.length && end - i < STAT_AT_ONCE && !entries[end].isDirectory()) end++;
    yield* await Promise.all(entries.slice(i, end).map((entry) => lookAt(join(folder, entry.name), below(entry.name))));
    i = end;
  }
}

async function lookAt(path: string, shown: string): Promise<FoundFile> {
  try {
    return fileOf(path, shown, await lstat(path), undefined);
  } catch (thrown) {
    return { path, shown, size: 0, modified: null, refused: refusalOf(path, thrown) };
  }
}

/** Node gives U+FFFD for bytes of a name that are not UTF-8, and then no such file is found. */
function refusalOf(path: string, thrown: unknown): string {
  if ((thrown as NodeJS.ErrnoException).code === 'ENOENT' && path.includes('\ufffd'))
    return 'The name is not valid UTF-8 (bytes of it show as “\ufffd”), so it cannot be opened: rename it and import it again.';
  return refusal(thrown);
}

function fileOf(path: string, shown: string, found: Stats, modified: number | null | undefined): FoundFile {
  const file = { path, shown, size: found.size, modified: modified === undefined ? Math.floor(found.mtimeMs) : modified };
  if (found.isSymbolicLink())
    return { ...file, size: 0, refused: 'A link to something else: links are not followed. Import what it leads to.' };
  if (!found.isFile()) return { ...file, size: 0, refused: 'Not a regular file (a device, a pipe or a socket): it was not read.' };
  return { ...file, refused: null };
}
