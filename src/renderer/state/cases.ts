/** Opening, making, renaming and deleting cases, and keeping with each the view and selection it was left with. */
import { notifications } from '@mantine/notifications';
import type { Engine } from '../../engine/client/index.ts';
import type { CaseId } from '../../shared/brand.ts';
import type { CaseInfo } from '../../shared/case.ts';
import { EMPTY_SELECTION } from '../../shared/plan.ts';
import { useApp } from './app.ts';
import { idle } from './idle.ts';
import { NO_LANES, readLanes, useLanes, writtenLanes } from './lanes.ts';
import { tell, tellFailure } from './messages.ts';
import { routeFromText, routeToText } from './route-text.ts';
import { useSelection } from './selection.ts';

export const LAST_CASE = 'lastCase';

function refusedByImport(): boolean {
  if (!useApp.getState().importing) return false;
  tell('Wait for the import to end, or cancel it first.', 'An import is running');
  return true;
}

/** Opens the case where it was left. False, and said to the person, when it could not be opened. */
export async function openCase(engine: Engine, id: CaseId): Promise<boolean> {
  if (refusedByImport()) return false;
  const app = useApp.getState();
  const done = idle.begin();
  app.set({ opening: true, importResult: null });
  try {
    await saveViewNow(engine);
    const opened = await engine.store.openCase(id);
    notifications.clean();
    useApp.getState().openEvent(null);
    useSelection.setState({ selection: opened.view?.selection ?? EMPTY_SELECTION, past: [], future: [] });
    useLanes.setState(readLanes(opened.view?.lanes));
    useApp.getState().set({
      opened,
      route: opened.view ? routeFromText(opened.view.route) : { view: 'overview' },
      routes: [],
      forwardRoutes: [],
      queryStatus: await engine.query.status(),
    });
    await engine.store.putSetting(LAST_CASE, id);
    return true;
  } catch (thrown) {
    tellFailure('The case could not be opened.', thrown);
    return false;
  } finally {
    useApp.getState().set({ opening: false });
    done();
  }
}

export async function createAndOpenCase(engine: Engine, name: string): Promise<CaseInfo | null> {
  if (refusedByImport()) return null;
  const done = idle.begin();
  try {
    const info = await engine.store.createCase(name.trim() || 'Untitled case');
    return (await openCase(engine, info.id)) ? info : null;
  } catch (thrown) {
    tellFailure('The case could not be created.', thrown);
    return null;
  } finally {
    done();
  }
}

export async function renameCase(engine: Engine, id: CaseId, name: string): Promise<void> {
  try {
    await engine.store.renameCase(id, name.trim());
    const { opened, set } = useApp.getState();
    if (opened?.info.id === id) set({ opened: { ...opened, info: { ...opened.info, name: name.trim() } } });
  } catch (thrown) {
    tellFailure('The case could not be renamed.', thrown);
  }
}

export async function deleteCase(engine: Engine, id: CaseId): Promise<void> {
  const isOpen = useApp.getState().opened?.info.id === id;
  if (isOpen && refusedByImport()) return;
  const done = idle.begin();
  try {
    if (isOpen) await closeCase(engine, false);
    await engine.store.deleteCase(id);
  } catch (thrown) {
    tellFailure('The case could not be deleted.', thrown);
  } finally {
    done();
  }
}

/** Back to the list of cases. */
export async function closeCase(engine: Engine, keepView = true): Promise<void> {
  if (refusedByImport()) return;
  if (keepView) await saveViewNow(engine);
  // What was said of this case would point into nothing.
  notifications.clean();
  useApp.getState().openEvent(null);
  useApp.getState().set({ opened: null, route: { view: 'cases' }, routes: [], forwardRoutes: [], queryStatus: null, importResult: null });
  useSelection.setState({ selection: EMPTY_SELECTION, past: [], future: [] });
  useLanes.setState(NO_LANES);
  try {
    await engine.store.closeCase();
    await engine.store.putSetting(LAST_CASE, null);
  } catch (thrown) {
    tellFailure('The case could not be closed.', thrown);
  }
}

async function saveViewNow(engine: Engine): Promise<void> {
  const { opened, route } = useApp.getState();
  if (!opened || opened.access === 'read' || route.view === 'cases') return;
  const view = { selection: useSelection.getState().selection, route: routeToText(route), lanes: writtenLanes(useLanes.getState()) };
  try {
    await engine.store.saveView(view);
  } catch (thrown) {
    tellFailure('The view of the case could not be kept.', thrown);
  }
}

const SETTLE_MS = 400;

/** Keeps route, selection and lanes with the open case as they change. */
export function keepView(engine: Engine): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let done = (): void => undefined;
  const later = (): void => {
    clearTimeout(timer);
    done();
    const end = idle.begin();
    done = end;
    timer = setTimeout(() => void saveViewNow(engine).finally(end), SETTLE_MS);
  };
  useSelection.subscribe((s, before) => {
    if (s.selection !== before.selection) later();
  });
  useLanes.subscribe(later);
  useApp.subscribe((s, before) => {
    if (s.route !== before.route && s.opened === before.opened) later();
  });
  window.addEventListener('pagehide', () => void saveViewNow(engine));
}
