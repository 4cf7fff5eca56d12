/** Cases: what people typed and its journal, windows beside each other, versions, deleting and recovering. */
import { Dexie } from 'dexie';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, describe, expect, it } from 'vitest';
import { caseDatabaseName, openCaseDatabase, upgradeShape } from '../../../../src/engine/store/databases.ts';
import type { CaseId, EpochMs, ImportId } from '../../../../src/shared/brand.ts';
import { eventKey } from '../../../../src/shared/brand.ts';
import type { CaseInfo, Citation, Note } from '../../../../src/shared/case.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { bytesOf, commitOf, file, frames, framesFor, GRANT, hex, Profile, type TestWindow } from './support.ts';

const FILES = [file('a.json.gz', 1, 2), file('b.json.gz', 3)];
const NOTE: Note = {
  id: 'n1',
  title: 'Entry',
  text: 'Entry\nby a [key](event:id%3Aid-1)',
  createdAt: 5 as EpochMs,
  changedAt: 6 as EpochMs,
};
const KEY = eventKey('id:id-1');
const CITATION: Citation = { key: KEY, eventID: 'id-1', recordSha256: hex('x'), path: 'a.json.gz', recordNumber: 0, citedAt: 7 as EpochMs };

const windows: TestWindow[] = [];
afterEach(async () => {
  for (const w of windows.splice(0)) await w.close();
});

async function windowOf(profile: Profile): Promise<TestWindow> {
  const window = await profile.window();
  windows.push(window);
  return window;
}

async function openCase(profile = new Profile()): Promise<{ profile: Profile; window: TestWindow; info: CaseInfo }> {
  const window = await windowOf(profile);
  const info = await window.store.createCase('Stolen key');
  await window.store.openCase(info.id);
  return { profile, window, info };
}

describe('what people typed', () => {
  it('is in the case and in its journal, entry by entry', async () => {
    const { profile, window, info } = await openCase();
    await window.store.putNote(NOTE);
    await window.store.setStars([KEY, eventKey('id:other')], true);
    await window.store.setStars([eventKey('id:other')], false);
    await window.store.putCitation(CITATION);
    await window.store.audit('export', { events: 3 });
    await window.store.saveView({ selection: EMPTY_SELECTION, route: 'events' });
    expect(window.query.stars).toEqual(new Set([KEY]));
    const kinds = profile.host.journals.get(info.id)?.map((e) => [e.kind, e.id, e.data === null]);
    expect(kinds?.slice(0, 6)).toEqual([
      ['case', info.id, false],
      ['note', 'n1', false],
      ['star', KEY, false],
      ['star', 'id:other', false],
      ['star', 'id:other', true],
      ['citation', KEY, false],
    ]);
    const opened = await window.store.openCase(info.id);
    expect(opened.view).toEqual({ selection: EMPTY_SELECTION, route: 'events' });
    expect(await window.store.listNotes()).toEqual([NOTE]);
    expect(await window.store.listStars()).toEqual([KEY]);
    expect(await window.store.listCitations()).toEqual([CITATION]);
    expect(window.query.stars).toEqual(new Set([KEY]));
    await window.store.deleteNote('n1');
    expect(await window.store.listNotes()).toEqual([]);
    expect((await window.store.readJournal(info.id)).at(-1)).toMatchObject({ kind: 'note', id: 'n1', data: null });
  });

  it('stays in the case when the journal cannot be written, is said, and is sent later', async () => {
    const { profile, window, info } = await openCase();
    profile.host.journalBroken = true;
    await expect(window.store.putNote(NOTE)).rejects.toMatchObject({ kind: 'storage', message: expect.stringContaining('disk is full') });
    expect(await window.store.listNotes()).toEqual([NOTE]);
    profile.host.journalBroken = false;
    await window.store.openCase(info.id);
    await window.store.setStars([KEY], true);
    expect(profile.host.journals.get(info.id)?.map((e) => e.kind)).toEqual(['case', 'note', 'star']);
  });

  it('is told to whoever listens, here and in other windows', async () => {
    const { profile, window } = await openCase();
    const other = await windowOf(profile);
    const heard: string[] = [];
    await window.store.subscribe('notes', () => heard.push('here'));
    await other.store.subscribe('notes', () => heard.push('there'));
    await window.store.putNote(NOTE);
    expect(heard.sort()).toEqual(['here', 'there']);
  });
});

