// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid cannot be a <table>; the roles say what the elements are
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active cell (aria-activedescendant)
/** One row of the events table, and the row that stands in for one not fetched yet. */
import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { memo, type ReactNode } from 'react';
import type { EpochMs } from '../../../shared/brand.ts';
import { type ColumnId, columnSpec } from '../../../shared/columns.ts';
import type { PageRow } from '../../../shared/plan.ts';
import { EventVerdictBadge, verdictWarning } from '../../components/event-verdict.tsx';
import { zoneLabel } from '../../components/time.ts';
import type { TimeWords } from '../../components/use-time.ts';
import { valueWords } from '../../components/value-words.ts';
import { MiddleText } from '../../components/visible-text.tsx';
import { cellValues, KIND_WORD, marksOf, OUTCOME_WORD } from './cells.ts';
import { NUMBER_COLUMNS } from './table-settings.ts';

const KIND_GLYPH = { read: '○', write: '◆', unknown: '·' } as const;
const OUTCOME_GLYPH = { success: '', denied: '⊘', error: '✕' } as const;

export interface RowProps {
  row: PageRow | undefined;
  index: number;
  columns: readonly ColumnId[];
  asked: readonly ColumnId[];
  top: number;
  height: number;
  template: string;
  selected: boolean;
  focused: boolean;
  /** Index of the focused cell, in the focused row only. */
  focusedCell: number;
  open: boolean;
  /** Shares its second with the row above, below: `start`, `middle`, `end`, or null. */
  tie: 'start' | 'middle' | 'end' | null;
  time: TimeWords;
}

export const SAME_SECOND = 'same second, order unknown';

export const EventRow = memo(function EventRow(props: RowProps): ReactNode {
  const { row, index, columns } = props;
  const style = { transform: `translateY(${props.top}px)`, height: props.height, gridTemplateColumns: props.template };
  if (!row) {
    return (
      <div role="row" aria-rowindex={index + 2} aria-busy="true" className="tc-ev-row tc-ev-waiting" style={style} id={`tc-ev-${index}`}>
        <span role="gridcell" aria-label="loading" />
        {columns.map((id) => (
          <span role="gridcell" key={id} className="tc-ev-cell">
            <span className="tc-ev-bar" />
          </span>
        ))}
      </div>
    );
  }
  const marks = marksOf(row, props.asked);
  const classes = [
    'tc-ev-row',
    index % 2 === 1 ? 'odd' : '',
    props.selected ? 'selected' : '',
    props.focused ? 'focused' : '',
    props.open ? 'open' : '',
  ];
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={props.selected}
      className={classes.join(' ')}
      style={style}
      id={`tc-ev-${index}`}
      data-row={index}
      data-outcome={marks.outcome}
    >
      <RowMarks row={row} marks={marks} />
      {columns.map((id, i) => (
        <Cell
          key={id}
          {...props}
          row={row}
          column={id}
          outcome={marks.outcome}
          active={props.focused && props.focusedCell === i}
          place={i}
        />
      ))}
    </div>
  );
});

function RowMarks({ row, marks }: { row: PageRow; marks: ReturnType<typeof marksOf> }): ReactNode {
  const words = [KIND_WORD[marks.kind], OUTCOME_WORD[marks.outcome]];
  const warning = verdictWarning(marks.integrity);
  return (
    <span role="gridcell" className="tc-ev-marks">
      <span className="tc-ev-hidden">{[row.starred ? 'starred' : '', ...words, warning].filter(Boolean).join(', ')}</span>
      <span aria-hidden="true" className="tc-ev-star" data-star title={row.starred ? 'Starred (s)' : 'Star (s)'}>
        {row.starred ? <IconStarFilled size={13} /> : <IconStar size={13} />}
      </span>
      <span aria-hidden="true" className={`tc-ev-kind ${marks.kind}`} title={words[0]}>
        {KIND_GLYPH[marks.kind]}
      </span>
      <span aria-hidden="true" className={`tc-ev-outcome ${marks.outcome}`} title={words[1]}>
        {OUTCOME_GLYPH[marks.outcome]}
      </span>
      <span className="tc-ev-about">
        {warning ? (
          <span
            aria-hidden="true"
            className="tc-ev-warning"
            data-event-verdict={marks.integrity}
            title={`${warning}. The details say why.`}
          >
            {marks.integrity === 'extra' ? '+' : 'Δ'}
          </span>
        ) : null}
        <CopiesMark row={row} />
      </span>
    </span>
  );
}

function CopiesMark({ row }: { row: PageRow }): ReactNode {
  return (
    <>
      {row.conflict ? (
        <span
          className="tc-ev-conflict"
          title="Conflict: other records carry this event ID and say something else. The details show the difference."
        >
          ≠
        </span>
      ) : row.copies > 1 ? (
        <span className="tc-ev-copies" title={`${row.copies} copies of this event were imported; it is shown and counted once`}>
          ×{row.copies > 99 ? '99+' : row.copies}
        </span>
      ) : null}
    </>
  );
}

interface CellProps extends RowProps {
  row: PageRow;
  column: ColumnId;
  outcome: 'success' | 'denied' | 'error';
  active: boolean;
  place: number;
}

function Cell({ row, column, asked, outcome, active, place, tie, time, index }: CellProps): ReactNode {
  const values = cellValues(row, column, asked);
  const classes = ['tc-ev-cell', active ? 'active' : '', column === 'eventTime' ? 'time' : ''];
  if (column === 'errorCode' || column === 'outcome') classes.push(outcome);
  if (NUMBER_COLUMNS.has(column)) classes.push('num');
  return (
    <span
      role="gridcell"
      aria-colindex={place + 2}
      id={`tc-ev-${index}-${place}`}
      className={classes.filter(Boolean).join(' ')}
      data-cell={place}
      title={values[0] === null ? `${columnSpec(column).label}: absent` : undefined}
    >
      {column === 'eventTime' ? (
        <>
          <span className={`tc-ev-tie ${tie ?? ''}`} title={tie ? SAME_SECOND : undefined} />
          <span className={row.time === null ? 'tc-ev-absent' : undefined} title={time.zoned(row.time)}>
            {sameOffset(row.time, time) ? time.time(row.time) : time.zoned(row.time)}
          </span>
          {tie ? <span className="tc-ev-hidden">{SAME_SECOND}</span> : null}
        </>
      ) : (
        <CellText column={column} values={values} />
      )}
    </span>
  );
}

/** The head of the column names the offset of today; a time from the other half of the year may have another one. */
const sameOffset = (at: EpochMs | null, time: TimeWords): boolean => time.utc || at === null || zoneLabel(false, at) === time.zone;

function CellText({ column, values }: { column: ColumnId; values: (string | null)[] }): ReactNode {
  const [value] = values;
  if (value === null) return <span className="tc-ev-absent">–</span>;
  return (
    <>
      {column === 'integrity' && value !== '' ? (
        <EventVerdictBadge value={value} />
      ) : (
        <MiddleText text={column === 'readOnly' || column === 'starred' || value === '' ? valueWords(column, value) : value} />
      )}
      {values.length > 1 ? (
        <span className="tc-ev-more" title={`${values.length} values`}>
          +{values.length - 1}
        </span>
      ) : null}
    </>
  );
}
