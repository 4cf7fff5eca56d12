// biome-ignore-all lint/a11y/useSemanticElements: cells of a virtual grid, which cannot be a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus
/** Every credential that the events use or issue: what it is, who is behind it, and whether that is proven. Questions 5 to 9. */
import { Alert, Button, Chip, CloseButton, SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useCallback, useState } from 'react';
import type { CredentialKind, CredentialRow, CredentialSort } from '../../../shared/lineage.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { countOf, formatCount } from '../../components/numbers.ts';
import { NumberCell, RowGrid, type RowTarget, SortHead } from '../../components/row-grid.tsx';
import { type TimeWords, useTime } from '../../components/use-time.ts';
import { MiddleText } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { usePlace } from '../../state/place.ts';
import { isEverything, useSelection } from '../../state/selection.ts';
import { useSettled } from '../../state/use-settled.ts';
import { shortTime } from '../subject/short-time.ts';
import { useCredentialList } from './queries.ts';
import { credentialName, identityTarget, kindHelp, kindLabel, shortIdentity } from './words.ts';
import './credentials.css';

const TYPING_MS = 180;
/** A key of 20 characters is whole in the first column, in the heads there is room for the arrow of the order. */
const TEMPLATE = '214px 110px minmax(112px, 1fr) minmax(112px, 1.1fr) 54px 72px 62px 60px 128px 128px';
const MIN_WIDTH = 1082;
const ASCENDING_FIRST: readonly CredentialSort[] = ['id', 'first', 'issued'];

export default function Credentials(): ReactNode {
  const selection = useSelection((s) => s.selection);
  const clear = useSelection((s) => s.clear);
  const navigate = useApp((s) => s.navigate);
  const time = useTime();
  const [sort, setSort] = usePlace<{ by: CredentialSort; descending: boolean }>('sort', { by: 'events', descending: true });
  const [typed, setTyped] = usePlace('find', '');
  const find = useSettled(typed, TYPING_MS);
  const [kinds, setKinds] = usePlace<CredentialKind[]>('kinds', []);
  const [scope, setScope] = usePlace<'selection' | 'case'>('scope', 'selection');
  const [seen, setSeen] = useState({ first: 0, last: 40 });
  const onSeen = useCallback((first: number, last: number) => setSeen({ first, last }), []);
  const question = {
    selection: scope === 'case' ? null : selection,
    kinds: kinds.length === 0 ? null : kinds,
    find,
    sort: sort.by,
    descending: sort.descending,
  };
  const list = useCredentialList(question, seen.first, seen.last);
  const onSort = (by: CredentialSort): void =>
    setSort((s) => (s.by === by ? { by, descending: !s.descending } : { by, descending: !ASCENDING_FIRST.includes(by) }));
  const head = (id: CredentialSort, label: string, help: string, number = false): ReactNode => (
    <SortHead id={id} label={label} help={help} number={number} sort={sort} onSort={onSort} />
  );
  const total = list.value?.total ?? null;
  return (
    <div className="tc-gl">
      <div className="tc-gl-bar">
        <h1 className="tc-gl-title">
          <span role="status">
            {total === null ? 'Credentials' : `${countOf(total, 'credential')}${find.trim() || kinds.length > 0 ? ' found' : ''}`}
          </span>
        </h1>
        <TextInput
          className="tc-gl-find"
          aria-label="Find credentials"
          placeholder="Find by key, session, person…"
          maxLength={500}
          value={typed}
          onChange={(e) => setTyped(e.currentTarget.value)}
          leftSection={<IconSearch size={13} />}
          rightSection={typed ? <CloseButton size="xs" aria-label="Clear" onClick={() => setTyped('')} /> : null}
        />
        <SegmentedControl
          size="xs"
          aria-label="Which credentials"
          value={scope}
          onChange={(value) => setScope(value === 'case' ? 'case' : 'selection')}
          data={[
            { value: 'selection', label: 'Used in the selection' },
            { value: 'case', label: 'All, unused too' },
          ]}
        />
        <div className="tc-gl-help">
          A key or a session is not a person. “Behind it” is the earliest actor that the records show: proven when each step is a recorded
          key ID, inferred where names and times had to do.
        </div>
      </div>
      <fieldset className="tc-cred-kinds" aria-label="Kinds">
        {(list.value?.byKind ?? []).map(({ kind, count }) => (
          <Chip
            key={kind}
            size="xs"
            checked={kinds.includes(kind)}
            onChange={(on) => setKinds((now) => (on ? [...now, kind] : now.filter((k) => k !== kind)))}
            title={kindHelp(kind)}
          >
            {kindLabel(kind)} {formatCount(count)}
          </Chip>
        ))}
      </fieldset>
      {list.error ? (
        <Alert color="red" title="The credentials could not be computed." m="xs">
          {list.error.message}
        </Alert>
      ) : null}
      {total === 0 ? (
        <EmptyState
          title={find.trim() ? 'No credential contains this text' : 'No credential in this selection'}
          actions={isEverything(selection) || scope === 'case' ? null : <Button onClick={clear}>Reset the selection</Button>}
        >
          {find.trim()
            ? 'Search is by any part of the key ID, the identity, whom it was issued to, or who is behind it.'
            : 'No event here was made with a key, a session, or by anybody that the record names.'}
        </EmptyState>
      ) : (
        <RowGrid
          label="Credentials"
          total={total ?? 0}
          busy={list.loading}
          template={TEMPLATE}
          minWidth={MIN_WIDTH}
          place={JSON.stringify([find, kinds, scope, sort])}
          onSeen={onSeen}
          open={(index) => {
            const row = list.row(index);
            if (row) navigate({ view: 'credential', id: row.id });
          }}
          targets={(index) => targetsOf(list.row(index))}
          head={
            <>
              {head('id', 'Credential', 'Access key ID, or the session where no key ID is recorded')}
              <span role="columnheader">Kind</span>
              <span role="columnheader" title="The identity it acts as; before its first use whom it was issued to">
                Acts as
              </span>
              <span role="columnheader" title="The earliest actor that the records show">
                Behind it
              </span>
              {head('depth', 'Hops', 'Steps from it to who is behind it; 0: it is the origin itself', true)}
              {head('events', 'Events', 'Events made with it', true)}
              {head('denied', 'Denied', 'Authorization failures', true)}
              {head('children', 'Issued', 'Credentials that were issued from it', true)}
              {head('first', `First (${time.zone})`, 'Its first use')}
              {head('last', `Last (${time.zone})`, 'Its last use')}
            </>
          }
          cells={(index) => {
            const row = list.row(index);
            return row ? <Cells row={row} time={time} /> : undefined;
          }}
        />
      )}
    </div>
  );
}

