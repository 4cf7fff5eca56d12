/** What the three parts share: a list of points, a count with its sign, pages of a table, the error. */
import { Alert, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AccessPoint } from '../../../shared/access.ts';
import { countOf, formatCount } from '../../components/numbers.ts';
import type { TimeWords } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { escapeMarkdown } from '../notes/citation.ts';
import { Sentence, StatementLine, sentenceText } from '../subject/statement.tsx';
import { ValueLink } from '../subject/value-row.tsx';

export const PAGE = 100;

export interface TabProps {
  openMenu: ValueMenuControl['open'];
}

/** Kinds whose sentence does not name whom it is about. */
const NAMELESS: readonly AccessPoint['kind'][] = ['instanceElsewhere', 'twoAddresses', 'deniedThenSucceeded'];

export function Points({ points, time, openMenu }: { points: readonly AccessPoint[]; time: TimeWords } & TabProps): ReactNode {
  return (
    <ul className="tc-beh-list">
      {points.map((point, i) => (
        <StatementLine
          // biome-ignore lint/suspicious/noArrayIndexKey: a kind may be stated twice of one subject
          key={`${point.kind} ${point.subject?.value} ${i}`}
          statement={point}
          time={time}
          openMenu={openMenu}
          before={
            point.subject && NAMELESS.includes(point.kind) ? (
              <>
                <span className="tc-acc-who">
                  <ValueLink column={point.subject.column} value={point.subject.value} openMenu={openMenu} />
                </span>
                {': '}
              </>
            ) : null
          }
          after={
            point.basis ? (
              <span className="tc-soft">
                (<Sentence parts={point.basis} time={time} openMenu={openMenu} />)
              </span>
            ) : null
          }
        />
      ))}
    </ul>
  );
}

/** The points as lines of Markdown. */
export function pointLines(points: readonly AccessPoint[], time: TimeWords): string[] {
  return points.map((point) => {
    const who = point.subject && NAMELESS.includes(point.kind) ? `${escapeMarkdown(point.subject.value)}: ` : '';
    const basis = point.basis ? ` (${escapeMarkdown(sentenceText(point.basis, time))})` : '';
    return `- ${point.weight === 'notable' ? '▲ ' : ''}${who}${escapeMarkdown(sentenceText(point.parts, time))}${basis}`;
  });
}

/** Events that a note cites: of the points worth a look the first two each. */
export const citedIn = (points: readonly AccessPoint[]): AccessPoint['cited'] =>
  [...new Set(points.filter((p) => p.weight === 'notable').flatMap((p) => p.cited.slice(0, 2)))].slice(0, 20);

export function Failed({ message }: { message: string }): ReactNode {
  return (
    <Alert color="red" title="This part could not be computed.">
      {message}
    </Alert>
  );
}

export function Denied({ n }: { n: number }): ReactNode {
  return n > 0 ? <span className="tc-sub-outcome denied">⊘ {formatCount(n)}</span> : <span className="tc-soft">0</span>;
}

/** Which rows of a long table are on screen, and how to see the others. */
export function Pages(props: { from: number; total: number; all: number; what: string; onFrom: (from: number) => void }): ReactNode {
  const { from, total, all, what, onFrom } = props;
  const more =
    all > total ? `; ${countOf(all - total, `further ${what}`)} ${all - total === 1 ? 'is' : 'are'} not listed: narrow the selection` : '';
  if (total <= PAGE) return more ? <p className="tc-sub-none">{`${formatCount(total)} listed${more}.`}</p> : null;
  return (
    <div className="tc-sub-card-foot">
      <Button variant="subtle" size="compact-xs" disabled={from === 0} onClick={() => onFrom(Math.max(0, from - PAGE))}>
        Before
      </Button>
      <span className="tc-soft">
        {formatCount(from + 1)} to {formatCount(Math.min(total, from + PAGE))} of {formatCount(total)}
        {more}
      </span>
      <Button variant="subtle" size="compact-xs" disabled={from + PAGE >= total} onClick={() => onFrom(from + PAGE)}>
        Next
      </Button>
    </div>
  );
}
