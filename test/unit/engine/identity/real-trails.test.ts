/** The shared fixtures: what lineage counts agrees with a count made straight from the JSON of the records. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { benchOf, filesUnder } from '../query/real-files.ts';

const FIXTURES = resolve('../shared/fixtures');
const FOLDERS = ['stratus-red-team', 'invictus-ir-aws_dataset', 'TrailDiscover'];

interface Rec {
  eventID?: string;
  eventTime?: string;
  eventName?: string;
  errorCode?: string | null;
  userIdentity?: { accessKeyId?: string };
  responseElements?: { credentials?: { accessKeyId?: string }; accessKey?: { accessKeyId?: string } } | null;
}

function recordsOf(path: string): Rec[] {
  const bytes = readFileSync(path);
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
  try {
    const whole = JSON.parse(text);
    return Array.isArray(whole) ? whole : (whole.Records ?? [whole]);
  } catch {
    return text
      .split('\n')
      .filter((line) => line.trim().startsWith('{'))
      .flatMap((line) => {
        try {
          return [JSON.parse(line)];
        } catch {
          return [];
        }
      });
  }
}

/** By the definitions of the batch summary, and nothing of the app. */
function countByHand(files: readonly string[]) {
  const events = new Map<string, Rec>();
  for (const [f, file] of files.entries())
    for (const [i, record] of recordsOf(file).entries()) if (record.eventName) events.set(record.eventID ?? `${f}:${i}`, record);
  const issued = new Map<string, { long: boolean; from: string; by: Set<string> }>();
  const uses = new Map<string, { count: number; last: string }>();
  for (const record of events.values()) {
    const { credentials, accessKey } = record.responseElements ?? {};
    const key = credentials?.accessKeyId ?? accessKey?.accessKeyId;
    if (key && !record.errorCode) {
      const known = issued.get(key) ?? { long: false, from: record.eventTime ?? '', by: new Set<string>() };
      known.long ||= record.eventName === 'CreateAccessKey';
      if ((record.eventTime ?? '') < known.from) known.from = record.eventTime ?? '';
      known.by.add(record.eventID ?? '');
      issued.set(key, known);
    }
    const used = record.userIdentity?.accessKeyId;
    if (used) {
      const known = uses.get(used) ?? { count: 0, last: '' };
      known.count++;
      if ((record.eventTime ?? '') > known.last) known.last = record.eventTime ?? '';
      uses.set(used, known);
    }
  }
  const later = [...issued].filter(([key, { from }]) => (uses.get(key)?.last ?? '') >= from);
  return { issued, uses, usedLater: later.length };
}

describe.skipIf(!existsSync(FIXTURES))('lineage of the shared fixtures', () => {
  it.each(FOLDERS)('%s', async (folder) => {
    const files = filesUnder(join(FIXTURES, folder));
    const hand = countByHand(files);
    const bench = await benchOf(files);
    const batch = await bench.core.batchCredentials();
    const kinds = [...hand.issued.values()];
    expect({ temporary: batch.issuedTemporary, longTerm: batch.issuedLongTerm, usedLater: batch.usedLater }).toEqual({
      temporary: kinds.filter((k) => !k.long).length,
      longTerm: kinds.filter((k) => k.long).length,
      usedLater: hand.usedLater,
    });
    expect(new Set(batch.list.map((row) => row.accessKeyId))).toEqual(new Set([...hand.issued.keys(), ...hand.uses.keys()]));
    const events = new Map<string, number>();
    for (const row of batch.list) {
      events.set(row.accessKeyId, (events.get(row.accessKeyId) ?? 0) + row.eventCount);
      if (row.issuedByEvent !== null) expect(hand.issued.get(row.accessKeyId)?.by).toContain(row.issuedByEvent);
      expect(row.stoppedBecause).not.toBe('');
      if (row.depth > 0) expect(row.parentKey !== null || row.originProof === 'inferred').toBe(true);
    }
    for (const [key, count] of events) expect(count).toBe(hand.uses.get(key)?.count ?? 0);
    bench.close();
    const turned = await benchOf(files.toReversed());
    expect(await turned.core.batchCredentials()).toEqual(batch);
    turned.close();
  });
});

if (!existsSync(FIXTURES)) console.log('skipped: the shared fixtures are not beside the repository');
