/** One facet: the values of a column by count, which follow the selection and change it. */
import { ActionIcon, Button, CloseButton, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconDots, IconFilterMinus, IconListDetails, IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type MouseEvent, memo, type ReactNode, useState } from 'react';
import { columnSpec, type ValueColumnId } from '../../../shared/columns.ts';
import type { FacetAnswer, FacetValue, Filter } from '../../../shared/plan.ts';
import { VerdictsPending } from '../../components/event-verdict.tsx';
import { formatCount } from '../../components/numbers.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { columnLabel, meaningOf, valueWords } from '../../components/value-words.ts';
import { MiddleText } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { listRoute } from '../../state/lists.ts';
import { useSelection } from '../../state/selection.ts';
import { distinctValues, type FacetChoice } from './queries.ts';

export interface FacetRow extends Omit<FacetValue, 'count'> {
  /** Null when the value is chosen but not among the counted ones. */
  count: number | null;
  state: 'included' | 'excluded' | null;
}

/** Chosen values come first when they are not among the counted ones, so that they can always be taken back. */
export function facetRows(answer: FacetAnswer | undefined, filters: readonly Filter[], column: ValueColumnId): FacetRow[] {
  const chosen = (not: boolean): Set<string | null> =>
    new Set(filters.flatMap((f) => (f.op === 'in' && f.column === column && (f.not ?? false) === not ? f.values : [])));
  const included = chosen(false);
  const excluded = chosen(true);
  const state = (value: string | null): FacetRow['state'] => (included.has(value) ? 'included' : excluded.has(value) ? 'excluded' : null);
  const counted = (answer?.values ?? []).map(({ value, count }): FacetRow => ({ value, count, state: state(value) }));
  const seen = new Set(counted.map((r) => r.value));
  const pinned = [...included, ...excluded]
    .filter((value) => !seen.has(value))
    .map((value): FacetRow => ({ value, count: null, state: state(value) }));
  return [...pinned, ...counted];
}

interface Props {
  column: ValueColumnId;
  answer: FacetAnswer | undefined;
  choice: FacetChoice;
  change: (column: ValueColumnId, patch: Partial<FacetChoice>) => void;
  openMenu: ValueMenuControl['open'];
}

export const Facet = memo(function Facet({ column, answer, choice, change, openMenu }: Props): ReactNode {
  const filters = useSelection((s) => s.selection.filters);
  const [searching, setSearching] = useState(choice.find !== '');
  const rows = facetRows(answer, filters, column);
  const max = Math.max(1, ...rows.map((r) => r.count ?? 0));
  const label = columnLabel(column);
  const hidden = answer ? answer.distinct - answer.values.length : 0;

  return (
    <section
      className="tc-facet tc-card"
      aria-label={`Facet ${label}`}
      data-collapsed={choice.collapsed || undefined}
      data-more={choice.more || undefined}
      data-searching={(searching && !choice.collapsed) || undefined}
    >
      <div className="tc-facet-head">
        <UnstyledButton
          className="tc-facet-title"
          aria-expanded={!choice.collapsed}
          title={columnSpec(column).help}
          onClick={() => change(column, { collapsed: !choice.collapsed })}
        >
          {choice.collapsed ? <IconChevronRight size={13} /> : <IconChevronDown size={13} />}
          <span>{label}</span>
        </UnstyledButton>
        <span className="tc-soft" title="Distinct values in this selection">
          {answer && !choice.collapsed ? formatCount(distinctValues(answer)) : ''}
        </span>
        <Tooltip label={`${label} as a list, with what each has`}>
          <ActionIcon
            aria-label={`Open ${label} as a list`}
            onClick={() => useApp.getState().navigate(column === 'accessKeyId' ? { view: 'credentials' } : listRoute(column))}
          >
            <IconListDetails size={13} />
          </ActionIcon>
        </Tooltip>
        {choice.collapsed ? null : (
          <ActionIcon
            aria-label={`Find in ${label}`}
            aria-expanded={searching}
            onClick={() => {
              if (searching) change(column, { find: '' });
              setSearching(!searching);
            }}
          >
            <IconSearch size={13} />
          </ActionIcon>
        )}
      </div>
      {choice.collapsed ? null : (
        <>
          {searching ? (
            <TextInput
              className="tc-facet-find"
              aria-label={`Values of ${label} that contain`}
              placeholder={`${label} contains…`}
              autoFocus
              maxLength={500}
              value={choice.find}
              onChange={(e) => change(column, { find: e.currentTarget.value })}
              onKeyDown={(e) => {
                if (e.key !== 'Escape') return;
                e.stopPropagation();
                change(column, { find: '' });
                setSearching(false);
              }}
              rightSection={
                choice.find ? (
                  <CloseButton size="xs" aria-label={`Clear the search in ${label}`} onClick={() => change(column, { find: '' })} />
                ) : null
              }
            />
          ) : null}
          {column === 'integrity' ? <VerdictsPending /> : null}
          <ul className="tc-facet-rows" aria-label={`Values of ${label}`}>
            {rows.map((row) => (
              <Row key={row.value === null ? 'absent' : `v${row.value}`} column={column} row={row} max={max} openMenu={openMenu} />
            ))}
            {answer && rows.length === 0 ? (
              <li className="tc-facet-none">
                {choice.find ? 'No value contains this text in this selection.' : 'No event in this selection.'}
              </li>
            ) : null}
          </ul>
          <div className="tc-facet-foot">
            {choice.more || hidden > 0 ? (
              <Button
                variant="subtle"
                size="compact-xs"
                aria-label={`${choice.more ? 'Show fewer' : `${formatCount(hidden)} more`} values of ${label}`}
                onClick={() => change(column, { more: !choice.more })}
              >
                {choice.more ? 'Show fewer' : `${formatCount(hidden)} more`}
              </Button>
            ) : null}
            {choice.more && hidden > 0 ? <span className="tc-soft">{formatCount(hidden)} more: find them by text</span> : null}
          </div>
        </>
      )}
    </section>
  );
});

