/** Withdrawing files and bringing them back: ledger, events, copies, journal, other windows, and importing the same again. */
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, describe, expect, it } from 'vitest';
import { QueryCore } from '../../../../src/engine/query/query-core.ts';
import type { CaseId } from '../../../../src/shared/brand.ts';
import type { LedgerRow } from '../../../../src/shared/engine.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { commitOf, file, frames, framesFor, GRANT, Profile, stagesOf, type TestFile, type TestWindow } from './support.ts';

const windows: TestWindow[] = [];
afterEach(async () => {
  for (const w of windows.splice(0)) await w.close();
});

interface Opened {
  store: TestWindow['store'];
  core: QueryCore;
  window: TestWindow;
}

async function windowOf(profile: Profile): Promise<Opened> {
  const core = new QueryCore();
  const window = await profile.window({}, (port) => core.start({ storePort: port }));
  windows.push(window);
  return { store: window.store, core, window };
}

async function caseOf(files: readonly TestFile[]): Promise<Opened & { profile: Profile; id: CaseId }> {
  const profile = new Profile();
  const opened = await windowOf(profile);
  const { id } = await opened.store.createCase('Case');
  await opened.store.openCase(id);
  await importInto(profile, opened, files);
  return { ...opened, profile, id };
}

async function importInto(profile: Profile, { store }: Opened, files: readonly TestFile[]) {
  profile.host.importing = (request) => framesFor(files, request);
  return store.importGrants(GRANT, () => undefined);
}

/** Events by the file that they are shown from. */
async function seen(core: QueryCore): Promise<Record<string, number>> {
  const { answers } = await core.run({ view: 'test', selection: EMPTY_SELECTION, asks: [{ ask: 'facet', column: 'file', limit: 50 }] });
  return Object.fromEntries(answers[0].values.map((v) => [v.value ?? '', v.count]));
}

const row = async ({ store }: Opened, path: string): Promise<LedgerRow> => {
  const found = (await store.ledger()).find((r) => r.path === path);
  if (!found) throw new Error(`no row of ${path}`);
  return found;
};
const statuses = async ({ store }: Opened): Promise<Record<string, string>> =>
  Object.fromEntries((await store.ledger()).map((r) => [r.path, r.status]));

const A = file('a.json.gz', 1, 2, 3);
const B = file('b.json.gz', 4);
const COPY = { ...A, path: 'copy/of-a.json.gz' };

