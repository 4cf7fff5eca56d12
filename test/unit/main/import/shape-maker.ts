/** The same records in every shape they are exported in, as the commands and services write them. */
export type Made = Record<string, unknown> & { eventID: string; eventName: string; eventTime: string; eventSource: string };

let ids = 0;
export function makeRecord(more: Record<string, unknown> = {}): Made {
  const n = ids++;
  return {
    eventVersion: '1.09',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLE',
      arn: 'arn:aws:iam::111122223333:user/dana',
      accountId: '111122223333',
      accessKeyId: 'AKIAEXAMPLE000000001',
      userName: 'dana',
    },
    eventTime: new Date(Date.UTC(2026, 2, 2, 9, 0, n % 3600)).toISOString().replace('.000Z', 'Z'),
    eventSource: 's3.amazonaws.com',
    eventName: n % 3 === 0 ? 'PutBucketPolicy' : 'ListBuckets',
    awsRegion: 'eu-west-1',
    sourceIPAddress: '203.0.113.9',
    userAgent: 'aws-cli/2.15 "quoted", with a comma; ünïcode \u2028 and a line\nbreak',
    requestParameters: { bucketName: `bucket-${n}`, note: '{"Records":[{"eventName":"NotMe"}]}' },
    responseElements: null,
    requestID: `R${n}`,
    eventID: `5a5a5a5a-0000-4000-8000-${String(n).padStart(12, '0')}`,
    readOnly: n % 3 !== 0,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
    ...more,
  };
}

const text = (value: unknown): string => JSON.stringify(value);
const cell = (value: unknown): string => {
  const plain = value === undefined || value === null ? '' : typeof value === 'object' ? text(value) : String(value);
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};
const lines = (values: readonly unknown[], end = '\n'): string => values.map((v) => (typeof v === 'string' ? v : text(v)) + end).join('');

export const lookupEntry = (r: Made, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  EventId: r.eventID,
  EventName: r.eventName,
  ReadOnly: String(r.readOnly),
  AccessKeyId: 'AKIAEXAMPLE000000001',
  EventTime: Date.parse(r.eventTime) / 1000,
  EventSource: r.eventSource,
  Username: 'dana',
  Resources: [{ ResourceType: 'AWS::S3::Bucket', ResourceName: 'some-bucket' }],
  CloudTrailEvent: text(r),
  ...more,
});

export const eventBridge = (r: Made): Record<string, unknown> => ({
  version: '0',
  id: `eb-${r.eventID}`,
  'detail-type': r.eventName === 'ConsoleLogin' ? 'AWS Console Sign In via CloudTrail' : 'AWS API Call via CloudTrail',
  source: 'aws.s3',
  account: '111122223333',
  time: r.eventTime,
  region: 'eu-west-1',
  resources: [],
  detail: r,
});

const sns = (message: unknown): Record<string, unknown> => ({
  Type: 'Notification',
  MessageId: 'm-1',
  TopicArn: 'arn:aws:sns:eu-west-1:111122223333:trail',
  Message: text(message),
  Timestamp: '2026-03-02T09:00:00.000Z',
});

const subscription = (records: readonly Made[]): Record<string, unknown> => ({
  messageType: 'DATA_MESSAGE',
  owner: '111122223333',
  logGroup: 'trail',
  logStream: 's',
  subscriptionFilters: ['all'],
  logEvents: records.map((r, i) => ({ id: `36${i}`, timestamp: Date.parse(r.eventTime), message: text(r) })),
});
export const CONTROL = {
  messageType: 'CONTROL_MESSAGE',
  owner: 'CloudwatchLogs',
  logGroup: '',
  logEvents: [{ id: '', timestamp: 1772442000000, message: 'CWL CONTROL MESSAGE: Checking health of destination Firehose.' }],
};

export const HISTORY_HEADER =
  'User name,AWS access key,Event time,Event source,Event name,AWS region,Source IP address,User agent,Error code,Resources,Request ID,Event ID,Read-only,Event type,Recipient Account Id,Event category';
