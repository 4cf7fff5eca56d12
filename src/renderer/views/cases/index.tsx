/** All cases: open, make, rename, delete, recover; and the way in for somebody who starts the app for the first time. */
import { ActionIcon, Alert, Button, Group, Menu, Table, Text, Title } from '@mantine/core';
import { IconDots, IconFile, IconFolderOpen, IconPlayerPlay, IconPlus } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { CaseInfo } from '../../../shared/case.ts';
import { AppError } from '../../../shared/errors.ts';
import { openEvidence } from '../../app/commands.ts';
import { Mark } from '../../app/mark.tsx';
import { countOf, formatBytes, formatCount } from '../../components/numbers.ts';
import { useTime } from '../../components/use-time.ts';
import { visibleString } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { openCase } from '../../state/cases.ts';
import { useEngine } from '../../state/engine.tsx';
import { importOriginals, importSample } from '../../state/imports.ts';
import { tellFailure } from '../../state/messages.ts';
import './cases.css';
import { type LostCase, useCases, useStorage } from './queries.ts';

export default function CasesView(): ReactNode {
  const engine = useEngine();
  const { cases, lost, error } = useCases();
  const showDialog = useApp((s) => s.showDialog);
  const [busy, setBusy] = useState(false);

  const sample = (): void => {
    setBusy(true);
    void importSample(engine).finally(() => setBusy(false));
  };

  return (
    <div className="tc-cases">
      {error ? (
        <Alert color="red" title="The cases could not be listed.">
          {error}
        </Alert>
      ) : null}
      {cases === null && !error ? null : (
        <>
          {cases?.length === 0 ? <Welcome sample={sample} busy={busy} /> : null}
          {cases && cases.length > 0 ? (
            <>
              <Group justify="space-between" className="tc-cases-head">
                <Title order={1}>Cases</Title>
                <Group gap="sm">
                  <Button variant="default" leftSection={<IconPlayerPlay size={14} />} disabled={busy} onClick={sample}>
                    Open the sample trail
                  </Button>
                  <Button leftSection={<IconPlus size={14} />} onClick={() => showDialog({ dialog: 'new-case' })}>
                    New case
                  </Button>
                </Group>
              </Group>
              <CaseTable cases={cases} />
              <Text c="dimmed" mt="md">
                Drop files or folders anywhere on the window: without an open case they go into a new one.
              </Text>
            </>
          ) : null}
          {lost.length > 0 ? <LostCases lost={lost} /> : null}
          <StorageLine />
        </>
      )}
    </div>
  );
}

function Welcome({ sample, busy }: { sample: () => void; busy: boolean }): ReactNode {
  const engine = useEngine();
  const showDialog = useApp((s) => s.showDialog);
  return (
    <section className="tc-welcome" aria-labelledby="tc-welcome-title">
      <Mark size={56} />
      <Title order={1} id="tc-welcome-title">
        Drop CloudTrail archives here
      </Title>
      <Text c="dimmed" maw={560} ta="center">
        Folders as they come from the bucket, <code>.json</code>, <code>.json.gz</code> and <code>.zip</code>, thousands of files at once.
        Originals are only read, nothing leaves this computer, and every file gets a row in the evidence list.
      </Text>
      <Group gap="sm" mt="sm">
        <Button size="sm" leftSection={<IconFolderOpen size={16} />} onClick={() => openEvidence(engine, 'folder')}>
          Open folder…
        </Button>
        <Button size="sm" variant="default" leftSection={<IconFile size={16} />} onClick={() => openEvidence(engine, 'files')}>
          Open files…
        </Button>
        <Button size="sm" variant="default" leftSection={<IconPlus size={16} />} onClick={() => showDialog({ dialog: 'new-case' })}>
          New empty case…
        </Button>
      </Group>
      <div className="tc-sample">
        <div>
          <Text fw={600}>No archive at hand?</Text>
          <Text c="dimmed">The sample trail: three accounts, five days, and an intrusion to be found. Made up, and safe to play with.</Text>
        </div>
        <Button size="sm" variant="light" leftSection={<IconPlayerPlay size={16} />} loading={busy} onClick={sample}>
          Open the sample trail
        </Button>
      </div>
    </section>
  );
}