describe('withdrawing a file', () => {
  it('takes its events, keeps its row with reason and time, and is undone', async () => {
    const opened = await caseOf([A, B]);
    const before = await row(opened, A.path);
    const outcome = await opened.store.withdrawFiles([before.id], '  Another customer’s trail ');
    expect(outcome).toEqual({ files: 1, eventsBefore: 4, eventsAfter: 1, heirs: [] });
    const gone = await row(opened, A.path);
    expect(gone).toMatchObject({
      id: before.id,
      status: 'withdrawn',
      reason: 'Withdrawn: Another customer’s trail',
      records: 0,
      sha256: before.sha256,
    });
    expect(gone.withdrawal).toMatchObject({
      reason: 'Another customer’s trail',
      at: expect.any(Number),
      was: { status: 'imported', records: 3 },
    });
    expect(await seen(opened.core)).toEqual({ [B.path]: 1 });
    expect((await opened.store.readOriginal(before.id)).byteLength).toBe(before.size);
    expect(await opened.store.ledgerTotals()).toMatchObject({ files: 2, records: 1, byStatus: { withdrawn: 1, imported: 1 } });
    expect((await opened.store.listCases())[0]).toMatchObject({ files: 2, events: 1 });
    expect(await opened.core.batchEvents()).toMatchObject({ records: 1, events: 1 });

    expect(await opened.store.bringBackFiles([before.id])).toEqual({ files: 1, eventsBefore: 1, eventsAfter: 4, heirs: [] });
    expect(await row(opened, A.path)).toEqual(before);
    expect(await seen(opened.core)).toEqual({ [A.path]: 3, [B.path]: 1 });
  });

  it('survives opening again, reads in a window that only reads, and is told there while it happens', async () => {
    const opened = await caseOf([A, B]);
    const reader = await windowOf(opened.profile);
    expect((await reader.store.openCase(opened.id)).access).toBe('read');
    const { id } = await row(opened, A.path);
    await opened.store.withdrawFiles([id], 'Not ours');
    expect(await statuses(reader)).toEqual({ [A.path]: 'withdrawn', [B.path]: 'imported' });
    expect(await seen(reader.core)).toEqual({ [B.path]: 1 });
    await expect(reader.store.withdrawFiles([id], 'x')).rejects.toMatchObject({ kind: 'busy' });
    await opened.store.openCase(opened.id);
    expect(await seen(opened.core)).toEqual({ [B.path]: 1 });
    await opened.store.bringBackFiles([id]);
    expect(await row(reader, A.path)).toMatchObject({ status: 'imported', records: 3 });
    expect(await seen(reader.core)).toEqual({ [A.path]: 3, [B.path]: 1 });
  });

  it('asks for a reason, passes over what cannot be withdrawn, and waits for an import', async () => {
    const opened = await caseOf([A, B]);
    const { id } = await row(opened, A.path);
    await expect(opened.store.withdrawFiles([id], ' \n')).rejects.toMatchObject({ kind: 'bad-input' });
    expect(await opened.store.withdrawFiles([99], 'No such file')).toMatchObject({ files: 0 });
    await opened.store.withdrawFiles([id], 'Once');
    expect(await opened.store.withdrawFiles([id], 'Twice')).toMatchObject({ files: 0 });
    expect((await row(opened, A.path)).withdrawal?.reason).toBe('Once');
    opened.profile.host.importing = async function* (request) {
      await expect(opened.store.withdrawFiles([id], 'now')).rejects.toMatchObject({ kind: 'busy' });
      yield* framesFor([], request);
    };
    expect((await opened.store.importGrants(GRANT, () => undefined)).run.status).toBe('done');
  });

  it('of many, a large one among them, is one change with one line in the audit log', async () => {
    const opened = await caseOf([A, B]);
    opened.profile.host.importing = (request) => frames(stagesOf(file('large.gz', 11, 12, 13, 14, 15), request.importId, 2));
    await opened.store.importGrants(GRANT, () => undefined);
    const ids = (await opened.store.ledger()).filter((r) => r.path !== B.path).map((r) => r.id);
    expect(await opened.store.withdrawFiles(ids, 'Two of three')).toMatchObject({ files: 2, eventsBefore: 9, eventsAfter: 1 });
    await opened.store.openCase(opened.id);
    expect(await seen(opened.core)).toEqual({ [B.path]: 1 });
    const audits = (await opened.store.readJournal(opened.id)).filter((e) => e.kind === 'audit');
    expect(audits.map((e) => e.data)).toMatchObject([
      { action: 'withdraw', detail: { reason: 'Two of three', files: [{ path: A.path }, { path: 'large.gz' }] } },
    ]);
    await opened.store.bringBackFiles(ids);
    expect(await seen(opened.core)).toEqual({ [A.path]: 3, [B.path]: 1, 'large.gz': 5 });
  });
});

