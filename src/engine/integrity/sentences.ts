/** What the check proves and what it does not, in sentences for the screen and the report. */
import type { DigestChain, IntegrityReport, IntegrityRow, IntegritySentence } from '../../shared/integrity.ts';
import { utcTime } from './chains.ts';

type Facts = Omit<IntegrityReport, 'sentences'>;
const MAX_CHAINS = 50;

const of = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
const is = (count: number): string => (count === 1 ? 'is' : 'are');

export function integritySentences(report: Facts, refusedKeys: readonly string[]): IntegritySentence[] {
  const out: IntegritySentence[] = [];
  const fact = (text: string): number => out.push({ kind: 'fact', text });
  const gap = (text: string): number => out.push({ kind: 'gap', text });
  const alarm = (text: string): number => out.push({ kind: 'alarm', text });
  const { digests, logs, keys } = report;
  const present = digests.signed + digests.hashLinked + digests.unverified + digests.invalid;
  if (present === 0) {
    gap(
      'There is no digest file among the evidence: nothing here shows whether the logs are complete, or what CloudTrail delivered. Digests lie beside the logs, under CloudTrail-Digest, when a trail has log file validation on.',
    );
    for (const reason of refusedKeys.slice(0, 20)) gap(reason);
    return out;
  }
  if (digests.signed > 0) {
    const whose = {
      given: 'public keys that you gave',
      evidence: 'public keys that came with the evidence',
      both: 'public keys that you gave and others that came with the evidence',
    };
    fact(
      `${of(digests.signed, 'digest')} of ${present} ${is(digests.signed)} signed: the signature verifies with ${whose[report.keysFrom ?? 'evidence']}.`,
    );
  }
  if (report.keysFrom === 'evidence' || report.keysFrom === 'both') {
    gap(
      'A key that came with the evidence shows that logs and digests belong together, not that AWS signed them: whoever forged them could have forged the key. Give keys from a source of your own: “aws cloudtrail list-public-keys” in each region.',
    );
  }
  if (digests.hashLinked > 0)
    gap(
      `${of(digests.hashLinked, 'digest')} ${is(digests.hashLinked)} hash-linked only: the next digest names the hash, but the signature could not be checked.`,
    );
  if (digests.unverified > 0)
    gap(`${of(digests.unverified, 'digest')} ${is(digests.unverified)} not verified: neither signature nor hash could be checked.`);
  if (keys.length === 0)
    gap(
      'No public key is at hand. With keys the signatures can be checked, offline: give the JSON of “aws cloudtrail list-public-keys” for the regions and the time of the digests.',
    );
  if (digests.invalid > 0)
    alarm(
      `${of(digests.invalid, 'digest')} ${is(digests.invalid)} invalid: changed, moved, or not readable. What ${digests.invalid === 1 ? 'it lists' : 'they list'} proves nothing.`,
    );
  const lacking = { digest: digests.missing - withdrawn(report, 'digest'), log: logs.missing - withdrawn(report, 'log') };
  if (lacking.digest > 0)
    alarm(`${of(lacking.digest, 'digest')} ${is(lacking.digest)} missing: named by, or implied by, digests that are there.`);
  if (logs.matchSigned > 0)
    fact(
      `${of(logs.matchSigned, 'log file')} ${logs.matchSigned === 1 ? 'has' : 'have'} the hash that a signed digest names: the bytes are those that were digested.`,
    );
  const invalid = ofDetail(report, 'matchUnsigned', 'invalidDigest');
  const unsigned = logs.matchUnsigned - invalid;
  if (unsigned > 0)
    gap(`${of(unsigned, 'log file')} ${unsigned === 1 ? 'has' : 'have'} the hash that a digest names whose signature is not proven.`);
  if (invalid > 0)
    alarm(
      `${of(invalid, 'log file')} ${invalid === 1 ? 'matches' : 'match'} an invalid digest and no other: whoever changed the digest could have changed ${invalid === 1 ? 'the log' : 'the logs'}.`,
    );
  if (logs.mismatch > 0) {
    const mild = ofDetail(report, 'mismatch', 'reformatted');
    alarm(
      `${of(logs.mismatch, 'log file')} ${logs.mismatch === 1 ? 'differs' : 'differ'} from what the digests list${mild > 0 ? `; ${of(mild, 'of them was', 'of them were')} only reformatted` : ''}.`,
    );
  }
  if (lacking.log > 0) alarm(`${of(lacking.log, 'log file')} that the digests list ${is(lacking.log)} missing.`);
  const gone = withdrawn(report, 'log') + withdrawn(report, 'digest');
  if (gone > 0) gap(`${of(gone, 'file')} that the digests name ${is(gone)} in the ledger as withdrawn: not checked, and not missing.`);
  if (logs.extra > 0)
    alarm(
      `${of(logs.extra, 'log file')} ${is(logs.extra)} extra: from a time that signed digests cover, and in none of them. They may belong to another trail.`,
    );
  if (logs.undigested > 0)
    gap(
      `${of(logs.undigested, 'file')} with events ${is(logs.undigested)} undigested: no digest speaks for ${logs.undigested === 1 ? 'it' : 'them'}.`,
    );
  for (const chain of report.chains.slice(0, MAX_CHAINS)) fact(chainSentence(chain));
  if (report.chains.length > MAX_CHAINS) gap(`${of(report.chains.length - MAX_CHAINS, 'more chain')} not told one by one.`);
  for (const g of report.gaps.slice(0, MAX_CHAINS)) gap(g.text);
  if (report.gaps.length > MAX_CHAINS) gap(`${of(report.gaps.length - MAX_CHAINS, 'more gap')} not told one by one.`);
  gap(
    'Times are times of delivery, which follow the events by minutes. Whether digests after the last one of a chain were taken away cannot be noticed.',
  );
  for (const reason of refusedKeys.slice(0, 20)) gap(reason);
  return out;
}

const ofDetail = ({ rows }: Facts, verdict: IntegrityRow['verdict'], detail: IntegrityRow['detail']): number =>
  rows.reduce((sum, r) => sum + (r.verdict === verdict && r.detail === detail ? 1 : 0), 0);

const withdrawn = ({ rows }: Facts, kind: IntegrityRow['kind']): number =>
  rows.reduce((sum, r) => sum + (r.kind === kind && r.verdict === 'missing' && r.detail === 'withdrawn' ? 1 : 0), 0);

export function chainName(chain: DigestChain): string {
  const trail = chain.trail === null ? 'a trail that is not named' : `trail ${chain.trail}`;
  return `${trail} (account ${chain.account}, region ${chain.region}${chain.backfill ? ', backfill' : ''})`;
}

function chainSentence(chain: DigestChain): string {
  const empty =
    chain.signedEmpty > 0
      ? `; ${of(chain.signedEmpty, 'signed digest lists', 'signed digests list')} no log: nothing was delivered then`
      : '';
  return `The chain of ${chainName(chain)} covers deliveries from ${utcTime(chain.from)} to ${utcTime(chain.to)}, with ${of(chain.digests, 'digest')}, ${chain.signed} signed${empty}.`;
}
