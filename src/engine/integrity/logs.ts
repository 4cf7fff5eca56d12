/**
 * A verdict for every log file: which digest lists it, and whether its unpacked bytes have the hash that the digest names. Files are
 * found by their S3 key from `AWSLogs/` on, else by name (flattened folders), else by hash (renamed files); `.gz` may be gone.
 */
import type { KeySource, LogRow } from '../../shared/integrity.ts';
import { spanKey, utcTime } from './chains.ts';
import type { LogEntry } from './digest.ts';
import { EVIDENCE_KEY, type JudgedDigest } from './digests.ts';
import { sha256Hex, withoutWhitespace } from './encoding.ts';
import { type IntegrityFile, type IntegrityInput, isDigestFile, Pacer, type WithdrawnFile } from './evidence.ts';
import { MAX_REREAD_BYTES, MAX_REREAD_FILES } from './limits.ts';
import { digestWords, joinedReason, membersReason, missingReason, otherHashReason, sentence } from './log-reasons.ts';
import { awsLogsSuffix, baseName, logName, plainName } from './names.ts';

interface Listed extends LogEntry {
  by: JudgedDigest;
}

interface Context {
  digests: readonly JudgedDigest[];
  chainOf: Map<JudgedDigest, number>;
  signedSpans: Map<string, [from: number, to: number][]>;
}

type Verdict = Pick<LogRow, 'verdict' | 'reason' | 'detail' | 'key'>;

/** Trust in what lists a log, most first. */
const RANK = { signed: 0, hashLinked: 1, unverified: 2, invalid: 3, missing: 4 } as const;

export async function judgeLogs(input: IntegrityInput, context: Context): Promise<LogRow[]> {
  const pacer = new Pacer(input);
  const index = await ListedLogs.of(context.digests, pacer);
  const judge = new LogJudge(input, index, context);
  const rows: LogRow[] = [];
  for (const file of input.files) {
    await pacer.breathe();
    if (isDigestFile(file) || file.kind === 'log-sidecar') continue;
    const row = await judge.row(file);
    if (row) rows.push(row);
  }
  return [...rows, ...judge.missing()];
}

/** What the digests list, to be found by place, name and hash. */
class ListedLogs {
  readonly all: Listed[] = [];
  private readonly bySuffix = new Map<string, Listed[]>();
  private readonly byName = new Map<string, Listed[]>();
  private readonly byHash = new Map<string, Listed[]>();

  private constructor() {}

  static async of(digests: readonly JudgedDigest[], pacer: Pacer): Promise<ListedLogs> {
    const index = new ListedLogs();
    for (const by of [...digests].sort((a, b) => RANK[a.verdict] - RANK[b.verdict])) {
      for (const entry of by.digest.logs) index.add({ ...entry, by });
      await pacer.breathe();
    }
    return index;
  }

  private add(listed: Listed): void {
    this.all.push(listed);
    add(this.bySuffix, awsLogsSuffix(listed.object), listed);
    add(this.byName, plainName(listed.object), listed);
    add(this.byHash, listed.hash, listed);
  }

  /** Entries for the object that the file was downloaded from, by place or by name; the most trusted first. */
  placed(path: string): Listed[] {
    const suffix = awsLogsSuffix(path);
    const bySuffix = suffix === null ? undefined : this.bySuffix.get(suffix);
    return bySuffix ?? this.byName.get(plainName(path)) ?? [];
  }

  hashed(hash: string | null): Listed[] {
    return hash === null ? [] : (this.byHash.get(hash) ?? []);
  }
}

function add(map: Map<string, Listed[]>, key: string | null, listed: Listed): void {
  if (key === null) return;
  const list = map.get(key);
  if (list) list.push(listed);
  else map.set(key, [listed]);
}

class LogJudge {
  private readonly found = new Set<string>();
  private readonly foundLists = new WeakSet<readonly Listed[]>();
  /** Files of which only the row is there, by the entry they stand for. */
  private readonly unread = new Map<string, IntegrityFile>();
  private reread = { files: 0, bytes: 0 };

  constructor(
    private readonly input: IntegrityInput,
    private readonly index: ListedLogs,
    private readonly context: Context,
  ) {}

  async row(file: IntegrityFile): Promise<LogRow | null> {
    const placed = this.index.placed(file.path);
    if (file.sha256 === null && placed.length > 0) {
      for (const listed of placed) this.unread.set(placeOf(listed), file);
      return null;
    }
    const hashed = this.index.hashed(file.sha256Unpacked);
    const at = placed[0] ?? hashed[0];
    const joined = this.joined(file);
    for (const list of joined) this.markFound(list);
    if (!at) return joined.length > 0 ? this.joinedRow(file, joined) : this.unlisted(file);
    this.markFound(placed.length > 0 ? placed : hashed);
    const verdict = await this.verdict(file, placed, hashed);
    const by = placed.find((l) => l.hash === file.sha256Unpacked) ?? at;
    return { kind: 'log', path: file.path, ledgerId: file.id, chain: this.context.chainOf.get(by.by) ?? null, ...verdict };
  }

