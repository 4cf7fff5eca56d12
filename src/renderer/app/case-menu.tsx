/** The name of the open case and what can be done with it. */
import { Button, Menu } from '@mantine/core';
import {
  IconChevronDown,
  IconClipboardText,
  IconFile,
  IconFolderOpen,
  IconFolders,
  IconPencil,
  IconPlus,
  IconReport,
  IconTrash,
  IconX,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { visibleString } from '../components/visible-text.tsx';
import { useApp } from '../state/app.ts';
import { closeCase } from '../state/cases.ts';
import { useEngine } from '../state/engine.tsx';
import { openEvidence } from './commands.ts';

export function CaseMenu(): ReactNode {
  const engine = useEngine();
  const info = useApp((s) => s.opened?.info);
  const { navigate, showDialog } = useApp.getState();
  if (!info) return null;
  const name = visibleString(info.name);
  return (
    <Menu position="bottom-start" width={240} shadow="md">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          className="tc-case-button"
          aria-label={`Case ${name}: menu`}
          title={name}
          rightSection={<IconChevronDown size={14} />}
        >
          {name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown aria-label="Case">
        <Menu.Label>Add evidence</Menu.Label>
        <Menu.Item leftSection={<IconFile size={14} />} onClick={() => openEvidence(engine, 'files')}>
          Open files…
        </Menu.Item>
        <Menu.Item leftSection={<IconFolderOpen size={14} />} onClick={() => openEvidence(engine, 'folder')}>
          Open folder…
        </Menu.Item>
        <Menu.Item leftSection={<IconClipboardText size={14} />} onClick={() => showDialog({ dialog: 'paste' })}>
          Paste records…
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconReport size={14} />} onClick={() => showDialog({ dialog: 'export-report' })}>
          Export report…
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconPencil size={14} />}
          onClick={() => showDialog({ dialog: 'rename-case', id: info.id, name: info.name })}
        >
          Rename case…
        </Menu.Item>
        <Menu.Item leftSection={<IconFolders size={14} />} onClick={() => navigate({ view: 'cases' })}>
          All cases
        </Menu.Item>
        <Menu.Item leftSection={<IconPlus size={14} />} onClick={() => showDialog({ dialog: 'new-case' })}>
          New case…
        </Menu.Item>
        <Menu.Item leftSection={<IconX size={14} />} onClick={() => void closeCase(engine)}>
          Close case
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={14} />}
          onClick={() => showDialog({ dialog: 'delete-case', id: info.id, name: info.name })}
        >
          Delete case…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
