/** The user agents of the selection: by tool, whole, or only those that are odd. Question 18. */
import { SegmentedControl } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ValueColumnId } from '../../../shared/columns.ts';
import { GroupList } from '../subject/group-list.tsx';

const DISTINCT = [
  { column: 'principal', label: 'Who', help: 'Distinct principals that called with it' },
  { column: 'sourceIPAddress', label: 'IPs', help: 'Distinct source IPs (service names count too)' },
  { column: 'accessKeyId', label: 'Keys', help: 'Distinct access keys' },
  { column: 'eventName', label: 'Actions', help: 'Distinct actions' },
] as const;

const BY = [
  { value: 'agentTool', label: 'Tools', one: 'tool', many: 'tools' },
  { value: 'userAgent', label: 'Whole agents', one: 'user agent', many: 'user agents' },
  { value: 'agentMark', label: 'Odd ones', one: 'mark', many: 'marks' },
] as const satisfies readonly { value: ValueColumnId; label: string; one: string; many: string }[];

export default function Agents(): ReactNode {
  const [by, setBy] = useState<(typeof BY)[number]['value']>('agentTool');
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
          aria-label="User agents by"
          value={by}
          onChange={(next) => setBy(BY.find((b) => b.value === next)?.value ?? 'agentTool')}
          data={BY.map(({ value, label }) => ({ value, label }))}
        />
      }
      none={
        by === 'agentMark'
          ? 'No agent of these events bears a mark, such as Kali, Parrot, or a known attack tool. An attacker who hides says something usual.'
          : 'None of these events says with what it was called. Remove a filter above, or widen the time range.'
      }
    >
      What the caller’s tool says of itself, as recorded. The caller chooses it: an agent that looks usual proves nothing, an odd one is
      worth a look.
    </GroupList>
  );
}
