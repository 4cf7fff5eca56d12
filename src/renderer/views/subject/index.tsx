/** The page of one value of one column: richest for a principal and a resource, the same parts for every other. */
import { Alert, Button, SegmentedControl, Skeleton } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconFilter, IconKey, IconList, IconNotebook } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useCallback, useMemo } from 'react';
import type { ValueColumnId } from '../../../shared/columns.ts';
import { isKeyId } from '../../../shared/key-id.ts';
import { credentialOfKey } from '../../../shared/lineage.ts';
import { EMPTY_SELECTION } from '../../../shared/plan.ts';
import { roleOf } from '../../../shared/subjects.ts';
import { Loading } from '../../app/loading.tsx';
import { CoverageNote } from '../../components/coverage-note.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { countOf, formatCount } from '../../components/numbers.ts';
import { useTime } from '../../components/use-time.ts';
import { useValueMenu } from '../../components/value-menu.tsx';
import { labelInText, valueWords } from '../../components/value-words.ts';
import { type SubjectTab, useApp } from '../../state/app.ts';
import { usePlan } from '../../state/engine.tsx';
import { usePlace } from '../../state/place.ts';
import { isEverything, narrowed, useSelection } from '../../state/selection.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { escapeMarkdown } from '../notes/citation.ts';
import { startNote } from '../notes/cite.ts';
import { bucketForms, bucketOf } from './forms.ts';
import { FormsNote } from './forms-note.tsx';
import { GroupCard } from './group-card.tsx';
import { LatestEvents } from './latest.tsx';
import { subjectNote } from './note.ts';
import { PageHead } from './page-head.tsx';
import { cardsFor, distinctOf, facetCount, readSubject, type SubjectAnswer, subjectAsks, subjectFilter } from './queries.ts';
import { SentKeys } from './sent-keys.tsx';
import '../overview/overview.css';
import './subject.css';
import { REVERT_WORDS } from './tab-words.ts';
import { SubjectTimeline } from './timeline.tsx';
import { subjectWords } from './words.ts';

const BehaviourTab = lazy(() => import('./behaviour.tsx'));
const RevertTab = lazy(() => import('./revert.tsx'));
const SessionsTab = lazy(() => import('./sessions.tsx'));

const COUNT = [{ ask: 'count' }] as const;

export default function SubjectView(): ReactNode {
  const route = useApp((s) => s.route);
  if (route.view !== 'subject') return null;
  return (
    <SubjectPage
      key={`${route.column} ${route.value ?? ''} ${route.value === null}`}
      column={route.column}
      value={route.value}
      tab={route.tab ?? 'activity'}
    />
  );
}

const tabsOf = (column: ValueColumnId): { tab: SubjectTab; label: string }[] => [
  { tab: 'activity', label: 'Activity' },
  { tab: 'behaviour', label: 'Against its own history' },
  { tab: 'revert', label: REVERT_WORDS[roleOf(column)].title },
  { tab: 'sessions', label: 'Sessions' },
];

