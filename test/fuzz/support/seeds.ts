/**
 * Runs a reader on many made inputs. In CI the seed is fixed; elsewhere it is drawn anew and printed. `FUZZ_SEED=<n>` repeats a run,
 * `FUZZ_TIMES=<n>` makes it n times as long. An input that fails is written to test-results/fuzz; put into test/fuzz/regressions/<reader>
 * it is tried at every run.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Random } from '../../../scripts/generate/random.mjs';

export { Random };
export const SEED = Number(process.env.FUZZ_SEED ?? (process.env.CI ? 20261121 : Date.now() % 2 ** 31));
const TIMES = Number(process.env.FUZZ_TIMES ?? 1);
/** Only a hang or an explosion takes this long. */
export const INPUT_MS = 10_000;
const RESULTS = 'test-results/fuzz';
const KEPT = join(import.meta.dirname, '../regressions');

export const times = (count: number): number => Math.ceil(count * TIMES);
/** The randomness of one input: the same for a seed, whatever else is run. */
export const randomOf = (reader: string, index: number): Random => new Random(SEED, index, hashOf(reader));

/** Says how to see a failure again, and keeps its input. */
export function failure(reader: string, index: number, input: Buffer | string, cause: unknown): Error {
  mkdirSync(RESULTS, { recursive: true });
  const name = `${reader.replaceAll(/\W+/g, '-')}-${SEED}-${index}.bin`;
  writeFileSync(join(RESULTS, name), input);
  const what = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return new Error(
    `${reader}, input ${index} of seed ${SEED}: ${what}\nAgain: FUZZ_SEED=${SEED} npx vitest run test/fuzz -t "${reader}"\nThe input: ${RESULTS}/${name} (to keep it: test/fuzz/regressions/${reader}/)`,
  );
}

/** Counts for the last lines of `npm test`. */
export function tell(reader: string, inputs: number, startedAt: number, outcomes: Record<string, number> = {}): void {
  const ms = Date.now() - startedAt;
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, `${reader.replaceAll(/\W+/g, '-')}.json`), JSON.stringify({ reader, inputs, ms, seed: SEED }));
  const what = Object.entries(outcomes).map(([name, count]) => `${count} ${name}`);
  console.log(`${reader}: ${inputs} inputs in ${(ms / 1000).toFixed(1)} s, seed ${SEED}${what.length > 0 ? `; ${what.join(', ')}` : ''}`);
}

/** Inputs that failed once. */
export function kept(reader: string): { name: string; bytes: Buffer }[] {
  try {
    return readdirSync(join(KEPT, reader))
      .sort()
      .map((name) => ({ name: relative('.', join(KEPT, reader, name)), bytes: readFileSync(join(KEPT, reader, name)) }));
  } catch {
    return [];
  }
}

/** `test` throws when something is wrong with how the input was read. */
export async function fuzz(
  reader: string,
  count: number,
  make: (random: Random, index: number) => Buffer,
  test: (input: Buffer) => unknown,
): Promise<void> {
  const startedAt = Date.now();
  const regressions = kept(reader);
  const total = times(count);
  for (let i = -regressions.length; i < total; i++) {
    const input = i < 0 ? regressions[i + regressions.length].bytes : make(randomOf(reader, i), i);
    const from = Date.now();
    try {
      await test(input);
      if (Date.now() - from > INPUT_MS) throw new Error(`took ${Date.now() - from} ms`);
    } catch (thrown) {
      throw failure(reader, i, input, thrown);
    }
  }
  tell(reader, total + regressions.length, startedAt);
}

function hashOf(text: string): number {
  let hash = 2166136261;
  for (const c of text) hash = Math.imul(hash ^ (c.codePointAt(0) ?? 0), 16777619);
  return hash;
}
