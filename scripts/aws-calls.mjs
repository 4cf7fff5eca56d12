#!/usr/bin/env node
/**
 * Makes assets/aws-calls.json anew: names of API calls that take something back, as the service models of botocore have them
 * (Apache-2.0; `pip install botocore`). Argument: its `data` folder.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const data = process.argv[2];
if (!data) throw new Error('usage: node scripts/aws-calls.mjs <botocore>/data');
/** @type {{ verbs: { verb: string, undo: string[] }[] }} */
const table = JSON.parse(readFileSync('assets/revert-pairs.json', 'utf8'));
const undoOf = new Map(table.verbs.map(({ verb, undo }) => [verb, undo]));
const wanted = [...new Set(table.verbs.flatMap(({ undo }) => undo))].sort();
const split = (/** @type {string} */ name) => {
  const verb = /^[A-Z][a-z]+/.exec(name)?.[0] ?? '';
  return { verb, rest: name.slice(verb.length) };
};
/** As src/engine/behaviour/revert-table.ts tries them. */
const variants = (/** @type {string} */ rest) => [
  rest,
  `${rest}s`,
  rest.replace(/(?:To|With)(?=[A-Z])/, 'From'),
  rest.replace(/From(?=[A-Z])/, 'To'),
  rest.replace(/From(?=[A-Z])/, 'With'),
];

/** @type {Map<string, Set<string>>} */
const services = new Map();
for (const service of readdirSync(data, { withFileTypes: true })) {
  if (!service.isDirectory()) continue;
  for (const version of readdirSync(join(data, service.name))) {
    const folder = join(data, service.name, version);
    const file = readdirSync(folder).find((name) => name.startsWith('service-2.json'));
    if (!file) continue;
    const bytes = readFileSync(join(folder, file));
    const { metadata, operations } = JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
    // Event sources begin with one of these.
    for (const name of new Set([service.name, metadata.endpointPrefix, metadata.signingName ?? metadata.endpointPrefix])) {
      const known = services.get(name) ?? new Set();
      for (const operation of Object.keys(operations)) known.add(operation);
      services.set(name, known);
    }
  }
}
const all = new Set([...services.values()].flatMap((names) => [...names]));

/** @type {Record<string, string>} */
const elsewhere = {};
for (const [service, names] of [...services].sort(([a], [b]) => (a < b ? -1 : 1))) {
  /** @type {Set<string>} */
  const wrong = new Set();
  for (const name of names) {
    const { verb, rest } = split(name);
    for (const word of undoOf.get(verb) ?? [])
      for (const r of variants(rest)) if (all.has(word + r) && !names.has(word + r)) wrong.add(word + r);
  }
  if (wrong.size > 0) elsewhere[service] = [...wrong].sort().join(' ');
}
const about =
  'Names of AWS API calls by first word, without it, from the service models of botocore (Apache-2.0), by scripts/aws-calls.mjs; `elsewhere`: by service, those that only others have. A call is advised only when its service has it, or the case.';
const restsOf = (/** @type {string} */ verb) => [...all].map(split).flatMap((name) => (name.verb === verb ? [name.rest] : []));
const calls = Object.fromEntries(wanted.map((verb) => [verb, restsOf(verb).sort().join(' ')]));
writeFileSync('assets/aws-calls.json', `${JSON.stringify({ about, calls, elsewhere }, null, 2)}\n`);
