/** What both mounts take from the command line. Anything else that begins with a dash is the browser's own and left alone. */
import { resolve } from 'node:path';

export interface LaunchOptions {
  /** Absolute; null: the mount's usual place. */
  profile: string | null;
  /** A job file of `npm run batch`; null: an ordinary start. */
  batch: string | null;
  /** Absolute paths of evidence to offer to the page. */
  paths: string[];
  /** Local server only: show no window at all, or run the browser without one. */
  noBrowser: boolean;
  headless: boolean;
}

/** `args` without the program and the app's own path. Relative paths are taken from `cwd`. */
export function parseLaunch(args: readonly string[], cwd: string): LaunchOptions {
  const options: LaunchOptions = { profile: null, batch: null, paths: [], noBrowser: false, headless: false };
  let onlyPaths = false;
  for (const arg of args) {
    if (onlyPaths || !arg.startsWith('-')) {
      if (arg !== '') options.paths.push(resolve(cwd, arg));
    } else if (arg === '--') onlyPaths = true;
    else if (arg.startsWith('--profile=')) options.profile = resolve(cwd, arg.slice('--profile='.length));
    else if (arg.startsWith('--batch=')) options.batch = resolve(cwd, arg.slice('--batch='.length));
    else if (arg === '--no-browser') options.noBrowser = true;
    else if (arg === '--headless') options.headless = true;
  }
  return options;
}
