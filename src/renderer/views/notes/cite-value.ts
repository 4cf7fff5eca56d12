/** A value cited from any list: how many events of the selection have it, which of them failed, and its first and last event as citations. */
import { useCallback } from 'react';
import type { Engine } from '../../../engine/client/index.ts';
import type { EventKey } from '../../../shared/brand.ts';
import { columnSpec, type ValueColumnId } from '../../../shared/columns.ts';
import type { CountAnswer, Selection } from '../../../shared/plan.ts';
import { failureWords } from '../../components/failures.tsx';
import { countOf } from '../../components/numbers.ts';
import { type TimeWords, useTime } from '../../components/use-time.ts';
import { valueWords } from '../../components/value-words.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';
import { tell, tellFailure } from '../../state/messages.ts';
import { narrowed, useSelection } from '../../state/selection.ts';
import { escapeMarkdown } from './citation.ts';
import { describeSelection } from './describe.ts';
import { useCite } from './use-cite.ts';

/** A list item of Markdown: the value with its numbers, and within which conditions they hold. Evidence in it is escaped. */
export function valueLine(
  column: ValueColumnId,
  value: string | null,
  count: Pick<CountAnswer, 'events' | 'failed' | 'denied' | 'first' | 'last'>,
  selection: Selection,
  time: Pick<TimeWords, 'zoned'>,
): string {
  const name = value === null || value === '' ? valueWords(column, value) : value;
  const failed = failureWords(count.failed, count.denied);
  const span = count.first === null ? '' : `, first ${time.zoned(count.first)}, last ${time.zoned(count.last)}`;
  const within = describeSelection(selection, (at) => time.zoned(at));
  const numbers = `${countOf(count.events, 'event')}${failed ? `, ${failed}` : ''}${span}`;
  const conditions = within.length === 0 ? 'of the whole case' : `within: ${within.map(escapeMarkdown).join('; ')}`;
  return `- ${escapeMarkdown(columnSpec(column).label)} ${escapeMarkdown(name)}: ${numbers} (${conditions})`;
}

async function ask(engine: Engine, column: ValueColumnId, value: string | null, selection: Selection) {
  const { answers } = await engine.query.run({
    view: 'cite-value',
    selection: narrowed(selection, { op: 'in', column, values: [value] }),
    asks: [
      { ask: 'count' },
      { ask: 'keys', limit: 1, descending: false },
      // The last event with a time: those without come after it, either way.
      { ask: 'keys', limit: 1, descending: true },
    ],
  });
  const [count, first, last] = answers;
  return { count, keys: [...new Set<EventKey>([...first.keys, ...last.keys])] };
}

/** Adds the line and the citations to the note at hand, as `useCite` does. Failures are told, never thrown. */
export function useCiteValue(): (column: ValueColumnId, value: string | null) => Promise<void> {
  const engine = useEngine();
  const time = useTime();
  const cite = useCite();
  return useCallback(
    async (column, value) => {
      const done = idle.begin();
      try {
        const { selection } = useSelection.getState();
        const { count, keys } = await ask(engine, column, value, selection);
        if (count.events === 0) tell('No event of the selection has this value.', 'Nothing was cited');
        else await cite(keys, valueLine(column, value, count, selection, time));
      } catch (thrown) {
        tellFailure('The value could not be cited.', thrown);
      } finally {
        done();
      }
    },
    [engine, time, cite],
  );
}
