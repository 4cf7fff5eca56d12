import { beforeEach, describe, expect, it } from 'vitest';
import { useApp } from '../../../../src/renderer/state/app.ts';
import { closeCase, createAndOpenCase, deleteCase, openCase, renameCase } from '../../../../src/renderer/state/cases.ts';
import { idle } from '../../../../src/renderer/state/idle.ts';
import { cancelImport, forgetWaiting, importGrants } from '../../../../src/renderer/state/imports.ts';
import { useSelection } from '../../../../src/renderer/state/selection.ts';
import type { CaseId, GrantId } from '../../../../src/shared/brand.ts';
import type { ImportOutcome } from '../../../../src/shared/engine.ts';
import type { Grant } from '../../../../src/shared/host.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';
import { fakeEngine, fakeEvents } from '../support/fake-engine.ts';

const grant = (label: string): Grant => ({ id: label as GrantId, label, kind: 'folder' });

function setup(cases: string[] = ['First', 'Second']) {
  const engine = fakeEngine(fakeEvents(50), cases);
  const imported: string[][] = [];
  const endings: (() => void)[] = [];
  engine.store.importGrants = (grants, onProgress) => {
    imported.push(grants.map((g) => g.label));
    const progress = {
      filesFound: 1,
      walking: false,
      filesDone: 1,
      filesRejected: 0,
      filesRepeated: 0,
      records: 10,
      bytesFound: 5,
      bytesDone: 5,
      reading: null,
    };
    onProgress(progress);
    return new Promise((resolve) =>
      endings.push(() => resolve({ run: { id: 'r', status: 'done' }, progress, cancelled: false } as unknown as ImportOutcome)),
    );
  };
  return { engine, imported, endings };
}
/** Lets everything that is waiting run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('cases', () => {
  beforeEach(() => {
    useApp.setState({ opened: null, route: { view: 'cases' }, routes: [], forwardRoutes: [], importing: null, openEventKey: null });
    useSelection.setState({ selection: EMPTY_SELECTION, past: [], future: [] });
  });

  it('open again where they were left', async () => {
    const { engine } = setup();
    await openCase(engine, 'case-0' as CaseId);
    expect(useApp.getState().route).toEqual({ view: 'overview' });
    useApp.getState().navigate({ view: 'subject', column: 'resource', value: 'x' });
    useSelection.getState().toggleValue('awsRegion', 'us-east-1');
    await closeCase(engine);
    expect(useApp.getState()).toMatchObject({ opened: null, route: { view: 'cases' } });
    expect(useSelection.getState().selection).toEqual(EMPTY_SELECTION);
    await openCase(engine, 'case-0' as CaseId);
    expect(useApp.getState().route).toEqual({ view: 'subject', column: 'resource', value: 'x' });
    expect(useSelection.getState().selection.filters).toEqual([{ op: 'in', column: 'awsRegion', values: ['us-east-1'] }]);
    expect(useSelection.getState().past).toEqual([]);
  });

  it('stay closed with a sentence when they cannot be opened', async () => {
    const { engine } = setup();
    engine.store.openCase = async () => {
      throw { kind: 'too-new', message: 'This case was made by a newer version.' };
    };
    expect(await openCase(engine, 'case-0' as CaseId)).toBe(false);
    expect(useApp.getState()).toMatchObject({ opened: null, opening: false });
    expect(idle.isIdle()).toBe(true);
  });

  it('are renamed and deleted, the open one too', async () => {
    const { engine } = setup();
    await openCase(engine, 'case-1' as CaseId);
    await renameCase(engine, 'case-1' as CaseId, '  Renamed ');
    expect(useApp.getState().opened?.info.name).toBe('Renamed');
    await deleteCase(engine, 'case-1' as CaseId);
    expect(useApp.getState().opened).toBeNull();
    expect((await engine.store.listCases()).map((c) => c.name)).toEqual(['First']);
  });

  it('are not changed for another while an import runs', async () => {
    const { engine, endings } = setup();
    await openCase(engine, 'case-0' as CaseId);
    const running = importGrants(engine, [grant('a')]);
    await turn();
    expect(await openCase(engine, 'case-1' as CaseId)).toBe(false);
    expect(await createAndOpenCase(engine, 'Third')).toBeNull();
    expect(await engine.store.listCases()).toHaveLength(2);
    expect(useApp.getState().opened?.info.id).toBe('case-0');
    endings[0]();
    await running;
  });
});

describe('what an import says of integrity', () => {
  const sums = { mismatch: 2, reformatted: 0, missing: 1, extra: 0, matchInvalid: 0, digestsInvalid: 0, digestsMissing: 0 };
  const done = async (found: typeof sums | null, meanwhile: () => void = () => undefined) => {
    const { engine, endings } = setup([]);
    let checked: () => void = () => undefined;
    engine.store.integritySums = () => new Promise((resolve) => (checked = () => resolve(found)));
    const running = importGrants(engine, [grant('a')]);
    await turn();
    endings[0]();
    await running;
    const before = useApp.getState().importResult;
    expect(before).toMatchObject({ tone: 'done', title: 'Import done' });
    expect(before?.sentence).not.toContain('digest');
    meanwhile();
    checked();
    await turn();
    return useApp.getState().importResult;
  };
  beforeEach(() => useApp.setState({ opened: null, route: { view: 'cases' }, routes: [], importing: null, importResult: null }));

  it('comes when the digests were checked, and only where they speak against something', async () => {
    const result = await done(sums);
    expect(result?.tone).toBe('odd');
    expect(result?.sentence).toMatch(
      /10 records from 1 file in .* s\. Checked by the digests: 2 log files differ .*1 log file that they list is missing\./,
    );
    expect((await done({ ...sums, mismatch: 0, missing: 0 }))?.sentence).not.toContain('digest');
    expect((await done(null))?.tone).toBe('done');
  });

  it('does not come back once the result was dismissed', async () => {
    expect(await done(sums, () => useApp.setState({ importResult: null }))).toBeNull();
  });
});

describe('imports', () => {
  beforeEach(() => useApp.setState({ opened: null, route: { view: 'cases' }, routes: [], importing: null }));

  it('without an open case make one, named by what was dropped, and show it', async () => {
    const { engine, imported, endings } = setup([]);
    const running = importGrants(engine, [grant('/evidence/AWSLogs'), grant('b.zip')]);
    await turn();
    expect(useApp.getState()).toMatchObject({
      opened: { info: { name: 'AWSLogs' } },
      route: { view: 'overview' },
      importing: { progress: { records: 10 } },
    });
    expect(imported).toEqual([['/evidence/AWSLogs', 'b.zip']]);
    expect(idle.isIdle()).toBe(false);
    endings[0]();
    await running;
    expect(useApp.getState().importing).toBeNull();
    expect(idle.isIdle()).toBe(true);
  });

  it('wait behind the one that runs', async () => {
    const { engine, imported, endings } = setup([]);
    const first = importGrants(engine, [grant('a')]);
    await turn();
    await importGrants(engine, [grant('b')]);
    expect(imported).toEqual([['a']]);
    endings[0]();
    await turn();
    expect(imported).toEqual([['a'], ['b']]);
    endings[1]();
    await first;
    expect(useApp.getState().importing).toBeNull();
  });

  it('that wait begin when the running one is cancelled, unless they are forgotten', async () => {
    const { engine, imported, endings } = setup([]);
    engine.store.cancelImport = async () => endings.at(-1)?.();
    const first = importGrants(engine, [grant('a')]);
    await turn();
    await importGrants(engine, [grant('b')]);
    await importGrants(engine, [grant('c')]);
    await cancelImport(engine);
    await turn();
    expect(imported).toEqual([['a'], ['b']]);
    expect(useApp.getState().importing?.waiting).toBe(1);
    forgetWaiting();
    expect(useApp.getState().importing?.waiting).toBe(0);
    await cancelImport(engine);
    await first;
    expect(imported).toEqual([['a'], ['b']]);
    expect(useApp.getState().importing).toBeNull();
  });

  it('are refused in a window that may only read', async () => {
    const { engine, imported } = setup(['First']);
    await openCase(engine, 'case-0' as CaseId);
    const { opened, set } = useApp.getState();
    if (opened) set({ opened: { ...opened, access: 'read' } });
    await importGrants(engine, [grant('a')]);
    expect(imported).toEqual([]);
    expect(useApp.getState().importing).toBeNull();
  });
});
