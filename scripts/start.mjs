/**
 * `npm start [-- [--host=electron|web] [options] paths…]`: sets itself up, then starts the app: in Electron if its runtime is there or
 * can be fetched, else by the local server in an installed browser. Options are the mounts' own (--profile=DIR, --devtools, …).
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { displayPrefix, electronCommand, ensureElectron, serverCommand } from './lib/mount.mjs';
import { ensureBuild, ensureModules, say } from './lib/setup.mjs';

/** @returns {string[]} the command, or a thrown sentence */
function choose() {
  const given = process.argv.slice(2);
  const forced = given.find((arg) => arg.startsWith('--host='))?.slice('--host='.length);
  if (forced !== undefined && forced !== 'electron' && forced !== 'web') throw new Error('--host takes electron or web.');
  // npm runs scripts in the project's folder; paths are meant from where the person stands.
  const here = process.env.INIT_CWD ?? process.cwd();
  const args = given
    .filter((arg) => !arg.startsWith('--host='))
    .map((arg) =>
      arg.startsWith('--profile=') ? `--profile=${resolve(here, arg.slice(10))}` : arg.startsWith('-') ? arg : resolve(here, arg),
    );
  ensureModules();
  ensureBuild();
  const prefix = displayPrefix();
  if (forced === 'web') return serverCommand(prefix ? args : ['--headless', ...args]);
  const electron = ensureElectron();
  if (electron && prefix) return electronCommand(electron, prefix, args);
  if (forced === 'electron')
    throw new Error(electron ? 'Electron needs a display.' : 'Electron’s runtime is not there and could not be fetched.');
  say(
    electron
      ? 'There is no display: Trailcase runs as a local server with a browser without a window.'
      : 'Electron’s runtime is not there and could not be fetched: Trailcase runs as a local server in your browser.',
  );
  return serverCommand(prefix ? args : ['--headless', ...args]);
}

try {
  const [command, ...args] = choose();
  const child = spawn(command, args, { stdio: 'inherit' });
  // Ctrl-C reaches the child by itself; what is sent to this process alone is passed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    say(`Trailcase could not start: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} catch (error) {
  say(`Trailcase could not start: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
