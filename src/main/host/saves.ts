/**
 * Saving a file piece by piece: into a temporary file beside the target, which takes the target's name only when it is whole.
 * Without a dialog the target is in the spool and is handed to the browser as a download.
 */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { SaveResult } from '../../shared/host.ts';
import type { Platform } from './platform.ts';
import { type Spool, writeAll } from './spool.ts';

interface OpenSave {
  /** Null: a download. */
  target: string | null;
  temporary: string;
  handle: FileHandle;
  name: string;
  mimeType: string;
  busy: boolean;
}

export interface Saves {
  /** Null when the person cancelled the dialog. */
  begin(suggestedName: string, mimeType: string): Promise<string | null>;
  append(save: string, body: ReadableStream<Uint8Array> | null): Promise<void>;
  finish(save: string): Promise<SaveResult>;
  cancel(save: string): Promise<void>;
  /** Gives up everything that is open. */
  close(): Promise<void>;
}

export function createSaves(platform: Platform, spool: Spool): Saves {
  const open_ = new Map<string, OpenSave>();
  const take = (id: string): OpenSave => {
    const save = open_.get(id);
    if (!save) throw new AppError('forbidden', 'That file is not being saved. Export again.');
    if (save.busy) throw new AppError('busy', 'That file is still taking an earlier piece.');
    return save;
  };
  const discard = async (id: string, save: OpenSave): Promise<void> => {
    open_.delete(id);
    await save.handle.close().catch(() => undefined);
    await rm(save.temporary, { force: true });
  };
  return {
    async begin(suggestedName, mimeType) {
      const name = safeName(suggestedName);
      let target: string | null = null;
      if (platform.saveDialog) {
        target = await platform.saveDialog(name);
        if (target === null) return null;
      }
      const id = randomUUID();
      const temporary = target ? join(dirname(target), `.${basename(target).slice(0, 100)}.${id}.part`) : join(spool.dir, `save-${id}`);
      const handle = await open(temporary, 'wx', target ? 0o666 : 0o600);
      open_.set(id, { target, temporary, handle, name, mimeType, busy: false });
      return id;
    },
    async append(id, body) {
      const save = take(id);
      save.busy = true;
      try {
        if (body) for await (const chunk of body) await writeAll(save.handle, chunk);
      } catch (thrown) {
        // Half a piece is in the file: it can never become whole.
        await discard(id, save);
        throw thrown;
      } finally {
        save.busy = false;
      }
    },
    async finish(id) {
      const save = take(id);
      save.busy = true;
      try {
        await save.handle.sync();
        await save.handle.close();
        if (save.target === null) {
          return { label: save.name, download: spool.offerDownload(save.temporary, save.name, save.mimeType) };
        }
        await rename(save.temporary, save.target);
        return { label: save.target, download: null };
      } catch (thrown) {
        await rm(save.temporary, { force: true });
        throw thrown;
      } finally {
        open_.delete(id);
      }
    },
    async cancel(id) {
      await discard(id, take(id));
    },
    async close() {
      for (const [id, save] of open_) await discard(id, save);
    },
  };
}

/** A file name without a folder, without characters that some system forbids, and not longer than they all take. */
export function safeName(suggested: string): string {
  const cleaned = suggested
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]/g, '_')
    .replace(/^\.+|[. ]+$/g, '');
  const end = /\.[A-Za-z0-9]{1,10}$/.exec(cleaned)?.[0] ?? '';
  const start = cleaned.slice(0, cleaned.length - end.length).slice(0, 120);
  return (start || 'trailcase') + end;
}

/** The value of a Content-Disposition header: RFC 6266, the name as UTF-8 by RFC 5987. */
export function attachment(name: string): string {
  const encoded = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename*=UTF-8''${encoded}`;
}