function CaseTable({ cases }: { cases: CaseInfo[] }): ReactNode {
  const engine = useEngine();
  const words = useTime();
  const current = useApp((s) => s.opened?.info.id ?? null);
  const { navigate, showDialog } = useApp.getState();
  const open = (info: CaseInfo): void => {
    if (info.id === current) navigate({ view: 'overview' });
    else void openCase(engine, info.id);
  };
  return (
    <Table.ScrollContainer minWidth={760} className="tc-cases-table">
      <Table highlightOnHover verticalSpacing={6} horizontalSpacing="md" aria-label="Cases">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th ta="right">Events</Table.Th>
            <Table.Th ta="right">Files</Table.Th>
            <Table.Th>First event ({words.zone})</Table.Th>
            <Table.Th>Last event ({words.zone})</Table.Th>
            <Table.Th>Opened ({words.zone})</Table.Th>
            <Table.Th w={40}>
              <span className="tc-hidden">Actions</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {cases.map((info) => {
            const name = visibleString(info.name);
            return (
              <Table.Tr key={info.id}>
                <Table.Td>
                  <button type="button" className="tc-plain tc-case-open" aria-label={`Open the case ${name}`} onClick={() => open(info)}>
                    {name}
                  </button>
                  {info.id === current ? <span className="tc-case-current">open</span> : null}
                </Table.Td>
                <Table.Td ta="right">{formatCount(info.events)}</Table.Td>
                <Table.Td ta="right">{formatCount(info.files)}</Table.Td>
                <Table.Td>{info.firstTime === null ? '–' : words.time(info.firstTime)}</Table.Td>
                <Table.Td>{info.lastTime === null ? '–' : words.time(info.lastTime)}</Table.Td>
                <Table.Td>{words.time(info.openedAt).slice(0, 16)}</Table.Td>
                <Table.Td>
                  <Menu position="bottom-end" shadow="md">
                    <Menu.Target>
                      <ActionIcon aria-label={`More for the case ${name}`}>
                        <IconDots size={16} />
                      </ActionIcon>
                    </Menu.Target>
                    <Menu.Dropdown aria-label={`Case ${name}`}>
                      <Menu.Item onClick={() => open(info)}>Open</Menu.Item>
                      <Menu.Item onClick={() => showDialog({ dialog: 'rename-case', id: info.id, name: info.name })}>Rename…</Menu.Item>
                      <Menu.Item color="red" onClick={() => showDialog({ dialog: 'delete-case', id: info.id, name: info.name })}>
                        Delete…
                      </Menu.Item>
                    </Menu.Dropdown>
                  </Menu>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function LostCases({ lost }: { lost: LostCase[] }): ReactNode {
  const engine = useEngine();
  const words = useTime();
  const [busy, setBusy] = useState<string | null>(null);
  const recover = async (id: LostCase['caseId']): Promise<void> => {
    setBusy(id);
    try {
      const info = await engine.store.recoverCase(id);
      // Opening a case clears the messages of the one before.
      const opened = await openCase(engine, info.id);
      if (info.unreadableEntries) {
        const lost = `${countOf(info.unreadableEntries, 'entry', 'entries')} could not be read: as many notes, stars or other things may be missing or old.`;
        tellFailure('The journal of this case is damaged.', new AppError('storage', lost));
      }
      if (opened) await importOriginals(engine);
    } catch (thrown) {
      tellFailure('The case could not be recovered.', thrown);
    } finally {
      setBusy(null);
    }
  };
  return (
    <Alert color="yellow" mt="lg" title={lost.length === 1 ? 'A case lost its database' : `${lost.length} cases lost their database`}>
      The browser storage that held the evidence is gone, but what was typed is in the journal. Recovering restores notes, stars and the
      audit log, then reads the originals again where they still are.
      {lost.map(({ caseId, name, changedAt }) => (
        <Group key={caseId} justify="space-between" mt="sm">
          <span>
            <strong>{visibleString(name)}</strong>, last changed {words.zoned(changedAt)}
          </span>
          <Button
            loading={busy === caseId}
            disabled={busy !== null}
            aria-label={`Recover the case ${visibleString(name)}`}
            onClick={() => void recover(caseId)}
          >
            Recover
          </Button>
        </Group>
      ))}
    </Alert>
  );
}

function StorageLine(): ReactNode {
  const storage = useStorage();
  if (!storage) return null;
  return (
    <Text c="dimmed" size="sm" mt="lg" className="tc-storage">
      Cases take {formatBytes(storage.usedBytes)} of the {formatBytes(storage.quotaBytes)} this app may use
      {storage.diskFreeBytes === null ? '' : `; ${formatBytes(storage.diskFreeBytes)} are free on the disk`}.{' '}
      {storage.persisted
        ? 'The system will not clear this storage by itself.'
        : 'The system has not promised to keep this storage when the disk runs full; what you type is also in a journal outside it.'}
    </Text>
  );
}
