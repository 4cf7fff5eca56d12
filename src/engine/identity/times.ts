/** Times as credentials write them: when a session began (ISO), and until when STS issued it (an English date, in two spellings). */
import { parseTime } from '../ingest/event-time.ts';

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
/** `Jan 22, 2021 12:46:28 AM`, `Jul 10, 2023, 6:30:22 PM` (the blank before AM may be a narrow one). UTC. */
const ENGLISH = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d):(\d\d)[ \u202f\u00a0]([AP])M$/;

/** EpochMs of a time as STS or a session context writes it; NaN when it is neither form. */
export function credentialTime(text: string | null): number {
  if (text === null || text.length > 40) return Number.NaN;
  const match = ENGLISH.exec(text);
  if (!match) return parseTime(text);
  const month = MONTHS.indexOf(match[1]);
  const hour = +match[4];
  if (month < 0 || month % 3 !== 0 || hour < 1 || hour > 12) return Number.NaN;
  return Date.UTC(+match[3], month / 3, +match[2], (hour % 12) + (match[7] === 'P' ? 12 : 0), +match[5], +match[6]);
}

/** CloudTrail's times are whole seconds: within one second nothing is before or after. */
export const secondOf = (time: number): number => Math.floor(time / 1000);

/** For sentences, as times stand everywhere on the screen: `2026-03-05 08:52:03 UTC`. Times outside what a date can say are written as they are. */
export const utcTime = (time: number): string =>
  Math.abs(time) < 8.64e15
    ? new Date(time)
        .toISOString()
        .replace('T', ' ')
        .replace(/(?:\.000)?Z$/, ' UTC')
    : String(time);
