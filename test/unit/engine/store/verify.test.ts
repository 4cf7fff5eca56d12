/** Verifying again, with the real host: originals that were changed, removed, moved or made unreadable, members of containers, and damage inside the case. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, describe, expect, it } from 'vitest';
import yazl from 'yazl';
import { openCaseDatabase } from '../../../../src/engine/store/databases.ts';
import { createImport } from '../../../../src/main/host/import/index.ts';
import type { Grant } from '../../../../src/shared/host.ts';
import { makeHost, piece, type TestHost } from '../../main/host/make-host.ts';
import { inProcess } from '../../main/import/run-import.ts';
import { hex, Profile, type TestWindow } from './support.ts';

const hasTar = spawnSync('tar', ['--version']).status === 0;

const made: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of made.splice(0).reverse()) await thing.close();
});

const records = (...ns: number[]): string =>
  JSON.stringify({
    Records: ns.map((n) => ({
      eventVersion: '1.08',
      eventID: `id-${n}`,
      eventName: 'ListBuckets',
      eventTime: '2026-03-01T00:00:00Z',
      awsRegion: 'us-east-1',
    })),
  });

function zip(name: string, text: string): Promise<Buffer> {
  const out = new yazl.ZipFile();
  out.addBuffer(Buffer.from(text), name);
  out.end();
  return buffer(out.outputStream);
}

interface Bed {
  host: TestHost;
  profile: Profile;
  window: TestWindow;
  store: TestWindow['store'];
  evidence: string;
  caseId: Awaited<ReturnType<TestWindow['store']['createCase']>>['id'];
}

/** A folder with a gzip file, a plain one, one without events and a zip; imported by the real host. */
async function bed(): Promise<Bed> {
  const host = await makeHost({
    startImport: (job) => createImport({ ...job, threadFile: '', threads: 1, appVersion: '1', startThread: inProcess }),
  });
  made.push(host);
  const evidence = join(host.dir, 'evidence');
  await mkdir(join(evidence, 'sub'), { recursive: true });
  await writeFile(join(evidence, 'a.json.gz'), gzipSync(records(1, 2)));
  await writeFile(join(evidence, 'sub/b.json'), records(3));
  await writeFile(join(evidence, 'readme.txt'), 'hello');
  await writeFile(join(evidence, 'c.zip'), await zip('inner.json', records(4)));
  const profile = new Profile();
  const window = await windowOf(profile, host);
  const { id } = await window.store.createCase('Case');
  await window.store.openCase(id);
  const grants = await host.host.grantPaths([evidence]);
  await window.store.importGrants(grants, () => undefined);
  return { host, profile, window, store: window.store, evidence, caseId: id };
}

async function windowOf(profile: Profile, host: TestHost): Promise<TestWindow> {
  const window = await profile.window({ fetch: (path, init) => host.host.handle(new Request(`http://127.0.0.1:1${path}`, init)) });
  made.push(window);
  return window;
}

const ALL = { ledgerIds: null, grants: null };
const quiet = (): void => undefined;

