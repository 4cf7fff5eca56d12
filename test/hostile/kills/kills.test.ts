/** An app killed, cut off or cancelled at any moment of an import opens again with whole files only, and importing again completes it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { StartThread } from '../../../src/main/host/import/thread.ts';
import { randomOf, SEED, tell, times } from '../../fuzz/support/seeds.ts';
import { Profile } from '../../unit/engine/store/support.ts';
import { inProcess } from '../../unit/main/import/run-import.ts';
import { checkWhole, importAll, importFrom, makeEvidence, mortalWindow, newCase, type Outcome, outcomeOf, type Window } from './support.ts';

vi.mock('../../../src/engine/ingest/limits.ts', async (original) => ({
  ...(await original<typeof import('../../../src/engine/ingest/limits.ts')>()),
  SMALL_FILE_BYTES: 16_000,
  BLOCK_BYTES: 4_000,
  COMMIT_EVENTS: 8,
  FIRST_COMMIT_EVENTS: 4,
}));

let evidence: ReturnType<typeof makeEvidence>;
let whole: Outcome;
/** What an import takes when nobody interrupts it. */
let operations: number;
let bytes = 0;
beforeAll(async () => {
  evidence = makeEvidence();
  const profile = new Profile();
  const { mortal, id } = await newCase(profile);
  importFrom(profile, evidence.folder, { onChunk: (given) => (bytes = given) });
  const before = mortal.operations();
  expect((await importAll(mortal)).run.status).toBe('done');
  operations = mortal.operations() - before;
  await checkWhole(profile, id, mortal);
  whole = await outcomeOf(mortal);
  await mortal.window.close();
});
afterAll(() => evidence.remove());

/** Opens the case anew, and then imports again: as if nothing had happened. */
async function goOn(profile: Profile, id: Parameters<typeof checkWhole>[1]): Promise<number> {
  const again = await mortalWindow(profile);
  expect((await again.window.store.openCase(id)).access).toBe('write');
  const rows = await checkWhole(profile, id, again);
  importFrom(profile, evidence.folder);
  expect((await importAll(again)).run.status).toBe('done');
  await checkWhole(profile, id, again);
  expect(await outcomeOf(again)).toEqual(whole);
  expect((await again.window.store.listImports()).some((run) => run.status === 'running')).toBe(false);
  await again.window.close();
  return rows.length;
}

async function kills(
  name: string,
  count: number,
  kill: (random: ReturnType<typeof randomOf>, profile: Profile, mortal: Window) => Promise<void>,
): Promise<void> {
  const startedAt = Date.now();
  const left = new Set<number>();
  const total = times(count);
  for (let i = 0; i < total; i++) {
    const profile = new Profile();
    const { mortal, id } = await newCase(profile);
    try {
      await kill(randomOf(name, i), profile, mortal);
      mortal.die();
      left.add(await goOn(profile, id));
    } catch (thrown) {
      throw new Error(`${name}, kill ${i}. Again: FUZZ_SEED=${SEED} npx vitest run test/hostile/kills -t "${name}"`, { cause: thrown });
    }
  }
  // Killed at different moments, it leaves different amounts.
  expect(left.size).toBeGreaterThan(1);
  tell(name, total, startedAt);
}

describe('kills', () => {
  it('of the process, at any operation of the database', async () => {
    await kills('of the process', 90, async (random, profile, mortal) => {
      const stop = importFrom(profile, evidence.folder);
      mortal.dieAt(1 + random.below(operations));
      // What a dead process waits for never comes.
      await Promise.race([mortal.death, importAll(mortal).catch(() => mortal.death)]);
      await stop();
    });
  }, 300_000);

  it('of the host, at any byte of the stream', async () => {
    await kills('of the host', 70, async (random, profile, mortal) => {
      const cutAt = random.below(bytes);
      importFrom(profile, evidence.folder, { cutAt, breakOff: random.chance(50) });
      const { run } = await importAll(mortal);
      // A stream with less news of its progress than the first one may have ended before.
      if (run.status === 'done' && cutAt > bytes / 2) return;
      expect(run.status).toBe('failed');
      expect(run.reason).toMatch(/\w+ \w+/);
    });
  }, 300_000);

  it('by a cancel, at any moment', async () => {
    await kills('by a cancel', 40, async (random, profile, mortal) => {
      const at = random.below(bytes);
      importFrom(profile, evidence.folder, { onChunk: (given, cancel) => given > at && cancel() });
      expect((await importAll(mortal)).run.status).toMatch(/cancelled|done/);
    });
  }, 300_000);

  it('of a thread, at any message: nothing is missing', async () => {
    const startedAt = Date.now();
    const total = times(40);
    for (let i = 0; i < total; i++) {
      const random = randomOf('of a thread', i);
      let left = 1 + random.below(40);
      const mortalThread: StartThread = (setup, events) => {
        const thread = inProcess(setup, { ...events, message: (message) => (die() ? undefined : events.message(message)) });
        let gone = false;
        const die = (): boolean => {
          if (gone) return true;
          if (--left !== 0) return false;
          gone = true;
          void thread.stop();
          events.died(Object.assign(new Error('out of memory'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }));
          return true;
        };
        return {
          stop: thread.stop,
          send: (message) => {
            if (!die()) thread.send(message);
          },
        };
      };
      const profile = new Profile();
      const { mortal, id } = await newCase(profile);
      try {
        importFrom(profile, evidence.folder, { startThread: mortalThread });
        expect((await importAll(mortal)).run.status).toBe('done');
        await checkWhole(profile, id, mortal);
        expect(await outcomeOf(mortal)).toEqual(whole);
      } catch (thrown) {
        throw new Error(`of a thread, kill ${i}. Again: FUZZ_SEED=${SEED} npx vitest run test/hostile/kills -t "of a thread"`, {
          cause: thrown,
        });
      }
      await mortal.window.close();
    }
    tell('of a thread', total, startedAt);
  }, 300_000);
});
