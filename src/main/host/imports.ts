/** Imports that run: from grants to sources, the roots noted for later, and everything let go of when the stream ends. */
import { join } from 'node:path';
import type { GrantId, ImportId } from '../../shared/brand.ts';
import { AppError } from '../../shared/errors.ts';
import type { ImportRequest } from '../../shared/host.ts';
import type { Grants } from './grants.ts';
import type { Journals } from './journals.ts';
import type { Platform, RunningImport } from './platform.ts';

export interface Imports {
  /** Throws 'forbidden' for a forged grant and 'busy' for an import of the same id. */
  start(request: ImportRequest): Promise<ReadableStream<Uint8Array>>;
  /** Nothing happens when no such import runs: it may have ended meanwhile. */
  cancel(importId: string): void;
  /** Null: goes on. Nothing happens when no such import runs. */
  pause(importId: string, reason: string | null): void;
  close(): Promise<void>;
}

export function createImports(platform: Platform, grants: Grants, journals: Journals): Imports {
  const running = new Map<string, RunningImport & { stop(): Promise<void> }>();
  const starting = new Set<string>();

  const begin = (request: ImportRequest): ReadableStream<Uint8Array> => {
    const entries = request.grants.map((id) => grants.get(id));
    const job = platform.startImport({
      importId: request.importId,
      caseId: request.caseId,
      sources: entries.flatMap((e) => e.sources),
      known: request.known,
      spoolDir: join(platform.profileDir, 'spool'),
    });
    const reader = job.stream.getReader();
    const ended = async (): Promise<void> => {
      if (!running.delete(request.importId)) return;
      for (const id of request.grants) await grants.release(id);
    };
    const stop = async (): Promise<void> => {
      await reader.cancel().catch(() => undefined);
      await ended();
    };
    running.set(request.importId, { ...job, stop });
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          try {
            const { done, value } = await reader.read();
            if (!done) {
              platform.batch?.touch();
              return controller.enqueue(value);
            }
            await ended();
            controller.close();
          } catch (thrown) {
            await ended();
            controller.error(thrown);
          }
        },
        cancel: stop,
      },
      { highWaterMark: 0 },
    );
  };

  return {
    async start(request) {
      if (running.has(request.importId) || starting.has(request.importId)) {
        throw new AppError('busy', 'That import is already running.');
      }
      starting.add(request.importId);
      try {
        const roots = request.grants.map((id: GrantId) => grants.get(id)).map((e) => ({ label: e.grant.label, path: e.root }));
        await journals.noteRoots(request.caseId, request.importId as ImportId, roots, Date.now());
        return begin(request);
      } finally {
        starting.delete(request.importId);
      }
    },
    cancel(importId) {
      running.get(importId)?.cancel();
    },
    pause(importId, reason) {
      running.get(importId)?.pause(reason);
    },
    async close() {
      for (const job of running.values()) await job.stop();
    },
  };
}