describe('verifying again', () => {
  it('finds everything unchanged, members of containers too, and keeps the record in case and journal', async () => {
    const { store, caseId, evidence } = await bed();
    expect((await store.ledger()).map((r) => [r.path.slice(evidence.length), r.status]).sort()).toEqual([
      ['/a.json.gz', 'imported'],
      ['/c.zip!inner.json', 'imported'],
      ['/readme.txt', 'rejected'],
      ['/sub/b.json', 'imported'],
    ]);
    const record = await store.verify(ALL, quiet);
    expect(record).toMatchObject({
      cancelled: false,
      only: null,
      disk: { unchanged: 4, changed: 0, missing: 0, unreadable: 0, notVerifiable: 0 },
      case: { unchanged: 3, changed: 0, missing: 0, unreadable: 0, notVerifiable: 1 },
      findings: [],
      notInLedger: 0,
      notVerifiable: [{ place: 'case', files: 1 }],
    });
    expect(await store.listVerifications()).toEqual([record]);
    const journal = await store.readJournal(caseId);
    expect(journal.find((e) => e.kind === 'verification')).toMatchObject({ id: record.id, data: record });
    expect(journal.findLast((e) => e.kind === 'audit')?.data).toMatchObject({
      action: 'verify',
      detail: { disk: { unchanged: 4 }, findings: 0 },
    });
    // Nothing was imported by it.
    expect(await store.ledgerTotals()).toMatchObject({ files: 4 });
    expect(await store.listImports()).toHaveLength(1);
  });

  it('names what changed by one byte, what is gone, what cannot be read and what is new', async () => {
    const { store, evidence } = await bed();
    const path = join(evidence, 'sub/b.json');
    const bytes = await readFile(path);
    const before = hex(bytes);
    bytes[bytes.length - 20] ^= 1;
    await writeFile(path, bytes);
    await utimes(path, new Date(1_700_000_000_000), new Date(1_700_000_000_000));
    await rm(join(evidence, 'a.json.gz'));
    await writeFile(join(evidence, 'new.json'), records(9));
    const record = await store.verify(ALL, quiet);
    expect(record.disk).toEqual({ unchanged: 2, changed: 1, missing: 1, unreadable: 0, notVerifiable: 0 });
    expect(record.case).toMatchObject({ unchanged: 3, changed: 0 });
    expect(record.notInLedger).toBe(1);
    expect(record.findings).toMatchObject([
      { place: 'disk', outcome: 'missing', path: join(evidence, 'a.json.gz'), found: null },
      {
        place: 'disk',
        outcome: 'changed',
        path,
        sha256: before,
        size: bytes.length,
        found: { sha256: hex(bytes), size: bytes.length, modified: 1_700_000_000_000 },
      },
    ]);
    expect(record.findings[1].reason).toContain('The size is the same');
    expect(await store.ledgerTotals()).toMatchObject({ files: 4 });
  });

  it('says why an original cannot be read', async () => {
    const { store, evidence } = await bed();
    await rm(join(evidence, 'a.json.gz'));
    await symlink(join(evidence, 'sub/b.json'), join(evidence, 'a.json.gz'));
    const record = await store.verify(ALL, quiet);
    expect(record.disk).toMatchObject({ unchanged: 3, unreadable: 1 });
    expect(record.findings).toMatchObject([{ outcome: 'unreadable', reason: expect.stringContaining('links are not followed') }]);
  });

  it('of one file looks at that file only, inside a container too', async () => {
    const { store, evidence } = await bed();
    await rm(join(evidence, 'a.json.gz'));
    const rows = await store.ledger();
    const member = rows.find((r) => r.path.endsWith('!inner.json'));
    const record = await store.verify({ ledgerIds: [member?.id ?? 0], grants: null }, quiet);
    expect(record).toMatchObject({
      only: member?.path,
      disk: { unchanged: 1, missing: 0 },
      case: { unchanged: 1 },
      findings: [],
      notInLedger: 0,
    });
    const gone = rows.find((r) => r.path.endsWith('a.json.gz'));
    expect((await store.verify({ ledgerIds: [gone?.id ?? 0], grants: null }, quiet)).disk).toMatchObject({ missing: 1, unchanged: 0 });
    await expect(store.verify({ ledgerIds: [999], grants: null }, quiet)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it.skipIf(!hasTar)('of a member of a tar.gz hashes that member, and tells when it was packed anew with another content', async () => {
    const { store, host } = await bed();
    const dir = join(host.dir, 'tarred');
    await mkdir(dir);
    const pack = async (text: string): Promise<void> => {
      await writeFile(join(dir, 'x.json'), text);
      execFileSync('tar', ['-czf', 'x.tar.gz', 'x.json'], { cwd: dir });
      await rm(join(dir, 'x.json'));
    };
    await pack(records(31, 32));
    await store.importGrants(await host.host.grantPaths([dir]), quiet);
    const row = (await store.ledger()).find((r) => r.path.endsWith('x.tar.gz!x.json'));
    const ledgerIds = [row?.id ?? 0];
    expect(await store.verify({ ledgerIds, grants: null }, quiet)).toMatchObject({ disk: { unchanged: 1 }, case: { unchanged: 1 } });
    await pack(records(31, 33));
    const record = await store.verify({ ledgerIds, grants: null }, quiet);
    expect(record.findings).toMatchObject([
      { place: 'disk', outcome: 'changed', path: row?.path, found: { sha256: hex(records(31, 33)) } },
    ]);
  });

  it('says that a folder is not there, and finds the files by their hash where the person points', async () => {
    const { store, evidence, host } = await bed();
    const moved = join(host.dir, 'moved');
    await rename(evidence, moved);
    const lost = await store.verify(ALL, quiet);
    expect(lost.disk).toMatchObject({ missing: 4, unchanged: 0 });
    expect(lost.findings[0].reason).toContain(`${evidence}, from which it was imported, is not there`);
    const grants = await host.host.grantPaths([moved]);
    const found = await store.verify({ ledgerIds: null, grants }, quiet);
    expect(found).toMatchObject({ disk: { unchanged: 4, missing: 0 }, elsewhere: 4, chosen: ['moved'], notInLedger: 0 });
  });

  it('of files that a browser dropped says that they have no path, and checks them when they are chosen again', async () => {
    const { store, host } = await bed();
    const upload = async (text: string): Promise<Grant[]> => {
      const { upload: id } = await host.json<{ upload: string }>('POST', '/api/upload');
      await host.call('PUT', `/api/upload/${id}`, piece('dropped/x.json', text));
      return (await host.json<{ grants: Grant[] }>('POST', `/api/upload/${id}/finish`)).grants;
    };
    await store.importGrants(await upload(records(21)), quiet);
    const record = await store.verify(ALL, quiet);
    expect(record.disk).toMatchObject({ unchanged: 4, notVerifiable: 1, missing: 0 });
    expect(record.notVerifiable.find((n) => n.place === 'disk')?.reason).toMatch(/has no path.*Choose the files/);
    const row = (await store.ledger()).find((r) => r.path === 'dropped/x.json');
    const ledgerIds = [row?.id ?? 0];
    expect((await store.verify({ ledgerIds, grants: await upload(records(21)) }, quiet)).disk).toMatchObject({ unchanged: 1 });
    expect((await store.verify({ ledgerIds, grants: await upload(records(22)) }, quiet)).findings).toMatchObject([{ outcome: 'changed' }]);
  });

  it('finds and names a damaged block inside the case, and the file stays as it was', async () => {
    const { store, caseId, evidence, profile } = await bed();
    const db = await openCaseDatabase({ indexedDB: profile.indexedDB, IDBKeyRange }, caseId, 'relaxed');
    const row = (await store.ledger()).find((r) => r.path.endsWith('a.json.gz'));
    const commit = (await db.commits.toArray()).find((c) => c.id === row?.commitId);
    const block = commit?.blocks.find((b) => b.file === row?.fileInCommit);
    if (!commit || !block) throw new Error('no block');
    const vault = await db.vault.get(commit.seq);
    if (!vault) throw new Error('no vault');
    new Uint8Array(vault.bytes)[block.offset + Math.floor(block.length / 2)] ^= 0xff;
    await db.vault.put(vault);
    db.close();
    // What was read before is in memory still; the check reads the database.
    const record = await store.verify(ALL, quiet);
    expect(record.case).toMatchObject({ unchanged: 2, changed: 1 });
    expect(record.disk).toMatchObject({ unchanged: 4 });
    expect(record.findings).toMatchObject([{ place: 'case', outcome: 'changed', path: join(evidence, 'a.json.gz') }]);
    expect(record.findings[0].reason).toContain('damaged');
    expect(record.findings[0].reason).toMatch(/block 1 of commit|SHA-256 is not that of the ledger/);
  });

  it('is cancelled, says so, and keeps nothing from the next one', async () => {
    const { store } = await bed();
    const running = store.verify(ALL, () => void store.cancelVerify());
    expect((await running).cancelled).toBe(true);
    await expect(store.importGrants([], quiet).then(() => store.verify(ALL, quiet))).resolves.toMatchObject({ cancelled: false });
    const one = store.verify(ALL, quiet);
    await expect(store.verify(ALL, quiet)).rejects.toMatchObject({ kind: 'busy' });
    await expect(store.withdrawFiles([1], 'x')).rejects.toMatchObject({ kind: 'busy' });
    await one;
  });

  it('checks withdrawn files too, and its records come back with a lost case', async () => {
    const { store, host, profile, caseId, window } = await bed();
    const rows = await store.ledger();
    await store.withdrawFiles(
      rows.map((r) => r.id),
      'All of it',
    );
    const record = await store.verify(ALL, quiet);
    expect([record.disk.unchanged, record.case.unchanged]).toEqual([4, 3]);
    const custody = {
      collectedBy: 'A. Responder',
      collectedAt: '2026-03-02',
      method: 'aws s3 sync',
      source: 's3://b',
      seal: '4711',
      remarks: '',
    };
    await store.putCustody('case', custody);
    const runId = (await store.listImports())[0].id;
    await store.putCustody(runId, { ...custody, seal: ' 0815 ' });
    await store.putCustody(runId, { ...custody, seal: '0816' });
    made.splice(made.indexOf(window), 1);
    window.kill();
    profile.indexedDB = new IDBFactory();
    const again = await windowOf(profile, host);
    await again.store.recoverCase(caseId);
    await again.store.openCase(caseId);
    expect(await again.store.listVerifications()).toEqual([record]);
    expect(await again.store.custody()).toEqual({ ofCase: custody, imports: { [runId]: { ...custody, seal: '0816' } } });
    const audits = (await again.store.readJournal(caseId)).filter(
      (e) => e.kind === 'audit' && (e.data as { action: string }).action === 'custody',
    );
    expect(audits.map((e) => (e.data as { detail: { before: { seal: string } | null; after: { seal: string } } }).detail)).toMatchObject([
      { before: null, after: { seal: '4711' } },
      { before: null, after: { seal: '0815' } },
      { before: { seal: '0815' }, after: { seal: '0816' } },
    ]);
  });
});

describe('the route', () => {
  it('takes grants only, and lets a path lead nowhere outside them', async () => {
    const { host, evidence, caseId } = await bed();
    const forged = await host.call('POST', '/api/verify', JSON.stringify({ caseId, grants: ['nobody'], known: [], paths: null }));
    expect(forged.status).toBe(403);
    await writeFile(join(host.dir, 'outside.json'), records(7));
    await symlink(host.dir, join(evidence, 'link')).catch(() => undefined); // Windows may refuse
    const grants = (await host.host.grantPaths([evidence])).map((g) => g.id);
    const paths = [
      `${evidence}/../outside.json`,
      `${evidence}/link/outside.json`,
      join(host.dir, 'outside.json'),
      `${evidence}/./a.json.gz`,
    ];
    const response = await host.call('POST', '/api/verify', JSON.stringify({ caseId, grants, known: [], paths }));
    const text = await response.text();
    expect(text).toContain('"done"');
    expect(text).not.toContain('"path"');
  });
});
