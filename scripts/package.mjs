/**
 * `npm run package [-- electron-builder options]`: builds, then packages for this system. With ELECTRON_OVERRIDE_DIST_PATH the runtime
 * there is packaged: for trying the package where the right runtime cannot be fetched, never for shipping it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild, ensureModules, ROOT, run } from './lib/setup.mjs';

ensureModules();
ensureBuild();
const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH;
const version = dist && existsSync(join(dist, 'version')) ? readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '') : null;
const runtime = dist && version ? [`-c.electronDist=${dist}`, `-c.electronVersion=${version}`] : [];
const done = run(process.execPath, [
  join(ROOT, 'node_modules/electron-builder/cli.js'),
  ...process.argv.slice(2),
  '--publish',
  'never',
  ...runtime,
]);
process.exitCode = done ? 0 : 1;