const Row = memo(function Row({
  column,
  row,
  max,
  openMenu,
}: {
  column: ValueColumnId;
  row: FacetRow;
  max: number;
  openMenu: Props['openMenu'];
}): ReactNode {
  const toggleValue = useSelection((s) => s.toggleValue);
  const words = valueWords(column, row.value);
  const count = row.count === null ? 'not in the counted values' : formatCount(row.count);
  const target = { column, values: [row.value] };
  const click = (e: MouseEvent): void => toggleValue(column, row.value, e.altKey || e.ctrlKey || e.metaKey);
  const key = (e: KeyboardEvent<HTMLElement>): void => {
    if (e.key === 'x' || e.key === 'Delete') toggleValue(column, row.value, true);
    else if (e.key === 'm' || e.key === 'ContextMenu' || (e.key === 'F10' && e.shiftKey)) openMenu(e.currentTarget, target);
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <li className="tc-facet-row" data-state={row.state ?? undefined}>
      <span className="tc-facet-bar" style={{ width: `${((row.count ?? 0) / max) * 100}%` }} />
      <button
        type="button"
        className="tc-facet-value"
        aria-pressed={row.state === 'included'}
        aria-label={`${row.state === 'excluded' ? 'not ' : ''}${words}, ${count}`}
        onClick={click}
        onKeyDown={key}
        onContextMenu={(e) => {
          e.preventDefault();
          openMenu({ x: e.clientX, y: e.clientY }, target);
        }}
      >
        <RowValue column={column} value={row.value} state={row.state} />
      </button>
      <RowActions column={column} value={row.value} words={words} excluded={row.state === 'excluded'} openMenu={openMenu} />
      <span className="tc-facet-count">{row.count === null ? '–' : formatCount(row.count)}</span>
    </li>
  );
});

// What does not follow the counts is drawn once: during an import all counts change, again and again.
const RowValue = memo(function RowValue({
  column,
  value,
  state,
}: { column: ValueColumnId } & Pick<FacetRow, 'value' | 'state'>): ReactNode {
  const words = valueWords(column, value);
  const meaning = meaningOf(column, value) ?? (column === 'errorCode' && value !== null ? 'error' : null);
  return (
    <>
      {state === 'included' ? <span className="tc-facet-mark">✓</span> : null}
      {state === 'excluded' ? <span className="tc-facet-not">not</span> : null}
      {meaning && meaning !== 'success' ? (
        <span className="tc-swatch" data-striped={meaning !== 'read' || undefined} style={{ background: `var(--tc-${meaning})` }} />
      ) : null}
      {value === null || value === '' || words !== value ? (
        <span className={value === null ? 'tc-absent' : undefined}>{words}</span>
      ) : (
        <MiddleText text={value} />
      )}
    </>
  );
});

const RowActions = memo(function RowActions({
  column,
  value,
  words,
  excluded,
  openMenu,
}: {
  column: ValueColumnId;
  value: string | null;
  words: string;
  excluded: boolean;
  openMenu: Props['openMenu'];
}): ReactNode {
  const toggleValue = useSelection((s) => s.toggleValue);
  return (
    <span className="tc-facet-actions">
      <button
        type="button"
        tabIndex={-1}
        aria-label={`Exclude ${words}`}
        title={excluded ? 'No longer exclude' : 'Exclude (Alt or Ctrl + click)'}
        aria-pressed={excluded}
        onClick={() => toggleValue(column, value, true)}
      >
        <IconFilterMinus size={12} />
      </button>
      <button
        type="button"
        tabIndex={-1}
        aria-label={`More for ${words}`}
        aria-haspopup="menu"
        onClick={(e) => openMenu(e.currentTarget, { column, values: [value] })}
      >
        <IconDots size={12} />
      </button>
    </span>
  );
});
