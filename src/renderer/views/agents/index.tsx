/** The user agents of the selection. */
import type { ReactNode } from 'react';
import { GroupList } from '../subject/group-list.tsx';

const DISTINCT = [
  { column: 'principal', label: 'Who', help: 'Distinct principals that called with it' },
  { column: 'sourceIPAddress', label: 'IPs', help: 'Distinct source IPs (service names count too)' },
  { column: 'accessKeyId', label: 'Keys', help: 'Distinct access keys' },
  { column: 'eventName', label: 'Actions', help: 'Distinct actions' },
] as const;

export default function Agents(): ReactNode {
  return (
    <GroupList
      by="userAgent"
      one="user agent"
      many="user agents"
      distinct={DISTINCT}
      none="None of these events says with what it was called. Remove a filter above, or widen the time range."
    >
      What the caller’s tool says of itself, as recorded. The caller chooses it: an agent that looks usual proves nothing, an odd one is
      worth a look.
    </GroupList>
  );
}
