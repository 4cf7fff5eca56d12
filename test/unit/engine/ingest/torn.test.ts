/** Pieces that `split -b` and `tail -c` leave: they begin within a record, and the records behind it are whole. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runImport } from '../../main/import/run-import.ts';

const dir = mkdtempSync(join(tmpdir(), 'trailcase-torn-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const records = Array.from({ length: 60 }, (_, i) => ({
  eventVersion: '1.08',
  userIdentity: { type: 'Root', accountId: '111122223333' },
  eventTime: '2026-03-02T09:00:00Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'GetObject',
  eventID: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
}));
const whole = {
  'one record a line': records.map((r) => JSON.stringify(r)).join('\n'),
};

describe.each(Object.entries(whole))('a trail file as %s', (name, text) => {
  it.each([1, 30, 200, 1000, 3000])('without its first %i characters: every whole record is read, the torn one is told', async (cut) => {
    const path = join(dir, `${name} ${cut}`);
    writeFileSync(path, text.slice(cut));
    const read = await runImport([path], { threads: 1 });
    const left = records.filter((r) => text.indexOf(r.eventID) - JSON.stringify(r).length > cut).length;
    expect(read.rows.length).toBeGreaterThanOrEqual(left - 1);
    expect(read.rows.length).toBeLessThanOrEqual(60);
    if (read.rows.length < 60) expect(read.files[0].reason).toMatch(/could not be read/);
    expect(new Set(read.rows.map((r) => r.id)).size).toBe(read.rows.length);
  });
});

it('is no trail file: notes that quote a record, and settings', async () => {
  const quoted = `# Notes\n\n\`\`\`json\n${JSON.stringify(records[0])}\n\`\`\`\n`;
  const yaml = `AnalysisType: rule\nTests:\n  - Log: ${JSON.stringify(records[0])}\n`;
  for (const [name, text] of Object.entries({ quoted, yaml })) {
    const path = join(dir, name);
    writeFileSync(path, text);
    const read = await runImport([path], { threads: 1 });
    expect([name, read.rows.length, read.files[0].status]).toEqual([name, 0, 'rejected']);
  }
});
