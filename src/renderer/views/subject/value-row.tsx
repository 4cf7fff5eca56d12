/** A value in a list: a click opens its page, the buttons and the menu filter and copy. The same in every list of these views. */
import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core';
import { IconDots, IconFilter } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ValueColumnId } from '../../../shared/columns.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { valueWords } from '../../components/value-words.ts';
import { MiddleText } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { useSelection } from '../../state/selection.ts';

interface Props {
  column: ValueColumnId;
  value: string | null;
  openMenu: ValueMenuControl['open'];
}

export function ValueLink({ column, value, openMenu }: Props): ReactNode {
  const navigate = useApp((s) => s.navigate);
  const words = valueWords(column, value);
  return (
    <UnstyledButton
      className="tc-sub-value"
      aria-label={`Open the page of ${words}`}
      onClick={() => navigate({ view: 'subject', column, value })}
      onContextMenu={(e) => {
        e.preventDefault();
        openMenu({ x: e.clientX, y: e.clientY }, { column, values: [value] });
      }}
    >
      {value === null || value === '' || words !== value ? (
        <span className={value === null ? 'tc-sub-absent' : undefined}>{words}</span>
      ) : (
        <MiddleText text={value} />
      )}
    </UnstyledButton>
  );
}

export function ValueActions({ column, value, openMenu }: Props): ReactNode {
  const toggleValue = useSelection((s) => s.toggleValue);
  const included = useSelection((s) =>
    s.selection.filters.some((f) => f.op === 'in' && f.column === column && !f.not && f.values.includes(value)),
  );
  const words = valueWords(column, value);
  return (
    <span className="tc-sub-actions">
      <Tooltip label={included ? 'Remove from the filter' : 'Filter by this value'}>
        <ActionIcon size={18} aria-label={`Filter by ${words}`} aria-pressed={included} onClick={() => toggleValue(column, value)}>
          <IconFilter size={12} />
        </ActionIcon>
      </Tooltip>
      <ActionIcon
        size={18}
        aria-label={`More for ${words}`}
        aria-haspopup="menu"
        onClick={(e) => openMenu(e.currentTarget, { column, values: [value] })}
      >
        <IconDots size={12} />
      </ActionIcon>
    </span>
  );
}
