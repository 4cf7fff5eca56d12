/** What the evidence covers and where it is silent: the map, what was recorded at all, who is foreign, and what changed logging. */
import { Alert, SegmentedControl, Switch } from '@mantine/core';
import { IconCalendarOff } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import { CoverageModel, type CoverageRow, type HourRange, hourStart, recordingStatements } from '../../../engine/client/coverage.ts';
import { coverageSentences } from '../../../engine/client/report.ts';
import type { ValueColumnId } from '../../../shared/columns.ts';
import { COVERAGE_CATEGORIES } from '../../../shared/coverage.ts';
import { EMPTY_SELECTION, type Filter, type GroupRow } from '../../../shared/plan.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { formatCount } from '../../components/numbers.ts';
import { useCoverageMap } from '../../components/use-coverage.ts';
import { useTime } from '../../components/use-time.ts';
import { useValueMenu, type ValueMenuControl } from '../../components/value-menu.tsx';
import { VisibleText } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { useSelection } from '../../state/selection.ts';
import { shortTime } from '../subject/short-time.ts';
import { ValueActions, ValueLink } from '../subject/value-row.tsx';
import { ForeignAccounts, LoggingChanges } from './coverage-cards.tsx';
import type { CategoryChoice } from './coverage-draw.ts';
import type { ColumnChoice } from './coverage-grid.ts';
import { Legend } from './coverage-legend.tsx';
import { CoverageMap } from './coverage-map.tsx';
import { useCoverage } from './queries.ts';
import './coverage.css';

/** Of eventCategory; the last one of COVERAGE_CATEGORIES is "not recorded". */
const CATEGORY_FILTERS = ['Management', 'Data', 'NetworkActivity', 'Insight'];

const MARK = { fact: '●', gap: '▲', alarm: '✕' };

export function Coverage(): ReactNode {
  const { value: coverage, error } = useCoverageMap();
  const { value: facts, error: factsError } = useCoverage();
  const importing = useApp((s) => s.importing !== null);
  const { utc } = useTime();
  const { open, menu } = useValueMenu();
  const model = useMemo(() => (coverage ? new CoverageModel(coverage) : null), [coverage]);
  if (error || factsError)
    return (
      <Alert color="red" title="The coverage could not be computed.">
        {error ?? factsError}
      </Alert>
    );
  if (importing && !model) {
    return (
      <EmptyState icon={<IconCalendarOff size={40} stroke={1.3} />} title="An import is running">
        What the evidence covers is worked out when all of it is in.
      </EmptyState>
    );
  }
  if (!facts || !model) return <div className="tc-ledger-page" aria-busy="true" />;
  const statements = [...recordingStatements(model.coverage, utc), ...coverageSentences(facts, utc)];
  return (
    <div className="tc-ledger-page">
      <Hours model={model} openMenu={open} />
      <ul className="tc-ledger-sentences" aria-label="What the evidence covers">
        {statements.map((s) => (
          <li key={s.text} data-kind={s.kind}>
            <span aria-hidden="true">{MARK[s.kind]}</span>
            <span>
              {s.kind === 'fact' ? null : <strong>{s.kind === 'gap' ? 'Not shown: ' : 'Attention: '}</strong>}
              <VisibleText text={s.text} limit={3000} />
            </span>
          </li>
        ))}
      </ul>
      <div className="tc-sub-cards">
        <ForeignAccounts coverage={model.coverage} openMenu={open} />
        <LoggingChanges coverage={model.coverage} openMenu={open} />
        <CoverageCard column="account" title="Accounts" other="Regions" list={facts.accounts} openMenu={open} />
        <CoverageCard column="awsRegion" title="Regions" other="Accounts" list={facts.regions} openMenu={open} />
      </div>
      {menu}
    </div>
  );
}

