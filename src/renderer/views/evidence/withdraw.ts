/** Withdrawing files and bringing them back, and what it did in a sentence: to the events, and to what rests on them. */
import { citedKeys, type Engine } from '../../../engine/client/index.ts';
import type { EventKey } from '../../../shared/brand.ts';
import type { LedgerRow, WithdrawOutcome } from '../../../shared/engine.ts';
import { countOf, formatCount } from '../../components/numbers.ts';

/** Stars and citations looked up to say whether their events went; more are not looked up. */
const MAX_LOOKED_UP = 5000;

export const canWithdraw = (file: LedgerRow): boolean => file.status !== 'withdrawn';
export const canBringBack = (file: LedgerRow): boolean => file.withdrawal !== undefined;

export interface Consequences {
  stars: number;
  citations: number;
}

async function restingOn(engine: Engine): Promise<{ stars: EventKey[]; cited: EventKey[] }> {
  const [stars, notes] = await Promise.all([engine.store.listStars(), engine.store.listNotes()]);
  const cited = [...new Set(notes.flatMap((note) => citedKeys(note.text)))];
  return { stars: stars.slice(0, MAX_LOOKED_UP), cited: cited.slice(0, MAX_LOOKED_UP) };
}

async function missing(engine: Engine, { stars, cited }: { stars: EventKey[]; cited: EventKey[] }): Promise<Consequences> {
  const [starsGone, citedGone] = await Promise.all([engine.query.missing(stars), engine.query.missing(cited)]);
  return { stars: starsGone.length, citations: citedGone.length };
}

/** Does it, and says what it did. Rejects with the store's error. */
export async function changeFiles(engine: Engine, change: (engine: Engine) => Promise<WithdrawOutcome>): Promise<string> {
  const resting = await restingOn(engine);
  const before = await missing(engine, resting);
  const outcome = await change(engine);
  const after = await missing(engine, resting);
  return outcomeSentence(outcome, { stars: after.stars - before.stars, citations: after.citations - before.citations });
}

export function outcomeSentence({ files, eventsBefore, eventsAfter, heirs }: WithdrawOutcome, { stars, citations }: Consequences): string {
  const gone = eventsBefore - eventsAfter;
  const parts = [
    gone > 0
      ? `${countOf(gone, 'event')} went with ${files === 1 ? 'the file' : countOf(files, 'file')}; ${formatCount(eventsAfter)} ${eventsAfter === 1 ? 'is' : 'are'} left.`
      : gone < 0
        ? `${countOf(-gone, 'event')} came back; there are ${formatCount(eventsAfter)}.`
        : 'No event came or went.',
  ];
  if (heirs.length > 0)
    parts.push(
      `${heirs.length === 1 ? `${heirs[0]} has the same bytes and holds` : `${countOf(heirs.length, 'file')} with the same bytes hold`} the events now.`,
    );
  const resting = [stars > 0 ? countOf(stars, 'star') : '', citations > 0 ? countOf(citations, 'citation') : ''].filter(Boolean);
  if (resting.length > 0)
    parts.push(`${resting.join(' and ')} now ${stars + citations === 1 ? 'names an event' : 'name events'} that the case does not hold.`);
  return parts.join(' ');
}
