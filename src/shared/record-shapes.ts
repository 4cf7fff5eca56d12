/** The shapes in which a CloudTrail record may stand in a file besides by itself: their names, their file kinds, and what each one lacks. */
import type { FileKind } from './ledger.ts';

export const RECORD_SHAPES = [
  'lookup-events',
  'lookup-fields',
  'event-history-csv',
  'athena-csv',
  'lake-csv',
  'cloudwatch-export',
  'cloudwatch-message',
  'cloudwatch-insights',
  'eventbridge',
  'sns',
  'sqs',
  'elasticsearch',
  'logstash',
  'logstash-time',
  'text-fields',
] as const;
export type RecordShape = (typeof RECORD_SHAPES)[number];

interface ShapeFacts {
  /** With its article: "an EventBridge event". */
  words: string;
  /** What a file of these is. */
  kind: FileKind;
  /** A sentence about what this source cannot answer; null where the whole record is there. */
  lacks: string | null;
}

const SHAPES: Record<RecordShape, ShapeFacts> = {
  'lookup-events': { words: 'an entry of lookup-events output', kind: 'lookup-events', lacks: null },
  'lookup-fields': {
    words: 'an entry of lookup-events output without its record',
    kind: 'lookup-events',
    lacks:
      'Such an entry names the event, its time, service, user name and resources only: Region, account, source address, outcome, request and response are not in it.',
  },
  'event-history-csv': {
    words: 'a line of an Event history CSV',
    kind: 'event-history-csv',
    lacks:
      'A CSV of Event history has no request parameters, no response, no error message, no ARN and no identity type: what exactly was asked for and came back, and through which role, cannot be seen in it.',
  },
  'athena-csv': {
    words: 'a line of a CSV of CloudTrail columns (Athena or CloudTrail Lake)',
    kind: 'csv',
    lacks:
      'A CSV of columns holds only the columns that were asked for, and the identity as text that is not JSON: a field that is missing in it may stand in the record.',
  },
  'lake-csv': { words: 'the eventJson column of a CloudTrail Lake CSV', kind: 'csv', lacks: null },
  'cloudwatch-export': { words: 'a line of a CloudWatch Logs export', kind: 'cloudwatch-export', lacks: null },
  'cloudwatch-message': { words: 'a CloudWatch Logs message', kind: 'cloudwatch-filter', lacks: null },
  'cloudwatch-insights': { words: 'a CloudWatch Logs Insights result', kind: 'cloudwatch-filter', lacks: null },
  eventbridge: { words: 'an EventBridge event', kind: 'eventbridge', lacks: null },
  sns: { words: 'an SNS message', kind: 'sns', lacks: null },
  sqs: { words: 'an SQS message', kind: 'sns', lacks: null },
  elasticsearch: { words: 'an Elasticsearch or OpenSearch document', kind: 'elasticsearch', lacks: null },
  logstash: { words: 'a log shipper’s event (Logstash, Filebeat or the like)', kind: 'elasticsearch', lacks: null },
  'logstash-time': {
    words: 'an event of Logstash’s CloudTrail codec, which moves eventTime to @timestamp',
    kind: 'single',
    lacks: null,
  },
  'text-fields': { words: 'a record whose objects were turned into text', kind: 'single', lacks: null },
};

export const shapeFacts = (shape: RecordShape): ShapeFacts => SHAPES[shape];

/** E.g. "Read from an SQS message, in it an SNS message, in it an EventBridge event." Null for a record that stands by itself. */
export function shapeSentence(shapes: readonly RecordShape[]): string | null {
  if (shapes.length === 0) return null;
  const lacks = shapes.map((shape) => SHAPES[shape].lacks).filter((sentence) => sentence !== null);
  return [`Read from ${shapes.map((shape) => SHAPES[shape].words).join(', in it ')}.`, ...lacks].join(' ');
}
