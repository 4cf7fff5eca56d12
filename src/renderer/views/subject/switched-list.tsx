/** A list that can be read by one of several columns: tools or whole agents, addresses or their kinds. */
import { SegmentedControl } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ValueColumnId } from '../../../shared/columns.ts';
import { GroupList, type GroupListProps } from './group-list.tsx';

export interface ListChoice {
  by: ValueColumnId;
  label: string;
  one: string;
  many: string;
  /** Why this list may be empty though there are events. */
  none: string;
}

interface Props extends Pick<GroupListProps, 'distinct' | 'children'> {
  /** Of the switch. */
  label: string;
  /** The first is shown first. */
  choices: readonly [ListChoice, ...ListChoice[]];
}

export function SwitchedList({ label, choices, distinct, children }: Props): ReactNode {
  const [chosen, setChosen] = useState(choices[0]);
  const { by, one, many, none } = chosen;
  return (
    <GroupList
      key={by}
      by={by}
      one={one}
      many={many}
      distinct={distinct}
      none={none}
      tools={
        <SegmentedControl
          size="xs"
          aria-label={label}
          value={by}
          onChange={(next) => setChosen(choices.find((c) => c.by === next) ?? choices[0])}
          data={choices.map((c) => ({ value: c.by, label: c.label }))}
        />
      }
    >
      {children}
    </GroupList>
  );
}
