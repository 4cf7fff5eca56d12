/** The user agents of the selection: by tool, whole, or only those that are odd. Question 18. */
import type { ReactNode } from 'react';
import { type ListChoice, SwitchedList } from '../subject/switched-list.tsx';

const DISTINCT = [
  { column: 'principal', label: 'Who', help: 'Distinct principals that called with it' },
  { column: 'sourceIPAddress', label: 'IPs', help: 'Distinct source IPs (service names count too)' },
  { column: 'accessKeyId', label: 'Keys', help: 'Distinct access keys' },
  { column: 'eventName', label: 'Actions', help: 'Distinct actions' },
  {
    column: 'agentMark',
    label: 'Odd',
    help: 'Distinct marks of odd agents among them, such as Kali Linux or an attack tool: “Odd ones” lists them',
    mark: '▲',
  },
] as const;

const NONE = 'None of these events says with what it was called. Remove a filter above, or widen the time range.';
const CHOICES: readonly ListChoice[] = [
  { by: 'agentTool', label: 'Tools', none: NONE },
  { by: 'userAgent', label: 'Whole agents', none: NONE },
  {
    by: 'agentMark',
    label: 'Odd ones',
    none: 'No agent of these events bears a mark, such as Kali, Parrot, or a known attack tool. An attacker who hides says something usual.',
  },
];

const ABOUT =
  'What the caller’s tool says of itself, as recorded. The caller chooses it: an agent that looks usual proves nothing, an odd one (▲) is worth a look.';

export default function Agents(): ReactNode {
  return <SwitchedList label="User agents by" choices={CHOICES} distinct={DISTINCT} about={() => ABOUT} />;
}