describe('a second window', () => {
  it('reads the case that the first one writes, and sees what comes in', async () => {
    const { profile, window, info } = await openCase();
    const reader = await windowOf(profile);
    expect((await reader.store.openCase(info.id)).access).toBe('read');
    profile.host.importing = (request) => framesFor(FILES, request);
    await expect(reader.store.importGrants(GRANT, () => undefined)).rejects.toMatchObject({ kind: 'busy' });
    await expect(reader.store.putNote(NOTE)).rejects.toMatchObject({ kind: 'busy' });
    await window.store.importGrants(GRANT, () => undefined);
    expect(await reader.store.ledgerTotals()).toMatchObject({ files: 2, records: 3 });
    expect(reader.query.rows()).toBe(3);
    const [row] = await reader.store.ledger();
    expect(hex(await reader.store.readOriginal(row.id))).toBe(row.sha256);
    await window.store.closeCase();
    expect((await reader.store.openCase(info.id)).access).toBe('write');
  });

  it('cannot delete what the first one writes, and is closed when that deletes it', async () => {
    const { profile, window, info } = await openCase();
    const reader = await windowOf(profile);
    await reader.store.openCase(info.id);
    await expect(reader.store.deleteCase(info.id)).rejects.toMatchObject({ kind: 'busy' });
    await window.store.deleteCase(info.id);
    expect(await reader.store.listCases()).toEqual([]);
    await expect(reader.store.listNotes()).rejects.toMatchObject({ kind: 'not-found' });
    expect(profile.host.deletedJournals).toEqual([info.id]);
    expect((await profile.indexedDB.databases()).map((d) => d.name)).not.toContain(caseDatabaseName(info.id));
  });
});

describe('the list of cases', () => {
  it('creates, renames, keeps several apart and remembers settings', async () => {
    const { profile, window, info } = await openCase();
    profile.host.importing = (request) => framesFor(FILES, request);
    await window.store.importGrants(GRANT, () => undefined);
    const second = await window.store.createCase('  Another\n one ');
    expect(second.name).toBe('Another one');
    await window.store.openCase(second.id);
    expect(window.query.rows()).toBe(0);
    expect(await window.store.ledger()).toEqual([]);
    await window.store.renameCase(info.id, 'Key theft');
    expect((await window.store.listCases()).map((c) => c.name)).toEqual(['Another one', 'Key theft']);
    expect(
      profile.host.journals
        .get(info.id)
        ?.filter((e) => e.kind === 'case')
        .at(-1)?.data,
    ).toMatchObject({ name: 'Key theft' });
    await window.store.putSetting('theme', 'dark');
    expect([await window.store.getSetting('theme'), await window.store.getSetting('none')]).toEqual(['dark', null]);
    await expect(window.store.createCase(' ')).rejects.toMatchObject({ kind: 'bad-input' });
    await expect(window.store.openCase('nowhere' as CaseId)).rejects.toMatchObject({ kind: 'not-found' });
    expect(await window.store.ledger()).toEqual([]); // the case that was open still is
    profile.host.journalBroken = true;
    await expect(window.store.createCase('Unprotected')).rejects.toMatchObject({ kind: 'storage' });
    expect(await window.store.listCases()).toHaveLength(2);
  });
});