export const historyLine = (r: Made): string =>
  [
    'dana',
    'AKIAEXAMPLE000000001',
    r.eventTime,
    r.eventSource,
    r.eventName,
    r.awsRegion,
    r.sourceIPAddress,
    r.userAgent,
    r.errorCode,
    [{ resourceType: 'AWS::S3::Bucket', resourceName: 'some-bucket' }],
    r.requestID,
    r.eventID,
    r.readOnly,
    r.eventType,
    r.recipientAccountId,
    r.eventCategory,
  ]
    .map(cell)
    .join(',');

const hit = (r: Made): Record<string, unknown> => ({ _index: 'ct', _id: r.eventID, _score: null, _source: r });
const halves = (records: readonly Made[]): [Made[], Made[]] => {
  const middle = Math.ceil(records.length / 2);
  return [records.slice(0, middle), records.slice(middle)];
};

/** Name → the file's text, its kind in the ledger, and whether the whole record is in it. */
export const SHAPES: Record<string, { make(records: readonly Made[]): string; kind: string; summary?: boolean }> = {
  'trail Records': { make: (all) => text({ Records: all }), kind: 'records' },
  'lookup-events, epoch seconds': {
    make: (all) => text({ Events: all.map((r) => lookupEntry(r)), NextToken: 'x' }),
    kind: 'lookup-events',
  },
  'lookup-events, ISO times, indented': {
    make: (all) => JSON.stringify({ Events: all.map((r) => lookupEntry(r, { EventTime: r.eventTime.replace('Z', '+00:00') })) }, null, 4),
    kind: 'lookup-events',
  },
  'lookup-events, pages one after another': {
    make: (all) =>
      halves(all)
        .map((page) => JSON.stringify({ NextToken: 'y', Events: page.map((r) => lookupEntry(r)) }, null, 2))
        .join('\n'),
    kind: 'lookup-events',
  },
  'lookup-events, an entry a line': { make: (all) => lines(all.map((r) => lookupEntry(r))), kind: 'lookup-events' },
  'lookup-events, a page a line': {
    make: (all) => lines(halves(all).map((p) => ({ Events: p.map((r) => lookupEntry(r)) }))),
    kind: 'lookup-events',
  },
  'lookup-events without records': {
    make: (all) => text({ Events: all.map((r) => lookupEntry(r, { CloudTrailEvent: undefined })) }),
    kind: 'lookup-events',
    summary: true,
  },
  'Event history CSV': { make: (all) => lines([HISTORY_HEADER, ...all.map(historyLine)]), kind: 'event-history-csv', summary: true },
  'Event history CSV, BOM, CRLF, another case': {
    make: (all) => `\ufeff${lines([HISTORY_HEADER.toUpperCase(), ...all.map(historyLine)], '\r\n')}`,
    kind: 'event-history-csv',
    summary: true,
  },
  'Athena CSV': {
    make: (all) =>
      lines([
        '"eventversion","useridentity","eventtime","eventsource","eventname","awsregion","sourceipaddress","requestparameters","resources","eventid","readonly"',
        ...all.map((r) =>
          [
            r.eventVersion,
            '{type=IAMUser, principalid=AIDAEXAMPLE, arn=arn:aws:iam::111122223333:user/dana, accountid=111122223333, invokedby=null, accesskeyid=AKIAEXAMPLE000000001, username=dana, sessioncontext={attributes={mfaauthenticated=false}}}',
            r.eventTime,
            r.eventSource,
            r.eventName,
            r.awsRegion,
            r.sourceIPAddress,
            r.requestParameters,
            '[{arn=arn:aws:s3:::some-bucket, accountid=1, type=AWS::S3::Bucket}]',
            r.eventID,
            r.readOnly,
          ]
            .map((v) => `"${(typeof v === 'object' ? text(v) : String(v)).replaceAll('"', '""')}"`)
            .join(','),
        ),
      ]),
    kind: 'csv',
    summary: true,
  },
  'Lake CSV with eventJson': {
    make: (all) => lines(['eventName,eventID,eventJson', ...all.map((r) => [r.eventName, r.eventID, text(r)].map(cell).join(','))]),
    kind: 'csv',
  },
  'CloudWatch Logs export': {
    make: (all) => lines(all.map((r) => `${r.eventTime.replace('Z', '.000Z')} ${text(r)}`)),
    kind: 'cloudwatch-export',
  },
  'CloudWatch subscription message': { make: (all) => text(subscription(all)), kind: 'cloudwatch-subscription' },
  'CloudWatch messages as Firehose writes them': {
    make: (all) =>
      text(CONTROL) +
      halves(all)
        .map((half) => text(subscription(half)))
        .join(''),
    kind: 'cloudwatch-subscription',
  },
  'CloudWatch messages, one a line': { make: (all) => lines(halves(all).map(subscription)), kind: 'cloudwatch-subscription' },
  'filter-log-events': {
    make: (all) =>
      JSON.stringify(
        {
          events: all.map((r) => ({ logStreamName: 's', timestamp: 1, message: text(r), ingestionTime: 2, eventId: '3' })),
          searchedLogStreams: [],
        },
        null,
        4,
      ),
    kind: 'cloudwatch-filter',
  },
  'Logs Insights results': {
    make: (all) => text(all.map((r) => ({ '@timestamp': r.eventTime, '@message': text(r), '@ptr': 'p' }))),
    kind: 'cloudwatch-filter',
  },
  'Logs Insights answer of the command line': {
    make: (all) =>
      JSON.stringify(
        {
          results: all.map((r) => [
            { field: '@timestamp', value: r.eventTime },
            { field: '@message', value: text(r) },
          ]),
          status: 'Complete',
        },
        null,
        2,
      ),
    kind: 'cloudwatch-filter',
  },
  'Logs Insights CSV': {
    make: (all) => lines(['@timestamp,@message', ...all.map((r) => [r.eventTime, text(r)].map(cell).join(','))]),
    kind: 'cloudwatch-filter',
  },
  'EventBridge, one a line': { make: (all) => lines(all.map(eventBridge)), kind: 'eventbridge' },
  'EventBridge, a list': { make: (all) => text(all.map(eventBridge)), kind: 'eventbridge' },
  'SNS around EventBridge': { make: (all) => lines(all.map((r) => sns(eventBridge(r)))), kind: 'sns' },
  'Lambda event of SNS': { make: (all) => text({ Records: all.map((r) => ({ EventSource: 'aws:sns', Sns: sns(r) })) }), kind: 'sns' },
  'SQS, SNS, EventBridge': {
    make: (all) =>
      text({ Records: all.map((r) => ({ messageId: 'q', receiptHandle: 'h', eventSource: 'aws:sqs', body: text(sns(eventBridge(r))) })) }),
    kind: 'sns',
  },
  'sqs receive-message': {
    make: (all) => text({ Messages: all.map((r) => ({ MessageId: 'q', ReceiptHandle: 'h', Body: text(eventBridge(r)) })) }),
    kind: 'sns',
  },
  'SQS with a list of one': { make: (all) => lines(all.map((r) => ({ messageId: 'q', body: text({ Records: [r] }) }))), kind: 'sns' },
  'Elasticsearch search answer': {
    make: (all) =>
      text({
        took: 3,
        timed_out: false,
        hits: { total: { value: all.length }, max_score: null, hits: all.map(hit) },
        aggregations: { a: [1] },
      }),
    kind: 'elasticsearch',
  },
  elasticdump: { make: (all) => lines(all.map(hit)), kind: 'elasticsearch' },
  'Filebeat with the original': {
    make: (all) =>
      lines(
        all.map((r) => ({ '@timestamp': r.eventTime, event: { dataset: 'aws.cloudtrail', original: text(r) }, aws: { cloudtrail: {} } })),
      ),
    kind: 'elasticsearch',
  },
  'Logstash with a message': {
    make: (all) => lines(all.map((r) => ({ '@version': '1', '@timestamp': r.eventTime, message: text(r) }))),
    kind: 'elasticsearch',
  },
  'Logstash’s CloudTrail codec': {
    make: (all) => lines(all.map(({ eventTime, ...r }) => ({ ...r, '@timestamp': eventTime.replace('Z', '.000Z'), '@version': '1' }))),
    kind: 'ndjson',
  },
  'objects as text': {
    make: (all) =>
      lines(
        all.map((r) =>
          Object.fromEntries(Object.entries(r).map(([k, v]) => [k, typeof v === 'object' || typeof v === 'boolean' ? text(v) : v])),
        ),
      ),
    kind: 'ndjson',
  },
};