  /** Many files may lead to one list of entries, which is walked once. */
  private markFound(list: readonly Listed[]): void {
    if (this.foundLists.has(list)) return;
    this.foundLists.add(list);
    for (const listed of list) this.found.add(placeOf(listed));
  }

  /** The entries that the members of the file have the hashes of, an item for each such member. */
  private joined({ gzip }: IntegrityFile): Listed[][] {
    if (!gzip || gzip.firstMemberSha256 === null) return [];
    return [gzip.firstMemberSha256, ...(gzip.furtherSha256 ?? [])].flatMap((hash) => {
      const list = this.index.hashed(hash);
      return list.length > 0 ? [list] : [];
    });
  }

  private joinedRow(file: IntegrityFile, joined: readonly (readonly Listed[])[]): LogRow {
    const [{ by }] = joined[0];
    const names = joined.map(([listed]) => baseName(listed.object));
    const reason = joinedReason(by, file.gzip?.members ?? joined.length, names);
    return {
      kind: 'log',
      path: file.path,
      ledgerId: file.id,
      chain: this.context.chainOf.get(by) ?? null,
      ...mismatch('appended', reason),
    };
  }

  private async verdict(file: IntegrityFile, placed: readonly Listed[], hashed: readonly Listed[]): Promise<Verdict> {
    const hash = file.sha256Unpacked;
    const match = placed.length > 0 ? placed.find((l) => l.hash === hash) : hashed[0];
    if (match) {
      const trailing = file.gzip?.trailing ?? 0;
      if (trailing > 0) {
        const what = file.gzip?.trailingZeros ? 'zero bytes follow' : 'bytes follow';
        return mismatch(
          'appended',
          `Data was appended: the unpacked content has the hash that the digest names, but ${trailing} ${what} the gzip data. ${digestWords(match.by)}`,
        );
      }
      return matched(match.by, placed.length > 0 ? null : 'renamed', match);
    }
    const [listed] = placed;
    const words = digestWords(listed.by);
    if (file.gzip?.firstMemberSha256 === listed.hash) {
      const { members, furtherSha256 = [] } = file.gzip;
      const others = furtherSha256.flatMap((further) =>
        this.index
          .hashed(further)
          .slice(0, 1)
          .map((l) => baseName(l.object)),
      );
      return mismatch('appended', membersReason(listed.by, members, others, members - 1 - others.length));
    }
    if (hash === null) {
      return mismatch(
        'damaged',
        `It could not be unpacked wholly, so it is not what the digest lists.${file.reason === null ? '' : ` ${file.reason}`} ${words}`,
      );
    }
    const elsewhere = hashed[0];
    if (elsewhere) {
      return mismatch(
        'conflict',
        `It has the content that the digest lists under another name, ${baseName(elsewhere.object)}, and not that of its own name. ${words}`,
      );
    }
    const layout = await this.layout(file, listed.hash);
    if (layout === 'same') {
      return mismatch(
        'reformatted',
        `Content readable, bytes differ: the file was reformatted. Without the added white space it has the hash that the digest names. ${words}`,
      );
    }
    if (layout === 'other') {
      return mismatch(
        null,
        `Content readable, bytes differ: its JSON has white space between its tokens, which CloudTrail does not write, so a tool wrote it anew. Whether the content was changed too cannot be told. ${words}`,
      );
    }
    return mismatch(null, otherHashReason(listed.by));
  }

  /** 'same': without its white space it is what was digested. 'other': it has white space, and is not. Null: neither can be said. */
  private async layout(file: IntegrityFile, hash: string): Promise<'same' | 'other' | null> {
    const size = file.unpackedSize ?? 0;
    if (file.records === 0 || this.reread.files >= MAX_REREAD_FILES || this.reread.bytes + size > MAX_REREAD_BYTES) return null;
    this.reread.files++;
    this.reread.bytes += size;
    // Bytes that cannot be read again make no difference to the verdict, only to its words.
    const bytes = await this.input.read(file).catch(() => null);
    const minified = bytes && withoutWhitespace(bytes);
    if (!bytes || !minified) return null;
    if ((await sha256Hex(minified)) === hash || (await sha256Hex(withLineFeed(minified))) === hash) return 'same';
    return bytes.length - minified.length > 2 ? 'other' : null;
  }

