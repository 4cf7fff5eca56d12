/** The principals of the selection. */
import type { ReactNode } from 'react';
import { GroupList } from '../subject/group-list.tsx';

const DISTINCT = [
  { column: 'sourceIPAddress', label: 'IPs', help: 'Distinct source IPs (service names count too)' },
  { column: 'awsRegion', label: 'Regions', help: 'Distinct regions' },
  { column: 'eventSource', label: 'Services', help: 'Distinct services called' },
  { column: 'userName', label: 'Sessions', help: 'Distinct user names as in Event history: for a role, its session names' },
] as const;

export default function Principals(): ReactNode {
  return (
    <GroupList
      by="principal"
      one="principal"
      many="principals"
      distinct={DISTINCT}
      none="Events without an identity, such as insights, have no principal. Remove a filter above, or widen the time range."
    >
      A principal is an account with a role or user (or root, a service, a federated subject). What Event history calls “User name” is the
      session name: the sessions of a role are one principal here, and a list on its page.
    </GroupList>
  );
}
