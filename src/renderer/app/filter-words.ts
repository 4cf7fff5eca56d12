/** A filter in words, for chips, the notebook and the report: "Source IP is 192.0.2.10 or 192.0.2.11", "not: Event name contains list". */
import type { Filter } from '../../shared/plan.ts';
import { countOf } from '../components/numbers.ts';
import { columnLabel, valueWords } from '../components/value-words.ts';
import { visibleString } from '../components/visible-text.tsx';

export interface FilterWords {
  /** What is looked at: the column's label, or what kind of filter it is. */
  subject: string;
  /** How: `is`, `contains`, … Never holds the negation. */
  relation: string;
  value: string;
  /** The chip carries the word "not". */
  not: boolean;
}

const SHOWN = 3;

const orList = (values: string[]): string =>
  values.length <= SHOWN ? values.join(' or ') : `${values.slice(0, SHOWN - 1).join(' or ')} or ${values.length - SHOWN + 1} more`;

export function filterWords(filter: Filter): FilterWords {
  const not = filter.not ?? false;
  switch (filter.op) {
    case 'in':
      return {
        subject: columnLabel(filter.column),
        relation: 'is',
        value: orList(filter.values.map((v) => valueWords(filter.column, v))),
        not,
      };
    case 'contains':
      return { subject: columnLabel(filter.column), relation: 'contains', value: visibleString(filter.text), not };
    case 'eventID':
      return { subject: 'Event ID', relation: 'is', value: orList(filter.ids.map(visibleString)), not };
    case 'keys':
      return { subject: 'Events', relation: 'are', value: `${countOf(filter.keys.length, 'chosen event')}`, not };
    case 'and':
    case 'or':
      return {
        subject: filter.op === 'and' ? 'All of' : 'Any of',
        relation: '',
        value: filter.filters.map(filterSentence).join(filter.op === 'and' ? '; and ' : '; or '),
        not,
      };
  }
}

/** The whole filter in one phrase. */
export function filterSentence(filter: Filter): string {
  const { subject, relation, value, not } = filterWords(filter);
  return `${not ? 'not: ' : ''}${subject}${relation ? ` ${relation}` : ''} ${value}`;
}

/** Every value of the filter, one a line, for the hover text. */
export function filterHover(filter: Filter): string {
  if (filter.op !== 'in') return filterSentence(filter);
  const words = filter.values.slice(0, 40).map((v) => valueWords(filter.column, v));
  const more = filter.values.length - words.length;
  return `${filter.not ? 'not ' : ''}${columnLabel(filter.column)}:\n${words.join('\n')}${more > 0 ? `\nand ${more} more` : ''}`;
}
