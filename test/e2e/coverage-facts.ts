/** The coverage counted from the records themselves, as `shared/batch.ts` defines it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { BatchCoverageRow } from '../../src/shared/batch.ts';

interface CountedRecord {
  eventID: string;
  eventTime: string;
  awsRegion?: string;
  recipientAccountId?: string;
  userIdentity?: { accountId?: string };
}

/** Records of trail files below a folder, one an eventID. */
export function recordsIn(folder: string): CountedRecord[] {
  const byId = new Map<string, CountedRecord>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.json(\.gz)?$/.test(name)) continue;
    const bytes = readFileSync(join(folder, name));
    const { Records } = JSON.parse((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()) as { Records?: CountedRecord[] };
    for (const record of Records ?? []) byId.set(record.eventID, record);
  }
  return [...byId.values()];
}

const HOUR = 3_600_000;
const order = (a: string | null, b: string | null): number => (a === b ? 0 : a === null ? -1 : b === null ? 1 : a < b ? -1 : 1);
const text = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');

export function coverageOf(records: readonly CountedRecord[]): BatchCoverageRow[] {
  const rows = new Map<string, number[]>();
  for (const r of records) {
    const name = JSON.stringify([r.recipientAccountId || r.userIdentity?.accountId || null, r.awsRegion ?? null]);
    const times = rows.get(name);
    if (times) times.push(Date.parse(r.eventTime));
    else rows.set(name, [Date.parse(r.eventTime)]);
  }
  return [...rows]
    .map(([name, times]) => {
      const [account, region] = JSON.parse(name) as [string | null, string | null];
      const sorted = times.sort((a, b) => a - b);
      const [first, last] = [sorted[0], sorted[sorted.length - 1]];
      const hours = Math.floor(last / HOUR) - Math.floor(first / HOUR) + 1;
      const hoursWithEvents = new Set(sorted.map((t) => Math.floor(t / HOUR))).size;
      return {
        account,
        region,
        firstTime: text(first),
        lastTime: text(last),
        hours,
        hoursWithEvents,
        hoursSilent: hours - hoursWithEvents,
      };
    })
    .sort((a, b) => order(a.account, b.account) || order(a.region, b.region));
}
