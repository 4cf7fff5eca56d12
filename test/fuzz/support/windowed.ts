/**
 * The import with every file read as a large one: a few hundred bytes at a time, a few records a stage. What is read must be what is
 * read of the file as a whole. Limits are exchanged for small ones; nothing else differs from what runs in the app.
 */
import { vi } from 'vitest';
import type { runImport } from '../../unit/main/import/run-import.ts';

export const knobs = { window: 300, stageEvents: 3, maxRecord: 16 * 1024 * 1024 };

/** The import of fresh modules with small limits. */
export async function windowedImport(): Promise<typeof runImport> {
  vi.resetModules();
  vi.doMock('../../../src/engine/ingest/limits.ts', async (original) => {
    const limits = await original<typeof import('../../../src/engine/ingest/limits.ts')>();
    return Object.defineProperties(
      { ...limits, SMALL_FILE_BYTES: 0 },
      {
        BLOCK_BYTES: { get: () => knobs.window, enumerable: true },
        COMMIT_EVENTS: { get: () => knobs.stageEvents, enumerable: true },
        MAX_RECORD_BYTES: { get: () => knobs.maxRecord, enumerable: true },
      },
    );
  });
  vi.doMock('../../../src/engine/ingest/evidence-source.ts', async (original) => {
    const module = await original<typeof import('../../../src/engine/ingest/evidence-source.ts')>();
    const { chunks } = module.EvidenceSource.prototype;
    module.EvidenceSource.prototype.chunks = async function* (...given: []) {
      for await (const chunk of chunks.apply(this, given)) yield* pieces(chunk);
    };
    return module;
  });
  vi.doMock('../../../src/engine/ingest/unpack.ts', async (original) => {
    const module = await original<typeof import('../../../src/engine/ingest/unpack.ts')>();
    const unpackStream: typeof module.unpackStream = async function* (...given) {
      for await (const chunk of module.unpackStream(...given)) yield* pieces(chunk);
    };
    return { ...module, unpackStream };
  });
  const module = await import('../../unit/main/import/run-import.ts');
  vi.doUnmock('../../../src/engine/ingest/limits.ts');
  vi.doUnmock('../../../src/engine/ingest/evidence-source.ts');
  vi.doUnmock('../../../src/engine/ingest/unpack.ts');
  return module.runImport;
}

/** The first piece is what a file is recognised by (4 kB). */
function* pieces(chunk: Buffer): Generator<Buffer> {
  for (let at = 0; at < chunk.length; ) {
    const size = at === 0 ? Math.max(4096, knobs.window) : knobs.window;
    yield Buffer.from(chunk.subarray(at, at + size));
    at += size;
  }
}
