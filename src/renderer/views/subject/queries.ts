/** What the page of a subject asks: everything in one plan, so that it is one pass. */
import type { ValueColumnId } from '../../../shared/columns.ts';
import type { Ask, CountAnswer, FacetAnswer, Filter, GroupAnswer, HistogramAnswer, PageAnswer, PlanResult } from '../../../shared/plan.ts';

export const FEW = 8;
export const MANY = 200;
export const LATEST = 12;
export const LATEST_COLUMNS = [
  'eventName',
  'eventSource',
  'principal',
  'sourceIPAddress',
  'awsRegion',
  'outcome',
  'errorCode',
  'readOnly',
] as const;
const BINS = 300;

export interface SubjectCard {
  column: ValueColumnId;
  title: string;
}

const CARDS: readonly SubjectCard[] = [
  { column: 'eventName', title: 'Actions' },
  { column: 'errorCode', title: 'Error codes' },
  { column: 'eventSource', title: 'Services' },
  { column: 'awsRegion', title: 'Regions' },
  { column: 'sourceIPAddress', title: 'Source IPs' },
  { column: 'userAgent', title: 'User agents' },
  { column: 'accessKeyId', title: 'Access keys' },
  { column: 'userName', title: 'Sessions and user names' },
  { column: 'resource', title: 'Resources' },
  { column: 'principal', title: 'Principals' },
  { column: 'account', title: 'Accounts' },
];
/** Who acted on it comes first where that is the question. */
const WHO_FIRST: readonly ValueColumnId[] = ['principal', 'eventName', 'sourceIPAddress', 'accessKeyId'];

/** The cards of a subject's page in their order; a value says nothing of its own column, unless an event may hold several. */
export function cardsFor(column: ValueColumnId): SubjectCard[] {
  const cards = CARDS.filter((c) => c.column !== column || column === 'resource').map((c) =>
    c.column === 'resource' && column === 'resource' ? { ...c, title: 'Named together with it' } : c,
  );
  if (column === 'principal') return cards;
  const first = WHO_FIRST.flatMap((id) => cards.filter((c) => c.column === id));
  return [...first, ...cards.filter((c) => !WHO_FIRST.includes(c.column))];
}

export const subjectFilter = (column: ValueColumnId, value: string | null): Filter => ({ op: 'in', column, values: [value] });

export function subjectAsks(cards: readonly SubjectCard[], all: ReadonlySet<ValueColumnId>): Ask[] {
  return [
    { ask: 'count' },
    { ask: 'histogram', bins: BINS, stackBy: 'outcome', stackTop: 4 },
    { ask: 'facet', column: 'outcome', limit: 10, strict: true },
    { ask: 'facet', column: 'readOnly', limit: 10, strict: true },
    { ask: 'page', offset: 0, limit: LATEST, descending: true, columns: [...LATEST_COLUMNS] },
    ...cards.map(
      ({ column }): Ask => ({
        ask: 'group',
        by: column,
        sort: 'count',
        descending: true,
        offset: 0,
        limit: all.has(column) ? MANY : FEW,
        distinct: [],
      }),
    ),
  ];
}

export interface SubjectAnswer {
  count: CountAnswer;
  histogram: HistogramAnswer;
  outcomes: FacetAnswer;
  readOnly: FacetAnswer;
  latest: PageAnswer;
  groups: Map<ValueColumnId, GroupAnswer>;
}

/** Null when the answer is not one to these asks. */
export function readSubject(result: PlanResult | null): SubjectAnswer | null {
  if (!result) return null;
  const [count, histogram, outcomes, readOnly, latest, ...groups] = result.answers;
  if (count?.ask !== 'count' || histogram?.ask !== 'histogram' || latest?.ask !== 'page') return null;
  if (outcomes?.ask !== 'facet' || readOnly?.ask !== 'facet') return null;
  return {
    count,
    histogram,
    outcomes,
    readOnly,
    latest,
    groups: new Map(groups.flatMap((g): [ValueColumnId, GroupAnswer][] => (g.ask === 'group' ? [[g.by, g]] : []))),
  };
}

export const facetCount = (answer: FacetAnswer, value: string | null): number => answer.values.find((v) => v.value === value)?.count ?? 0;

/** Distinct values, without the absent one. */
export const distinctOf = (answer: GroupAnswer | undefined): number => (answer ? answer.groups - (answer.absent ? 1 : 0) : 0);
