/**
 * Baseline: DuckDB reads the same files into a table on disk, with a schema that it finds by itself (`auto`) or with the fields that the
 * app has as columns taken out (`fields`). Fetched into .cache when a measurement is made; not a dependency.
 *   node scripts/bench/baseline-duckdb.mjs FOLDER auto|fields THREADS DATABASE  → {events, ms} on stdout
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ROOT, run } from '../lib/setup.mjs';

const VERSION = '1.5.6-r.1';
const HOME = join(ROOT, '.cache/duckdb');

/** Fetches DuckDB when it is not there. @returns {string | null} why it cannot be had, or null */
export function ensureDuckdb() {
  if (existsSync(join(HOME, 'node_modules/@duckdb/node-api'))) return null;
  mkdirSync(HOME, { recursive: true });
  const fetched = run('npm', [
    'install',
    '--prefix',
    HOME,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    `@duckdb/node-api@${VERSION}`,
  ]);
  return fetched ? null : `@duckdb/node-api ${VERSION} could not be fetched from the registry.`;
}

const FIELDS = [
  'eventID',
  'eventTime',
  'eventName',
  'eventSource',
  'awsRegion',
  'sourceIPAddress',
  'userAgent',
  'errorCode',
  'readOnly',
  'eventCategory',
  'eventType',
  'recipientAccountId',
  'vpcEndpointId',
  'userIdentity.type',
  'userIdentity.arn',
  'userIdentity.accountId',
  'userIdentity.accessKeyId',
  'userIdentity.userName',
  'userIdentity.invokedBy',
  'userIdentity.sessionContext.sessionIssuer.arn',
];

/** @param {string} files glob @param {string} kind */
function statement(files, kind) {
  const source = `'${files.replaceAll("'", "''")}'`;
  if (kind === 'auto')
    return `create table events as select unnest(Records) as record from read_json_auto(${source}, maximum_object_size = 268435456)`;
  const columns = FIELDS.map((field) => `r ->> '$.${field}' as "${field}"`).join(', ');
  return `create table events as select ${columns}, r as record from (select unnest(Records) as r from read_json(${source}, columns = {Records: 'JSON[]'}, maximum_object_size = 268435456))`;
}

async function main() {
  const [folder, kind, threads, database] = process.argv.slice(2);
  const { DuckDBInstance } = await import(pathToFileURL(createRequire(join(HOME, 'package.json')).resolve('@duckdb/node-api')).href);
  rmSync(database, { force: true });
  const instance = await DuckDBInstance.create(database, { threads });
  const connection = await instance.connect();
  const started = performance.now();
  await connection.run(statement(join(folder, '**/*.json.gz'), kind));
  await connection.run('checkpoint');
  const ms = performance.now() - started;
  const [[events]] = await (await connection.runAndReadAll('select count(*) from events')).getRows();
  console.log(JSON.stringify({ events: Number(events), ms }));
  connection.closeSync();
  instance.closeSync();
  rmSync(database, { force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
