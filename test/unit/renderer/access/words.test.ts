/** Words of Access, and the way to its parts. */
import { describe, expect, it } from 'vitest';
import { digitOf, NAVIGATION } from '../../../../src/renderer/app/views.ts';
import { routeFromText, routeToText } from '../../../../src/renderer/state/route-text.ts';
import { mfaWords, placeHelp, placeWords, recordedWords } from '../../../../src/renderer/views/access/words.ts';

const none = { yes: 0, no: 0, notRecorded: 0, provider: 0 };

describe('Access in words', () => {
  it('never says no where MFA is not recorded, or where only a provider knows', () => {
    expect(mfaWords({ succeeded: 1, mfa: { ...none, notRecorded: 1 } })).toBe('not recorded');
    expect(mfaWords({ succeeded: 1, mfa: { ...none, provider: 1 } })).toBe('with the provider');
    expect(mfaWords({ succeeded: 3, mfa: { ...none, yes: 2, no: 1 } })).toBe('yes 2, no 1');
    expect(mfaWords({ succeeded: 0, mfa: none })).toBe('–');
  });

  it('says how much history a place rests on', () => {
    const place = { state: 'new', events: 3, days: 1, from: null, thin: true } as const;
    expect(placeWords(place)).toBe('new (little history)');
    expect(placeHelp(place, { zoned: () => 'T' })).toBe('Compared with 3 earlier events of it on 1 day, since T.');
    expect(placeWords({ ...place, state: 'none' })).toBe('no history');
  });

  it('names whose records there are', () => {
    expect(recordedWords({ both: 2, onlyCaller: 0, onlyCalled: 1 })).toBe('both sides 2, only the called one’s 1');
  });

  it('keeps its part with the case, and has a digit of its own', () => {
    for (const tab of ['signins', 'across', 'points'] as const)
      expect(routeFromText(routeToText({ view: 'access', tab }))).toEqual({ view: 'access', tab });
    expect(routeFromText('access/<script>')).toEqual({ view: 'access' });
    const digits = NAVIGATION.map((_, i) => digitOf(i));
    expect(new Set(digits).size).toBe(NAVIGATION.length);
    expect(Math.max(...digits)).toBeLessThan(10);
  });
});
