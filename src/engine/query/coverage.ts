/** The event layer of the coverage, over the open case. */
import { COVERAGE_LIMITS, type EventCoverage, type LoggingPoint } from '../../shared/coverage.ts';
import { foreignAccounts, loggingRows } from '../coverage/callers.ts';
import { type EventColumns, eventRows } from '../coverage/event-layer.ts';
import type { OpenCase } from './open-case.ts';
import { refOf } from './pages.ts';

export function eventCoverage(open: OpenCase): EventCoverage {
  open.update();
  const columns: EventColumns = {
    segments: open.columns.segments,
    dictionary: (column) => open.dictionary(column),
    span: () => open.span(),
  };
  const points = loggingRows(columns).sort((a, b) => open.order.compare(a, b));
  return {
    generation: open.generation,
    ...eventRows(columns),
    ...foreignAccounts(columns),
    points: points.slice(0, COVERAGE_LIMITS.points).map((row) => loggingPoint(row, open)),
    pointsLeftOut: Math.max(0, points.length - COVERAGE_LIMITS.points),
  };
}

function loggingPoint(row: number, open: OpenCase): LoggingPoint {
  const segment = open.columns.segmentOf(row);
  const i = row - segment.base;
  const value = (column: 'eventName' | 'eventSource' | 'account' | 'awsRegion' | 'principal' | 'errorCode'): string | null =>
    open.dictionary(column).get(segment.dict[column][i]);
  const time = segment.time[i];
  return {
    key: open.keys.keyOf(row),
    ref: refOf(row, open),
    time: Number.isNaN(time) ? null : (time as LoggingPoint['time']),
    name: value('eventName') ?? '',
    source: value('eventSource') ?? '',
    account: value('account'),
    region: value('awsRegion'),
    principal: value('principal'),
    errorCode: value('errorCode'),
  };
}
