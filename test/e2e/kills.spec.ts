/** The whole app killed (SIGKILL) at random moments of one import, again and again: it opens with whole files only, and goes on to the end. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Random } from '../../scripts/generate/random.mjs';
import { expect, test } from './fixtures.ts';

const KILLS = 6;
const EVENTS = 100_000;
const PER_FILE = 500;
/** `KILL_SEED=<n>` repeats a run. */
const SEED = Number(process.env.KILL_SEED ?? (process.env.CI ? 20261121 : Date.now() % 2 ** 31));

async function idsHash(folder: string): Promise<string> {
  const ids: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const { Records } = JSON.parse(gunzipSync(await readFile(join(entry.parentPath, entry.name))).toString()) as {
      Records: { eventID: string }[];
    };
    for (const record of Records) ids.push(record.eventID);
  }
  return createHash('sha256').update(ids.sort().join('\n')).digest('hex');
}

test('killed at random moments, it keeps whole files only and loses nothing in the end', async ({ start, evidence }) => {
  test.setTimeout(300_000);
  console.log(`kills: seed ${SEED}`);
  const random = new Random(SEED, 0x6b11);
  const folder = await evidence({ events: EVENTS, perFile: PER_FILE });
  let before = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const app = await start();
    const kept = await app.events();
    expect(kept % PER_FILE).toBe(0);
    expect(kept, 'what was in stays in').toBeGreaterThanOrEqual(before);
    if (kill > 0) {
      const ledger = await app.ask(async ({ engine }) => (await engine.store.ledger()).reduce((sum, r) => sum + r.records, 0));
      expect(ledger).toBe(kept);
    }
    before = kept;
    await app.drop(folder);
    // The moment is drawn in events rather than in seconds, so that a slow machine is killed in the same places as a fast one.
    const moment = Math.min(EVENTS, kept + 1 + random.below(Math.ceil((EVENTS - kept) / (KILLS - kill))));
    await expect.poll(() => app.events(), { timeout: 60_000, intervals: [20] }).toBeGreaterThanOrEqual(moment);
    await app.driven.kill();
  }
  const app = await start();
  await app.drop(folder);
  await expect.poll(() => app.events(), { timeout: 120_000 }).toBe(EVENTS);
  await app.waitIdle();
  const summary = await app.ask(async ({ engine }) => engine.query.batchEvents());
  expect(summary).toMatchObject({ records: EVENTS, unique: EVENTS, duplicates: 0, unreadableRecords: 0 });
  expect(summary.idsSha256).toBe(await idsHash(folder));
});