/** The map with its choices. A cell that is chosen becomes the selection, and its events are shown. */
function Hours({ model, openMenu }: { model: CoverageModel; openMenu: ValueMenuControl['open'] }): ReactNode {
  const [columns, setColumns] = useState<ColumnChoice>('fit');
  const [category, setCategory] = useState<CategoryChoice>('all');
  const [zoomed, setZoomed] = useState(false);
  const time = useSelection((s) => s.selection.time);
  const whole = useMemo(() => model.span(), [model]);
  const ranged = time.from !== null || time.to !== null;
  const selected = useMemo(() => (ranged ? model.hoursOf(time) : null), [model, ranged, time]);
  const around = useMemo(
    () => (whole && selected ? { from: Math.min(whole.from, selected.from), to: Math.max(whole.to, selected.to) } : whole),
    [whole, selected],
  );
  const range = zoomed && selected ? selected : around;
  if (!range) {
    return (
      <EmptyState icon={<IconCalendarOff size={40} stroke={1.3} />} title="No hour is covered">
        No event here has a readable time, and no file name tells when it was delivered.
      </EmptyState>
    );
  }
  const choose = (row: CoverageRow, hours: HourRange): void => {
    const filters: Filter[] = [
      { op: 'in', column: 'account', values: [row.account] },
      { op: 'in', column: 'awsRegion', values: [row.region] },
    ];
    if (category !== 'all' && category < CATEGORY_FILTERS.length)
      filters.push({ op: 'in', column: 'eventCategory', values: [CATEGORY_FILTERS[category]] });
    useSelection.getState().replace({ ...EMPTY_SELECTION, time: { from: hourStart(hours.from), to: hourStart(hours.to) }, filters });
    useApp.getState().navigate({ view: 'events' });
  };
  const present = COVERAGE_CATEGORIES.flatMap((_, i) =>
    i < CATEGORY_FILTERS.length && model.coverage.events.rows.some((r) => r.categories[i] > 0) ? [i] : [],
  );
  return (
    <section className="tc-cov" aria-label="Hours covered">
      <div className="tc-cov-bar">
        <SegmentedControl
          size="xs"
          aria-label="Events of"
          value={String(category)}
          onChange={(value) => setCategory(value === 'all' ? 'all' : Number(value))}
          data={[
            { value: 'all', label: 'All events' },
            ...present.map((i) => ({
              value: String(i),
              label: CATEGORY_FILTERS[i] === 'NetworkActivity' ? 'Network activity' : CATEGORY_FILTERS[i],
            })),
          ]}
        />
        <SegmentedControl
          size="xs"
          aria-label="Columns"
          value={columns}
          onChange={(value) => setColumns(value as ColumnChoice)}
          data={[
            { value: 'fit', label: 'Fit' },
            { value: 'hours', label: 'Hours' },
            { value: 'days', label: 'Days' },
          ]}
        />
        <Switch
          size="xs"
          label="Only the selected time"
          disabled={!selected}
          checked={zoomed && selected !== null}
          onChange={(e) => setZoomed(e.currentTarget.checked)}
        />
        <Legend />
      </div>
      <CoverageMap
        model={model}
        range={range}
        selected={zoomed ? null : selected}
        counted={selected}
        columns={columns}
        category={category}
        choose={choose}
        openMenu={openMenu}
      />
    </section>
  );
}

interface CardProps {
  column: ValueColumnId;
  title: string;
  other: string;
  list: { rows: GroupRow[]; total: number };
  openMenu: ValueMenuControl['open'];
}

function CoverageCard({ column, title, other, list, openMenu }: CardProps): ReactNode {
  const time = useTime();
  const named = list.rows.filter((r) => r.value !== null).length;
  return (
    <section className="tc-card tc-sub-card" aria-label={title}>
      <div className="tc-sub-card-head">
        <h2 className="tc-card-title">{title}</h2>
        <span className="tc-soft">
          {named < list.total ? `the ${formatCount(named)} largest of ` : ''}
          {formatCount(list.total)}
        </span>
      </div>
      <table className="tc-sub-table">
        <thead>
          <tr>
            <th>{title.slice(0, -1)}</th>
            <th className="num">Events</th>
            <th className="num">{other}</th>
            <th className="time">First ({time.zone})</th>
            <th className="time">Last ({time.zone})</th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map((r) => (
            <tr key={r.value ?? ''}>
              <td className="value">
                <ValueLink column={column} value={r.value} openMenu={openMenu} />
                <ValueActions column={column} value={r.value} openMenu={openMenu} />
              </td>
              <td className="num">{formatCount(r.count)}</td>
              <td className="num">{formatCount(r.distinct[0] ?? 0)}</td>
              <td className="time" title={time.zoned(r.first)}>
                {shortTime(time.time(r.first))}
              </td>
              <td className="time" title={time.zoned(r.last)}>
                {shortTime(time.time(r.last))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
