/** Where the calls of the selection came from: by address, or by kind of address. Question 16. */
import { SegmentedControl } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ValueColumnId } from '../../../shared/columns.ts';
import { GroupList } from '../subject/group-list.tsx';

const DISTINCT = [
  { column: 'principal', label: 'Who', help: 'Distinct principals that called from it' },
  { column: 'accessKeyId', label: 'Keys', help: 'Distinct access keys used from it' },
  { column: 'userAgent', label: 'Agents', help: 'Distinct user agents' },
  { column: 'account', label: 'Accounts', help: 'Distinct accounts that recorded its calls' },
] as const;

const BY = [
  { value: 'sourceIPAddress', label: 'Addresses', one: 'address', many: 'addresses' },
  { value: 'addressKind', label: 'Kinds', one: 'kind', many: 'kinds' },
  { value: 'vpcEndpointId', label: 'VPC endpoints', one: 'VPC endpoint', many: 'VPC endpoints' },
] as const satisfies readonly { value: ValueColumnId; label: string; one: string; many: string }[];

export default function Addresses(): ReactNode {
  const [by, setBy] = useState<(typeof BY)[number]['value']>('sourceIPAddress');
  const { one, many } = BY.find((b) => b.value === by) ?? BY[0];
  return (
    <GroupList
      key={by}
      by={by}
      one={one}
      many={many}
      distinct={DISTINCT}
      tools={
        <SegmentedControl
          size="xs"
          aria-label="Addresses by"
          value={by}
          onChange={(next) => setBy(BY.find((b) => b.value === next)?.value ?? 'sourceIPAddress')}
          data={BY.map(({ value, label }) => ({ value, label }))}
        />
      }
      none={
        by === 'vpcEndpointId'
          ? 'None of these events names a VPC endpoint.'
          : 'None of these events says where it came from. Remove a filter above, or widen the time range.'
      }
    >
      What stands in sourceIPAddress: a public or private address, the name of the AWS service that made the call, or “AWS Internal”. Whose
      network an address belongs to is not in the evidence.
    </GroupList>
  );
}
