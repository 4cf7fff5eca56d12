/** The Keys dialog: public keys that were given to the case, and a place to paste, choose or drop more. */
import { ActionIcon, Alert, Button, FileButton, Group, Modal, Stack, Textarea, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type DragEvent, type ReactNode, useCallback, useEffect, useState } from 'react';
import { toAppError } from '../../../shared/errors.ts';
import type { GivenKeys } from '../../../shared/integrity.ts';
import { countOf } from '../../components/numbers.ts';
import { useTime } from '../../components/use-time.ts';
import { VisibleText } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';

const MAX_KEY_FILE = 16 * 1024 * 1024;

export function KeysDialog({ onClose }: { onClose: () => void }): ReactNode {
  const engine = useEngine();
  const readOnly = useApp((s) => s.opened?.access === 'read');
  const [sets, setSets] = useState<GivenKeys[]>([]);
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const doing = useCallback(async (action: () => Promise<unknown>): Promise<void> => {
    const done = idle.begin();
    setBusy(true);
    setError(null);
    try {
      await action();
    } catch (thrown) {
      setError(toAppError(thrown).message);
    } finally {
      setBusy(false);
      done();
    }
  }, []);
  const load = useCallback(async () => setSets(await engine.store.listKeys()), [engine]);
  useEffect(() => void doing(load), [doing, load]);

  const add = (label: string, read: () => Promise<string>): void =>
    void doing(async () => {
      // Also when only the journal failed: the case then holds them.
      await engine.store.addKeys(label, await read()).finally(load);
      setText('');
    });
  const addFile = (file: File | null | undefined): void => {
    if (!file) return;
    if (file.size > MAX_KEY_FILE) setError(`${file.name} is no file of public keys: it has more than 16 MB.`);
    else add(file.name, () => file.text());
  };
  // A drop elsewhere on the window imports evidence; here it gives keys.
  const keep = (event: DragEvent): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  const drop = (event: DragEvent): void => {
    if (event.dataTransfer.files.length === 0) return;
    keep(event);
    for (const file of event.dataTransfer.files) addFile(file);
  };
  return (
    <Modal opened onClose={onClose} title="Public keys for digests" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="sm" onDragEnter={keep} onDragOver={keep} onDragLeave={keep} onDrop={drop}>
        <p className="tc-ledger-continue">
          Fetch them once, with an account that you trust, for every region and the time of the digests, and give the JSON here:
        </p>
        <code className="tc-integrity-command">
          aws cloudtrail list-public-keys --region eu-west-1 --start-time 2026-03-01 --end-time 2026-03-08
        </code>
        <Textarea
          data-autofocus
          label="JSON of list-public-keys"
          placeholder="Paste it, or drop the file here"
          minRows={4}
          maxRows={10}
          autosize
          value={text}
          disabled={readOnly}
          onChange={(e) => setText(e.currentTarget.value)}
        />
        {error === null ? null : (
          <Alert color="red" title="Something is wrong with the keys">
            <VisibleText text={error} limit={1000} />
          </Alert>
        )}
        <Group justify="flex-end" gap="sm">
          <FileButton onChange={addFile} accept=".json,application/json" disabled={readOnly || busy}>
            {(props) => (
              <Button variant="default" {...props}>
                Choose a file…
              </Button>
            )}
          </FileButton>
          <Button disabled={readOnly || busy || text.trim() === ''} onClick={() => add('pasted keys', async () => text)}>
            Add keys
          </Button>
        </Group>
        <GivenList sets={sets} disabled={readOnly || busy} remove={(id) => void doing(() => engine.store.removeKeys(id).then(load))} />
      </Stack>
    </Modal>
  );
}

function GivenList({ sets, disabled, remove }: { sets: readonly GivenKeys[]; disabled: boolean; remove: (id: string) => void }): ReactNode {
  const time = useTime();
  if (sets.length === 0) return <p className="tc-soft">No keys have been given to this case.</p>;
  return (
    <ul className="tc-integrity-keys" aria-label="Keys of this case">
      {sets.map((set) => (
        <li key={set.id}>
          <span>
            <VisibleText text={set.label} limit={200} />: {countOf(set.keys.length, 'key')}, given {time.zoned(set.addedAt)}
            {set.refused.length > 0 ? `; not used: ${set.refused.join(' ')}` : ''}
            <br />
            {set.keys.slice(0, 20).map((key) => (
              <code key={`${key.fingerprint} ${key.validFrom}`}>{key.fingerprint} </code>
            ))}
          </span>
          <Tooltip label="Remove from the case">
            <ActionIcon size={20} disabled={disabled} aria-label={`Remove ${set.label}`} onClick={() => remove(set.id)}>
              <IconTrash size={13} />
            </ActionIcon>
          </Tooltip>
        </li>
      ))}
    </ul>
  );
}
