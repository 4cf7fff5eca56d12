/** Which columns the table shows. */
import { Button, Checkbox, Popover } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ALL_COLUMNS } from '../../../shared/columns.ts';
import { DEFAULT_SETTINGS, type TableSettings, withToggled } from './table-settings.ts';

export function ColumnChoice({ settings, change }: { settings: TableSettings; change(settings: TableSettings): void }): ReactNode {
  return (
    <Popover position="bottom-end" withinPortal shadow="md" width={300} trapFocus>
      <Popover.Target>
        <Button size="compact-sm" variant="default" leftSection={<IconColumns3 size={14} />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="tc-ev-columns" aria-label="Columns of the table">
        {ALL_COLUMNS.map((column) => (
          <Checkbox
            key={column.id}
            size="xs"
            label={column.label}
            title={column.help}
            checked={settings.columns.includes(column.id)}
            disabled={settings.columns.length === 1 && settings.columns[0] === column.id}
            onChange={() => change(withToggled(settings, column.id))}
          />
        ))}
        <Button size="compact-sm" variant="subtle" mt="xs" onClick={() => change({ ...DEFAULT_SETTINGS, descending: settings.descending })}>
          Back to the first columns and widths
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