function SubjectPage({ column, value, tab }: { column: ValueColumnId; value: string | null; tab: SubjectTab }): ReactNode {
  const selection = useSelection((s) => s.selection);
  const clear = useSelection((s) => s.clear);
  const navigate = useApp((s) => s.navigate);
  const replace = useApp((s) => s.replace);
  const openEvent = useApp((s) => s.openEvent);
  const openKey = useApp((s) => s.openEventKey);
  const time = useTime();
  const { ref, width } = useElementSize();
  const { open: openMenu, menu } = useValueMenu();
  const [all, setAll] = usePlace<ReadonlySet<ValueColumnId>>('whole cards', new Set());
  const toggleAll = useCallback(
    (id: ValueColumnId) =>
      setAll((now) => {
        const next = new Set(now);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    [setAll],
  );
  const cards = useMemo(() => cardsFor(column), [column]);
  const asks = useMemo(() => subjectAsks(cards, all), [cards, all]);
  const forms = useAnswer(column === 'resource' && value !== null && bucketOf(value) ? ['forms', value] : null, (engine) =>
    bucketForms(engine, value ?? '').then((bucket) => ({ bucket })),
  );
  const bucket = forms.value?.bucket ?? null;
  const [together, setTogether] = usePlace('together', true);
  const merged = bucket && together ? bucket.filter : null;
  const filter = useMemo(() => merged ?? subjectFilter(column, value), [merged, column, value]);
  const mergedAt = merged ? selection.filters.findIndex((f) => JSON.stringify(f) === JSON.stringify(merged)) : -1;
  const asked = useMemo(() => narrowed(selection, filter), [selection, filter]);
  const { result, error } = usePlan('subject', asked, forms.loading && forms.value === null ? null : asks);
  const answer = useMemo(() => readSubject(result), [result]);
  const showAll = useCallback(() => {
    if (!merged) useSelection.getState().onlyValue(column, value);
    else if (!useSelection.getState().selection.filters.some((f) => JSON.stringify(f) === JSON.stringify(merged)))
      useSelection.getState().addFilter(merged);
    navigate({ view: 'events' });
  }, [column, value, merged, navigate]);

  const limited = !isEverything(selection);
  const hasFilters = selection.filters.length > 0 || selection.hideReadOnly || selection.hideServiceCalls;
  const { result: whole } = usePlan('subject/whole', narrowed(EMPTY_SELECTION, filter), limited ? COUNT : null);
  const total = whole?.answers[0].events ?? null;

  const words = subjectWords(column, value);
  const empty = answer !== null && answer.count.events === 0;
  return (
    <div className="tc-sub">
      <PageHead
        kind={words.kind}
        words={value === null || value === '' || valueWords(column, value) !== value ? valueWords(column, value) : null}
        value={value}
        what={labelInText(column)}
        lead={words.text}
        tools={
          <>
            {column === 'accessKeyId' && value !== null && isKeyId(value) ? (
              <Button
                variant="default"
                leftSection={<IconKey size={14} />}
                onClick={() => navigate({ view: 'credential', id: credentialOfKey(value) })}
              >
                Who is behind it
              </Button>
            ) : null}
            <Button variant="default" leftSection={<IconList size={14} />} onClick={showAll}>
              All events
            </Button>
            <Button
              variant="default"
              leftSection={<IconFilter size={14} />}
              onClick={() => {
                const { toggleValue, addFilter, removeFilter } = useSelection.getState();
                if (!merged) toggleValue(column, value);
                else if (mergedAt < 0) addFilter(merged);
                else removeFilter(mergedAt);
              }}
            >
              {(merged ? mergedAt >= 0 : holds(selection.filters, column, value)) ? 'Remove from the filter' : 'Filter by it'}
            </Button>
            {tab === 'behaviour' || tab === 'revert' ? null : (
              <Button
                variant="default"
                leftSection={<IconNotebook size={14} />}
                disabled={answer === null}
                onClick={() => {
                  if (!answer) return;
                  const counted =
                    bucket && merged
                      ? `Counted together: ${escapeMarkdown(`${bucket.arn.value} and, in S3 events, ${bucket.name.value}`)}.\n\n`
                      : '';
                  startNote(subjectNote(column, value, selection, answer, cards, time) + counted);
                }}
              >
                Note from this page
              </Button>
            )}
          </>
        }
      />
      {error ? (
        <Alert color="red" title="This page could not be computed.">
          {error.message}
        </Alert>
      ) : null}
      {column === 'resource' && value !== null && value !== '' ? (
        <FormsNote
          value={value}
          bucket={bucket}
          together={together}
          setTogether={setTogether}
          alone={tab !== 'activity'}
          openMenu={openMenu}
        />
      ) : null}
      <div ref={ref} />
      {limited &&
      (tab === 'activity' || tab === 'sessions') &&
      answer &&
      total !== null &&
      answer.count.events > 0 &&
      answer.count.events < total ? (
        <p className="tc-sub-limited" role="status">
          Only {formatCount(answer.count.events)} of its {countOf(total, 'event')}: the selection above leaves out the others.{' '}
          <button type="button" className="tc-link" onClick={clear}>
            Show all of them
          </button>
        </p>
      ) : null}
      {empty ? (
        <EmptyState
          title="No event of it in this selection"
          actions={
            isEverything(selection) || total === 0 ? null : (
              <Button onClick={clear}>{total ? `Show its ${countOf(total, 'event')}` : 'Reset the selection'}</Button>
            )
          }
        >
          {isEverything(selection) || total === 0
            ? 'The case holds no event with this value. It may have been spelled otherwise: try the find box.'
            : 'The time range and the filters above leave none of its events. Reset the selection to see all of them.'}
          <CoverageNote filter={{ op: 'in', column, values: [value] }} />
        </EmptyState>
      ) : (
        <>
          {value === null ? null : (
            <SegmentedControl
              size="xs"
              className="tc-sub-tabs"
              aria-label="What to see of it"
              value={tab}
              onChange={(next) => replace({ view: 'subject', column, value, tab: next as SubjectTab })}
              data={tabsOf(column).map((t) => ({ value: t.tab, label: t.label }))}
            />
          )}
          {(tab === 'behaviour' || tab === 'revert') && hasFilters ? (
            <p className="tc-sub-limited" role="status">
              Only the time range above counts on this page; the filters do not.
            </p>
          ) : null}
          {value !== null && tab !== 'activity' ? (
            <Suspense fallback={<Loading what="the page" />}>
              {tab === 'behaviour' ? (
                <BehaviourTab column={column} value={value} openMenu={openMenu} />
              ) : tab === 'revert' ? (
                <RevertTab column={column} value={value} openMenu={openMenu} />
              ) : (
                <SessionsTab column={column} value={value} openMenu={openMenu} />
              )}
            </Suspense>
          ) : (
            <>
              <KeyNumbers column={column} answer={answer} />
              <SubjectTimeline
                answer={answer?.histogram ?? null}
                first={answer?.count.first ?? null}
                last={answer?.count.last ?? null}
                width={Math.max(0, width - 2)}
              />
              <SentKeys selection={asked} time={time} openMenu={openMenu} />
              <div className="tc-sub-cards">
                {answer === null
                  ? cards.map((c) => <Skeleton key={c.column} height={240} animate={false} radius="md" />)
                  : cards.map((c) => (
                      <GroupCard
                        key={c.column}
                        column={c.column}
                        title={c.title}
                        answer={answer.groups.get(c.column)}
                        all={all.has(c.column)}
                        toggleAll={toggleAll}
                        time={time}
                        openMenu={openMenu}
                      />
                    ))}
              </div>
              <LatestEvents
                answer={answer?.latest}
                time={time}
                openMenu={openMenu}
                openKey={openKey}
                openEvent={openEvent}
                showAll={showAll}
              />
            </>
          )}
        </>
      )}
      {menu}
    </div>
  );
}

const holds = (
  filters: ReturnType<typeof useSelection.getState>['selection']['filters'],
  column: ValueColumnId,
  value: string | null,
): boolean => filters.some((f) => f.op === 'in' && f.column === column && !f.not && f.values.includes(value));

function KeyNumbers({ column, answer }: { column: ValueColumnId; answer: SubjectAnswer | null }): ReactNode {
  const time = useTime();
  const count = answer?.count;
  const distinct = (id: ValueColumnId): string => (answer ? formatCount(distinctOf(answer.groups.get(id))) : '');
  const writes = answer ? facetCount(answer.readOnly, 'false') : 0;
  const facts: [string, string, string?][] = [
    ['Events', count ? formatCount(count.events) : ''],
    ['Failed', count ? formatCount(count.failed) : '', count && count.denied > 0 ? `⊘ ${formatCount(count.denied)} of these denied` : ''],
    ['Writes', answer ? formatCount(writes) : ''],
    ...(column === 'sourceIPAddress' ? [] : [['Source IPs', distinct('sourceIPAddress')] as [string, string]]),
    ...(column === 'awsRegion' ? [] : [['Regions', distinct('awsRegion')] as [string, string]]),
    ...(column === 'principal'
      ? [['Session names', distinct('userName')] as [string, string]]
      : [['Principals', distinct('principal')] as [string, string]]),
    [`First (${time.zone})`, count ? (count.first === null ? '–' : time.time(count.first)) : ''],
    [`Last (${time.zone})`, count ? (count.last === null ? '–' : time.time(count.last)) : ''],
  ];
  return (
    <dl className="tc-sub-facts" aria-label="Key numbers">
      {facts.map(([name, value, note]) => (
        <div key={name} className={`tc-card tc-sub-fact${/^(First|Last)/.test(name) ? ' time' : ''}`}>
          <dt>{name}</dt>
          <dd>
            {value || '\u00a0'}
            {note ? <span className="tc-sub-fact-note">{note}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
