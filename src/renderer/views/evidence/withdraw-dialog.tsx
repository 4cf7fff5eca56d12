/** Asks why files are withdrawn, says what that means, and does it. */
import { Alert, Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { MAX_WITHDRAWAL_REASON } from '../../../shared/custody.ts';
import type { LedgerRow } from '../../../shared/engine.ts';
import { countOf, formatCount } from '../../components/numbers.ts';
import { VisibleText } from '../../components/visible-text.tsx';
import { useEngine } from '../../state/engine.tsx';
import { tell } from '../../state/messages.ts';
import { useSubmit } from './use-submit.ts';
import { changeFiles } from './withdraw.ts';

const NAMED = 5;

export function WithdrawDialog({ files, onClose }: { files: readonly LedgerRow[]; onClose: () => void }): ReactNode {
  const engine = useEngine();
  const [reason, setReason] = useState('');
  const records = files.reduce((sum, file) => sum + (file.status === 'repeated' ? 0 : file.records), 0);
  const { busy, error, submit } = useSubmit(async () => {
    const ids = files.map((file) => file.id);
    const said = await changeFiles(engine, ({ store }) => store.withdrawFiles(ids, reason));
    tell(said, files.length === 1 ? 'File withdrawn' : `${countOf(files.length, 'file')} withdrawn`);
  }, onClose);
  return (
    <Modal
      opened
      onClose={onClose}
      title={files.length === 1 ? 'Withdraw a file from the evidence' : `Withdraw ${countOf(files.length, 'file')} from the evidence`}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="sm">
        <ul className="tc-custody-names">
          {files.slice(0, NAMED).map((file) => (
            <li key={file.id}>
              <VisibleText text={file.path} limit={500} />
            </li>
          ))}
          {files.length > NAMED ? <li>and {formatCount(files.length - NAMED)} more</li> : null}
        </ul>
        <p className="tc-ledger-continue">
          {records === 0
            ? 'No event rests on what is withdrawn here alone.'
            : `${files.length === 1 ? 'Its' : 'Their'} ${countOf(records, 'record')} ${records === 1 ? 'leaves' : 'leave'} every view, count and chart, unless other files hold the same events.`}{' '}
          The ledger, the audit log and the report keep the file, its hash and your reason. The bytes stay in the case, so that it can be
          brought back.
        </p>
        <Textarea
          data-autofocus
          required
          label="Reason"
          placeholder="For example: belongs to another customer, was collected by mistake"
          minRows={2}
          maxRows={8}
          autosize
          maxLength={MAX_WITHDRAWAL_REASON}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        {error === null ? null : (
          <Alert color="red" title="Nothing was withdrawn">
            {error}
          </Alert>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Keep
          </Button>
          <Button color="red.9" loading={busy} disabled={reason.trim() === ''} onClick={() => void submit()}>
            Withdraw
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
