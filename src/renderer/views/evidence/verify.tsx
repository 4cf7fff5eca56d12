/** Verifying again: the button, its progress, and every check that was made, with what was not as it had been. */
import { Button, Menu, Progress } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { findingText, isClean, verificationSentences } from '../../../engine/client/report.ts';
import type { Verification } from '../../../shared/custody.ts';
import { chooseOriginals } from '../../app/choose-originals.ts';
import { countOf, formatBytes, formatCount } from '../../components/numbers.ts';
import { useTime } from '../../components/use-time.ts';
import { VisibleText, visibleString } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { cancelVerify, useVerifying, verify } from '../../state/verifying.ts';

const FINDINGS_SHOWN = 50;

export function Verifications({ records }: { records: readonly Verification[] }): ReactNode {
  const engine = useEngine();
  const progress = useVerifying((s) => s.progress);
  const cancelling = useVerifying((s) => s.cancelling);
  const busy = useApp((s) => s.importing !== null || s.opened?.access === 'read') || progress !== null;
  const again = (what: 'files' | 'folder'): void =>
    chooseOriginals(
      engine,
      what,
      (grants) => void verify(engine, { ledgerIds: null, grants: grants.map(({ id, label }) => ({ id, label })) }),
    );
  return (
    <section className="tc-card tc-custody" aria-label="Verification">
      <div className="tc-custody-head">
        <h2 className="tc-card-title">Verified again</h2>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button variant="default" disabled={busy}>
              Choose originals…
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => again('folder')}>Folder…</Menu.Item>
            <Menu.Item onClick={() => again('files')}>Files…</Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <Button
          leftSection={<IconShieldCheck size={14} />}
          disabled={busy}
          onClick={() => void verify(engine, { ledgerIds: null, grants: null })}
        >
          Verify all files
        </Button>
      </div>
      <p className="tc-soft tc-custody-lead">
        Hashes the originals where they were imported from, and the bytes that the case keeps, and compares them with the ledger. Nothing is
        changed. Files that were dropped on a browser have no path: choose them, or their folder, again.
      </p>
      {progress === null ? null : (
        <div className="tc-custody-progress" role="status">
          <span>
            {cancelling ? 'Cancelling' : progress.place === 'disk' ? 'Reading the originals' : 'Reading the bytes in the case'}:{' '}
            {formatCount(progress.filesDone)}
            {progress.files === null ? '' : ` of ${formatCount(progress.files)}`} files, {formatBytes(progress.bytesDone)}
          </span>
          <Progress
            value={progress.files ? (progress.filesDone / progress.files) * 100 : 0}
            aria-label="Share of the files"
            transitionDuration={0}
          />
          <Button variant="default" size="compact-xs" disabled={cancelling} onClick={() => void cancelVerify(engine)}>
            Cancel
          </Button>
        </div>
      )}
      {records.length === 0 && progress === null ? <p className="tc-absent">Nothing was verified again since it was imported.</p> : null}
      {records.map((record, i) => (
        <RecordOf key={record.id} record={record} open={i === 0} />
      ))}
    </section>
  );
}

function RecordOf({ record, open }: { record: Verification; open: boolean }): ReactNode {
  const time = useTime();
  const [all, setAll] = useState(false);
  const clean = isClean(record);
  const shown = all ? record.findings : record.findings.slice(0, FINDINGS_SHOWN);
  return (
    <details className="tc-custody-record" open={open} data-clean={clean}>
      <summary>
        <span aria-hidden="true">{record.cancelled ? '■' : clean ? '✓' : '✕'}</span> {time.zoned(record.startedAt)},{' '}
        {record.only === null ? (
          record.chosen.length > 0 ? (
            `all files, with ${visibleString(record.chosen.slice(0, 3).join(', '))}`
          ) : (
            'all files'
          )
        ) : (
          <VisibleText text={record.only} limit={200} />
        )}
        :{' '}
        <strong>
          {record.cancelled
            ? 'cancelled'
            : clean
              ? 'nothing was found changed'
              : countOf(record.findings.length + record.findingsLeftOut, 'finding')}
        </strong>
      </summary>
      <ul className="tc-custody-sentences">
        {verificationSentences(record).map((sentence) => (
          <li key={sentence}>
            <VisibleText text={sentence} limit={1000} />
          </li>
        ))}
        <li className="tc-soft">By version {record.appVersion}</li>
      </ul>
      {shown.length === 0 ? null : (
        <ol className="tc-ledger-problems" aria-label="Findings">
          {shown.map((finding) => (
            <li key={`${finding.place} ${finding.ledgerId}`} data-outcome={finding.outcome}>
              <button
                type="button"
                className="tc-custody-path"
                onClick={() => useApp.getState().navigate({ view: 'evidence', file: finding.path })}
              >
                <VisibleText text={finding.path} limit={500} />
              </button>
              <div>
                <VisibleText text={findingText(finding, time.utc)} limit={2000} />
              </div>
            </li>
          ))}
        </ol>
      )}
      {record.findings.length > shown.length ? (
        <Button variant="subtle" size="compact-xs" onClick={() => setAll(true)}>
          Show all {formatCount(record.findings.length)}
        </Button>
      ) : null}
      {record.findingsLeftOut > 0 ? (
        <p className="tc-soft">{formatCount(record.findingsLeftOut)} more were found and only counted.</p>
      ) : null}
    </details>
  );
}
