/** Who acted in the selection: by principal, by who is behind it, by account, or by whatever else tells actors apart. */
import type { ReactNode } from 'react';
import { columnSpec, type ValueColumnId } from '../../../shared/columns.ts';
import { LISTS } from '../../state/lists.ts';
import { type ListChoice, SwitchedList } from '../subject/switched-list.tsx';

const DISTINCT = [
  { column: 'principal', label: 'Principals', help: 'Distinct principals' },
  { column: 'sourceIPAddress', label: 'IPs', help: 'Distinct source IPs (service names count too)' },
  { column: 'awsRegion', label: 'Regions', help: 'Distinct Regions' },
  { column: 'eventSource', label: 'Services', help: 'Distinct services called' },
  { column: 'userName', label: 'Sessions', help: 'Distinct user names as in Event history: for a role, its session names' },
] as const;

const NONE: Partial<Record<ValueColumnId, string>> = {
  principal: 'Events without an identity, such as insights, have no principal. Remove a filter above, or widen the time range.',
  sourceIdentity: 'None of these events carries a source identity: nobody set one, or it was not required.',
  onBehalfOf: 'None of these events was made for an IAM Identity Center user.',
};
const CHOICES: readonly ListChoice[] = LISTS.principals.map((by) => ({ by, none: NONE[by] }));

export default function Principals(): ReactNode {
  return <SwitchedList label="Grouped by" choices={CHOICES} select distinct={DISTINCT} about={about} />;
}

function about(by: ValueColumnId): ReactNode {
  return by === 'principal'
    ? 'A principal is an account with a role or user (or root, a service, a federated subject). What Event history calls “User name” is the session name: the sessions of a role are one principal here, and a list on its page.'
    : columnSpec(by).help;
}
