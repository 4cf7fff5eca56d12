/** The selection, always in sight and the same in every view: time range, one chip for every filter, the two switches, back and forward. */
import { ActionIcon, Button, CloseButton, Switch, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Filter } from '../../shared/plan.ts';
import { isEverything, useSelection } from '../state/selection.ts';
import { filterHover, filterSentence, filterWords } from './filter-words.ts';
import { TimeRangeControl } from './time-range-control.tsx';

export function SelectionBar(): ReactNode {
  const { selection, past, future, back, forward, clear, setHideReadOnly, setHideServiceCalls } = useSelection();
  return (
    <section className="tc-selection" aria-label="Selection">
      <div className="tc-selection-fixed">
        <Tooltip label="Selection before this one ( [ )">
          <ActionIcon aria-label="Selection before this one" disabled={past.length === 0} onClick={back}>
            <IconArrowBackUp size={15} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Selection after this one ( ] )">
          <ActionIcon aria-label="Selection after this one" disabled={future.length === 0} onClick={forward}>
            <IconArrowForwardUp size={15} />
          </ActionIcon>
        </Tooltip>
        <TimeRangeControl />
      </div>
      <ul className="tc-chips" aria-label="Active filters">
        {selection.filters.length === 0 ? <li className="tc-chip-none">No filter: click a value anywhere to add one.</li> : null}
        {selection.filters.map((filter, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a filter is removed by its place, and two may be equal
          <FilterChip key={i} filter={filter} index={i} />
        ))}
      </ul>
      <div className="tc-selection-fixed">
        <Switch
          label="Hide read-only"
          title="As AWS Event history does by default: hides events recorded as readOnly true"
          checked={selection.hideReadOnly}
          onChange={(e) => setHideReadOnly(e.currentTarget.checked)}
        />
        <Switch
          ml="sm"
          label="Hide AWS service calls"
          title="Hides calls that an AWS service made: invokedBy is there, the identity is an AWS service, or the source is AWS Internal"
          checked={selection.hideServiceCalls}
          onChange={(e) => setHideServiceCalls(e.currentTarget.checked)}
        />
        <Button
          ml="sm"
          variant="default"
          size="compact-xs"
          disabled={isEverything(selection)}
          onClick={clear}
          aria-label="Reset the selection"
        >
          Reset
        </Button>
      </div>
    </section>
  );
}

function FilterChip({ filter, index }: { filter: Filter; index: number }): ReactNode {
  const { subject, relation, value, not } = filterWords(filter);
  const removeFilter = useSelection((s) => s.removeFilter);
  return (
    <li className="tc-chip" data-not={not || undefined} title={filterHover(filter)}>
      {not ? <span className="tc-chip-not">not</span> : null}
      <span className="tc-chip-subject">
        {subject}
        {relation && relation !== 'is' ? ` ${relation}` : ''}
        {relation === 'is' ? ':' : ''}
      </span>
      <bdi className="tc-chip-value" dir="ltr">
        {value}
      </bdi>
      <CloseButton size="xs" iconSize={12} aria-label={`Remove the filter ${filterSentence(filter)}`} onClick={() => removeFilter(index)} />
    </li>
  );
}
