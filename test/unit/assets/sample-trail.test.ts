/** The sample trail is made again byte for byte, and tells the story that docs/sample-trail.md tells. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

interface SampleRecord {
  eventID: string;
  eventTime: string;
  eventName: string;
  eventCategory: string;
  errorCode?: string;
  recipientAccountId: string;
  sourceIPAddress: string;
  userIdentity: { userName?: string; accessKeyId?: string };
  requestParameters: Record<string, string>;
  responseElements: { credentials: { accessKeyId: string; expiration?: string }; accessKey: { accessKeyId: string } };
  additionalEventData: { bytesTransferredOut: number };
}

const zip = readFileSync('assets/sample-trail.zip');
const paths: string[] = [];
const all: SampleRecord[] = [];
for (const [path, bytes] of Object.entries(unzipSync(zip))) {
  paths.push(path);
  all.push(...JSON.parse(gunzipSync(bytes).toString()).Records);
}
const events = [...new Map(all.filter((r) => r.eventID).map((r) => [r.eventID, r])).values()];
const named = (name: string): SampleRecord[] => events.filter((r) => r.eventName === name);

describe('the sample trail', () => {
  it('is made by its script, in any time zone, byte for byte', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trailcase-sample-'));
    try {
      for (const TZ of ['UTC', 'Asia/Tokyo']) {
        const out = join(folder, 'sample.zip');
        execFileSync(process.execPath, ['scripts/make-sample.mjs', '--out', out], { env: { ...process.env, TZ } });
        expect(readFileSync(out).equals(zip), `differs in ${TZ}: run node scripts/make-sample.mjs`).toBe(true);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is small and has the layout of an organisation trail', () => {
    expect(zip.length).toBeLessThan(2_100_000);
    const layout =
      /^AWSLogs\/o-[a-z0-9]+\/(\d{12})\/(CloudTrail(?:-Insight|-Aggregated)?)\/([a-z0-9-]+)\/2026\/03\/\d\d\/\1_\2_\3_2026\d{4}T\d{4}Z_\w{16}\.json\.gz$/;
    expect(paths.filter((path) => !layout.test(path))).toEqual([]);
  });

  it('has three accounts, five days, and duplicates as real deliveries have', () => {
    expect(new Set(events.map((r) => r.recipientAccountId)).size).toBe(3);
    expect(new Set(events.map((r) => r.eventTime.slice(0, 10))).size).toBe(5);
    expect(events.length).toBeGreaterThan(6_000);
    expect(events.length).toBeLessThan(12_000);
    expect(all.filter((r) => r.eventID).length).toBeGreaterThan(events.length);
    expect(all.filter((r) => r.eventCategory === 'Aggregated')).toHaveLength(6);
    expect(all.filter((r) => r.eventCategory === 'Insight')).toHaveLength(2);
  });

  it('lets the stolen key be followed hop by hop to the data', () => {
    const stolen = events.find((r) => r.userIdentity?.userName === 'jenkins-legacy' && r.sourceIPAddress === '203.0.113.66');
    let key = stolen?.userIdentity.accessKeyId;
    const hops: string[] = [];
    for (;;) {
      const issued = named('AssumeRole').find((r) => r.userIdentity.accessKeyId === key && r.eventTime > '2026-03-05' && !r.errorCode);
      if (!issued) break;
      hops.push(issued.requestParameters.roleArn);
      key = issued.responseElements.credentials.accessKeyId;
      if (issued.requestParameters.roleArn.endsWith('ops-admin')) break;
    }
    expect(hops.map((arn) => arn.slice(arn.indexOf('/') + 1))).toEqual(['ci-deploy', 'deployer', 'ops-admin']);
    const taken = named('GetObject').filter((r) => r.userIdentity.accessKeyId === key);
    expect(taken).toHaveLength(420);
    expect(taken.reduce((sum, r) => sum + r.additionalEventData.bytesTransferredOut, 0)).toBeGreaterThan(8e9);
  });

  it('uses no long-term key after it was disabled or deleted', () => {
    const ended = [...named('UpdateAccessKey'), ...named('DeleteAccessKey')].filter((r) => !r.errorCode);
    expect(ended).toHaveLength(3);
    for (const { eventTime, requestParameters } of ended) {
      const uses = events.filter((r) => r.userIdentity?.accessKeyId === requestParameters.accessKeyId);
      expect(uses.length).toBeGreaterThan(0);
      expect(uses.filter((r) => r.eventTime > eventTime)).toEqual([]);
    }
  });

  it('uses no temporary key after it expired', () => {
    const late: string[] = [];
    for (const issue of events) {
      const credentials = issue.responseElements?.credentials;
      if (!credentials?.expiration) continue;
      const expires = Date.parse(`${credentials.expiration} UTC`);
      const used = events.filter((r) => r.userIdentity?.accessKeyId === credentials.accessKeyId);
      for (const r of used) if (Date.parse(r.eventTime) > expires) late.push(`${r.eventTime} ${r.eventName} ${credentials.accessKeyId}`);
    }
    expect(late).toEqual([]);
  });

  it('holds the tampering, the way in and the left key', () => {
    expect(named('StopLogging').map((r) => r.errorCode)).toEqual([undefined]);
    expect(named('DeleteTrail').map((r) => r.errorCode)).toEqual(['AccessDenied', 'AccessDenied']);
    expect(named('SendSSHPublicKey').map((r) => r.requestParameters.instanceOSUser)).toEqual(['ubuntu', 'ec2-user']);
    const left = named('CreateAccessKey')[0].responseElements.accessKey.accessKeyId;
    expect(events.filter((r) => r.userIdentity?.accessKeyId === left).length).toBeGreaterThan(30);
    expect(named('ModifySnapshotAttribute')).toHaveLength(2);
  });

  it('names no real account, key or address', () => {
    const text = JSON.stringify(all);
    for (const key of text.match(/\bA(?:KIA|SIA)[A-Z0-9]{16}\b/g) ?? []) expect(key).toMatch(/EXAMPLE$/);
    const addresses = new Set(events.map((r) => r.sourceIPAddress).filter((ip) => /^\d/.test(ip ?? '')));
    for (const ip of addresses) expect(ip).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113|10\.0\.\d+)\.\d+$/);
  });
});
