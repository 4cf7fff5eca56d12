/** A list that can be read by one of several columns: tools or whole agents, principals or their origins. The way back does not pass the switch. */
import { NativeSelect, SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ValueColumnId } from '../../../shared/columns.ts';
import { columnLabel } from '../../components/value-words.ts';
import { useApp } from '../../state/app.ts';
import { stepOf } from '../../state/kept.ts';
import { isListRoute, listedColumn, listRoute } from '../../state/lists.ts';
import { GroupList, type GroupListProps } from './group-list.tsx';
import { LIST_WORDS } from './list-words.ts';

export interface ListChoice {
  by: ValueColumnId;
  label?: string;
  /** Why this list may be empty though there are events. */
  none?: string;
}

interface Props extends Pick<GroupListProps, 'distinct'> {
  /** Of the switch. */
  label: string;
  choices: readonly ListChoice[];
  /** Where there are more than can stand side by side. */
  select?: boolean;
  /** What the list by this column is, in a sentence or two. */
  about: (by: ValueColumnId) => ReactNode;
}

export function SwitchedList(props: Props): ReactNode {
  const route = useApp((s) => s.route);
  return isListRoute(route) ? <ByColumn key={stepOf(route)} {...props} by={listedColumn(route)} /> : null;
}

function ByColumn({ label, choices, select = false, distinct, about, by }: Props & { by: ValueColumnId }): ReactNode {
  const replace = useApp((s) => s.replace);
  const chosen = choices.find((c) => c.by === by);
  const [one, many] = LIST_WORDS[by];
  const choose = (value: string): void => {
    const next = choices.find((c) => c.by === value);
    if (next) replace(listRoute(next.by));
  };
  const data = choices.map((c) => ({ value: c.by, label: c.label ?? columnLabel(c.by) }));
  return (
    <GroupList
      key={by}
      by={by}
      one={one}
      many={many}
      distinct={distinct.filter((d) => d.column !== by)}
      none={chosen?.none ?? `None of these events has a value of ${columnLabel(by)}. Remove a filter above, or widen the time range.`}
      tools={
        choices.length < 2 ? undefined : select ? (
          <NativeSelect
            className="tc-gl-by"
            aria-label={label}
            value={by}
            onChange={(e) => choose(e.currentTarget.value)}
            data={data.map((d) => ({ ...d, label: `${label.toLowerCase()}: ${d.label}` }))}
          />
        ) : (
          <SegmentedControl size="xs" aria-label={label} value={by} onChange={choose} data={data} />
        )
      }
    >
      {about(by)}
    </GroupList>
  );
}
