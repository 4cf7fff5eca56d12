/** eventTime as written by CloudTrail and by those who export it: ISO 8601 with `Z` or an offset. Anything else is unreadable, never guessed. */

const GENERAL = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))$/;

/** EpochMs of an ISO 8601 time, or NaN. Fractions are kept to the millisecond. */
export function parseTime(text: string): number {
  if (text.length === 20 && text.charCodeAt(19) === 0x5a) {
    const fast = parsePlain(text);
    if (!Number.isNaN(fast)) return fast;
  }
  const match = GENERAL.exec(text);
  if (!match) return Number.NaN;
  const base = fromParts(+match[1], +match[2], +match[3], +match[4], +match[5], +match[6]);
  const fraction = match[7] ? Math.floor(Number(`0.${match[7]}`) * 1000 + 1e-6) : 0;
  const hours = match[9] ? +match[9] : 0;
  const minutes = match[10] ? +match[10] : 0;
  if (hours > 23 || minutes > 59) return Number.NaN;
  const offset = (match[8] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  return base + fraction - offset;
}

/** `YYYY-MM-DDTHH:MM:SSZ` without a regular expression: nearly every record has exactly this. */
function parsePlain(t: string): number {
  if (t.charCodeAt(4) !== 0x2d || t.charCodeAt(7) !== 0x2d || t.charCodeAt(10) !== 0x54) return Number.NaN;
  if (t.charCodeAt(13) !== 0x3a || t.charCodeAt(16) !== 0x3a) return Number.NaN;
  const year = two(t, 0) * 100 + two(t, 2);
  return fromParts(year, two(t, 5), two(t, 8), two(t, 11), two(t, 14), two(t, 17));
}

function two(t: string, at: number): number {
  const tens = t.charCodeAt(at) - 48;
  const ones = t.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function fromParts(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > (month === 2 && leap ? 29 : MONTH_DAYS[month - 1])) return Number.NaN;
  // Days since 1970 by the proleptic Gregorian calendar, the year beginning in March.
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const days = era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + dayOfYear - 719_468;
  return days * 86_400_000 + (hour * 3600 + minute * 60 + second) * 1000;
}
