/** The options of `npm run batch`. What is not known, not complete or not built yet is an error in one sentence. */

const NOT_YET = ['--case', '--rules', '--query'];
const FORMATS = /** @type {const} */ (['html', 'pdf', 'md']);

/**
 * @typedef {{summary: string | null, report: {format: 'html' | 'pdf' | 'md', path: string} | null,
 *   keys: string | null, host: 'electron' | 'web' | null, paths: string[]}} BatchOptions
 */

/** @param {string[]} args @returns {BatchOptions} paths as given. Throws an Error with a sentence. */
export function parseBatch(args) {
  /** @type {BatchOptions} */
  const options = { summary: null, report: null, keys: null, host: null, paths: [] };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--') {
      options.paths.push(...args.slice(i + 1));
      break;
    }
    if (!args[i].startsWith('-')) {
      options.paths.push(args[i]);
      continue;
    }
    const [name, joined] = args[i].split(/=(.*)/s);
    if (NOT_YET.includes(name)) throw new Error(`The option ${name} is not built yet.`);
    if (!['--summary', '--report', '--keys', '--host'].includes(name)) throw new Error(`There is no option ${name}.`);
    const value = joined ?? args[++i];
    if (!value || (joined === undefined && value.startsWith('--'))) throw new Error(`The option ${name} needs a value.`);
    if (name === '--summary') options.summary = value;
    else if (name === '--keys') options.keys = value;
    else if (name === '--host') options.host = hostOf(value);
    else options.report = { format: formatOf(value), path: value };
  }
  if (options.paths.length === 0) throw new Error('No files or folders were named.');
  return options;
}

/** @param {string} value @returns {'electron' | 'web'} */
function hostOf(value) {
  if (value !== 'electron' && value !== 'web') throw new Error('--host takes electron or web.');
  return value;
}

/** @param {string} path */
function formatOf(path) {
  const end = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const format = FORMATS.find((f) => f === end);
  if (!format) throw new Error('The report’s name must end in .html, .pdf or .md.');
  return format;
}
