/**
 * Makes assets/sample-trail.zip: the sample trail as an organisation trail delivers it. The same bytes every time
 * (test/unit/assets). `--out FILE` writes elsewhere.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { at, DEV, HOME_REGION, MINUTE, ORGANIZATION, PROD, Trail, workingWeek } from './generate/company.mjs';
import { packTrailFile, packZip, trailPath } from './generate/files.mjs';
import { Random } from './generate/random.mjs';
import { identities } from './generate/records.mjs';
import { besideTheLogs, intrusion } from './generate/story.mjs';

const SLOT = 45 * MINUTE;

/** @returns {{zip: Uint8Array, events: number, records: number, files: number}} */
function makeSample() {
  const random = new Random(20260302, 7, 3);
  const trail = new Trail(random);
  const key = random.accessKey('AKIA');
  const jenkins = {
    key,
    identity: identities.iamUser({ account: DEV, user: 'jenkins-legacy', id: `AIDA${random.base32(17)}`, key }),
    account: DEV,
    ip: '192.0.2.24',
    agent: 'aws-cli/1.16.190 Python/2.7.18 Linux/4.14.355 botocore/1.12.180',
  };
  workingWeek(trail, jenkins);
  intrusion(trail, jenkins);

  const slots = /** @type {Map<string, {account: string, region: string, end: number, records: Record<string, unknown>[]}>} */ (new Map());
  /** @param {import('./generate/company.mjs').Entry} entry @param {number} time */
  const put = (entry, time) => {
    const number = Math.floor(time / SLOT);
    const name = `${entry.account} ${entry.region} ${number}`;
    const slot = slots.get(name) ?? { account: entry.account, region: entry.region, end: (number + 1) * SLOT, records: [] };
    slot.records.push(entry.record);
    slots.set(name, slot);
  };
  // Delivery is not in order of time, is sometimes late, and now and then happens twice.
  const week = trail.entries.filter((entry) => entry.time < at(5, 0));
  for (const entry of week) {
    put(entry, entry.time + random.below(4 * MINUTE));
    if (random.chance(0.4)) put(entry, entry.time + SLOT);
  }

  const files = /** @type {Map<string, Uint8Array<ArrayBuffer>>} */ (new Map());
  let records = 0;
  for (const name of [...slots.keys()].sort()) {
    const slot = /** @type {{account: string, region: string, end: number, records: Record<string, unknown>[]}} */ (slots.get(name));
    const delivered = slot.end + random.between(1, 9) * MINUTE;
    files.set(
      trailPath(random, { organization: ORGANIZATION, account: slot.account, region: slot.region, delivered }),
      packTrailFile(slot.records),
    );
    records += slot.records.length;
  }
  const beside = besideTheLogs(trail);
  for (const [folder, list] of /** @type {const} */ ([
    ['CloudTrail-Insight', beside.insights],
    ['CloudTrail-Aggregated', beside.windows],
  ])) {
    const delivered = Math.max(...list.map((item) => item.time)) + 20 * MINUTE;
    files.set(
      trailPath(random, { organization: ORGANIZATION, account: PROD, region: HOME_REGION, delivered, folder }),
      packTrailFile(list.map((item) => item.record)),
    );
    records += list.length;
  }
  return { zip: packZip(files), events: week.length + beside.insights.length, records, files: files.size };
}

const out = process.argv.indexOf('--out');
const path = out > 0 ? process.argv[out + 1] : 'assets/sample-trail.zip';
const made = makeSample();
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, made.zip);
console.log(`${path}: ${made.events} events, ${made.records} records in ${made.files} files, ${(made.zip.length / 1e6).toFixed(2)} MB`);
