/** The dialog that exports the report: form and parts are chosen, the selection is said, the file is saved. */
import { Alert, Button, Checkbox, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { Fragment, type ReactNode, useState } from 'react';
import { type Engine, oneChunk, printPdf, saveStream } from '../../../engine/client/index.ts';
import {
  ALL_PARTS,
  collectReport,
  type ReportData,
  type ReportParts,
  renderHtml,
  renderMarkdown,
  selectionPhrases,
} from '../../../engine/client/report.ts';
import { epochMs } from '../../../shared/brand.ts';
import { toAppError } from '../../../shared/errors.ts';
import { useReportTrees } from '../../components/report-trees.ts';
import { useTime } from '../../components/use-time.ts';
import { visibleString } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';
import { tell } from '../../state/messages.ts';
import { useSelection } from '../../state/selection.ts';
import { type ReportFormat, reportName } from './report-name.ts';
import { TreesInReport } from './trees-in-report.tsx';

const MIME: Record<ReportFormat, string> = {
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  md: 'text/markdown; charset=utf-8',
};

const PARTS: readonly { id: keyof ReportParts; label: string; help: string }[] = [
  { id: 'timeline', label: 'Timeline', help: 'of the selection, by outcome' },
  { id: 'principals', label: 'Principals', help: 'of the selection, with counts, first and last time' },
  {
    id: 'trees',
    label: 'Credential trees',
    help: 'those that were put into the report on the page of a credential, as the evidence is now',
  },
  { id: 'notes', label: 'Notes', help: 'all notes of the case, with the events they cite' },
  { id: 'records', label: 'Exact text of cited records', help: 'which notes and trees cite, with the SHA-256 of each' },
  { id: 'evidence', label: 'Evidence list', help: 'every file with its hashes, and the imports' },
];

const NO_TREES = 'none yet: a credential’s page puts its tree, or a part of it, into the report';

async function content(format: ReportFormat, data: ReportData): Promise<string | Uint8Array> {
  if (format === 'md') return renderMarkdown(data);
  return format === 'pdf' ? printPdf(renderHtml(data)) : renderHtml(data);
}

export default function ExportReportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }): ReactNode {
  const engine = useEngine();
  const open = useApp((s) => s.opened);
  const importing = useApp((s) => s.importing !== null);
  const selection = useSelection((s) => s.selection);
  const { utc, zone } = useTime();
  const report = useReportTrees();
  const [format, setFormat] = useState<ReportFormat>('html');
  const [parts, setParts] = useState<ReportParts>(ALL_PARTS);
  const [working, setWorking] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  if (!open) return null;
  const phrases = selectionPhrases(selection, utc);
  const citing = parts.notes || parts.trees;

  const save = async (): Promise<void> => {
    const done = idle.begin();
    setError(null);
    setWorking('Reading what the evidence covers');
    try {
      const data = await collectReport(engine, {
        caseName: open.info.name,
        caseCreatedAt: open.info.createdAt,
        selection,
        utc,
        generatedAt: epochMs(Date.now()),
        parts,
        onProgress: setWorking,
      });
      setWorking(format === 'pdf' ? 'Printing' : 'Writing');
      const whole = await content(format, data);
      setWorking('Saving');
      const name = reportName(open.info.name, data.generatedAt, format);
      const saved = await saveStream(name, MIME[format], oneChunk(whole));
      if (!saved) return;
      await noteExport(engine, { name: saved.label, format, parts, selection: data.conditions, events: data.scope.events });
      tell(`Saved ${saved.label}.`, 'Report exported');
      onClose();
    } catch (thrown) {
      setError(toAppError(thrown).message);
    } finally {
      setWorking(null);
      done();
    }
  };

  return (
    <Modal
      opened={opened}
      onClose={working ? () => undefined : onClose}
      title="Export the report"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="md">
        <SegmentedControl
          aria-label="Form of the report"
          value={format}
          onChange={(value) => setFormat(value as ReportFormat)}
          data={[
            { value: 'html', label: 'HTML (one file)' },
            { value: 'pdf', label: 'PDF' },
            { value: 'md', label: 'Markdown' },
          ]}
        />
        <div>
          <Text fw={600}>What was seen is what is exported</Text>
          {phrases.length === 0 ? (
            <Text c="dimmed">The whole case: no time range and no filter is set.</Text>
          ) : (
            <ul className="tc-report-phrases">
              {phrases.slice(0, 12).map((phrase) => (
                <li key={phrase}>{visibleString(phrase.length > 300 ? `${phrase.slice(0, 299)}…` : phrase)}</li>
              ))}
              {phrases.length > 12 ? <li>and {phrases.length - 12} more conditions</li> : null}
            </ul>
          )}
          <Text c="dimmed">Times in {utc ? 'UTC' : `the zone of this computer (now ${zone})`}.</Text>
        </div>
        <Stack gap={6} role="group" aria-label="Parts of the report">
          {PARTS.map(({ id, label, help }) => (
            <Fragment key={id}>
              <Checkbox
                size="xs"
                styles={{ label: { fontSize: 13 }, description: { fontSize: 12 } }}
                label={label}
                description={id === 'trees' && report.trees?.length === 0 ? NO_TREES : help}
                checked={parts[id] && (id !== 'records' || citing)}
                disabled={id === 'records' && !citing}
                onChange={(e) => setParts({ ...parts, [id]: e.currentTarget.checked })}
              />
              {id === 'trees' && parts.trees ? <TreesInReport report={report} disabled={working !== null} onClose={onClose} /> : null}
            </Fragment>
          ))}
          <Text c="dimmed" size="sm">
            Always there: the case, the selection in words, what the evidence covers and what it does not, the version, and how to verify.
          </Text>
        </Stack>
        {importing ? <Alert color="yellow">An import is running: the report would hold what is in the case so far.</Alert> : null}
        {error ? (
          <Alert color="red" title="The report could not be exported.">
            {error}
          </Alert>
        ) : null}
        <Group justify="flex-end" gap="sm">
          <Text c="dimmed" role="status" mr="auto">
            {working ? `${working}…` : ''}
          </Text>
          <Button variant="default" disabled={working !== null} onClick={onClose}>
            Cancel
          </Button>
          <Button loading={working !== null} onClick={() => void save()}>
            Export
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** The report is on the disk already: that the log of a read-only window cannot take the entry must not look like a failed export. */
async function noteExport(engine: Engine, detail: object): Promise<void> {
  await engine.store.audit('export-report', detail).catch((thrown: unknown) => console.warn('the export is not in the audit log', thrown));
}
