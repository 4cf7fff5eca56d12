/** What the app tells the person in passing: what went wrong and what came of it. */
import { notifications } from '@mantine/notifications';
import { toAppError } from '../../shared/errors.ts';

/** Says a failure in its own sentence; `what` is the thing that was tried: "The case could not be renamed." */
export function tellFailure(what: string, thrown: unknown): void {
  const error = toAppError(thrown);
  if (error.kind === 'cancelled' || error.kind === 'superseded') return;
  notifications.show({ color: 'red', title: what, message: error.message, autoClose: false });
}

const COLORS = { done: 'green', said: undefined, failed: 'red' } as const;

/** How many times longer a pointer over a notification may hold it. */
const LONGEST = 3;

/** `failed`: what was done found something wrong; it stays longer. */
export function tell(message: string, title?: string, tone: keyof typeof COLORS = 'said'): void {
  const color = COLORS[tone];
  const closeAfter = tone === 'failed' ? 20_000 : 6000;
  const id = notifications.show({
    message,
    ...(title === undefined ? {} : { title }),
    ...(color === undefined ? {} : { color }),
    autoClose: closeAfter,
  });
  // A pointer that happens to rest where it appears would hold it for ever.
  setTimeout(() => notifications.hide(id), closeAfter * LONGEST);
}
