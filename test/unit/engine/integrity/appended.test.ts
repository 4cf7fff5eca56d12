/** What the ledger says of gzip files that were added to, as digest validation needs it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Imported, runImport } from '../../main/import/run-import.ts';
import { sha256 } from './chain-maker.ts';

const text = '{"Records":[{"eventID":"a","eventName":"ListBuckets","eventTime":"2024-05-01T10:00:00Z"}]}';
const packed = gzipSync(text);
let folder: string;
let imported: Imported;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trailcase-appended-'));
  await writeFile(join(folder, 'clean.json.gz'), packed);
  await writeFile(join(folder, 'zeros.json.gz'), Buffer.concat([packed, Buffer.alloc(9)]));
  await writeFile(join(folder, 'bytes.json.gz'), Buffer.concat([packed, Buffer.from('more')]));
  await writeFile(join(folder, 'members.json.gz'), Buffer.concat([packed, gzipSync('{"Records":[]}')]));
  imported = await runImport([folder]);
});
afterAll(() => rm(folder, { recursive: true }));

const row = (name: string) => imported.files.find((f) => f.path.endsWith(name));

describe('the ledger row of a gzip file', () => {
  it('says nothing of a clean one', () => {
    expect(row('clean.json.gz')).not.toHaveProperty('gzip');
  });
  it('says what follows the data, beside the hash of what was unpacked', () => {
    expect(row('zeros.json.gz')).toMatchObject({ sha256Unpacked: sha256(text), gzip: { members: 1, trailing: 9, trailingZeros: true } });
    expect(row('bytes.json.gz')).toMatchObject({ sha256Unpacked: sha256(text), gzip: { members: 1, trailing: 4, trailingZeros: false } });
  });
  it('knows the hashes of several members', () => {
    expect(row('members.json.gz')).toMatchObject({
      gzip: { members: 2, trailing: 0, firstMemberSha256: sha256(text), furtherSha256: [sha256('{"Records":[]}')] },
    });
  });
});
