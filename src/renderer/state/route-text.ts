/** Routes as short text, as they are kept with a case: `events`, `principals/<column>`, `list/<column>`, `access/<tab>`, `notes/<id>`, `evidence/<path>`, `credential/<id>`, `subject/<column>/<value>`. */
import { ALL_COLUMNS, type ValueColumnId } from '../../shared/columns.ts';
import { credentialId } from '../../shared/lineage.ts';
import type { AccessTab, Route } from './app.ts';
import { isListView, LISTED_COLUMNS, listRoute } from './lists.ts';

/** The absent value has no third part; the empty text has an empty one. */
export function routeToText(route: Route): string {
  if (route.view === 'subject') {
    return route.value === null ? `subject/${route.column}` : `subject/${route.column}/${encodeURIComponent(route.value.toWellFormed())}`;
  }
  if (route.view === 'notes') return route.noteId === undefined ? 'notes' : `notes/${encodeURIComponent(route.noteId)}`;
  if (route.view === 'credential') return `credential/${encodeURIComponent(route.id.toWellFormed())}`;
  if (route.view === 'evidence' && route.file !== undefined) return `evidence/${encodeURIComponent(route.file.toWellFormed())}`;
  if (route.view === 'access' && route.tab !== undefined) return `access/${route.tab}`;
  if ('by' in route && route.by !== undefined) return `${route.view}/${route.by}`;
  return route.view;
}

const ACCESS_TABS: readonly AccessTab[] = ['signins', 'across', 'points'];
const PLAIN = new Set(['overview', 'events', 'credentials', 'evidence'] as const);
type Plain = typeof PLAIN extends Set<infer T> ? T : never;

/** What was stored, or the overview when it means nothing to this version. */
export function routeFromText(text: string): Route {
  const [view, first, ...rest] = text.split('/');
  const column = LISTED_COLUMNS.find((c) => c === first);
  if (view === 'list' || isListView(view))
    return column !== undefined ? listRoute(column) : isListView(view) ? { view } : { view: 'overview' };
  if (view === 'access') {
    const tab = ACCESS_TABS.find((t) => t === first);
    return tab === undefined ? { view } : { view, tab };
  }
  if (PLAIN.has(view as Plain) && !(view === 'evidence' && first)) return { view: view as Plain };
  try {
    if (view === 'evidence' && first) return { view: 'evidence', file: decodeURIComponent(first) };
    if (view === 'credential' && first) return { view: 'credential', id: credentialId(decodeURIComponent(first)) };
    if (view === 'notes') return first ? { view: 'notes', noteId: decodeURIComponent(first) } : { view: 'notes' };
    const known = ALL_COLUMNS.some((c) => c.id === first && c.id !== 'eventTime' && c.id !== 'eventID');
    if (view === 'subject' && known) {
      return { view: 'subject', column: first as ValueColumnId, value: rest.length === 0 ? null : decodeURIComponent(rest.join('/')) };
    }
  } catch {
    return { view: 'overview' };
  }
  return { view: 'overview' };
}
