/** The values of any column that has no list of its own: actions, Regions, error codes, … */
import type { ReactNode } from 'react';
import { columnSpec, type ValueColumnId } from '../../../shared/columns.ts';
import { LISTED_COLUMNS } from '../../state/lists.ts';
import { SwitchedList } from '../subject/switched-list.tsx';

const DISTINCT = [
  { column: 'principal', label: 'Who', help: 'Distinct principals' },
  { column: 'sourceIPAddress', label: 'IPs', help: 'Distinct source IPs (service names count too)' },
  { column: 'eventName', label: 'Actions', help: 'Distinct actions' },
  { column: 'awsRegion', label: 'Regions', help: 'Distinct Regions' },
] as const;
const CHOICES = LISTED_COLUMNS.map((by) => ({ by }));
const about = (by: ValueColumnId): ReactNode => columnSpec(by).help;

export default function ListOfColumn(): ReactNode {
  return <SwitchedList label="Grouped by" choices={CHOICES} select distinct={DISTINCT} about={about} />;
}
