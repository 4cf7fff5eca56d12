/** Where the calls of the selection came from: by address, by kind of address, or by VPC endpoint. Questions 16 and 20. */
import type { ReactNode } from 'react';
import { type ListChoice, SwitchedList } from '../subject/switched-list.tsx';

const DISTINCT = [
  { column: 'principal', label: 'Who', help: 'Distinct principals that called from it' },
  { column: 'accessKeyId', label: 'Keys', help: 'Distinct access keys used from it' },
  { column: 'userAgent', label: 'Agents', help: 'Distinct user agents' },
  { column: 'account', label: 'Accounts', help: 'Distinct accounts that recorded its calls' },
] as const;

const NONE = 'None of these events says where it came from. Remove a filter above, or widen the time range.';
const CHOICES: readonly ListChoice[] = [
  { by: 'sourceIPAddress', label: 'Addresses', none: NONE },
  { by: 'addressKind', label: 'Kinds', none: NONE },
  {
    by: 'vpcEndpointId',
    label: 'VPC endpoints',
    none: 'None of these events names a VPC endpoint.',
  },
];

const ABOUT =
  'What stands in sourceIPAddress: a public or private address, the name of the AWS service that made the call, or “AWS Internal”. Whose network an address belongs to is not in the evidence.';

export default function Addresses(): ReactNode {
  return <SwitchedList label="Addresses by" choices={CHOICES} distinct={DISTINCT} about={() => ABOUT} />;
}
