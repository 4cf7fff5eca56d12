/**
 * Rights to read something on disk. A dialog, a dropped file, an argument or the host itself makes one; the page only ever holds
 * the random id, and no route takes a path.
 */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { GrantId } from '../../shared/brand.ts';
import { AppError } from '../../shared/errors.ts';
import type { Grant } from '../../shared/host.ts';
import type { ImportSource } from './platform.ts';

export interface GrantEntry {
  grant: Grant;
  sources: ImportSource[];
  /** The absolute path a later session can give a grant for again; null for what lay in the spool only. */
  root: string | null;
  /** Called once, when the import that used the grant has ended. */
  release: (() => Promise<void>) | null;
}

export interface Grants {
  add(grant: Omit<Grant, 'id'>, entry: Omit<GrantEntry, 'grant'>): Grant;
  /** Grants for paths that exist, files and folders; the others are left out. `shown` defaults to the path itself. */
  addPaths(paths: readonly string[], shown?: string): Promise<Grant[]>;
  /** Throws 'forbidden' for an id that this run of the host did not give. */
  get(id: GrantId): GrantEntry;
  /** Forgets a grant and removes what was spooled for it. */
  release(id: GrantId): Promise<void>;
}

export function createGrants(): Grants {
  const entries = new Map<string, GrantEntry>();
  const add: Grants['add'] = (grant, entry) => {
    const id = randomUUID() as string as GrantId;
    const whole: Grant = { id, ...grant };
    entries.set(id, { grant: whole, ...entry });
    return whole;
  };
  return {
    add,
    async addPaths(paths, shown) {
      const grants: Grant[] = [];
      for (const given of paths) {
        const path = resolve(given);
        const found = await stat(path).catch(() => null);
        if (!found || !(found.isFile() || found.isDirectory())) continue;
        grants.push(
          add(
            { label: shown ?? (basename(path) || path), kind: found.isDirectory() ? 'folder' : 'file' },
            { sources: [{ path, shown: shown ?? path }], root: path, release: null },
          ),
        );
      }
      return grants;
    },
    get(id) {
      const entry = entries.get(id);
      if (!entry) throw new AppError('forbidden', 'That grant is not valid. Open or drop the evidence again.');
      return entry;
    },
    async release(id) {
      const entry = entries.get(id);
      if (!entry?.release) return;
      entries.delete(id);
      await entry.release();
    },
  };
}
