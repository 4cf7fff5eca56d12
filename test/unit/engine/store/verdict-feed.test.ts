/** Verdicts of files on their way to the events: told after opening, importing and changes of keys, and never before they are known. */
import { afterEach, describe, expect, it } from 'vitest';
import { QueryCore } from '../../../../src/engine/query/query-core.ts';
import type { StoreEnvironment } from '../../../../src/engine/store/environment.ts';
import { EVENT_VERDICTS } from '../../../../src/shared/integrity.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { shared } from '../integrity/chain-maker.ts';
import { commitOf, file, frames, framesFor, GRANT, Profile, type TestWindow } from './support.ts';

const windows: TestWindow[] = [];
afterEach(async () => {
  for (const w of windows.splice(0)) await w.close();
});
async function opened(
  profile: Profile,
  patch: Partial<StoreEnvironment> = {},
  real?: (port: MessagePort) => Promise<void>,
): Promise<TestWindow> {
  const window = await profile.window(patch, real);
  windows.push(window);
  return window;
}
const settled = async (done: () => boolean): Promise<void> => {
  for (let i = 0; i < 200 && !done(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(done()).toBe(true);
};
const said = (w: TestWindow): [string, Record<number, string>] | null =>
  w.query.verdicts && [
    w.query.verdicts.state,
    Object.fromEntries(Array.from(w.query.verdicts.ledgerIds, (id, i) => [id, EVENT_VERDICTS[(w.query.verdicts?.verdicts[i] ?? 0) - 1]])),
  ];

describe('verdicts of events', () => {
  it('are told after an import, a change of keys, and the next opening', async () => {
    const profile = new Profile();
    const w = await opened(profile);
    const info = await w.store.createCase('Verdicts');
    await w.store.openCase(info.id);
    await settled(() => said(w)?.[0] === 'checked');
    expect(said(w)?.[1]).toEqual({});
    profile.host.importing = (request) => framesFor([file('a.json.gz', 1, 2), file('b.json.gz', 3), file('copy.json.gz', 3)], request);
    await w.store.importGrants(GRANT, () => undefined);
    expect(said(w)?.[0]).toBe('checking');
    await settled(() => said(w)?.[0] === 'checked');
    const ids = (await w.store.ledger()).filter((r) => r.status === 'imported').map((r) => r.id);
    expect(said(w)?.[1]).toEqual(Object.fromEntries(ids.map((id) => [id, 'undigested'])));
    await w.store.addKeys('keys.json', JSON.stringify(shared.list()));
    await settled(() => said(w)?.[0] === 'checked');
    await w.store.openCase(info.id);
    await settled(() => said(w)?.[0] === 'checked');
    expect(Object.keys(said(w)?.[1] ?? {})).toHaveLength(2);
    const [row] = await w.store.integrityOf([ids[0], 12345]);
    expect(row).toMatchObject({ ledgerId: ids[0], verdict: 'undigested' });
    expect(await w.store.integrityOf([])).toEqual([]);
  });

  it('hold nobody up: opening and importing end before anything was checked', async () => {
    const profile = new Profile();
    const core = new QueryCore();
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const w = await opened(profile, { wait: () => gate }, (port) => core.start({ storePort: port }));
    await w.store.openCase((await w.store.createCase('Slow')).id);
    profile.host.importing = (request) => frames([commitOf([file('a.json.gz', 1, 2)], request.importId)]);
    await w.store.importGrants(GRANT, () => undefined);
    const facet = async () =>
      (await core.run({ view: 't', selection: EMPTY_SELECTION, asks: [{ ask: 'facet', column: 'integrity', limit: 9 }] })).answers[0]
        .values;
    expect(await facet()).toEqual([{ value: null, count: 2 }]);
    expect((await core.status()).integrity?.state).toBe('checking');
    release();
    for (let i = 0; i < 200 && (await core.status()).integrity?.state !== 'checked'; i++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await facet()).toEqual([{ value: 'undigested', count: 2 }]);
  });

  it('say so when the check fails, and are tried again with the next change', async () => {
    const profile = new Profile();
    const w = await opened(profile);
    await w.store.openCase((await w.store.createCase('Failing')).id);
    await settled(() => said(w)?.[0] === 'checked');
    const session = (w.store as unknown as { session: { givenKeys(): Promise<unknown> } }).session;
    const healthy = session.givenKeys;
    session.givenKeys = () => Promise.reject(new Error('the disk is gone'));
    await w.store.addKeys('keys.json', JSON.stringify(shared.list())).catch(() => undefined);
    await settled(() => said(w)?.[0] === 'failed');
    expect(w.query.verdicts?.reason).toContain('the disk is gone');
    session.givenKeys = healthy;
    await w.store.addKeys('more.json', JSON.stringify(shared.list()));
    await settled(() => said(w)?.[0] === 'checked');
  });
});