describe('copies of a withdrawn file', () => {
  it('hold the events under their own path, whichever was read first', async () => {
    const opened = await caseOf([A, COPY, B]);
    expect(await statuses(opened)).toEqual({ [A.path]: 'imported', [COPY.path]: 'repeated', [B.path]: 'imported' });
    const [a, copy] = [await row(opened, A.path), await row(opened, COPY.path)];
    expect(await opened.store.withdrawFiles([a.id], 'Wrong folder')).toEqual({
      files: 1,
      eventsBefore: 4,
      eventsAfter: 4,
      heirs: [COPY.path],
    });
    expect(await statuses(opened)).toEqual({ [A.path]: 'withdrawn', [COPY.path]: 'imported', [B.path]: 'imported' });
    expect(await seen(opened.core)).toEqual({ [COPY.path]: 3, [B.path]: 1 });
    expect(await opened.core.batchEvents()).toMatchObject({ records: 4, duplicates: 0 });
    expect(Buffer.from(await opened.store.readOriginal(copy.id)).length).toBe(a.size);
    await opened.store.openCase(opened.id);
    expect(await seen(opened.core)).toEqual({ [COPY.path]: 3, [B.path]: 1 });

    // Brought back, the first is a copy of the second: nothing moves twice.
    await opened.store.bringBackFiles([a.id]);
    expect(await row(opened, A.path)).toMatchObject({ status: 'repeated', records: 3, reason: `The same bytes as ${COPY.path}.` });
    expect(await seen(opened.core)).toEqual({ [COPY.path]: 3, [B.path]: 1 });
    expect(await opened.core.batchEvents()).toMatchObject({ records: 7, duplicates: 3 });
    await opened.store.withdrawFiles([copy.id], 'This one too');
    expect(await seen(opened.core)).toEqual({ [A.path]: 3, [B.path]: 1 });
  });

  it('withdrawn with it leave nothing, and any of them brings the events back', async () => {
    const opened = await caseOf([A, COPY, B]);
    const [a, copy] = [await row(opened, A.path), await row(opened, COPY.path)];
    expect(await opened.store.withdrawFiles([a.id, copy.id], 'Both')).toEqual({ files: 2, eventsBefore: 4, eventsAfter: 1, heirs: [] });
    expect(await seen(opened.core)).toEqual({ [B.path]: 1 });
    await opened.store.bringBackFiles([copy.id]);
    expect(await statuses(opened)).toEqual({ [A.path]: 'withdrawn', [COPY.path]: 'imported', [B.path]: 'imported' });
    expect(await seen(opened.core)).toEqual({ [COPY.path]: 3, [B.path]: 1 });
    await opened.store.openCase(opened.id);
    await opened.store.bringBackFiles([a.id]);
    expect(await seen(opened.core)).toEqual({ [COPY.path]: 3, [B.path]: 1 });
    expect(await statuses(opened)).toMatchObject({ [A.path]: 'repeated' });
  });
});

describe('importing again what was withdrawn', () => {
  it('under the same path leaves it withdrawn and says so; nothing is stored twice', async () => {
    const opened = await caseOf([A, B]);
    const { id } = await row(opened, A.path);
    await opened.store.withdrawFiles([id], 'Not ours');
    const outcome = await importInto(opened.profile, opened, [A, B]);
    expect(outcome.stayWithdrawn).toBe(1);
    expect(await statuses(opened)).toEqual({ [A.path]: 'withdrawn', [B.path]: 'imported' });
    expect(await seen(opened.core)).toEqual({ [B.path]: 1 });
    await opened.store.bringBackFiles([id]);
    expect(await seen(opened.core)).toEqual({ [A.path]: 3, [B.path]: 1 });
    expect((await importInto(opened.profile, opened, [A])).stayWithdrawn).toBeUndefined();
  });

  it('under another path is another copy: it holds the events, the withdrawn one stays', async () => {
    const opened = await caseOf([A, B]);
    await opened.store.withdrawFiles([(await row(opened, A.path)).id], 'Not ours');
    await importInto(opened.profile, opened, [COPY]);
    expect(await statuses(opened)).toEqual({ [A.path]: 'withdrawn', [COPY.path]: 'imported', [B.path]: 'imported' });
    expect(await seen(opened.core)).toEqual({ [COPY.path]: 3, [B.path]: 1 });
    expect((await row(opened, A.path)).withdrawal).toMatchObject({ reason: 'Not ours', was: { status: 'repeated' } });
  });
});

