/** The views of an open case: names, keys and the code of each, loaded when it is first shown. */
import {
  IconBucket,
  IconChartHistogram,
  IconDeviceLaptop,
  IconFiles,
  IconKey,
  IconList,
  IconLogin2,
  IconNotebook,
  IconUsers,
  IconWorld,
} from '@tabler/icons-react';
import { type ComponentType, lazy } from 'react';
import type { Route } from '../state/app.ts';

export interface NavigationItem {
  view: 'overview' | 'events' | 'principals' | 'credentials' | 'access' | 'addresses' | 'agents' | 'resources' | 'evidence' | 'notes';
  label: string;
  /** Typed after g. */
  letter: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
}

export const NAVIGATION: readonly NavigationItem[] = [
  { view: 'overview', label: 'Overview', letter: 'o', icon: IconChartHistogram },
  { view: 'events', label: 'Events', letter: 'e', icon: IconList },
  { view: 'principals', label: 'Principals', letter: 'p', icon: IconUsers },
  { view: 'credentials', label: 'Credentials', letter: 'k', icon: IconKey },
  { view: 'access', label: 'Access', letter: 's', icon: IconLogin2 },
  { view: 'addresses', label: 'Addresses', letter: 'a', icon: IconWorld },
  { view: 'agents', label: 'Agents', letter: 'u', icon: IconDeviceLaptop },
  { view: 'resources', label: 'Resources', letter: 'r', icon: IconBucket },
  { view: 'evidence', label: 'Evidence', letter: 'v', icon: IconFiles },
  { view: 'notes', label: 'Notebook', letter: 'n', icon: IconNotebook },
];

/** The view's digit with Alt: the tenth has 0. */
export const digitOf = (place: number): number => (place + 1) % 10;

export const VIEWS: Record<Route['view'], ComponentType> = {
  cases: lazy(() => import('../views/cases/index.tsx')),
  overview: lazy(() => import('../views/overview/index.tsx')),
  events: lazy(() => import('../views/events/index.tsx')),
  principals: lazy(() => import('../views/principals/index.tsx')),
  credentials: lazy(() => import('../views/credentials/index.tsx')),
  credential: lazy(() => import('../views/credentials/page.tsx')),
  access: lazy(() => import('../views/access/index.tsx')),
  addresses: lazy(() => import('../views/addresses/index.tsx')),
  agents: lazy(() => import('../views/agents/index.tsx')),
  resources: lazy(() => import('../views/resources/index.tsx')),
  list: lazy(() => import('../views/list/index.tsx')),
  subject: lazy(() => import('../views/subject/index.tsx')),
  evidence: lazy(() => import('../views/evidence/index.tsx')),
  notes: lazy(() => import('../views/notes/index.tsx')),
};

export const DetailsPane = lazy(() => import('../components/details/index.tsx'));
export const ExportReportDialog = lazy(() => import('../views/report/export-report.tsx'));
