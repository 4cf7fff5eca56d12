/** Which list shows the values of a column: every column has one, and those that belong together share a view. */
import { ALL_COLUMNS, type ValueColumnId } from '../../shared/columns.ts';
import type { Route } from './app.ts';

/** Views that are a list by one of several columns; the first is shown when none is named. */
export const LISTS = {
  principals: [
    'principal',
    'origin',
    'depth',
    'originProof',
    'identityType',
    'account',
    'callerAccount',
    'userName',
    'identity',
    'principalId',
    'sessionIssuer',
    'sourceIdentity',
    'onBehalfOf',
    'federation',
    'invokedBy',
  ],
  addresses: ['sourceIPAddress', 'addressKind', 'vpcEndpointId'],
  agents: ['agentTool', 'userAgent', 'agentMark'],
  resources: ['resource'],
} as const satisfies Record<string, readonly [ValueColumnId, ...ValueColumnId[]]>;

type ListView = keyof typeof LISTS;
export type ListRoute = Extract<Route, { view: ListView | 'list' }>;

const VIEWS = Object.keys(LISTS) as ListView[];
export const isListView = (view: string): view is ListView => (VIEWS as string[]).includes(view);

export const isListRoute = (route: Route): route is ListRoute => route.view === 'list' || isListView(route.view);

/** Columns that a list may be of, in the order of the columns. */
export const LISTED_COLUMNS: readonly ValueColumnId[] = ALL_COLUMNS.flatMap(({ id }) =>
  id === 'eventTime' || id === 'eventID' ? [] : [id],
);

/** The list of a column's values. */
export function listRoute(column: ValueColumnId): ListRoute {
  const view = VIEWS.find((v) => (LISTS[v] as readonly ValueColumnId[]).includes(column));
  if (view === undefined) return { view: 'list', by: column };
  if (LISTS[view][0] === column) return { view };
  const by = { by: column };
  // Spelled out for the type: a union of views has no one route.
  return view === 'principals'
    ? { view, ...by }
    : view === 'addresses'
      ? { view, ...by }
      : view === 'agents'
        ? { view, ...by }
        : { view, ...by };
}

/** The column that a list shows. */
export function listedColumn(route: ListRoute): ValueColumnId {
  if (route.view === 'list') return route.by;
  return (LISTS[route.view] as readonly ValueColumnId[]).find((c) => c === route.by) ?? LISTS[route.view][0];
}
