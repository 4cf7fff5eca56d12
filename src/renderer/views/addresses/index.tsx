/** Where the calls of the selection came from. */
import type { ReactNode } from 'react';
import { GroupList } from '../subject/group-list.tsx';

const DISTINCT = [
  { column: 'principal', label: 'Who', help: 'Distinct principals that called from it' },
  { column: 'accessKeyId', label: 'Keys', help: 'Distinct access keys used from it' },
  { column: 'userAgent', label: 'Agents', help: 'Distinct user agents' },
  { column: 'account', label: 'Accounts', help: 'Distinct accounts that recorded its calls' },
] as const;

export default function Addresses(): ReactNode {
  return (
    <GroupList
      by="sourceIPAddress"
      one="address"
      many="addresses"
      distinct={DISTINCT}
      none="None of these events says where it came from. Remove a filter above, or widen the time range."
    >
      What stands in sourceIPAddress: a public or private address, the name of the AWS service that made the call, or “AWS Internal”. Whose
      network an address belongs to is not in the evidence.
    </GroupList>
  );
}