/** The key (or, without one, the identity), whom it acts as, and who is behind it: a value of a column each. */
export function targetsOf(row: CredentialRow | undefined): RowTarget[] {
  if (!row) return [];
  const targets: RowTarget[] = [
    row.accessKeyId !== null ? { column: 'accessKeyId', values: [row.accessKeyId], cell: 0 } : { ...identityTarget(row), cell: 0 },
  ];
  if (row.identity !== null) targets.push({ ...identityTarget(row), cell: 2 });
  else if (row.issuedTo !== null) targets.push({ column: 'issuedTo', values: [row.issuedTo], cell: 2 });
  if (row.origin !== null) targets.push({ column: 'origin', values: [row.origin], cell: 3 });
  return targets;
}

/** Short, and whole on hover. */
function Identity({ whole }: { whole: string | null }): ReactNode {
  if (whole === null) return <span className="tc-absent">(absent)</span>;
  return (
    <span className="tc-cred-identity">
      <MiddleText text={shortIdentity(whole)} whole={whole} />
    </span>
  );
}

function Cells({ row, time }: { row: CredentialRow; time: TimeWords }): ReactNode {
  const inferred = row.depth > 0 && row.originProof === 'inferred';
  const when = (at: CredentialRow['firstUse']): ReactNode => (
    <span role="gridcell" title={time.zoned(at)}>
      {at === null ? <span className="tc-soft">–</span> : shortTime(time.time(at))}
    </span>
  );
  return (
    <>
      <span role="gridcell" className="tc-gl-value">
        <MiddleText text={credentialName(row)} />
      </span>
      <span role="gridcell" title={kindHelp(row.kind)}>
        {kindLabel(row.kind)}
      </span>
      <span role="gridcell">
        <Identity whole={row.identity ?? row.issuedTo} />
      </span>
      <span role="gridcell">
        {row.depth === 0 ? (
          <span className="tc-soft" title={row.stop.text}>
            itself
          </span>
        ) : (
          <>
            <span
              className="tc-cred-proof"
              data-proof={row.originProof}
              title={inferred ? 'Inferred: not every step is a recorded key ID' : 'Proven: each step is a recorded key ID'}
            >
              {inferred ? '≈ ' : '= '}
            </span>
            <Identity whole={row.origin} />
          </>
        )}
      </span>
      <NumberCell n={row.depth} />
      <NumberCell n={row.events} />
      <NumberCell n={row.denied} tone="denied" mark="⊘" />
      <NumberCell n={row.children} />
      {when(row.firstUse)}
      {when(row.lastUse)}
    </>
  );
}
