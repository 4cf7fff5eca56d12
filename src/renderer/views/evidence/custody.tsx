/** Chain of custody: what was stated for the case and its imports, and the checks of the evidence against its ledger. */
import { Alert, Button, Table } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { statedFields } from '../../../engine/client/report.ts';
import type { ImportRun } from '../../../shared/case.ts';
import { type CustodyBook, custodyOf } from '../../../shared/custody.ts';
import { useTime } from '../../components/use-time.ts';
import { VisibleText, visibleString } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { CustodyForm } from './custody-form.tsx';
import { type CustodyData, useCustody } from './queries.ts';
import { Verifications } from './verify.tsx';

const ROOTS_SHOWN = 3;

export function CustodyPart(): ReactNode {
  const { value, error } = useCustody();
  if (error)
    return (
      <Alert color="red" title="The chain of custody could not be read.">
        {error}
      </Alert>
    );
  if (!value) return <div className="tc-ledger-page" aria-busy="true" />;
  return (
    <div className="tc-ledger-page">
      <Stated data={value} />
      <Verifications records={value.verifications} />
    </div>
  );
}

function Stated({ data: { book, runs } }: { data: CustodyData }): ReactNode {
  const time = useTime();
  const readOnly = useApp((s) => s.opened?.access === 'read');
  const [editing, setEditing] = useState<ImportRun | 'case' | null>(null);
  const named = (run: ImportRun): string => visibleString(run.roots[0] ?? 'an import').slice(0, 80);
  return (
    <section className="tc-card tc-custody" aria-label="Chain of custody">
      <div className="tc-custody-head">
        <h2 className="tc-card-title">Who collected it, how and when</h2>
        <Button variant="default" disabled={readOnly} onClick={() => setEditing('case')}>
          {book.ofCase ? 'Edit for the case…' : 'State for the case…'}
        </Button>
      </div>
      <p className="tc-soft tc-custody-lead">
        As typed in, for the whole case and for each import. Paths, sizes, times and hashes are in the ledger by themselves.
      </p>
      {book.ofCase ? <Facts fields={statedFields(book.ofCase)} /> : null}
      {runs.length === 0 ? null : (
        <Table verticalSpacing={4} aria-label="Custody of imports">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Imported ({time.zone})</Table.Th>
              <Table.Th>What was opened</Table.Th>
              <Table.Th>Stated</Table.Th>
              <Table.Th>
                <span className="tc-hidden">Edit</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.map((run) => (
              <Table.Tr key={run.id}>
                <Table.Td className="tc-ledger-nowrap">{time.time(run.startedAt)}</Table.Td>
                <Table.Td>
                  {run.roots.slice(0, ROOTS_SHOWN).map((root) => (
                    <div key={root}>
                      <VisibleText text={root} limit={200} />
                    </div>
                  ))}
                  {run.roots.length > ROOTS_SHOWN ? <span className="tc-soft">and {run.roots.length - ROOTS_SHOWN} more</span> : null}
                </Table.Td>
                <Table.Td>
                  <StatedFor book={book} run={run} />
                </Table.Td>
                <Table.Td ta="right">
                  <Button
                    variant="subtle"
                    size="compact-xs"
                    disabled={readOnly}
                    aria-label={`Edit the custody of ${named(run)}`}
                    onClick={() => setEditing(run)}
                  >
                    Edit…
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {editing === null ? null : (
        <CustodyForm
          of={editing === 'case' ? 'case' : editing.id}
          name={editing === 'case' ? 'the case' : `the import of ${named(editing)}`}
          stated={editing === 'case' ? book.ofCase : (book.imports[editing.id] ?? null)}
          base={editing === 'case' ? null : book.ofCase}
          onClose={() => setEditing(null)}
        />
      )}
    </section>
  );
}

function StatedFor({ book, run }: { book: CustodyBook; run: ImportRun }): ReactNode {
  const own = book.imports[run.id];
  const fields = own ? statedFields(custodyOf({ ofCase: null, imports: { [run.id]: own } }, run.id)) : [];
  if (fields.length > 0) return <Facts fields={fields} />;
  return <span className="tc-absent">{book.ofCase ? 'as for the case' : 'nothing yet'}</span>;
}

export function Facts({ fields }: { fields: readonly [label: string, value: string][] }): ReactNode {
  return (
    <dl className="tc-ledger-facts">
      {fields.map(([label, value]) => (
        <div key={label} className="tc-custody-fact">
          <dt>{label}</dt>
          <dd>
            <VisibleText text={value} limit={4000} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
