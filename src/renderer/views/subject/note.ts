/** A note begun from a subject's page: what was seen there, in Markdown, with the evidence in it escaped. */
import { columnSpec, type ValueColumnId } from '../../../shared/columns.ts';
import type { Selection } from '../../../shared/plan.ts';
import { failureWords } from '../../components/failures.tsx';
import { countOf, formatCount } from '../../components/numbers.ts';
import type { TimeWords } from '../../components/use-time.ts';
import { escapeMarkdown } from '../notes/citation.ts';
import { describeSelection } from '../notes/describe.ts';
import type { SubjectAnswer, SubjectCard } from './queries.ts';

const LISTED = 5;

export function subjectNote(
  column: ValueColumnId,
  value: string | null,
  selection: Selection,
  answer: SubjectAnswer,
  cards: readonly SubjectCard[],
  time: Pick<TimeWords, 'zoned'>,
): string {
  const name = value === null ? '(absent)' : escapeMarkdown(value);
  const { count } = answer;
  const lines = [`# ${columnSpec(column).label}: ${name}`, ''];
  const span = count.first === null ? '' : `, first ${time.zoned(count.first)}, last ${time.zoned(count.last)}`;
  lines.push(`${countOf(count.events, 'event')}${span}; ${failureWords(count.failed, count.denied) || 'none failed'}.`, '');
  const conditions = describeSelection(selection, (at) => time.zoned(at));
  lines.push(...(conditions.length === 0 ? ['Of the whole case.'] : ['Within:', ...conditions.map((c) => `- ${escapeMarkdown(c)}`)]), '');
  for (const card of cards) {
    const group = answer.groups.get(card.column);
    const rows = group?.rows.filter((r) => r.value !== null) ?? [];
    if (!group || rows.length === 0) continue;
    const shown = rows
      .slice(0, LISTED)
      .map(
        (r) => `${escapeMarkdown(r.value ?? '')} (${formatCount(r.count)}${r.failed > 0 ? `, ${failureWords(r.failed, r.denied)}` : ''})`,
      );
    const more = rows.length > LISTED || group.groups > rows.length + 1 ? ', …' : '';
    lines.push(`- ${card.title}: ${shown.join(', ')}${more}`);
  }
  return `${lines.join('\n')}\n\n`;
}