  /** A file that no digest lists; null when it is no log file at all. */
  private unlisted(file: IntegrityFile): LogRow | null {
    const name = logName(file.path);
    if (!name && file.records === 0) return null;
    const basis = { kind: 'log', path: file.path, ledgerId: file.id, detail: null, key: null, chain: null } as const;
    if (this.context.digests.length === 0) {
      return { ...basis, verdict: 'undigested', reason: 'There is no digest among the evidence that could list it.' };
    }
    if (!name) {
      return {
        ...basis,
        verdict: 'undigested',
        reason: 'No digest of the evidence lists it, and its name is none that CloudTrail gives to log files.',
      };
    }
    const spans = this.context.signedSpans.get(spanKey(name.account, name.region)) ?? [];
    if (spans.some(([from, to]) => name.delivered >= from && name.delivered < to)) {
      return {
        ...basis,
        verdict: 'extra',
        reason: `By its name it was delivered at ${utcTime(name.delivered)}, a time that a signed digest covers, and no digest lists it. It may belong to another trail, or was put there.`,
      };
    }
    return {
      ...basis,
      verdict: 'undigested',
      reason: `By its name it was delivered at ${utcTime(name.delivered)}; no signed digest of account ${name.account} and region ${name.region} covers that time, and no digest lists it.`,
    };
  }

  /** What the digests list and the evidence lacks, with what of it was withdrawn told as that. What only an invalid digest lists is not asked for. */
  missing(): LogRow[] {
    const rows = new Map<string, LogRow>();
    const withdrawn = this.withdrawnPlaces();
    for (const listed of this.index.all) {
      const place = placeOf(listed);
      if (listed.by.verdict === 'invalid' || this.found.has(place) || rows.has(place)) continue;
      const unread = this.unread.get(place);
      const gone = unread ? undefined : withdrawn.get(place);
      rows.set(place, {
        kind: 'log',
        path: unread?.path ?? gone?.path ?? `s3://${place}`,
        ledgerId: unread?.id ?? gone?.id ?? null,
        verdict: 'missing',
        reason: unread
          ? `A file of this name is there, but its bytes were not read${unread.reason === null ? '.' : `: ${unread.reason}`} ${digestWords(listed.by)}`
          : gone
            ? `It is in the ledger and is no evidence any more, so nothing is checked in it.${gone.reason === null ? '' : ` ${sentence(gone.reason)}`} ${digestWords(listed.by)}`
            : missingReason(listed.by),
        detail: gone ? 'withdrawn' : null,
        key: listed.by.verdict === 'signed' ? listed.by.key : null,
        chain: this.context.chainOf.get(listed.by) ?? null,
      });
    }
    return [...rows.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }

  /** Withdrawn files by the entry they stand for. */
  private withdrawnPlaces(): Map<string, WithdrawnFile> {
    const places = new Map<string, WithdrawnFile>();
    for (const file of this.input.withdrawn ?? []) {
      const placed = this.index.placed(file.path);
      for (const listed of placed.length > 0 ? placed : this.index.hashed(file.sha256Unpacked)) places.set(placeOf(listed), file);
    }
    return places;
  }
}

/** A digested file may itself have ended in one. */
function withLineFeed(text: Uint8Array): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(text.length + 1);
  longer.set(text);
  longer[text.length] = 0x0a;
  return longer;
}

const placeOf = (entry: LogEntry): string => `${entry.bucket}/${entry.object}`;
const mismatch = (detail: LogRow['detail'], reason: string): Verdict => ({ verdict: 'mismatch', detail, key: null, reason });

function matched(by: JudgedDigest, detail: LogRow['detail'], entry: Listed): Verdict {
  const renamed = detail === 'renamed' ? ` It is listed under another name, ${baseName(entry.object)}.` : '';
  if (by.verdict === 'signed') {
    const key: KeySource | null = by.key;
    const caveat = key === 'evidence' ? ` ${EVIDENCE_KEY}` : '';
    return {
      verdict: 'matchSigned',
      detail,
      key,
      reason: `Its hash is the one that a signed digest names.${renamed} ${digestWords(by)}${caveat}`,
    };
  }
  const why = {
    hashLinked: 'The digest is joined to the next one by its hash, but its signature was not checked',
    unverified: 'The digest is not verified',
    invalid: 'The digest itself is invalid, so this proves nothing',
  }[by.verdict as 'hashLinked' | 'unverified' | 'invalid'];
  return {
    verdict: 'matchUnsigned',
    detail: by.verdict === 'invalid' ? 'invalidDigest' : detail,
    key: null,
    reason: `Its hash is the one that a digest names. ${why}.${renamed} ${digestWords(by)}`,
  };
}
