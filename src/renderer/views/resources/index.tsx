/** The resources named by the events of the selection. */
import type { ReactNode } from 'react';
import { SwitchedList } from '../subject/switched-list.tsx';

const DISTINCT = [
  { column: 'principal', label: 'By', help: 'Distinct principals that acted on it' },
  { column: 'eventName', label: 'Actions', help: 'Distinct actions' },
  { column: 'sourceIPAddress', label: 'IPs', help: 'Distinct source IPs' },
] as const;

const CHOICES = [
  {
    by: 'resource',
    none: 'None of these events names a resource in its resource list, request or response. Remove a filter above, or widen the time range.',
  },
] as const;
const ABOUT =
  'Identifiers in the records’ resource lists and under the known keys of requests and responses. An event that names several counts for each of them; the same thing may appear by its ARN and by its short name: its page tells of both.';

export default function Resources(): ReactNode {
  return <SwitchedList label="Resources" choices={CHOICES} distinct={DISTINCT} about={() => ABOUT} />;
}
