/** Signed digest chains made for tests: keys, logs, digests and sidecars, as plain data that a test may then spoil. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { checkIntegrity, type IntegrityFile, type IntegrityInput, parseKeyText } from '../../../../src/engine/integrity/index.ts';
import type { GivenKeys, IntegrityReport, IntegrityRow } from '../../../../src/shared/integrity.ts';
import type { GzipFacts } from '../../../../src/shared/ledger.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
export const BUCKET = 'trail-bucket';
const START = Date.UTC(2024, 4, 1, 10, 0);
const HOUR = 3_600_000;

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
export const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
const stamp = (ms: number): string => iso(ms).replace(/[-:]/g, '');

export class SigningKey {
  readonly private: KeyObject;
  readonly pkcs1: Buffer;
  readonly spki: Buffer;
  constructor() {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.private = pair.privateKey;
    this.pkcs1 = pair.publicKey.export({ type: 'pkcs1', format: 'der' });
    this.spki = pair.publicKey.export({ type: 'spki', format: 'der' });
  }
  fingerprint(form: 'pkcs1' | 'spki' = 'pkcs1'): string {
    return createHash('md5').update(this[form]).digest('hex');
  }
  list(form: 'pkcs1' | 'spki' = 'pkcs1', window: [number, number] = [START - 30 * 24 * HOUR, START + 30 * 24 * HOUR]): unknown {
    const [from, to] = window;
    return {
      PublicKeyList: [
        {
          Value: this[form].toString('base64'),
          ValidityStartTime: from / 1000,
          ValidityEndTime: to / 1000,
          Fingerprint: this.fingerprint(form),
        },
      ],
    };
  }
}

export interface TestFile {
  path: string;
  text: string;
  kind: IntegrityFile['kind'];
  status?: IntegrityFile['status'];
  gzip?: GzipFacts;
  /** False: the file could not be unpacked. */
  unpacked?: boolean;
}

export interface DigestJson {
  [field: string]: unknown;
  digestS3Object: string;
  digestEndTime: string;
  previousDigestSignature: string | null;
  logFiles: { s3Bucket: string; s3Object: string; hashValue: string; hashAlgorithm: string }[];
}

export interface MadeDigest {
  path: string;
  object: string;
  json: DigestJson;
  text: string;
  signature: string;
}

export interface ChainOptions {
  key?: SigningKey;
  form?: 'pkcs1' | 'spki';
  hours?: number;
  from?: number;
  trail?: string;
  logsPerHour?: number;
  prefix?: string;
  backfill?: boolean;
  account?: string;
  region?: string;
  /** ID of an organisation, which stands before the account. */
  org?: string;
}

export const shared = new SigningKey();

/** A chain of hourly digests and the logs that they list. */
export class Chain {
  readonly key: SigningKey;
  readonly logs: TestFile[] = [];
  readonly digests: MadeDigest[] = [];

  constructor(private readonly options: ChainOptions = {}) {
    this.key = options.key ?? shared;
    const { hours = 4, from = START, logsPerHour = 2 } = options;
    for (let h = 0; h < hours; h++) this.addHour(from + h * HOUR, logsPerHour);
  }

