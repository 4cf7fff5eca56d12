/** What the values of the column `outcome` mean, in one place: a call failed when it was denied or ended in an error, with an error code or without. */
import type { OpenCase } from './open-case.ts';

export const SUCCEEDED = 1;
export const FAILED = 2;
/** Beside FAILED. */
export const DENIED = 4;

/** Bits by the code of the outcome; 0 for insights and whatever else says neither. */
export function outcomeMarks(open: OpenCase): Uint8Array<ArrayBuffer> {
  const dictionary = open.dictionary('outcome');
  const marks = new Uint8Array(dictionary.count + 1);
  const mark = (value: string, bits: number): void => {
    const code = dictionary.find(value);
    if (code !== 0) marks[code] = bits;
  };
  mark('success', SUCCEEDED);
  mark('error', FAILED);
  mark('denied', FAILED | DENIED);
  return marks;
}
