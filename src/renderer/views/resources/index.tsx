/** The resources named by the events of the selection. */
import type { ReactNode } from 'react';
import { GroupList } from '../subject/group-list.tsx';

const DISTINCT = [
  { column: 'principal', label: 'By', help: 'Distinct principals that acted on it' },
  { column: 'eventName', label: 'Actions', help: 'Distinct actions' },
  { column: 'sourceIPAddress', label: 'IPs', help: 'Distinct source IPs' },
] as const;

export default function Resources(): ReactNode {
  return (
    <GroupList
      by="resource"
      one="resource"
      many="resources"
      distinct={DISTINCT}
      none="None of these events names a resource in its resource list, request or response. Remove a filter above, or widen the time range."
    >
      Identifiers in the records’ resource lists and under the known keys of requests and responses. An event that names several counts for
      each of them; the same thing may appear by its ARN and by its short name.
    </GroupList>
  );
}
