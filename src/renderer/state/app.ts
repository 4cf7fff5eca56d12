/** What the window shows, apart from the selection: the open case, the route, the event in the details pane, preferences. */
import { create } from 'zustand';
import type { EventKey } from '../../shared/brand.ts';
import type { ValueColumnId } from '../../shared/columns.ts';
import type { ImportProgress } from '../../shared/commit.ts';
import type { CaseOpened, QueryStatus } from '../../shared/engine.ts';

/** Subjects with a page of their own: a principal, a resource, and so on for any column (a page is column + value). */
export type Route =
  | { view: 'cases' }
  | { view: 'overview' }
  | { view: 'events' }
  | { view: 'principals' }
  | { view: 'resources' }
  | { view: 'subject'; column: ValueColumnId; value: string | null }
  | { view: 'evidence' }
  | { view: 'notes'; noteId?: string };

export interface Preferences {
  theme: 'auto' | 'light' | 'dark';
  /** Times in UTC or in the laptop's zone; always labelled. */
  utc: boolean;
}

export interface ImportState {
  progress: ImportProgress;
  startedAt: number;
}

interface AppState {
  opened: CaseOpened | null;
  route: Route;
  routes: Route[];
  openEventKey: EventKey | null;
  preferences: Preferences;
  importing: ImportState | null;
  queryStatus: QueryStatus | null;
  navigate(route: Route): void;
  goBack(): void;
  openEvent(key: EventKey | null): void;
  set(patch: Partial<Pick<AppState, 'opened' | 'preferences' | 'importing' | 'queryStatus'>>): void;
}

export const useApp = create<AppState>()((set, get) => ({
  opened: null,
  route: { view: 'cases' },
  routes: [],
  openEventKey: null,
  preferences: { theme: 'auto', utc: true },
  importing: null,
  queryStatus: null,
  navigate: (route) => set({ route, routes: [...get().routes.slice(-50), get().route] }),
  goBack: () => {
    const { routes } = get();
    const previous = routes.at(-1);
    if (previous) set({ route: previous, routes: routes.slice(0, -1) });
  },
  openEvent: (openEventKey) => set({ openEventKey }),
  set: (patch) => set(patch),
}));
