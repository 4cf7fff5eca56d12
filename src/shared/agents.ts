/**
 * A `userAgent` taken apart: tool, version, SDK, language, system, and why it is odd. What an agent says is chosen by the caller;
 * CloudTrail cuts it at 1 KB. Which names are known is data: assets/user-agents.json.
 */
import known from '../../assets/user-agents.json' with { type: 'json' };

export interface NamedVersion {
  name: string;
  version: string | null;
}

export interface AgentMark {
  mark: string;
  why: string;
  source: string;
}

export interface ParsedAgent {
  /** The value of the column agentTool: "aws-cli/2.x", "Boto3", "AWS console", "Terraform", "Firefox", "AWS service", "other". */
  tool: string;
  kind: string;
  version: string | null;
  /** The AWS SDK that the tool rests on, as it names itself. */
  sdk: NamedVersion | null;
  language: NamedVersion | null;
  system: NamedVersion | null;
  /** Where it ran, as far as it says (exec-env): CloudShell, AWS_Lambda_python3.12, … */
  environment: string | null;
  /** The command of the AWS CLI: "s3.ls". */
  command: string | null;
  marks: AgentMark[];
}

/** Longer texts are not records of CloudTrail; what follows is not looked at. */
const MAX_LENGTH = 2048;
const MAX_TOKENS = 256;

interface Token {
  /** Lower case, before the first '/' or '#'. */
  name: string;
  rest: string | null;
}

const PRODUCTS = new Map(known.products.map((product, rank) => [product.name, { ...product, rank }]));
const OTHER = { family: 'other', kind: 'other' };

/** Linear in the length of the text; never throws. */
export function parseAgent(text: string): ParsedAgent {
  const agent = plainAgent(text);
  const lower = agent.toLowerCase();
  const tokens = tokensOf(agent);
  const best = productOf(tokens, lower);
  const version = best.token?.rest ? versionOf(best.token.rest) : null;
  return {
    tool: toolOf(best, version),
    kind: best.kind,
    version,
    sdk: sdkOf(tokens),
    language: languageOf(tokens),
    system: systemOf(tokens, lower),
    environment: restOf(tokens, 'exec-env'),
    command: detailOf(tokens, 'command'),
    marks: marksOf(lower),
  };
}

/** `parseAgent(text).tool` alone. */
export function agentTool(text: string): string {
  const agent = plainAgent(text);
  const best = productOf(tokensOf(agent), agent.toLowerCase());
  return toolOf(best, best.token?.rest ? versionOf(best.token.rest) : null);
}

/** `parseAgent(text).marks` alone. */
export const agentMarks = (text: string): AgentMark[] => marksOf(plainAgent(text).toLowerCase());

const plainAgent = (text: string): string => text.slice(0, MAX_LENGTH).replace(/^\[|\]$/g, '');

const toolOf = ({ family }: Product, version: string | null): string =>
  family === 'aws-cli' && version !== null && /^\d{1,2}\./.test(version) ? `aws-cli/${majorOf(version)}.x` : family;

