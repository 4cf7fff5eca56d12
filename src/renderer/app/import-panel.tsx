/** Progress of the import that runs, in a corner so that the views stay usable and nothing is pushed around. */
import { ActionIcon, Button, Group, Progress, Text } from '@mantine/core';
import { IconMinus } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { countOf, formatBytes, formatCount, formatPercent } from '../components/numbers.ts';
import { formatDuration } from '../components/time.ts';
import { visibleString } from '../components/visible-text.tsx';
import { type ImportState, useApp } from '../state/app.ts';
import { useEngine } from '../state/engine.tsx';
import { cancelImport, forgetWaiting, pauseImport } from '../state/imports.ts';
import { importShare, importWord } from './status-bar.tsx';

export function ImportPanel(): ReactNode {
  const importing = useApp((s) => s.importing);
  const uploading = useApp((s) => s.uploading);
  // The panel belongs to one import: a new one opens it again.
  const [smallFor, setSmallFor] = useState<number | null>(null);
  if (uploading) {
    return (
      <section className="tc-import" aria-label="Import progress">
        <Text fw={600}>Taking in {formatCount(uploading.files)} files</Text>
        <Progress
          mt={8}
          value={uploading.bytesTotal > 0 ? (uploading.bytesDone / uploading.bytesTotal) * 100 : 0}
          aria-label="Bytes sent"
          transitionDuration={0}
        />
        <Text size="sm" c="dimmed" mt={4}>
          {formatBytes(uploading.bytesDone)} of {formatBytes(uploading.bytesTotal)}
        </Text>
      </section>
    );
  }
  if (!importing || smallFor === importing.startedAt) return null;
  return <Panel importing={importing} minimise={() => setSmallFor(importing.startedAt)} />;
}

function Panel({ importing, minimise }: { importing: ImportState; minimise: () => void }): ReactNode {
  const engine = useEngine();
  const { progress, rate, startedAt, cancelling, waiting } = importing;
  const paused = progress.paused && !cancelling ? progress.paused : null;
  const share = importShare(importing);
  const facts: [string, string][] = [
    ['Files', `${formatCount(progress.filesDone)} of ${formatCount(progress.filesFound)}${progress.walking ? '+' : ''}`],
    ['Records', formatCount(progress.records)],
    ['Records/s', rate === null ? '–' : formatCount(Math.round(rate))],
    ['Read', `${formatBytes(progress.bytesDone)} of ${formatBytes(progress.bytesFound)}${progress.walking ? '+' : ''}`],
    ['Rejected', formatCount(progress.filesRejected)],
    ['Already there', formatCount(progress.filesRepeated)],
  ];
  return (
    <section className="tc-import" aria-label="Import progress">
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600}>
          {cancelling
            ? 'Cancelling: finishing what is being written'
            : progress.walking && paused === null
              ? 'Importing, still looking for files'
              : importWord(importing)}
          {share === null ? '' : ` · ${formatPercent(progress.bytesDone, progress.bytesFound)}`}
        </Text>
        <ActionIcon aria-label="Make the import panel small" onClick={minimise}>
          <IconMinus size={14} />
        </ActionIcon>
      </Group>
      <Progress mt={8} value={(share ?? 0) * 100} aria-label="Share of the bytes read" transitionDuration={0} />
      <dl className="tc-import-grid">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {paused === null ? (
        <div className="tc-import-path" title={progress.reading ?? undefined}>
          <bdi dir="ltr">{visibleString(progress.reading ?? '')}</bdi>
        </div>
      ) : (
        <Text size="sm" mt={4} role="status">
          {paused}
        </Text>
      )}
      {waiting > 0 ? (
        <Text size="sm" c="dimmed" mt={4}>
          {countOf(waiting, 'dropped item')} will be imported after this.{' '}
          <Button variant="subtle" size="compact-xs" onClick={forgetWaiting}>
            Do not import {waiting === 1 ? 'it' : 'them'}
          </Button>
        </Text>
      ) : null}
      <Group justify="space-between" mt={8}>
        <Text size="sm" c="dimmed">
          {formatDuration(Date.now() - startedAt)} so far. You can work meanwhile.
        </Text>
        <Group gap={8} wrap="nowrap">
          {paused !== null && progress.resumable === false ? null : (
            <Button variant="default" disabled={cancelling} onClick={() => void pauseImport(engine, paused === null)}>
              {paused === null ? 'Pause' : 'Resume'}
            </Button>
          )}
          <Button variant="default" color="red" disabled={cancelling} onClick={() => void cancelImport(engine)}>
            Cancel import
          </Button>
        </Group>
      </Group>
    </section>
  );
}
