/** What can be done with all files that the search and the status filter leave: withdraw, bring back, verify. */
import { Button, Menu } from '@mantine/core';
import { IconFiles } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { LedgerRow } from '../../../shared/engine.ts';
import { countOf } from '../../components/numbers.ts';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';
import { tell, tellFailure } from '../../state/messages.ts';
import { useVerifying, verify } from '../../state/verifying.ts';
import { canBringBack, canWithdraw, changeFiles } from './withdraw.ts';
import { WithdrawDialog } from './withdraw-dialog.tsx';

export function ShownMenu({ rows }: { rows: readonly LedgerRow[] }): ReactNode {
  const engine = useEngine();
  const busy = useApp((s) => s.importing !== null || s.opened?.access === 'read');
  const verifying = useVerifying((s) => s.progress !== null);
  const [asked, setAsked] = useState<LedgerRow[] | null>(null);
  const [counts, setCounts] = useState({ withdraw: 0, back: 0 });
  const bringBack = async (): Promise<void> => {
    const ids = rows.filter(canBringBack).map((row) => row.id);
    const done = idle.begin();
    try {
      tell(await changeFiles(engine, ({ store }) => store.bringBackFiles(ids)), `${countOf(ids.length, 'file')} brought back`);
    } catch (thrown) {
      tellFailure('The files could not be brought back.', thrown);
    } finally {
      done();
    }
  };
  return (
    <>
      <Menu
        position="bottom-end"
        withinPortal
        onOpen={() => setCounts({ withdraw: rows.filter(canWithdraw).length, back: rows.filter(canBringBack).length })}
      >
        <Menu.Target>
          <Button variant="default" leftSection={<IconFiles size={14} />} disabled={busy || verifying || rows.length === 0}>
            Files shown
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={counts.withdraw === 0} onClick={() => setAsked(rows.filter(canWithdraw))}>
            Withdraw {countOf(counts.withdraw, 'file')}…
          </Menu.Item>
          <Menu.Item disabled={counts.back === 0} onClick={() => void bringBack()}>
            Bring back {countOf(counts.back, 'withdrawn file')}
          </Menu.Item>
          <Menu.Item onClick={() => void verify(engine, { ledgerIds: rows.map((row) => row.id), grants: null })}>
            Verify {countOf(rows.length, 'file')} again
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked === null ? null : <WithdrawDialog files={asked} onClose={() => setAsked(null)} />}
    </>
  );
}