/** Words parted by blanks and commas, brackets and semicolons included: `a/1 (b; c) d` has four. */
function tokensOf(agent: string): Token[] {
  const tokens: Token[] = [];
  for (const word of agent.split(/[\s,;()[\]]/, MAX_TOKENS * 4)) {
    if (word === '') continue;
    const at = word.search(/[/#]/);
    tokens.push(at < 0 ? { name: word.toLowerCase(), rest: null } : { name: word.slice(0, at).toLowerCase(), rest: word.slice(at + 1) });
    if (tokens.length >= MAX_TOKENS) break;
  }
  return tokens;
}

interface Product {
  family: string;
  kind: string;
  token: Token | null;
}

function productOf(tokens: readonly Token[], lower: string): Product {
  if (lower === 'aws internal') return { family: 'AWS Internal', kind: 'AWS service', token: null };
  // A bound within the pattern would be written out 253 times.
  const host = lower.length <= 253 && /^[a-z0-9.-]+$/.test(lower) && /\.amazon(?:aws)?\.com(?:\.cn)?$/.test(lower);
  if (host) {
    const console = lower.startsWith('console.') || lower.startsWith('signin.') || lower.includes('.console.');
    return console ? { family: 'AWS console', kind: 'console', token: null } : { family: 'AWS service', kind: 'AWS service', token: null };
  }
  if (lower.startsWith('stratus-red-team')) return { family: 'Stratus Red Team', kind: 'attack tool', token: null };
  if (lower.startsWith('s3 browser')) return { family: 'S3 Browser', kind: 'storage client', token: tokens[1] ?? null };
  let best: Product = { ...OTHER, token: null };
  let rank = Number.POSITIVE_INFINITY;
  for (const token of tokens) {
    const product = PRODUCTS.get(token.name);
    if (!product || product.rank >= rank) continue;
    rank = product.rank;
    best = { family: product.family, kind: product.kind, token };
  }
  // Front ends of the console name themselves before aws-internal: "RDS Console, aws-internal/3 …", "EC2ConsoleFrontend, aws-internal/3".
  const internal = lower.indexOf('aws-internal');
  if (best.kind === 'AWS service' && internal >= 0 && lower.slice(0, internal).includes('console'))
    return { family: 'AWS console', kind: 'console', token: null };
  return best;
}

/** What stands behind the slash is a version when it begins with a digit: "aws-actions/configure-aws-credentials" has none. */
const versionOf = (rest: string): string | null => /^v?(\d[0-9A-Za-z._+-]{0,63})/.exec(rest)?.[1] ?? null;
const majorOf = (version: string): string => version.slice(0, version.indexOf('.'));

/** The tool of a product's own name, as `sdk.name`: "boto3" is Boto3; null when it is none of the known ones. */
export const toolNamed = (name: string): string | null => PRODUCTS.get(name.toLowerCase())?.family ?? null;

function restOf(tokens: readonly Token[], name: string): string | null {
  return tokens.find((token) => token.name === name)?.rest ?? null;
}

/** `md/command#s3.ls`, or `command/s3.ls` of older versions. */
function detailOf(tokens: readonly Token[], name: string): string | null {
  const detail = tokens.find((token) => token.name === 'md' && token.rest?.startsWith(`${name}#`))?.rest;
  return detail ? detail.slice(name.length + 1) : restOf(tokens, name);
}

function sdkOf(tokens: readonly Token[]): NamedVersion | null {
  let found: Token | undefined;
  for (const token of tokens) {
    if (token.name === 'botocore') found ??= token;
    else if (token.name.startsWith('aws-sdk-') || token.name === 'boto3') {
      found = token;
      break;
    }
  }
  return found ? { name: found.name, version: found.rest === null ? null : versionOf(found.rest) } : null;
}

const LANGUAGES = ['python', 'java', 'ruby', 'php', 'node', 'nodejs', 'kotlin', 'rust', 'go'];

function languageOf(tokens: readonly Token[]): NamedVersion | null {
  const stated = restOf(tokens, 'lang');
  if (stated !== null) return parted(stated);
  for (const token of tokens) {
    if (token.rest !== null && LANGUAGES.includes(token.name)) return { name: token.name, version: versionOf(token.rest) };
    const go = /^go(\d[0-9.]{0,15})$/.exec(token.name);
    if (go) return { name: 'go', version: go[1] };
  }
  return null;
}

/** `linux#5.10`, `python/3.11`. */
function parted(text: string): NamedVersion {
  const at = text.search(/[#/]/);
  return at < 0 ? { name: text, version: null } : { name: text.slice(0, at), version: text.slice(at + 1) || null };
}

const SYSTEMS = new Map([
  ['linux', 'Linux'],
  ['darwin', 'macOS'],
  ['macos', 'macOS'],
  ['windows', 'Windows'],
  ['freebsd', 'FreeBSD'],
  ['openbsd', 'OpenBSD'],
  ['android', 'Android'],
  ['ios', 'iOS'],
]);

function systemOf(tokens: readonly Token[], lower: string): NamedVersion | null {
  const stated = restOf(tokens, 'os');
  if (stated !== null) {
    const { name, version } = parted(stated);
    return { name: SYSTEMS.get(name.toLowerCase()) ?? name, version };
  }
  if (lower.startsWith('mozilla/')) return browserSystem(lower);
  for (const token of tokens) {
    const name = SYSTEMS.get(token.name);
    if (name) return { name, version: token.rest };
  }
  return null;
}

const BROWSER_SYSTEMS: readonly (readonly [text: string, name: string])[] = [
  ['android', 'Android'],
  ['iphone', 'iOS'],
  ['ipad', 'iOS'],
  ['windows nt', 'Windows'],
  ['mac os x', 'macOS'],
  ['cros', 'ChromeOS'],
  ['linux', 'Linux'],
];

function browserSystem(lower: string): NamedVersion | null {
  const found = BROWSER_SYSTEMS.find(([text]) => lower.includes(text));
  if (!found) return null;
  const after = lower.slice(lower.indexOf(found[0]) + found[0].length);
  return { name: found[1], version: /^ (\d[\d._]{0,15})/.exec(after)?.[1].replaceAll('_', '.') ?? null };
}

/** What a value of the column agentMark means and where that is documented; null for a mark that no agent has. */
export function markFacts(mark: string): AgentMark | null {
  const found = known.marks.find((m) => m.mark === mark);
  return found ? { mark: found.mark, why: found.why, source: found.source } : null;
}

function marksOf(lower: string): AgentMark[] {
  const marks: AgentMark[] = [];
  for (const { word, mark, why, source } of known.marks) {
    if (holdsWord(lower, word) && !marks.some((m) => m.mark === mark)) marks.push({ mark, why, source });
  }
  return marks;
}

/** Whether the word stands somewhere between characters that are no letters: "kali2" and "distrib#kali" do, "kalinka" does not. */
function holdsWord(lower: string, word: string): boolean {
  for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
    if (!isLetter(lower.charCodeAt(at - 1)) && !isLetter(lower.charCodeAt(at + word.length))) return true;
  }
  return false;
}

const isLetter = (code: number): boolean => code >= 97 && code <= 122;
