/**
 * `npm run check`: types, lint and format, import directions, unused exports. All steps run, side by side; each failure prints what
 * was found and its cure. With `--json FILE` the counts are written there for `npm test`.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const node = process.execPath;
const STEPS = [
  ...['node', 'web', 'test'].map((name) => ({
    name: `types (${name})`,
    command: [node, 'node_modules/typescript/bin/tsc', '-p', `tsconfig.${name}.json`],
    cure: 'Correct the types named above.',
  })),
  {
    name: 'lint and format',
    command: [node, 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--max-diagnostics=50', '.'],
    cure: 'Run `npx biome check --write .`; what is left must be changed by hand.',
  },
  {
    name: 'import directions',
    command: [node, 'scripts/check-imports.mjs'],
    cure: 'Move what both sides need to src/shared, or ask through engine/client (docs/architecture.md, "Who may import whom").',
  },
  {
    name: 'dead exports',
    command: [node, 'scripts/check-exports.mjs'],
    cure: 'Delete what nobody uses.',
  },
];

/** @param {typeof STEPS[number]} step */
const run = (step) =>
  new Promise((resolve) => {
    const started = Date.now();
    const child = spawn(step.command[0], step.command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    child.stderr.on('data', (data) => {
      output += data;
    });
    child.on('close', (code) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      if (code === 0) console.log(`ok      ${step.name} (${seconds} s)`);
      else console.log(`failed  ${step.name} (${seconds} s)\n${output.trimEnd()}\nCure: ${step.cure}\n`);
      resolve(code === 0);
    });
  });

const waiting = [...STEPS];
const results = /** @type {boolean[]} */ ([]);
const worker = async () => {
  for (let step = waiting.shift(); step; step = waiting.shift()) results.push(await run(step));
};
await Promise.all(Array.from({ length: Math.min(4, Math.max(2, availableParallelism())) }, worker));

const failed = results.filter((ok) => !ok).length;
console.log(failed === 0 ? `check: all ${results.length} steps passed` : `check: ${failed} of ${results.length} steps failed`);
const json = process.argv.indexOf('--json');
if (json > 0) writeFileSync(process.argv[json + 1], JSON.stringify({ passed: results.length - failed, failed, skipped: 0 }));
process.exitCode = failed === 0 ? 0 : 1;