describe('a withdrawal and a lost database', () => {
  it('comes back with the case: what was withdrawn stays so when the originals are imported again', async () => {
    const opened = await caseOf([A, COPY, B]);
    const { id } = opened;
    await opened.store.withdrawFiles([(await row(opened, B.path)).id, (await row(opened, A.path)).id], 'Not ours');
    windows.splice(0);
    opened.window.kill();
    opened.profile.indexedDB = new IDBFactory();

    const again = await windowOf(opened.profile);
    await again.store.recoverCase(id);
    await again.store.openCase(id);
    expect(await row(again, B.path)).toMatchObject({ status: 'withdrawn', withdrawal: { reason: 'Not ours', was: { records: 1 } } });
    expect((await row(again, COPY.path)).withdrawal).toBeUndefined();
    const outcome = await importInto(opened.profile, again, [A, COPY, B]);
    expect(outcome.stayWithdrawn).toBe(2);
    expect(await statuses(again)).toEqual({ [A.path]: 'withdrawn', [COPY.path]: 'imported', [B.path]: 'withdrawn' });
    expect(await seen(again.core)).toEqual({ [COPY.path]: 3 });
    await again.store.openCase(id);
    expect(await seen(again.core)).toEqual({ [COPY.path]: 3 });
    await again.store.bringBackFiles((await again.store.ledger()).map((r) => r.id));
    expect(await seen(again.core)).toEqual({ [COPY.path]: 3, [B.path]: 1 });
  });

  it('brought back before the original is imported is named as lost, not as held', async () => {
    const opened = await caseOf([A]);
    await opened.store.withdrawFiles([(await row(opened, A.path)).id], 'Not ours');
    windows.splice(0);
    opened.window.kill();
    opened.profile.indexedDB = new IDBFactory();
    const again = await windowOf(opened.profile);
    await again.store.recoverCase(opened.id);
    await again.store.openCase(opened.id);
    await again.store.bringBackFiles([(await row(again, A.path)).id]);
    const lost = await row(again, A.path);
    expect([lost.status, lost.withdrawal, lost.records]).toEqual(['withdrawn', undefined, 0]);
    expect(lost.reason).toContain('Import the file again');
    await importInto(opened.profile, again, [A]);
    expect(await seen(again.core)).toEqual({ [A.path]: 3 });
  });

  it('a withdrawal that was edited into something else loses the row nothing', async () => {
    const opened = await caseOf([A]);
    await opened.store.withdrawFiles([(await row(opened, A.path)).id], 'Not ours');
    const entries = opened.profile.host.journals.get(opened.id) ?? [];
    const last = entries.findLast((e) => e.kind === 'file');
    (last?.data as { withdrawal: unknown }).withdrawal = { reason: 7, at: 'never' };
    windows.splice(0);
    opened.window.kill();
    opened.profile.indexedDB = new IDBFactory();
    const again = await windowOf(opened.profile);
    await again.store.recoverCase(opened.id);
    await again.store.openCase(opened.id);
    expect(await row(again, A.path)).toMatchObject({ status: 'withdrawn', reason: expect.stringContaining('Import the file again') });
  });
});

describe('a commit that holds files withdrawn and not', () => {
  it('hides only the rows of the withdrawn one, from the first look at the case', async () => {
    const opened = await caseOf([]);
    opened.profile.host.importing = (request) => frames([commitOf([A, B, file('c.json.gz', 7, 8)], request.importId)]);
    await opened.store.importGrants(GRANT, () => undefined);
    await opened.store.withdrawFiles([(await row(opened, B.path)).id], 'x');
    expect(await seen(opened.core)).toEqual({ [A.path]: 3, 'c.json.gz': 2 });
    await opened.store.openCase(opened.id);
    expect(await seen(opened.core)).toEqual({ [A.path]: 3, 'c.json.gz': 2 });
  });
});
