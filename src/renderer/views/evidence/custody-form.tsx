/** Who collected the evidence, how and when: as typed in, for the case or for one import. */
import { Alert, Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ImportId } from '../../../shared/brand.ts';
import { CUSTODY_FIELDS, CUSTODY_LABEL, type Custody, MAX_CUSTODY_TEXT, NO_CUSTODY } from '../../../shared/custody.ts';
import { useEngine } from '../../state/engine.tsx';
import { useSubmit } from './use-submit.ts';

const HINT: Partial<Record<keyof Custody, string>> = {
  collectedBy: 'Name, organisation',
  collectedAt: 'Date, time and zone, as known',
  method: 'Tool and command, export, image',
  source: 'Bucket, account, host or medium',
  seal: 'Number of a seal, bag or receipt',
};

interface Props {
  of: ImportId | 'case';
  /** What is to be named in the title. */
  name: string;
  stated: Custody | null;
  /** What holds where a field is left empty. */
  base: Custody | null;
  onClose: () => void;
}

export function CustodyForm({ of, name, stated, base, onClose }: Props): ReactNode {
  const engine = useEngine();
  const [custody, setCustody] = useState<Custody>(stated ?? NO_CUSTODY);
  const { busy, error, submit } = useSubmit(() => engine.store.putCustody(of, custody), onClose);
  return (
    <Modal opened onClose={onClose} title={`Chain of custody of ${name}`} size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="xs">
        <p className="tc-ledger-continue">
          {of === 'case' ? 'Holds for every import that states nothing else.' : 'A field left empty says what is stated for the case.'}{' '}
          Earlier values stay in the audit log.
        </p>
        {CUSTODY_FIELDS.map((field, i) =>
          field === 'remarks' ? (
            <Textarea
              key={field}
              label={CUSTODY_LABEL[field]}
              autosize
              minRows={2}
              maxRows={8}
              maxLength={MAX_CUSTODY_TEXT}
              value={custody[field]}
              placeholder={base?.[field]}
              onChange={(e) => setCustody({ ...custody, [field]: e.currentTarget.value })}
            />
          ) : (
            <TextInput
              key={field}
              data-autofocus={i === 0 ? true : undefined}
              label={CUSTODY_LABEL[field]}
              maxLength={MAX_CUSTODY_TEXT}
              value={custody[field]}
              placeholder={base?.[field] || HINT[field]}
              onChange={(e) => setCustody({ ...custody, [field]: e.currentTarget.value })}
            />
          ),
        )}
        {error === null ? null : (
          <Alert color="red" title="It could not be saved">
            {error}
          </Alert>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={busy} onClick={() => void submit()}>
            Save
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
