/** Why a log has its verdict, in words. What is said for certain follows how certain the digest itself is. */
import { utcTime } from './chains.ts';
import { EVIDENCE_KEY, type JudgedDigest } from './digests.ts';

/** A sentence ends as one. */
export const sentence = (text: string): string => (/[.”]$/.test(text) ? text : `${text}.`);

export const digestWords = (by: JudgedDigest): string =>
  `Digest of ${utcTime(by.digest.start)} to ${utcTime(by.digest.end)} (${by.verdict === 'hashLinked' ? 'hash-linked' : by.verdict}).`;

/** Only a digest that is signed with a key from elsewhere shows what CloudTrail delivered. */
export function missingReason(by: JudgedDigest): string {
  if (by.verdict === 'signed' && by.key === 'given') return `CloudTrail delivered it, and it is not among the evidence. ${digestWords(by)}`;
  if (by.verdict === 'signed') return `A signed digest names it, and it is not among the evidence. ${digestWords(by)} ${EVIDENCE_KEY}`;
  return `The digest, which is not proven itself, names it, and it is not among the evidence: either it is missing, or the digest was changed. ${digestWords(by)}`;
}

export function otherHashReason(by: JudgedDigest): string {
  const lead = 'Its hash is not the one that the digest names';
  if (by.verdict === 'signed' && by.key === 'given')
    return `${lead}: the bytes are not those that CloudTrail delivered. ${digestWords(by)}`;
  if (by.verdict === 'signed') return `${lead}: the bytes are not those that were digested. ${digestWords(by)} ${EVIDENCE_KEY}`;
  const which = by.verdict === 'invalid' ? 'is itself invalid, so this proves nothing' : 'is not proven itself';
  return `${lead}. The digest ${which}: either may have been changed. ${digestWords(by)}`;
}

/** `others`: names of the logs that further members are, by their hashes; `untold`: members of which the digests say nothing, or the ledger does not know. */
export function membersReason(by: JudgedDigest, members: number, others: readonly string[], untold: number): string {
  const further = members - 1;
  const parts = [
    `Data was appended: the first of its ${members} gzip members has the hash that the digest names for this file, and ${further === 1 ? 'a second member follows' : `${further} more follow`} that the digest does not speak of for it.`,
  ];
  if (others.length > 0) parts.push(alsoThere(others));
  if (untold > 0 && others.length > 0) parts.push(`Of the other ${untold} no digest here is known to name the content.`);
  else if (untold > 0) parts.push(`What ${further === 1 ? 'it is' : 'they are'}, no digest here tells.`);
  else parts.push('Logs were joined in one file, and every part of it is named by a digest.');
  return `${parts.join(' ')} ${digestWords(by)}`;
}

export function joinedReason(by: JudgedDigest, members: number, logs: readonly string[]): string {
  const rest = members - logs.length;
  const other = rest === 0 ? '' : ` Of the other ${rest} no digest here is known to name the content.`;
  return `Several logs were joined in one file of ${members} gzip members, which no digest lists as such. ${alsoThere(logs)}${other} ${digestWords(by)}`;
}

const NAMED = 5;

function alsoThere(names: readonly string[]): string {
  const list = `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ''}`;
  return names.length === 1
    ? `One member has the hash that a digest names for the log ${list}: that log is here, in this file.`
    : `${names.length} members have the hashes that digests name for the logs ${list}. Those logs are here, in this file.`;
}
