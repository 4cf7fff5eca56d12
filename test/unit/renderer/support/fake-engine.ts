/** An engine in the page's own thread over made-up events, answering plans by plain loops: for looking at screens and for tests of views. */
import type { Engine } from '../../../../src/engine/client/index.ts';
import {
  type CaseId,
  type CommitId,
  type EpochMs,
  type EventKey,
  epochMs,
  type ImportId,
  type RowIndex,
} from '../../../../src/shared/brand.ts';
import type { CaseInfo, CaseView } from '../../../../src/shared/case.ts';
import type { ColumnId, ValueColumnId } from '../../../../src/shared/columns.ts';
import type { QueryStatus } from '../../../../src/shared/engine.ts';
import type { Answer, Ask, Filter, PlanResult, Selection } from '../../../../src/shared/plan.ts';

export interface FakeEvent {
  time: number | null;
  values: Partial<Record<ColumnId, string | null>>;
}

/** Seeded, so that screenshots compare. */
function random(seed: number): () => number {
  let s = seed;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const NAMES: [string, string, boolean][] = [
  ['AssumeRole', 'sts.amazonaws.com', true],
  ['GetObject', 's3.amazonaws.com', true],
  ['DescribeInstances', 'ec2.amazonaws.com', true],
  ['ListBuckets', 's3.amazonaws.com', true],
  ['PutObject', 's3.amazonaws.com', false],
  ['Decrypt', 'kms.amazonaws.com', true],
  ['GetCallerIdentity', 'sts.amazonaws.com', true],
  ['CreateAccessKey', 'iam.amazonaws.com', false],
  ['RunInstances', 'ec2.amazonaws.com', false],
  ['ConsoleLogin', 'signin.amazonaws.com', false],
  ['DescribeLogGroups', 'logs.amazonaws.com', true],
  ['StopLogging', 'cloudtrail.amazonaws.com', false],
  ['SendSSHPublicKey', 'ec2-instance-connect.amazonaws.com', false],
  ['UpdateFunctionCode20150331v2', 'lambda.amazonaws.com', false],
];
const PRINCIPALS = [
  'role/deploy',
  'user/alice',
  'user/bob',
  'role/AWSReservedSSO_AdministratorAccess_0123456789abcdef',
  'root',
  'role/OrganizationAccountAccessRole',
];
const ACCOUNTS = ['111122223333', '444455556666', '777788889999'];
const REGIONS = ['us-east-1', 'eu-central-1', 'eu-west-1', 'us-west-2'];
const ERRORS = ['AccessDenied', 'Client.UnauthorizedOperation', 'ThrottlingException', 'NoSuchBucket'];

export function fakeEvents(count: number, days = 5): FakeEvent[] {
  const next = random(7);
  const pick = <T>(list: readonly T[], skew = 2): T => list[Math.floor(next() ** skew * list.length)];
  const start = Date.UTC(2026, 2, 1);
  return Array.from({ length: count }, (): FakeEvent => {
    const [eventName, eventSource, read] = pick(NAMES);
    const burst = next() < 0.15;
    const day = burst ? 3.4 + next() * 0.2 : next() * days;
    const time = Math.floor((start + day * 86_400_000 * (0.97 + 0.03 * Math.sin(day * 6))) / 1000) * 1000;
    const account = pick(ACCOUNTS);
    const principal = `arn:aws:iam::${account}:${pick(PRINCIPALS)}`;
    const error = next() < (burst ? 0.3 : 0.04) ? pick(ERRORS) : null;
    const service = next() < 0.1;
    return {
      time: next() < 0.0005 ? null : time,
      values: {
        eventName,
        eventSource,
        principal,
        identity: principal,
        userName: principal.split('/').pop() ?? null,
        identityType: service ? 'AWSService' : principal.includes(':user') ? 'IAMUser' : 'AssumedRole',
        accessKeyId: service
          ? null
          : `ASIA${Math.floor(next() ** 2 * 4000)
              .toString(36)
              .toUpperCase()
              .padStart(16, 'X')}`,
        sourceIPAddress: service ? 'cloudformation.amazonaws.com' : burst ? '203.0.113.66' : `198.51.100.${Math.floor(next() ** 2 * 200)}`,
        userAgent: pick([
          'aws-cli/2.15.30 Python/3.11.8 Linux/6.1.0 exe/x86_64',
          'Boto3/1.34.69 md/Botocore#1.34.69',
          'console.amazonaws.com',
          '[S3Console/0.4, aws-internal/3]',
        ]),
        awsRegion: pick(REGIONS, 3),
        account,
        errorCode: error,
        outcome: error === null ? 'success' : /Denied|Unauthorized/.test(error) ? 'denied' : 'error',
        readOnly: next() < 0.02 ? null : String(read),
        eventCategory: eventName.endsWith('Object') ? 'Data' : 'Management',
        eventType: 'AwsApiCall',
        invokedBy: service ? 'cloudformation.amazonaws.com' : null,
        resource: eventSource.startsWith('s3') ? `arn:aws:s3:::acme-${pick(['payroll', 'logs', 'backups', 'artifacts'])}` : null,
        starred: next() < 0.001 ? 'true' : 'false',
      },
    };
  });
}

export function matchesFilter(event: FakeEvent, filter: Filter): boolean {
  const plain = (): boolean => {
    switch (filter.op) {
      case 'in':
        return filter.values.includes(event.values[filter.column] ?? null);
      case 'contains': {
        const text = filter.text.toLowerCase();
        const values = filter.column === 'any' ? Object.values(event.values) : [event.values[filter.column]];
        return values.some((v) => v?.toLowerCase().includes(text));
      }
      case 'and':
        return filter.filters.every((f) => matchesFilter(event, f));
      case 'or':
        return filter.filters.some((f) => matchesFilter(event, f));
      default:
        return false;
    }
  };
  return plain() !== (filter.not ?? false);
}

function select(events: readonly FakeEvent[], selection: Selection, without: ValueColumnId | null): FakeEvent[] {
  const { from, to } = selection.time;
  return events.filter((e) => {
    if ((from !== null || to !== null) && e.time === null) return false;
    if (from !== null && (e.time as number) < from) return false;
    if (to !== null && (e.time as number) >= to) return false;
    if (selection.hideReadOnly && e.values.readOnly === 'true') return false;
    if (selection.hideServiceCalls && (e.values.invokedBy || e.values.identityType === 'AWSService')) return false;
    return selection.filters.every((f) => (f.op === 'in' && f.column === without) || matchesFilter(e, f));
  });
}

const counted = (events: readonly FakeEvent[], column: ColumnId): [string | null, number][] => {
  const counts = new Map<string | null, number>();
  for (const e of events) counts.set(e.values[column] ?? null, (counts.get(e.values[column] ?? null) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
};
const WIDTHS = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 21_600, 86_400].map((s) => s * 1000);

export function answerAsk(all: readonly FakeEvent[], selection: Selection, ask: Ask): Answer {
  const own = ask.ask === 'facet' && !ask.strict ? ask.column : null;
  const events = select(all, selection, own);
  const times = events.flatMap((e) => (e.time === null ? [] : [e.time]));
  const first = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const last = times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  switch (ask.ask) {
    case 'count':
      return {
        ask: 'count',
        events: events.length,
        failed: events.filter((e) => e.values.outcome === 'denied' || e.values.outcome === 'error').length,
        denied: events.filter((e) => e.values.outcome === 'denied').length,
        withoutTime: events.length - times.length,
        first: times.length ? epochMs(first) : null,
        last: times.length ? epochMs(last) : null,
        total: all.length,
      };
    case 'histogram': {
      const from = selection.time.from ?? (times.length ? first : 0);
      const to = selection.time.to ?? (times.length ? last + 1 : 0);
      const binMs = WIDTHS.find((w) => (to - from) / w <= ask.bins) ?? 7 * 86_400_000;
      const begin = Math.floor(from / binMs) * binMs;
      const bins = times.length ? Math.ceil((to - begin) / binMs) : 0;
      const layer = (value: string | null, other: boolean, of: readonly FakeEvent[]) => {
        const counts = new Uint32Array(bins);
        for (const e of of) if (e.time !== null) counts[Math.floor((e.time - begin) / binMs)]++;
        return { value, other, counts };
      };
      const { stackBy } = ask;
      if (stackBy === null) return { ask: 'histogram', from: epochMs(begin), binMs, bins, layers: [layer(null, false, events)] };
      const tops = counted(events, stackBy);
      const top = tops.slice(0, ask.stackTop).map(([value]) => value);
      const layers = top.map((value) =>
        layer(
          value,
          false,
          events.filter((e) => (e.values[stackBy] ?? null) === value),
        ),
      );
      if (tops.length > top.length)
        layers.push(
          layer(
            null,
            true,
            events.filter((e) => !top.includes(e.values[stackBy] ?? null)),
          ),
        );
      return { ask: 'histogram', from: epochMs(begin), binMs, bins, layers };
    }
    case 'facet': {
      const find = ask.find?.toLowerCase();
      const values = counted(events, ask.column).filter(([v]) => !find || v?.toLowerCase().includes(find));
      return {
        ask: 'facet',
        column: ask.column,
        values: values.slice(0, ask.limit).map(([value, count]) => ({ value, count })),
        distinct: values.length,
        absent: values.some(([v]) => v === null),
      };
    }
    case 'page':
      return {
        ask: 'page',
        offset: ask.offset,
        total: events.length,
        rows: events.slice(ask.offset, ask.offset + ask.limit).map((e, i) => ({
          key: `id:fake-${ask.offset + i}` as EventKey,
          row: (ask.offset + i) as RowIndex,
          time: e.time === null ? null : epochMs(e.time),
          eventID: `fake-${ask.offset + i}`,
          starred: false,
          copies: 1,
          conflict: false,
          values: ask.columns.map((c) => e.values[c] ?? null),
        })),
      };
    case 'group':
      return { ask: 'group', by: ask.by, groups: 0, absent: false, rows: [] };
    case 'position':
      return { ask: 'position', position: -1 };
    case 'keys':
      return { ask: 'keys', keys: [], total: events.length };
  }
}

/** `cases`: names of cases that are there at the start; the first holds the events. */
export function fakeEngine(events: FakeEvent[], cases: string[]): Engine {
  const settings = new Map<string, unknown>();
  const now = (): EpochMs => epochMs(Date.now());
  const listeners: (() => void)[] = [];
  const statusListeners: ((s: QueryStatus) => void)[] = [];
  const times = events.flatMap((e) => (e.time === null ? [] : [e.time])).sort((a, b) => a - b);
  const list: CaseInfo[] = cases.map((name, i) => ({
    id: `case-${i}` as CaseId,
    name,
    createdAt: now(),
    openedAt: epochMs(Date.now() - i * 86_400_000),
    files: i === 0 ? 3871 : 0,
    events: i === 0 ? events.length : 0,
    firstTime: i === 0 && times.length ? epochMs(times[0]) : null,
    lastTime: i === 0 && times.length ? epochMs(times[times.length - 1]) : null,
  }));
  if (list[0]) settings.set('lastCase', list[0].id);
  let shown: FakeEvent[] = [];
  let view: CaseView | null = null;
  let generation = 1;
  const status = (): QueryStatus => ({
    generation,
    sourceRows: shown.length,
    events: shown.length,
    bytes: { columns: 0, dictionaries: 0, order: 0, ids: 0 },
  });
  let cancelled = false;
  const store: Partial<Engine['store']> = {
    subscribe: async (_, listener) => void listeners.push(listener),
    listCases: async () => [...list],
    listLostCases: async () => [],
    createCase: async (name) => {
      const info: CaseInfo = {
        id: `case-${list.length}` as CaseId,
        name,
        createdAt: now(),
        openedAt: now(),
        files: 0,
        events: 0,
        firstTime: null,
        lastTime: null,
      };
      list.push(info);
      for (const l of listeners) l();
      return info;
    },
    renameCase: async (id, name) => {
      const at = list.findIndex((c) => c.id === id);
      list[at] = { ...list[at], name };
      for (const l of listeners) l();
    },
    deleteCase: async (id) => {
      list.splice(
        list.findIndex((c) => c.id === id),
        1,
      );
      for (const l of listeners) l();
    },
    openCase: async (id) => {
      const info = list.find((c) => c.id === id) as CaseInfo;
      shown = id === 'case-0' ? events : [];
      generation++;
      return { info, access: 'write', view, interrupted: [], sweptCommits: 0 };
    },
    closeCase: async () => undefined,
    storage: async () => ({ usedBytes: 412_000_000, quotaBytes: 77_000_000_000, persisted: false, diskFreeBytes: 120_000_000_000 }),
    saveView: async (v) => {
      view = v;
    },
    getSetting: async (key) => settings.get(key),
    putSetting: async (key, value) => void settings.set(key, value),
    ledgerTotals: async () => ({
      files: shown.length ? 3871 : 0,
      byStatus: { imported: 3869, rejected: 2 },
      bytes: 0,
      records: shown.length,
      unreadableRecords: 0,
    }),
    importGrants: async (_, onProgress) => {
      cancelled = false;
      const step = Math.ceil(events.length / 40);
      const progress = {
        filesFound: 0,
        walking: true,
        filesDone: 0,
        filesRejected: 0,
        filesRepeated: 0,
        records: 0,
        bytesFound: 0,
        bytesDone: 0,
        reading: null as string | null,
      };
      for (let i = 0; i < 40 && !cancelled; i++) {
        await new Promise((r) => setTimeout(r, 150));
        shown = events.slice(0, (i + 1) * step);
        generation++;
        Object.assign(progress, {
          walking: i < 4,
          filesFound: Math.min(3871, (i + 1) * 900),
          filesDone: Math.floor((3871 * (i + 1)) / 40),
          filesRejected: i > 20 ? 2 : 0,
          records: shown.length,
          bytesFound: 151_000_000,
          bytesDone: (151_000_000 * (i + 1)) / 40,
          reading:
            '/evidence/AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/02/111122223333_CloudTrail_us-east-1_20260302T0910Z_abcdefgh.json.gz',
        });
        onProgress({ ...progress });
        for (const l of statusListeners) l(status());
      }
      return {
        run: {
          id: 'i1' as ImportId,
          startedAt: now(),
          endedAt: now(),
          roots: [],
          status: cancelled ? 'cancelled' : 'done',
          files: 3871,
          records: shown.length,
          reason: null,
        },
        progress,
        cancelled,
      };
    },
    cancelImport: async () => {
      cancelled = true;
    },
    pauseImport: async () => undefined,
    resumeImport: async () => undefined,
  };
  const query: Partial<Engine['query']> = {
    subscribe: async (listener) => void statusListeners.push(listener),
    status: async () => status(),
    run: (async (plan: { selection: Selection; asks: Ask[] }): Promise<PlanResult> => ({
      answers: plan.asks.map((ask) => answerAsk(shown, plan.selection, ask)) as PlanResult['answers'],
      generation,
      ms: 1,
    })) as Engine['query']['run'],
    conflicts: async () => ({ ids: 0, events: 0, rows: [] }),
    conflictOf: async () => null,
    locate: async (text) => {
      const columns: { column: ColumnId; value: string; count: number }[] = [];
      for (const column of ['eventName', 'sourceIPAddress', 'principal', 'accessKeyId', 'resource'] as const) {
        const count = shown.filter((e) => e.values[column] === text).length;
        if (count > 0) columns.push({ column, value: text, count });
      }
      return { events: text.startsWith('fake-') ? [`id:${text}` as EventKey] : [], columns };
    },
    event: async () => null,
    queryLog: async () => [],
    refs: async () => ({ keys: [], refs: [{ commitId: '' as CommitId, block: 0, textOffset: 0, textLength: 0 }] }),
  };
  return {
    app: { version: '0.1.0', host: 'web', platform: 'linux', threads: 2, versions: {}, batch: false },
    store: store as Engine['store'],
    query: query as Engine['query'],
  };
}
