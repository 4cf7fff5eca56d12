/** Every shape that records are exported in: the same events, whatever the file is called, whole or in windows, and the way back to the exact text. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROW_INSIGHT, ROW_SUMMARY } from '../../../../src/shared/segment.ts';
import { contradictionSentence, recordInside } from '../../../../src/shared/unwrap.ts';
import { type Imported, type Row, recordText, runImport } from './run-import.ts';
import { CONTROL, eventBridge, HISTORY_HEADER, historyLine, lookupEntry, type Made, makeRecord, SHAPES } from './shape-maker.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'trailcase-shapes-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let files = 0;
function file(bytes: string | Buffer, name = 'unknown'): string {
  const path = join(dir, `${files++}-${name}`);
  writeFileSync(path, bytes);
  return path;
}
const one = async (bytes: string | Buffer) => {
  const path = file(bytes);
  const imported = await runImport([path]);
  return { ...imported, imported, row: imported.file(path) };
};
const headerOf = (imported: Imported, row: Row): string | undefined => imported.commits[row.commit].header.blocks[row.block].csvHeader;
const inside = async (imported: Imported, row: Row) =>
  recordInside({ text: await recordText(imported, row), csvHeader: headerOf(imported, row) });

describe.each(Object.entries(SHAPES))('%s', (_, shape) => {
  it('gives the same events, each leading back to its text', async () => {
    const records = Array.from({ length: 7 }, () => makeRecord());
    const { imported, rows, row } = await one(shape.make(records));
    expect(row).toMatchObject({ status: 'imported', records: 7, unreadableRecords: 0, kind: shape.kind });
    expect(rows.map((r) => r.id)).toEqual(records.map((r) => r.eventID));
    expect(rows.map((r) => r.time)).toEqual(records.map((r) => Date.parse(r.eventTime)));
    for (const [i, found] of rows.entries()) {
      expect(found.values).toMatchObject({ eventName: records[i].eventName, userName: 'dana', readOnly: String(records[i].readOnly) });
      expect((found.flags & ROW_SUMMARY) !== 0).toBe(shape.summary === true);
      const read = await inside(imported, found);
      const record = JSON.parse(read.text) as Made;
      if (shape.summary) {
        expect(record).toMatchObject({ eventID: records[i].eventID, eventName: records[i].eventName });
        expect(found.values.outcome).toBeNull();
        expect(found.resources.join(' ')).toContain('some-bucket');
      } else {
        const { '@timestamp': moved, '@version': _version, ...fields } = record;
        expect(moved ? { ...fields, eventTime: String(moved).replace('.000Z', 'Z') } : record).toEqual(records[i]);
        if (moved) expect(record.eventTime).toBe(moved);
        expect(found.resources).toContain((records[i].requestParameters as { bucketName: string }).bucketName);
      }
    }
  });

  it('is read the same in windows, gzipped, as when it is small', async () => {
    const records = Array.from({ length: 40 }, () => makeRecord());
    const small = await one(shape.make(records));
    const padded = records.map((r) => ({ ...r, userAgent: String(r.userAgent) + 'x'.repeat(300_000) }));
    const large = await one(gzipSync(shape.make(padded), { level: 1 }));
    if (!shape.summary) expect(large.commits[0].header.blocks.length).toBeGreaterThan(1);
    const plain = (rows: Row[]) => rows.map((r) => [r.id, r.time, r.recordNumber, r.flags, r.values.eventName, r.values.principal]);
    expect(plain(large.rows)).toEqual(plain(small.rows));
    expect(large.row).toMatchObject({ status: 'imported', records: 40, unreadableRecords: 0, kind: shape.kind });
    for (const i of [0, 39]) {
      const record = JSON.parse((await inside(large.imported, large.rows[i])).text) as Made;
      expect(record.eventID).toBe(records[i].eventID);
    }
  });

  it('loses only what was cut off', async () => {
    const records = Array.from({ length: 12 }, () => makeRecord());
    const text = Buffer.from(shape.make(records));
    const { row, rows } = await one(text.subarray(0, Math.floor(text.length * 0.7)));
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(rows.length).toBeLessThan(12);
    expect(rows.map((r) => r.id)).toEqual(records.slice(0, rows.length).map((r) => r.eventID));
    expect(row).toMatchObject({ status: 'partial', reason: expect.stringMatching(/\S/) });
  });
});

describe('wrappers', () => {
  it('of insight and aggregated records are told apart too', async () => {
    const insight = makeRecord({
      eventCategory: 'Insight',
      eventType: 'AwsCloudTrailInsight',
      insightDetails: { state: 'Start' },
      userIdentity: undefined,
    });
    const aggregated = {
      eventId: 'a',
      eventCategory: 'Aggregated',
      eventType: 'AwsAggregatedEvent',
      accountId: '1',
      timeWindow: {},
      summary: {},
    };
    const network = makeRecord({ eventCategory: 'NetworkActivity', eventType: 'AwsVpceEvent' });
    const messages = [insight, aggregated, network].map((r, i) => ({ id: String(i), timestamp: 1, message: JSON.stringify(r) }));
    const { rows, aggregated: windows, row } = await one(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: messages }));
    expect(row).toMatchObject({ status: 'imported', records: 3, aggregatedRecords: 1 });
    expect(windows).toHaveLength(1);
    expect(rows.map((r) => r.flags & ROW_INSIGHT)).toEqual([ROW_INSIGHT, 0]);
    expect(rows[1].values.eventCategory).toBe('NetworkActivity');
  });

  it('without a record among others are passed over and named', async () => {
    const guardDuty = { ...eventBridge(makeRecord()), 'detail-type': 'GuardDuty Finding', detail: { schemaVersion: '2.0', type: 'x' } };
    const { row, rows } = await one(
      [guardDuty, eventBridge(makeRecord()), guardDuty, eventBridge(makeRecord())].map((e) => JSON.stringify(e)).join('\n'),
    );
    expect(rows.map((r) => r.recordNumber)).toEqual([1, 3]);
    expect(row).toMatchObject({ status: 'imported', kind: 'eventbridge', records: 2, unreadableRecords: 0 });
    expect(row.reason).toMatch(/2 other entries were passed over.*GuardDuty Finding/);
    const alone = await one(JSON.stringify(guardDuty));
    expect(alone.row).toMatchObject({ status: 'rejected', kind: 'eventbridge', reason: expect.stringContaining('GuardDuty Finding') });
  });

  it('a control message alone is a file without events', async () => {
    const { row } = await one(gzipSync(JSON.stringify(CONTROL)));
    expect(row).toMatchObject({ status: 'withoutEvents', kind: 'cloudwatch-subscription', records: 0 });
  });

  it('messages that CloudWatch packs one by one and Firehose puts behind each other are all read', async () => {
    const records = Array.from({ length: 4 }, () => makeRecord());
    const members = records.map((r) =>
      gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ id: '1', timestamp: 1, message: JSON.stringify(r) }] })),
    );
    const { row, rows } = await one(Buffer.concat([gzipSync(JSON.stringify(CONTROL)), ...members]));
    expect(rows.map((r) => r.id)).toEqual(records.map((r) => r.eventID));
    expect(row).toMatchObject({ status: 'imported', kind: 'cloudwatch-subscription' });
  });

  it('an empty page, message or answer is a file without events', async () => {
    for (const [text, kind] of [
      ['{"Events":[]}', 'lookup-events'],
      ['{"messageType":"DATA_MESSAGE","logEvents":[]}', 'cloudwatch-subscription'],
      ['{"hits":{"total":0,"hits":[]}}', 'elasticsearch'],
      ['{"events":[],"searchedLogStreams":[]}', 'cloudwatch-filter'],
    ])
      expect((await one(text)).row).toMatchObject({ status: 'withoutEvents', kind });
  });

  it('a lookup entry that contradicts its record is remarked on, in the ledger and beside the record', async () => {
    const record = makeRecord();
    const entries = [
      lookupEntry(record, { EventTime: '2001-01-01T00:00:00Z', EventName: 'Other' }),
      // The same instant elsewhere, a local time without a zone, and half a second are no contradiction.
      lookupEntry(makeRecord({ eventTime: '2026-03-02T09:00:00Z' }), { EventTime: '2026-03-02 10:00:00+01:00' }),
      lookupEntry(makeRecord(), { EventTime: '2001-01-01 00:00:00' }),
      lookupEntry(makeRecord({ eventTime: '2026-03-02T09:00:00Z' }), { EventTime: 1772442000.5 }),
    ];
    const { imported, rows, row } = await one(JSON.stringify({ Events: entries }));
    expect(row).toMatchObject({ status: 'imported', records: 4, unreadableRecords: 0 });
    const sentence = `The lookup-events entry contradicts the record in it: EventTime is 2001-01-01T00:00:00Z outside and ${record.eventTime} inside; EventName is Other outside and ${record.eventName} inside.`;
    expect(row.reason).toContain(sentence);
    expect(row.reason).not.toContain('entries contradict');
    const told = await Promise.all(rows.map(async (r) => contradictionSentence((await inside(imported, r)).contradicts)));
    expect(told[0]).toContain(sentence);
    expect(told.slice(1)).toEqual([null, null, null]);
  });

  it('a lookup entry whose record is broken gives its own fields', async () => {
    const entries = [
      lookupEntry(makeRecord(), { CloudTrailEvent: '{"eventVersion":"1.0' }),
      lookupEntry(makeRecord(), { CloudTrailEvent: '{}' }),
      lookupEntry(makeRecord()),
    ];
    const { rows, row, imported } = await one(JSON.stringify({ Events: entries }));
    expect(rows.map((r) => (r.flags & ROW_SUMMARY) !== 0)).toEqual([true, true, false]);
    expect(rows[0].values).toMatchObject({ userName: 'dana', eventSource: 's3.amazonaws.com', outcome: null, awsRegion: null });
    expect(row.reason).toMatch(/2 of 3 records were read from an entry of lookup-events output without its record/);
    expect((await inside(imported, rows[0])).shapes).toEqual(['lookup-fields']);
  });

  it('a bulk file of a search engine: action lines are no entries', async () => {
    const [a, b] = [makeRecord(), makeRecord()];
    const { row, rows } = await one(
      [{ index: { _index: 'ct' } }, a, { create: { _id: '2' } }, b].map((l) => `${JSON.stringify(l)}\n`).join(''),
    );
    expect(row).toMatchObject({ status: 'imported', records: 2, unreadableRecords: 0, kind: 'ndjson' });
    expect(rows.map((r) => r.recordNumber)).toEqual([0, 1]);
  });

  it('documents of several shapes in one file are all read', async () => {
    const [a, b, c, d] = Array.from({ length: 4 }, () => makeRecord());
    const { rows, row } = await one(
      [a, { Records: [b] }, eventBridge(c), { Events: [lookupEntry(d)] }].map((l) => JSON.stringify(l)).join('\n'),
    );
    expect(rows.map((r) => r.id)).toEqual([a, b, c, d].map((r) => r.eventID));
    expect(row.status).toBe('imported');
  });

  it('are followed to a depth and no further, and several records in one text are told', async () => {
    let nested: unknown = makeRecord();
    for (let i = 0; i < 9; i++) nested = { messageId: 'q', body: JSON.stringify(nested) };
    const { row } = await one(JSON.stringify([nested, makeRecord()]));
    expect(row).toMatchObject({ status: 'partial', records: 1, unreadableRecords: 1, reason: expect.stringContaining('more than 6 deep') });
    const several = await one(
      JSON.stringify([{ messageId: 'q', body: JSON.stringify({ Records: [makeRecord(), makeRecord()] }) }, makeRecord()]),
    );
    expect(several.row).toMatchObject({
      status: 'partial',
      unreadableRecords: 1,
      reason: expect.stringContaining('2 entries in one piece of text'),
    });
  });
});

describe('CSV', () => {
  const csv = (...lines: string[]) => one(lines.join('\n'));

  it('a line with too few or too many cells costs itself', async () => {
    const { row, rows } = await csv(
      HISTORY_HEADER,
      historyLine(makeRecord()),
      'a,b',
      `${historyLine(makeRecord())},more`,
      historyLine(makeRecord()),
      '',
      ',,,',
    );
    expect(rows).toHaveLength(2);
    expect(row).toMatchObject({ status: 'partial', unreadableRecords: 3 });
    expect(row.reason).toMatch(/2 cells under a header of 16/);
  });

  it('a quote never closed costs its line, not the rest', async () => {
    const good = historyLine(makeRecord({ userAgent: 'plain' }));
    const { row, rows } = await csv(
      HISTORY_HEADER,
      good,
      `"${historyLine(makeRecord({ userAgent: 'plain' }))}`.replace(/"\[\{.*\}\]"/, ''),
      historyLine(makeRecord({ userAgent: 'x' })).replace(/"\[\{.*\}\]"/, ''),
    );
    expect(rows).toHaveLength(2);
    expect(row.status).toBe('partial');
    expect(row.reason).toMatch(/quote/);
  });

  it('a repeated header, semicolons and tabs', async () => {
    const line = historyLine(makeRecord({ userAgent: 'a' }));
    expect((await csv(HISTORY_HEADER, line, HISTORY_HEADER, historyLine(makeRecord()))).row).toMatchObject({
      status: 'imported',
      records: 2,
    });
    for (const delimiter of [';', '\t']) {
      const bare = ['dana', '', '2026-03-02T09:00:00Z', 's3.amazonaws.com', 'ListBuckets', '', '', '', '', '', '', 'id-1', '', '', '', ''];
      expect((await csv(HISTORY_HEADER.replaceAll(',', delimiter), bare.join(delimiter))).row).toMatchObject({
        status: 'imported',
        records: 1,
      });
    }
  });

  it('says what such a source cannot answer', async () => {
    const { row } = await csv(HISTORY_HEADER, historyLine(makeRecord()));
    expect(row.reason).toMatch(/no request parameters/);
  });

  it('of something else is named', async () => {
    expect((await csv('a,b,c,d', '1,2,3,4')).row).toMatchObject({ kind: 'csv', status: 'rejected' });
    expect((await csv('user,arn,user_creation_time,x', 'a,b,c,d')).row).toMatchObject({
      kind: 'aws-other',
      status: 'rejected',
      reason: expect.stringContaining('credential report'),
    });
  });
});

describe('encodings', () => {
  it.each(['utf-16le', 'utf-16be'])('%s is read, small and large, and the file is kept as found', async (encoding) => {
    for (const pad of [0, 400_000]) {
      const records = Array.from({ length: 12 }, () => makeRecord({ userAgent: `Zoë ${'é'.repeat(pad)}` }));
      const bytes = Buffer.from(`\ufeff${SHAPES['lookup-events, epoch seconds'].make(records)}`, 'utf16le');
      if (encoding === 'utf-16be') bytes.swap16();
      const { imported, rows, row } = await one(bytes);
      expect(row).toMatchObject({
        status: 'imported',
        records: 12,
        kind: 'lookup-events',
        unpackedSize: bytes.length,
        reason: expect.stringContaining('UTF-16'),
      });
      expect(rows.map((r) => r.id)).toEqual(records.map((r) => r.eventID));
      expect(JSON.parse((await inside(imported, rows[11])).text)).toEqual(records[11]);
      const originals = imported.commits.flatMap(({ header, vault }) =>
        header.originals.map((o) => Buffer.from(vault, o.offset, o.length)),
      );
      expect(Buffer.concat(originals).equals(bytes)).toBe(true);
    }
  });

  it('Windows-1252 in a string is told, and its bytes are kept', async () => {
    const bytes = Buffer.from(SHAPES['Event history CSV'].make([makeRecord({ userAgent: 'Zoë' })]), 'latin1');
    const { imported, row, rows } = await one(bytes);
    expect(row).toMatchObject({ status: 'imported', records: 1, reason: expect.stringContaining('not valid UTF-8') });
    expect(rows[0].values.userAgent).toBe('Zo\ufffd');
    expect(await recordText(imported, rows[0])).toContain('Zo\ufffd');
  });
});

describe('what is not CloudTrail is named for what it is', () => {
  const ID = 'a'.repeat(64);
  it.each<[string, string, RegExp]>([
    [`${ID} bucket [06/Feb/2019:00:00:38 +0000] 192.0.2.3 x`, 'aws-other', /S3 server access log/],
    ['version account-id interface-id srcaddr\n2 123456789010 eni-1235b8ca123456789 1 2', 'aws-other', /VPC flow log/],
    ['2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21', 'aws-other', /VPC flow log/],
    ['http 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817', 'aws-other', /Application Load Balancer/],
    ['#Version: 1.0\n#Fields: date time', 'aws-other', /CloudFront/],
    ['Permission Check Successful', 'aws-other', /test file/],
    ['{"fileVersion":"1.0","configSnapshotId":"x","configurationItems":[{}]}', 'aws-other', /Config snapshot/],
    ['{"schemaVersion":"2.0","accountId":"1","type":"t","service":{},"severity":5}', 'aws-other', /GuardDuty finding/],
    [
      '[{"schemaVersion":"2.0","accountId":"1","arn":"arn:aws:guardduty:eu-west-1:1:detector/d/finding/f"}]',
      'aws-other',
      /A GuardDuty finding/,
    ],
    ['{"Findings":[{"Arn":"arn:aws-cn:guardduty:cn-north-1:1:detector/d/finding/f"}]}', 'aws-other', /A list of GuardDuty findings/],
    ['{"QueryStatus":"FINISHED","QueryResultRows":[[{"eventID":"x"}]]}', 'derived', /get-query-results/],
    ['Events:\n- CloudTrailEvent: "{}"\n  EventId: x', 'lookup-events', /--output json/],
    ['{"awslogs":{"data":"H4sI"}}', 'aws-other', /base64/],
    ['{"class_uid":6003,"metadata":{"product":{"name":"CloudTrail"}},"time":1}', 'derived', /OCSF/],
    [
      '{"@timestamp":"x","event":{"dataset":"aws.cloudtrail","action":"ListBuckets"},"aws":{"cloudtrail":{"user_identity":{}}}}',
      'derived',
      /Elastic Common Schema/,
    ],
    ['{"_index":"i","_id":"1","_source":{"event":{"dataset":"d"},"aws":{"cloudtrail":{}}}}', 'elasticsearch', /Elastic Common Schema/],
    [
      '{"Type":"Notification","MessageId":"m","TopicArn":"t","Message":"{\\"s3Bucket\\":\\"b\\",\\"s3ObjectKey\\":[\\"k\\"]}"}',
      'sns',
      /log files were delivered/,
    ],
    ['{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{}}]}', 'records', /notification of s3/],
  ])('%s', async (text, kind, reason) => {
    const { row, rows } = await one(text);
    expect(row).toMatchObject({ kind, status: 'rejected', records: 0 });
    expect(row.reason).toMatch(reason);
    expect(rows).toHaveLength(0);
  });
});
