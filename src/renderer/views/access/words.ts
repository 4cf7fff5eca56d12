/** Words of the view: MFA, place and direction as a person reads them. Not recorded is never said as no. */
import type { AcrossRow, SignInPlace, SignInRow, SignInsAnswer } from '../../../shared/access.ts';
import { countOf, formatCount } from '../../components/numbers.ts';
import type { TimeWords } from '../../components/use-time.ts';

export const hiddenHelp =
  'What was typed is no user of the account: AWS writes HIDDEN_DUE_TO_SECURITY_REASONS, since it may be a password. Several of these may be several names.';

const MFA_WORDS: readonly [keyof SignInRow['mfa'], string][] = [
  ['yes', 'yes'],
  ['no', 'no'],
  ['notRecorded', 'not recorded'],
  ['provider', 'with the provider'],
];

export function mfaWords({ mfa, succeeded }: Pick<SignInRow, 'mfa' | 'succeeded'>): string {
  if (succeeded === 0) return '–';
  const said = MFA_WORDS.filter(([use]) => mfa[use] > 0);
  return said.map(([use, word]) => (said.length > 1 ? `${word} ${formatCount(mfa[use])}` : word)).join(', ');
}

export function signInsSentence({ totals }: Pick<SignInsAnswer, 'totals'>): string {
  const { succeeded, failed, unclear, mfa, identities, addresses } = totals;
  const parts = [
    `${formatCount(succeeded)} succeeded, ${formatCount(failed)} failed`,
    ...(unclear > 0 ? [`of ${formatCount(unclear)} the outcome is not recorded`] : []),
    `by ${countOf(identities, 'identity', 'identities')} from ${countOf(addresses, 'address', 'addresses')}`,
    ...(succeeded > 0
      ? [
          `MFA of those that succeeded: ${formatCount(mfa.yes)} yes, ${formatCount(mfa.no)} no, ${formatCount(mfa.notRecorded)} not recorded, ${formatCount(mfa.provider)} federated, where a provider may have asked for it`,
        ]
      : []),
  ];
  return `${parts.join('; ')}.`;
}

export function placeWords({ state, thin }: SignInPlace): string {
  switch (state) {
    case 'known':
      return 'been there before';
    case 'network':
      return 'known network';
    case 'new':
      return thin ? 'new (little history)' : 'new';
    case 'none':
      return 'no history';
    default:
      return 'not compared';
  }
}

export function placeHelp({ state, events, days, from }: SignInPlace, time: Pick<TimeWords, 'zoned'>): string {
  if (state === 'none') return 'No earlier event of this identity in these files says from where it came: nothing to compare with.';
  if (state === 'notCompared') return 'The identity is not named, the time is not readable, or the address is not the caller’s own.';
  const what = state === 'network' ? 'Not this address, but one of its network (its /24 or /64) occurs earlier. ' : '';
  return `${what}Compared with ${countOf(events, 'earlier event')} of it on ${countOf(days, 'day')}, since ${time.zoned(from)}.`;
}

export const directionWords: Record<AcrossRow['direction'], { sign: string; word: string; help: string }> = {
  in: { sign: '⇥', word: 'in', help: 'From a foreign account into one whose records are here' },
  out: { sign: '↦', word: 'out', help: 'From an account whose records are here into a foreign one' },
  between: { sign: '⇄', word: 'between', help: 'Records of both accounts are here' },
};

export function recordedWords({ both, onlyCaller, onlyCalled }: AcrossRow['recorded']): string {
  const parts = [
    ...(both > 0 ? [`both sides ${formatCount(both)}`] : []),
    ...(onlyCaller > 0 ? [`only the caller’s ${formatCount(onlyCaller)}`] : []),
    ...(onlyCalled > 0 ? [`only the called one’s ${formatCount(onlyCalled)}`] : []),
  ];
  return parts.join(', ');
}
