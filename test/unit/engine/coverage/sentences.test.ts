/** Sentences about a selection: true, relevant to its filters, and silent where there is nothing to say. */
import { describe, expect, it } from 'vitest';
import { CoverageModel } from '../../../../src/engine/coverage/model.ts';
import { coverageSentence, coveredPart } from '../../../../src/engine/coverage/selection-sentences.ts';
import { cellSentence, recordingStatements } from '../../../../src/engine/coverage/sentences.ts';
import type { ValueColumnId } from '../../../../src/shared/columns.ts';
import type { IntegrityRow } from '../../../../src/shared/integrity.ts';
import { EMPTY_SELECTION, type Filter, type Selection } from '../../../../src/shared/plan.ts';
import { ACCOUNT, at, chain, coverage, digest, events, file, H0, logName, missingLog, point, report } from './support.ts';

const is = (column: ValueColumnId, ...values: (string | null)[]): Filter => ({ op: 'in', column, values });
const selection = (filters: Filter[] = [], time = EMPTY_SELECTION.time): Selection => ({ ...EMPTY_SELECTION, filters, time });
const hours = (from: number, to: number) => ({ from: at(from), to: at(to) });

const every = (from: number, to: number, ...except: number[]): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i).filter((h) => !except.includes(h));

describe('an empty answer', () => {
  it('says what of the range is covered, what was not recorded, and what cannot appear', () => {
    const silent = every(10, 21);
    const west = coverage(events([{ hours: every(0, 72, ...silent) }]));
    const text = coverageSentence(west, selection([is('eventName', 'GetObject')], hours(0, 72)));
    expect(text).toBe(
      'The evidence covers 61 of 72 hours of this range in eu-west-1. No S3 data event is in this part of the evidence, so they seem not to have been recorded: that no GetObject appears says nothing.',
    );
    expect(coverageSentence(west, selection([is('eventName', 'CreateAccessKey')]))).toBe(
      'Without us-east-1, of which the evidence holds nothing, no IAM calls can appear.',
    );
    expect(coveredPart(west, selection([], hours(0, 72)))).toEqual({ covered: 61, hours: 72 });
  });

  it('counts an hour as covered by an event, a delivered log, or a signed digest that lists none; by an unproven one not', () => {
    const told = report([digest(2, 4), digest(4, 5, {}, { verdict: 'hashLinked' })]);
    const text = coverageSentence(
      coverage(events([{ hours: [0] }]), [file(logName(1))], told),
      selection([is('eventName', 'RunInstances')], hours(0, 6)),
    );
    expect(text).toContain('covers 4 of 6 hours of this range in eu-west-1. In 2 hours nothing was delivered: signed digests list no log.');
  });

  it('tells what the filters leave out of global services, only where they name them', () => {
    const both = coverage(
      events([
        { hours: [0], data: { 's3.amazonaws.com': 1 } },
        { region: 'us-east-1', hours: [0], data: { 's3.amazonaws.com': 1 } },
      ]),
    );
    expect(coverageSentence(both, selection([is('eventSource', 'iam.amazonaws.com'), is('awsRegion', 'eu-west-1')]))).toBe(
      'CloudTrail records IAM calls in us-east-1, which the Region filter leaves out.',
    );
    expect(coverageSentence(both, selection([is('eventSource', 'ec2.amazonaws.com'), is('awsRegion', 'eu-west-1')]))).toBe('');
    expect(coverageSentence(both, selection([is('eventName', 'GetObject')]))).toBe('');
  });

  it('says nothing of us-east-1 for evidence of another partition', () => {
    expect(
      coverageSentence(coverage(events([{ region: 'cn-north-1', hours: [0] }])), selection([is('eventSource', 'iam.amazonaws.com')])),
    ).toBe('');
  });

  it('an account that only calls is told as such; one that is nowhere too', () => {
    const made = events([{ region: 'us-east-1', hours: [0] }], {
      foreign: [{ account: '999', events: 3, firstTime: at(0), lastTime: at(0), calledIn: [ACCOUNT] }],
    });
    expect(coverageSentence(coverage(made), selection([is('account', '999')]))).toContain('appears only as a caller, in 3 events');
    expect(coverageSentence(coverage(made), selection([is('account', '888')]))).toContain('holds nothing of account 888');
    expect(coverageSentence(coverage(made), selection([is('awsRegion', 'sa-east-1')]))).toContain('holds nothing of sa-east-1');
  });

  it('tells a data event that was configured and is not there from one that seems not to have been recorded', () => {
    const put = point('PutEventSelectors', 0);
    const request = { trailName: 'main', eventSelectors: [{ dataResources: [{ type: 'AWS::Lambda::Function', values: [] }] }] };
    const made = events([{ region: 'us-east-1', hours: [0] }], { points: [put] });
    const told = coverage(made, [], report([], []), { [put.key]: { requestParameters: request } });
    expect(coverageSentence(told, selection([is('eventName', 'Invoke')]))).toContain('although trail main was told to record them');
  });

  it('calls missing reads an inference', () => {
    const made = coverage(events([{ region: 'us-east-1', hours: [0], reads: 0, writes: 80, data: { 's3.amazonaws.com': 1 } }]));
    expect(coverageSentence(made, selection([is('eventName', 'DescribeInstances')]))).toMatch(/^Inferred from many writes/);
    expect(coverageSentence(made, selection([is('eventName', 'RunInstances')]))).toBe('');
  });

  it('names a stop of a trail that lies in the range, and only there', () => {
    const [stop, start] = [point('StopLogging', 2), point('StartLogging', 4)];
    const record = { requestParameters: { name: 'main' } };
    const made = coverage(events([{ hours: [0, 5] }], { points: [stop, start] }), [], report([], []), {
      [stop.key]: record,
      [start.key]: record,
    });
    expect(coverageSentence(made, selection([], hours(1, 3)))).toContain('Trail main of account 111122223333 did not log from StopLogging');
    expect(coverageSentence(made, selection([], hours(5, 6)))).not.toContain('did not log');
  });

  it('a range beyond all events is told with the nearest one', () => {
    const made = coverage(events([{ hours: [0, 5] }]));
    expect(coverageSentence(made, selection([is('eventName', 'RunInstances')], hours(8, 10)))).toContain(
      'The evidence covers none of the 2 hours of this range in eu-west-1. The last event there is of 2026-03-01 05:00:00 UTC.',
    );
    expect(coverageSentence(made, selection([is('eventName', 'RunInstances')], hours(2, 3)))).toBe(
      'The evidence does not cover the hour of this range in eu-west-1.',
    );
  });

  it('an empty case says nothing', () => {
    expect(coverageSentence(coverage(events([])), selection([], hours(0, 5)))).toBe('');
  });
});

