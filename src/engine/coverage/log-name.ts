/**
 * The delivery time in a log file's name, `<account>_CloudTrail_<Region>_<YYYYMMDD>T<HHmm>Z_<16 characters>.json.gz`, wherever it
 * stands in the path: people flatten folders (the folders end up in front), and copies get something behind. Source: CloudTrail user
 * guide, "CloudTrail log file name format".
 */
import { HOUR_MS } from '../../shared/coverage.ts';

const LOG =
  /(?<![0-9])(\d{12})_CloudTrail(?:-(?:Insight|NetworkActivity|Aggregated))?_([a-z]{2,8}(?:-[a-z0-9]{1,16}){1,5})_(\d{8})T(\d{4})Z_/;
const TAIL = 400;

export interface DeliveredLog {
  account: string;
  region: string;
  /** Number of the hour since 1970. */
  hour: number;
}

/** Null where the name does not tell. Of a path only the last 400 characters are looked at: S3 names have fewer. */
export function deliveredLog(path: string): DeliveredLog | null {
  const match = LOG.exec(path.length > TAIL ? path.slice(-TAIL) : path);
  if (!match) return null;
  const [, account, region, date, clock] = match;
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(4, 6)), Number(date.slice(6))];
  const [hour, minute] = [Number(clock.slice(0, 2)), Number(clock.slice(2))];
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59) return null;
  return { account, region, hour: Math.floor(Date.UTC(year, month - 1, day, hour, minute) / HOUR_MS) };
}
