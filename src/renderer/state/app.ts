/** What the window shows, apart from the selection: the open case, the route, the event in the details pane, dialogs, preferences. */
import { create } from 'zustand';
import type { EventKey } from '../../shared/brand.ts';
import type { ValueColumnId } from '../../shared/columns.ts';
import type { ImportProgress } from '../../shared/commit.ts';
import type { CaseOpened, QueryStatus } from '../../shared/engine.ts';
import type { CredentialId } from '../../shared/lineage.ts';
import { carryKept } from './kept.ts';

/** What a subject's page shows of it; `activity` when none is named. */
export type SubjectTab = 'activity' | 'behaviour' | 'revert' | 'sessions';

/** What the view of access shows; `signins` when none is named. */
export type AccessTab = 'signins' | 'across' | 'points';

/** Subjects with a page of their own: a principal, a resource, and so on for any column (a page is column + value). */
export type Route =
  | { view: 'cases' }
  | { view: 'overview' }
  | { view: 'events' }
  /** `by`: the column that the list is grouped by, where it is not the first of the view (state/lists.ts). */
  | { view: 'principals'; by?: ValueColumnId }
  | { view: 'credentials' }
  /** One credential: where it came from, what came of it. */
  | { view: 'credential'; id: CredentialId }
  | { view: 'access'; tab?: AccessTab }
  | { view: 'addresses'; by?: ValueColumnId }
  | { view: 'agents'; by?: ValueColumnId }
  | { view: 'resources'; by?: ValueColumnId }
  /** The values of a column that no other list shows. */
  | { view: 'list'; by: ValueColumnId }
  | { view: 'subject'; column: ValueColumnId; value: string | null; tab?: SubjectTab }
  /** `file`: path of the ledger row to open. */
  | { view: 'evidence'; file?: string; part?: 'coverage' | 'integrity' | 'contradictions'; eventID?: string }
  | { view: 'notes'; noteId?: string };

export interface Preferences {
  theme: 'auto' | 'light' | 'dark';
  /** Times in UTC or in the laptop's zone; always labelled. */
  utc: boolean;
  /** Width of the details pane in pixels. */
  detailsWidth: number;
  /** Timeline and facets beside the rows of the events. */
  facets: boolean;
}

export interface ImportState {
  progress: ImportProgress;
  startedAt: number;
  /** Records a second over the last seconds; null until there is something to say. */
  rate: number | null;
  /** The person asked to stop; what is being written is finished first. */
  cancelling: boolean;
  /** Files and folders that were dropped meanwhile, and come next. */
  waiting: number;
}

/** Files of a browser's drop on their way to the host, before the import begins. */
export interface UploadState {
  files: number;
  bytesDone: number;
  bytesTotal: number;
}

/** What came of the last import, until it is dismissed or another begins. */
export interface ImportResult {
  tone: 'done' | 'odd' | 'failed';
  title: string;
  sentence: string;
}

/** One dialog at a time. */
export type DialogState =
  | { dialog: 'new-case' }
  | { dialog: 'rename-case'; id: string; name: string }
  | { dialog: 'delete-case'; id: string; name: string }
  | { dialog: 'paste' }
  | { dialog: 'export-report' }
  | { dialog: 'help' };

interface AppState {
  /** False until the last case was reopened or found not to be there. */
  ready: boolean;
  opened: CaseOpened | null;
  /** The case is being opened. */
  opening: boolean;
  route: Route;
  routes: Route[];
  forwardRoutes: Route[];
  openEventKey: EventKey | null;
  preferences: Preferences;
  importing: ImportState | null;
  uploading: UploadState | null;
  importResult: ImportResult | null;
  queryStatus: QueryStatus | null;
  dialog: DialogState | null;
  navigate(route: Route): void;
  /** Another state of the same step, such as a tab: the way back does not pass it. What was kept with the step stays. */
  replace(route: Route): void;
  goBack(): void;
  goForward(): void;
  openEvent(key: EventKey | null): void;
  showDialog(dialog: DialogState | null): void;
  set(
    patch: Partial<
      Pick<
        AppState,
        | 'ready'
        | 'opened'
        | 'opening'
        | 'preferences'
        | 'importing'
        | 'uploading'
        | 'importResult'
        | 'queryStatus'
        | 'route'
        | 'routes'
        | 'forwardRoutes'
      >
    >,
  ): void;
}

const HISTORY = 50;

export const useApp = create<AppState>()((set, get) => ({
  ready: false,
  opened: null,
  opening: false,
  route: { view: 'cases' },
  routes: [],
  forwardRoutes: [],
  openEventKey: null,
  preferences: { theme: 'auto', utc: true, detailsWidth: 420, facets: true },
  importing: null,
  uploading: null,
  importResult: null,
  queryStatus: null,
  dialog: null,
  navigate: (route) => {
    const { route: now, routes } = get();
    if (JSON.stringify(now) === JSON.stringify(route)) return;
    set({ route, routes: [...routes.slice(-HISTORY + 1), now], forwardRoutes: [] });
  },
  replace: (route) => {
    const { route: now } = get();
    if (JSON.stringify(now) === JSON.stringify(route)) return;
    carryKept(now, route);
    set({ route });
  },
  goBack: () => {
    const { route, routes, forwardRoutes } = get();
    const previous = routes.at(-1);
    if (previous) set({ route: previous, routes: routes.slice(0, -1), forwardRoutes: [route, ...forwardRoutes] });
  },
  goForward: () => {
    const { route, routes, forwardRoutes } = get();
    const [next, ...rest] = forwardRoutes;
    if (next) set({ route: next, routes: [...routes, route], forwardRoutes: rest });
  },
  openEvent: (openEventKey) => set({ openEventKey }),
  showDialog: (dialog) => set({ dialog }),
  set: (patch) => set(patch),
}));
