/** What happens once when the window starts: preferences, the status of the query worker, the last case, what came on the command line. */
import type { Engine } from '../../engine/client/index.ts';
import type { CaseId } from '../../shared/brand.ts';
import type { Grant } from '../../shared/host.ts';
import { useApp } from './app.ts';
import { keepView, LAST_CASE, openCase } from './cases.ts';
import { idle } from './idle.ts';
import { importGrants, takeArguments } from './imports.ts';
import { tellFailure } from './messages.ts';
import { loadPreferences } from './preferences.ts';

/** Resolves when the app is where it was left; an import from the command line goes on behind. Never rejects. */
export async function startSession(engine: Engine): Promise<void> {
  const done = idle.begin();
  let grants: Grant[] = [];
  try {
    await loadPreferences(engine);
    await engine.query.subscribe((queryStatus) => useApp.getState().set({ queryStatus }));
    keepView(engine);
    await engine.store.subscribe('cases', () => void refreshOpened(engine));
    // Evidence named on the command line goes into a case of its own, never into whichever was open last.
    grants = await takeArguments();
    const last = grants.length > 0 ? null : await engine.store.getSetting(LAST_CASE);
    const cases = await engine.store.listCases();
    if (typeof last === 'string' && cases.some((c) => c.id === last)) await openCase(engine, last as CaseId);
  } catch (thrown) {
    tellFailure('The app could not start wholly.', thrown);
  } finally {
    useApp.getState().set({ ready: true });
    void importGrants(engine, grants);
    done();
  }
}

/** Name and numbers of the open case change while it is open, also from another window. */
async function refreshOpened(engine: Engine): Promise<void> {
  const id = useApp.getState().opened?.info.id;
  if (id === undefined) return;
  try {
    const info = (await engine.store.listCases()).find((c) => c.id === id);
    const { opened, set } = useApp.getState();
    if (info && opened?.info.id === id) set({ opened: { ...opened, info } });
  } catch (thrown) {
    tellFailure('The case could not be looked up.', thrown);
  }
}