  addHour(from: number, logsPerHour: number, previous: MadeDigest | null = this.digests.at(-1) ?? null): MadeDigest {
    const { trail = 'main', prefix = '', form = 'pkcs1', backfill = false, account = ACCOUNT, region = REGION, org } = this.options;
    const place = `${prefix}AWSLogs/${org ? `${org}/` : ''}${account}`;
    const day = iso(from + HOUR)
      .slice(0, 10)
      .replaceAll('-', '/');
    const logs = Array.from({ length: logsPerHour }, (_, i) => {
      const at = from + (10 + i * 5) * 60_000;
      const name = `${account}_CloudTrail_${region}_${stamp(at).slice(0, 13)}Z_${sha256(`${trail} ${backfill} ${at}`).slice(0, 16)}.json.gz`;
      const path = `${place}/CloudTrail/${region}/${iso(at).slice(0, 10).replaceAll('-', '/')}/${name}`;
      const text = JSON.stringify({
        Records: [{ eventVersion: '1.11', eventTime: iso(at), eventName: 'ListBuckets', eventID: sha256(name) }],
      });
      return { path, text, kind: 'records' as const };
    });
    this.logs.push(...logs);
    const end = from + HOUR;
    const object = `${place}/CloudTrail-Digest/${region}/${day}/${account}_CloudTrail-Digest_${region}_${trail}_${region}_${stamp(end)}${backfill ? '_backfill' : ''}.json.gz`;
    const json: DigestJson = {
      awsAccountId: account,
      digestStartTime: iso(from),
      digestEndTime: iso(end),
      digestS3Bucket: BUCKET,
      digestS3Object: object,
      digestPublicKeyFingerprint: this.key.fingerprint(form),
      digestSignatureAlgorithm: 'SHA256withRSA',
      newestEventTime: null,
      oldestEventTime: null,
      previousDigestS3Bucket: previous ? BUCKET : null,
      previousDigestS3Object: previous?.object ?? null,
      previousDigestHashValue: previous ? sha256(previous.text) : null,
      previousDigestHashAlgorithm: previous ? 'SHA-256' : null,
      previousDigestSignature: previous?.signature ?? null,
      logFiles: logs.map((l) => ({ s3Bucket: BUCKET, s3Object: l.path, hashValue: sha256(l.text), hashAlgorithm: 'SHA-256' })),
    };
    const text = JSON.stringify(json);
    const signed = `${json.digestEndTime}\n${BUCKET}/${object}\n${sha256(text)}\n${json.previousDigestSignature ?? 'null'}`;
    const signature = sign('sha256', Buffer.from(signed), this.key.private).toString('hex');
    const made = { path: object, object, json, text, signature };
    this.digests.push(made);
    return made;
  }

  /** Everything as downloaded, with the metadata of the newest digest beside it. */
  files(): TestFile[] {
    return [...this.logs, ...this.digests.map(asFile), this.sidecar()];
  }

  sidecar(digest: MadeDigest | undefined = this.digests.at(-1)): TestFile {
    if (!digest) throw new Error('an empty chain');
    return { path: 'head-object.json', kind: 'log-sidecar', text: JSON.stringify({ [digest.object]: headObject(digest.signature) }) };
  }
}

export const asFile = (digest: MadeDigest): TestFile => ({ path: digest.path, text: digest.text, kind: 'digest' });
export const headObject = (signature: string, more: Record<string, string> = {}): unknown => ({
  ContentEncoding: 'gzip',
  Metadata: { signature, 'signature-algorithm': 'SHA256withRSA', ...more },
});

export function given(list: unknown): GivenKeys {
  const parsed = parseKeyText(JSON.stringify(list));
  if (typeof parsed === 'string') throw new Error(parsed);
  return { id: 'k', label: 'keys.json', addedAt: 0 as GivenKeys['addedAt'], ...parsed };
}

export function input(files: readonly TestFile[], keys: readonly GivenKeys[]): IntegrityInput {
  const rows = files.map((f, i): IntegrityFile => {
    const whole = f.unpacked !== false;
    return {
      id: i + 1,
      path: f.path,
      kind: f.kind,
      status: f.status ?? (f.kind === 'records' ? 'imported' : 'withoutEvents'),
      sha256: sha256(`${i} ${f.text}`),
      sha256Unpacked: whole ? sha256(f.text) : null,
      unpackedSize: whole ? Buffer.byteLength(f.text) : null,
      records: f.kind === 'records' && whole ? 1 : 0,
      reason: whole ? null : 'The gzip data is cut off before its end.',
      ...(f.gzip ? { gzip: f.gzip } : {}),
    };
  });
  return {
    files: rows,
    read: (row) => Promise.resolve(files[row.id - 1].unpacked === false ? null : new Uint8Array(Buffer.from(files[row.id - 1].text))),
    givenKeys: keys,
  };
}

export async function check(files: readonly TestFile[], keys: readonly GivenKeys[] = [given(shared.list())]): Promise<IntegrityReport> {
  return checkIntegrity(input(files, keys));
}

export function rowOf(report: IntegrityReport, path: string): IntegrityRow {
  const found = report.rows.filter((r) => r.path.endsWith(path));
  if (found.length !== 1) throw new Error(`${found.length} rows for ${path}`);
  return found[0];
}

export const counts = (numbers: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(numbers).filter(([, n]) => n > 0));
