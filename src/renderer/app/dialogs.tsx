/** The dialogs of the shell, one at a time: new case, rename, delete, paste, keyboard help; and the report's, which has a view of its own. */
import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, Suspense, useMemo, useState } from 'react';
import { MAX_CASE_NAME } from '../../engine/client/index.ts';
import type { CaseId } from '../../shared/brand.ts';
import { toAppError } from '../../shared/errors.ts';
import { visibleString } from '../components/visible-text.tsx';
import { type DialogState, useApp } from '../state/app.ts';
import { createAndOpenCase, deleteCase, renameCase } from '../state/cases.ts';
import { useEngine } from '../state/engine.tsx';
import { importPasted } from '../state/imports.ts';
import type { Command } from './commands.ts';
import { KeyHelp } from './key-help.tsx';
import { checkPaste } from './paste-check.ts';
import { ExportReportDialog } from './views.ts';

export function Dialogs({ commands }: { commands: readonly Command[] }): ReactNode {
  const state = useApp((s) => s.dialog);
  const close = (): void => useApp.getState().showDialog(null);
  if (!state) return null;
  if (state.dialog === 'export-report') {
    return (
      <Suspense fallback={null}>
        <ExportReportDialog opened onClose={close} />
      </Suspense>
    );
  }
  return (
    <Modal
      opened
      onClose={close}
      title={TITLES[state.dialog]}
      size={state.dialog === 'paste' || state.dialog === 'help' ? 'lg' : 'md'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {state.dialog === 'new-case' ? <NewCase close={close} /> : null}
      {state.dialog === 'rename-case' ? <RenameCase state={state} close={close} /> : null}
      {state.dialog === 'delete-case' ? <DeleteCase state={state} close={close} /> : null}
      {state.dialog === 'paste' ? <Paste close={close} /> : null}
      {state.dialog === 'help' ? <KeyHelp commands={commands} /> : null}
    </Modal>
  );
}

const TITLES: Record<Exclude<DialogState['dialog'], 'export-report'>, string> = {
  'new-case': 'New case',
  'rename-case': 'Rename the case',
  'delete-case': 'Delete the case',
  paste: 'Paste records',
  help: 'Keyboard shortcuts',
};

type StateOf<D extends DialogState['dialog']> = Extract<DialogState, { dialog: D }>;

function Buttons(props: { close: () => void; label: string; disabled: boolean; color?: string }): ReactNode {
  return (
    <Group justify="flex-end" gap="sm">
      <Button variant="default" onClick={props.close}>
        Cancel
      </Button>
      <Button type="submit" disabled={props.disabled} {...(props.color === undefined ? {} : { color: props.color })}>
        {props.label}
      </Button>
    </Group>
  );
}

function NewCase({ close }: { close: () => void }): ReactNode {
  const engine = useEngine();
  const [name, setName] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    close();
    void createAndOpenCase(engine, name);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="Name"
          description="A ticket number or the name of the incident. It can be changed later."
          maxLength={MAX_CASE_NAME}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <Buttons close={close} label="Create case" disabled={name.trim() === ''} />
      </Stack>
    </form>
  );
}

function RenameCase({ state, close }: { state: StateOf<'rename-case'>; close: () => void }): ReactNode {
  const engine = useEngine();
  const [name, setName] = useState(state.name);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    close();
    void renameCase(engine, state.id as CaseId, name);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput data-autofocus label="Name" maxLength={MAX_CASE_NAME} value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <Buttons close={close} label="Rename" disabled={name.trim() === '' || name.trim() === state.name} />
      </Stack>
    </form>
  );
}

function DeleteCase({ state, close }: { state: StateOf<'delete-case'>; close: () => void }): ReactNode {
  const engine = useEngine();
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    close();
    void deleteCase(engine, state.id as CaseId);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>
          “{visibleString(state.name)}” is deleted with its copy of the evidence, its notes, stars and findings. The original files on disk
          are not touched. The journal of what was typed goes to the trash.
        </Text>
        <TextInput
          data-autofocus
          label={`Type the name of the case to confirm: ${visibleString(state.name)}`}
          value={typed}
          onChange={(e) => setTyped(e.currentTarget.value)}
        />
        <Buttons close={close} label="Delete case" color="red" disabled={typed.trim() !== state.name.trim()} />
      </Stack>
    </form>
  );
}

function Paste({ close }: { close: () => void }): ReactNode {
  const engine = useEngine();
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const check = useMemo(() => checkPaste(text), [text]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    importPasted(engine, text).then(close, (thrown: unknown) => {
      setBusy(false);
      setError(toAppError(thrown).message);
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Textarea
          data-autofocus
          label="Records"
          description="One record, an array, {“Records”: […]}, or one record a line. The text is kept as evidence, exactly as pasted."
          placeholder='{"eventVersion": "1.11", "eventTime": "2026-03-02T09:14:05Z", …}'
          autosize
          minRows={12}
          maxRows={22}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
          spellCheck={false}
          value={text}
          error={error ?? check.problem}
          onChange={(e) => {
            setText(e.currentTarget.value);
            setError(null);
          }}
        />
        <Text size="sm" c="dimmed" h={18} role="status">
          {check.what
            ? `Read as ${check.what}${check.problem ? '; what cannot be read is kept in the evidence list with its reason' : ''}.`
            : ''}
        </Text>
        <Buttons close={close} label="Import" disabled={!check.usable || busy} />
      </Stack>
    </form>
  );
}
