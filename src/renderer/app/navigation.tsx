/** The left navigation: views of the open case. */
import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Route } from '../state/app.ts';
import { useApp } from '../state/app.ts';
import { listRoute } from '../state/lists.ts';
import { digitOf, NAVIGATION, type NavigationItem } from './views.ts';

/** The entry that a page belongs to: the page of a resource lies under Resources, of an address under Addresses, and so on; else under Overview. */
export function navigationOf(route: Route): NavigationItem['view'] | null {
  if (route.view === 'cases') return null;
  if (route.view === 'credential') return 'credentials';
  if (route.view === 'list') return 'overview';
  if (route.view !== 'subject') return route.view;
  if (route.column === 'accessKeyId') return 'credentials';
  const { view } = listRoute(route.column);
  return view === 'list' ? 'overview' : view;
}

export function Navigation(): ReactNode {
  const route = useApp((s) => s.route);
  const navigate = useApp((s) => s.navigate);
  const current = navigationOf(route);
  return (
    <nav className="tc-nav" aria-label="Views">
      {NAVIGATION.map(({ view, label, letter, icon: Icon }, i) => (
        <UnstyledButton
          key={view}
          className="tc-nav-item"
          aria-current={view === current ? 'page' : undefined}
          title={`${label} (g ${letter} or Alt+${digitOf(i)})`}
          aria-label={label}
          onClick={() => navigate({ view })}
        >
          <Icon size={16} stroke={1.7} />
          <span>{label}</span>
          <small aria-hidden="true" data-keys={`g ${letter}`} />
        </UnstyledButton>
      ))}
    </nav>
  );
}
