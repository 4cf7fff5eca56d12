/**
 * Property tests draw new examples at every local run; in CI they draw the same ones, so that a failure there is one of the change
 * under test. `FAST_CHECK_SEED=<number>` repeats a run (a failure prints its seed).
 */
import fc from 'fast-check';

const wanted = process.env.FAST_CHECK_SEED ?? (process.env.CI ? '20261121' : undefined);
if (wanted !== undefined) fc.configureGlobal({ seed: Number(wanted) });
