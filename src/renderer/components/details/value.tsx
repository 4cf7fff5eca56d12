/** A value in the details: its text, and what can be done with it at once or from its menu. */
import { ActionIcon } from '@mantine/core';
import { IconCopy, IconFilter, IconFilterMinus } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { EpochMs } from '../../../shared/brand.ts';
import { type ColumnId, columnSpec } from '../../../shared/columns.ts';
import { useSelection } from '../../state/selection.ts';
import { copyText } from '../copy.ts';
import { isValueColumn, useValueMenu } from '../value-menu.tsx';
import { valueWords } from '../value-words.ts';
import { SHOWN_CHARACTERS, VisibleText } from '../visible-text.tsx';

export interface ValueProps {
  column: ColumnId;
  value: string | null;
  /** What to show in place of the value itself. */
  shown?: string;
  time: EpochMs | null;
}

export function DetailValue({ column, value, shown, time }: ValueProps): ReactNode {
  const menu = useValueMenu();
  const [whole, setWhole] = useState(false);
  const { toggleValue, addFilter } = useSelection.getState();
  const label = columnSpec(column).label;
  const filter = (exclude: boolean): void => {
    if (isValueColumn(column)) toggleValue(column, value, exclude);
    else if (column === 'eventID' && value !== null) addFilter({ op: 'eventID', ids: [value], ...(exclude ? { not: true } : {}) });
  };
  const words = shown ?? (value === null || value === '' ? valueWords(column, value) : null);
  return (
    <span className="tc-detail-value">
      <button
        type="button"
        className={value === null ? 'tc-detail-text absent' : 'tc-detail-text'}
        aria-haspopup="menu"
        onClick={(event) => {
          if (document.getSelection()?.isCollapsed !== false) menu.open(event.currentTarget, { column, values: [value], time });
        }}
      >
        {words ?? <VisibleText text={value ?? ''} limit={whole ? undefined : SHOWN_CHARACTERS} />}
      </button>
      {value !== null && !whole && value.length > SHOWN_CHARACTERS ? (
        <button type="button" className="tc-tree-all" onClick={() => setWhole(true)}>
          show all {value.length.toLocaleString('en-US')} characters
        </button>
      ) : null}
      <span className="tc-detail-tools">
        {column === 'eventTime' ? null : (
          <>
            <ActionIcon
              size={18}
              variant="subtle"
              color="gray"
              aria-label={`Include this ${label}`}
              title="Include"
              onClick={() => filter(false)}
            >
              <IconFilter size={13} />
            </ActionIcon>
            <ActionIcon
              size={18}
              variant="subtle"
              color="gray"
              aria-label={`Exclude this ${label}`}
              title="Exclude"
              onClick={() => filter(true)}
            >
              <IconFilterMinus size={13} />
            </ActionIcon>
          </>
        )}
        {value === null ? null : (
          <ActionIcon
            size={18}
            variant="subtle"
            color="gray"
            aria-label={`Copy this ${label}`}
            title="Copy"
            onClick={() => void copyText(value, label.toLowerCase())}
          >
            <IconCopy size={13} />
          </ActionIcon>
        )}
      </span>
      {menu.menu}
    </span>
  );
}
