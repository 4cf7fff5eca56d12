/**
 * Temporary files of an import: members of containers that can only be read as a stream, and are too large to be carried. Their names
 * are our own. Each is removed when nobody needs it any more, all of them when the import ends, and what a kill left at the next start.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAll } from '../spool.ts';

export class MemberSpool {
  /** Bytes on the disk. */
  bytes = 0;
  private folder: Promise<string> | null = null;
  private count = 0;

  /** `dir` exists. */
  constructor(private readonly dir: string) {}

  /** Throws what the disk says; nothing is left behind then. */
  async write(chunks: AsyncIterable<Buffer>): Promise<SpooledFile> {
    this.folder ??= this.makeFolder();
    const file = new SpooledFile(join(await this.folder, String(this.count++)), (bytes) => {
      this.bytes -= bytes;
    });
    const handle = await open(file.path, 'wx', 0o600);
    try {
      for await (const chunk of chunks) {
        await writeAll(handle, chunk);
        file.size += chunk.length;
        this.bytes += chunk.length;
      }
      return file;
    } catch (thrown) {
      await file.release();
      const { code } = thrown as NodeJS.ErrnoException;
      if (code === undefined) throw thrown;
      throw new Error(
        `A temporary file for one of its members could not be written (${code}): free some disk space, then import it again.`,
      );
    } finally {
      await handle.close();
    }
  }

  async clear(): Promise<void> {
    if (this.folder !== null) await rm(await this.folder, { recursive: true, force: true });
  }

  private async makeFolder(): Promise<string> {
    const folder = join(this.dir, `import-${randomUUID()}`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  }
}

/** Held by whoever made it, and by every job that reads it. */
export class SpooledFile {
  size = 0;
  private holders = 1;

  constructor(
    readonly path: string,
    private readonly gone: (bytes: number) => void,
  ) {}

  hold(): void {
    this.holders++;
  }

  async release(): Promise<void> {
    if (--this.holders > 0) return;
    this.gone(this.size);
    await rm(this.path, { force: true });
  }
}
