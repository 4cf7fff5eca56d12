/** A file as it is opened: what is read is what was there, and a change underneath is noticed. */
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EvidenceSource, Unreadable } from '../../../../src/engine/ingest/evidence-source.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'trailcase-source-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const job = (path: string | Uint8Array, more: object = {}) => ({
  path,
  modified: null,
  inside: null,
  member: null,
  bytes: null,
  damage: null,
  ...more,
});

it('notices that a file was written to, and keeps to the file that it opened', () => {
  const path = join(dir, 'a.json');
  writeFileSync(path, '{"one":1}');
  const source = new EvidenceSource(job(path));
  expect([source.changed, source.readAll().toString()]).toEqual([false, '{"one":1}']);
  writeFileSync(join(dir, 'b.json'), '{"two":2}');
  renameSync(join(dir, 'b.json'), path);
  expect([source.changed, source.readAll().toString()]).toEqual([false, '{"one":1}']);
  source.close();
  const again = new EvidenceSource(job(path));
  appendFileSync(path, '\n{"three":3}');
  expect([again.changed, again.readAll().toString()]).toEqual([true, '{"two":2}']);
  again.close();
});

it('reads a stretch of a tar, bytes that lie nowhere, and a path of bytes', async () => {
  const path = join(dir, 'c.tar');
  writeFileSync(path, 'xxHELLOxx');
  const member = new EvidenceSource(job(path, { inside: 'tar', member: { in: 'tar', offset: 2, size: 5 } }));
  expect([member.readAll().toString(), member.placed]).toEqual(['HELLO', { start: 2, length: 5 }]);
  member.close();
  const carried = new EvidenceSource(job('', { inside: 'tar', bytes: new TextEncoder().encode('carried') }));
  expect([carried.readAll().toString(), carried.size, carried.placed]).toEqual(['carried', 7, null]);
  const chunks: Buffer[] = [];
  for await (const chunk of carried.chunks()) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe('carried');
  const named = new EvidenceSource(job(new Uint8Array(Buffer.from(path))));
  expect(named.size).toBe(9);
  named.close();
  expect(() => new EvidenceSource(job(path, { inside: 'tar', member: { in: 'tar', offset: 5, size: 50 } }))).toThrow(Unreadable);
  expect(() => new EvidenceSource(job(join(dir, 'gone.json')))).toThrow('The file was gone when it was to be read.');
});