describe('a case whose database was lost', () => {
  it('is found by its journal and rebuilt; the files to import again are named until they are in', async () => {
    const { profile, window, info } = await openCase();
    profile.host.importing = (request) => framesFor(FILES, request);
    await window.store.importGrants(GRANT, () => undefined);
    await window.store.putNote(NOTE);
    await window.store.setStars([KEY], true);
    await window.store.putCitation(CITATION);
    await window.store.renameCase(info.id, 'Key theft');
    windows.splice(0);
    window.kill();
    profile.indexedDB = new IDBFactory();

    const again = await windowOf(profile);
    expect(await again.store.listCases()).toEqual([]);
    expect(await again.store.listLostCases()).toEqual([{ caseId: info.id, name: 'Key theft', changedAt: 5 }]);
    profile.host.journals.get(info.id)?.push({ version: 1, at: 6, appVersion: '', kind: 'note', id: 'torn', data: 'half a no' } as never);
    const recovered = await again.store.recoverCase(info.id);
    expect(recovered.unreadableEntries).toBe(1);
    expect(recovered).toMatchObject({ id: info.id, name: 'Key theft', createdAt: info.createdAt });
    expect(await again.store.listLostCases()).toEqual([]);
    await again.store.openCase(info.id);
    expect(await again.store.listNotes()).toEqual([NOTE]);
    expect(await again.store.listStars()).toEqual([KEY]);
    expect(await again.store.listCitations()).toEqual([CITATION]);
    expect((await again.store.listImports()).map((r) => r.roots)).toEqual([['/evidence']]);
    expect(await again.store.ledgerTotals()).toMatchObject({ files: 2, byStatus: { withdrawn: 2 }, records: 0 });
    // One file comes back from another place.
    profile.host.importing = (request) => framesFor([FILES[0], { ...FILES[1], path: 'moved/b.json.gz' }], request);
    await again.store.importGrants(GRANT, () => undefined);
    expect(profile.host.requests.at(-1)?.known).toEqual([]);
    expect((await again.store.ledger()).map((r) => [r.path, r.status])).toEqual([
      ['a.json.gz', 'imported'],
      ['moved/b.json.gz', 'imported'],
    ]);
    expect(again.query.rows()).toBe(3);
    await expect(again.store.recoverCase(info.id)).rejects.toMatchObject({ kind: 'bad-input' });
  });
});

describe('versions', () => {
  it('a case that a newer version wrote is named, not guessed at, and left as it is', async () => {
    const { profile, window, info } = await openCase();
    await window.store.closeCase();
    const db = new Dexie(caseDatabaseName(info.id), { indexedDB: profile.indexedDB, IDBKeyRange });
    await db.open();
    await db.table('meta').put({ key: 'shape', value: 99 });
    db.close();
    await expect(window.store.openCase(info.id)).rejects.toMatchObject({ kind: 'too-new' });
    // The lock was let go of: it is the same error again, not a case that is busy.
    await expect(window.store.openCase(info.id)).rejects.toMatchObject({ kind: 'too-new' });
  });

  it('a database with newer stores is refused too', async () => {
    const { profile, window, info } = await openCase();
    await window.store.deleteCase(info.id);
    const other = await window.store.createCase('Other');
    const db = new Dexie(caseDatabaseName(other.id), { indexedDB: profile.indexedDB, IDBKeyRange });
    db.version(7).stores({ meta: 'key', somethingNew: 'id' });
    await db.open();
    db.close();
    const before = await profile.indexedDB.databases();
    await expect(window.store.openCase(other.id)).rejects.toMatchObject({ kind: 'too-new' });
    expect(await profile.indexedDB.databases()).toEqual(before);
  });

  it('an older shape is brought up step by step, once', async () => {
    const api = { indexedDB: new IDBFactory(), IDBKeyRange };
    const db = await openCaseDatabase(api, 'c' as CaseId, 'strict', { create: true });
    const ran: number[] = [];
    const steps = [1, 2].map((from) => ({ from, run: async () => void ran.push(from) }));
    await upgradeShape(db, 3, steps, 'This case', true);
    await upgradeShape(db, 3, steps, 'This case', true);
    expect(ran).toEqual([1, 2]);
    expect((await db.meta.get('shape'))?.value).toBe(3);
    await expect(upgradeShape(db, 4, steps, 'This case', true)).rejects.toMatchObject({ kind: 'storage' });
  });
});

describe('the ledger', () => {
  it('gives the broken records of a file, and of a repeated one those of the first copy', async () => {
    const { profile, window } = await openCase();
    profile.host.importing = (request) =>
      frames([
        commitOf([FILES[0], { ...FILES[1], problems: 2 }], request.importId as ImportId),
        commitOf([{ ...FILES[1], path: 'copy', status: 'repeated' }], request.importId as ImportId),
      ]);
    await window.store.importGrants(GRANT, () => undefined);
    const rows = await window.store.ledger();
    const counts = await Promise.all(rows.map(async (r) => (await window.store.problems(r.id)).length));
    expect(rows.map((r, i) => [r.path, counts[i]])).toEqual([
      ['a.json.gz', 0],
      ['b.json.gz', 2],
      ['copy', 2],
    ]);
    expect(bytesOf(FILES[0]).byteLength).toBe(rows[0].size);
  });
});
