/** The evidence: every file seen and what became of it, what all of it covers, and how it got here. */
import { Alert, Button, SegmentedControl } from '@mantine/core';
import { IconFileOff } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import { openEvidence } from '../../app/commands.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { formatCount } from '../../components/numbers.ts';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { usePlace } from '../../state/place.ts';
import { Aggregated } from './aggregated.tsx';
import { Contradictions } from './contradictions.tsx';
import { Coverage } from './coverage.tsx';
import { CustodyPart } from './custody.tsx';
import { Files } from './files.tsx';
import { Imports } from './imports.tsx';
import { Integrity } from './integrity.tsx';
import { useAggregated, useIntegrity, useLedger } from './queries.ts';
import { useConflictCount } from './use-conflicts.ts';
import '../overview/overview.css';
import '../subject/subject.css';
import '../../components/row-grid.css';
import './custody.css';
import './evidence.css';

type Part = 'files' | 'integrity' | 'contradictions' | 'coverage' | 'aggregated' | 'custody' | 'imports';

export default function Evidence(): ReactNode {
  const caseId = useApp((s) => s.opened?.info.id);
  return <EvidenceOfCase key={caseId ?? ''} />;
}

function EvidenceOfCase(): ReactNode {
  const engine = useEngine();
  const file = useApp((s) => (s.route.view === 'evidence' ? s.route.file : undefined));
  const askedPart = useApp((s) => (s.route.view === 'evidence' ? s.route.part : undefined));
  const [part, setPart] = usePlace<Part>('part', askedPart ?? 'files');
  const [shownFile, setShownFile] = useState(file);
  if (file !== shownFile) {
    setShownFile(file);
    if (file !== undefined) setPart(askedPart ?? 'files');
  }
  const [shownPart, setShownPart] = useState(askedPart);
  if (askedPart !== shownPart) {
    setShownPart(askedPart);
    if (askedPart !== undefined) setPart(askedPart);
  }
  // The way back from the events of a cell leads to the map again.
  const choose = (chosen: Part): void => {
    setPart(chosen);
    useApp.getState().replace(chosen === 'coverage' ? { view: 'evidence', part: chosen } : { view: 'evidence' });
  };
  const ledger = useLedger();
  const aggregated = useAggregated();
  const integrity = useIntegrity();
  const verdicts = useMemo(() => new Map(integrity.value?.rows.map((row) => [row.ledgerId, row])), [integrity.value]);
  const importing = useApp((s) => s.importing !== null);
  const eventID = useApp((s) => (s.route.view === 'evidence' ? s.route.eventID : undefined));
  const conflicts = useConflictCount();
  const windows = aggregated.value?.length ?? 0;
  return (
    <div className="tc-gl tc-ledger">
      <div className="tc-ledger-tabs">
        <h1 className="tc-gl-title">Evidence</h1>
        <SegmentedControl
          aria-label="Part of the evidence"
          value={part}
          onChange={(value) => choose(value as Part)}
          data={[
            { value: 'files', label: 'Files' },
            { value: 'integrity', label: 'Integrity' },
            { value: 'contradictions', label: `Contradictions${conflicts > 0 ? ` (${formatCount(conflicts)})` : ''}` },
            { value: 'coverage', label: 'Coverage' },
            { value: 'aggregated', label: `Aggregated windows${windows > 0 ? ` (${formatCount(windows)})` : ''}` },
            { value: 'custody', label: 'Custody' },
            { value: 'imports', label: 'Imports and storage' },
          ]}
        />
      </div>
      {ledger.error ? (
        <Alert color="red" title="The ledger could not be read.">
          {ledger.error}
        </Alert>
      ) : null}
      {part === 'integrity' ? <Integrity key={file} loaded={integrity} file={file} /> : null}
      {part === 'contradictions' ? <Contradictions key={eventID} eventID={eventID} /> : null}
      {part === 'coverage' ? <Coverage /> : null}
      {part === 'aggregated' ? <Aggregated loaded={aggregated} /> : null}
      {part === 'custody' ? <CustodyPart /> : null}
      {part === 'imports' ? <Imports /> : null}
      {part === 'files' && ledger.value ? (
        ledger.value.rows.length === 0 ? (
          <EmptyState
            icon={<IconFileOff size={40} stroke={1.3} />}
            title={importing ? 'The first files are being read' : 'No file has been imported'}
            actions={importing ? null : <Button onClick={() => openEvidence(engine, 'folder')}>Open folder…</Button>}
          >
            Drop CloudTrail files or folders on the window. Every file seen gets a row here, with its hash and what became of it.
          </EmptyState>
        ) : (
          <Files totals={ledger.value.totals} rows={ledger.value.rows} verdicts={verdicts} />
        )
      ) : null}
    </div>
  );
}