describe('a cell', () => {
  const told = report([digest(1, 2)], [chain()]);
  const model = new CoverageModel(coverage(events([{ hours: [0] }]), [], told));
  const say = (hour: number): string => cellSentence(model, model.rows[0], { from: H0 + hour, to: H0 + hour + 1 }, true);
  it('never calls silence of events a stop of logging', () => {
    expect(say(0)).toContain('1 event (1 management)');
    expect(say(1)).toContain('no event. In this hour no log was delivered: a signed digest of trail main lists none.');
    expect(say(2)).toContain(
      'no event. No log file of this hour is named in the evidence and no digest covers it: whether one was delivered cannot be told.',
    );
  });
});

describe('what was recorded at all', () => {
  it('data events by service, and the services of which there are none', () => {
    const texts = recordingStatements(coverage(events([{ hours: [0], data: { 's3.amazonaws.com': 7 } }])), true).map((s) => s.text);
    expect(texts[0]).toContain('Data events are there: S3 (7 events, in 1 of 1 account and Region)');
    expect(texts[1]).toBe('There is no data event of Lambda or DynamoDB: that none is seen does not show that nothing was done.');
  });
  it('what the digests say against the evidence comes first, with its numbers', () => {
    const row = { ...missingLog(0), ledgerId: 1, path: 'a', kind: 'digest', verdict: 'signed' } as IntegrityRow;
    const rows = [row, missingLog(1), missingLog(2), { ...missingLog(3), ledgerId: 2, verdict: 'mismatch' } as IntegrityRow];
    const [first] = recordingStatements(coverage(events([{ hours: [0] }]), [], report([], [chain()], rows)), true);
    expect(first).toEqual({
      kind: 'alarm',
      text: 'Checked by the digests: 1 log file differs from what the digests list, 2 log files that they list are missing. See Evidence, Integrity.',
    });
    const good = recordingStatements(coverage(events([{ hours: [0] }]), [], report([], [chain()], [row])), true);
    expect(good.some((s) => s.text.includes('digests'))).toBe(false);
  });
  it('after a stop, the events before and after it', () => {
    const stop = point('StopLogging', 30);
    const made = coverage(events([{ hours: every(0, 60) }], { points: [stop] }), [], report([], []), {
      [stop.key]: { requestParameters: { name: 'main' } },
    });
    const alarm = recordingStatements(made, true).find((s) => s.kind === 'alarm');
    expect(alarm?.text).toContain('in the 24 hours before that hour: 24; in the 24 hours after it: 24');
  });
});
