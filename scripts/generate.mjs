/** `node scripts/generate.mjs --events N [--per-file N] [--seed N] --out FOLDER`: invented evidence of any size, for measuring and trying. */
import { parseArgs } from 'node:util';
import { generateBulk } from './generate/bulk.mjs';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000' },
    'per-file': { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});
const events = Number(values.events);
const perFile = Number(values['per-file']);
if (!values.out || !(events >= 1) || !(perFile >= 1)) {
  console.error('usage: node scripts/generate.mjs --events N [--per-file N] [--seed N] --out FOLDER');
  process.exit(1);
}
const started = Date.now();
const totals = await generateBulk({ out: values.out, events, perFile, seed: Number(values.seed) });
console.log(
  `${totals.events} events in ${totals.files} files: ${(totals.gzipBytes / 1e6).toFixed(1)} MB gz, ${Math.round(totals.jsonBytes / totals.events)} bytes an event, ${((Date.now() - started) / 1000).toFixed(1)} s`,
);
