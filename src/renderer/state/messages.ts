/** What the app tells the person in passing: what went wrong and what came of it. */
import { notifications } from '@mantine/notifications';
import { toAppError } from '../../shared/errors.ts';

/** Says a failure in its own sentence; `what` is the thing that was tried: "The case could not be renamed." */
export function tellFailure(what: string, thrown: unknown): void {
  const error = toAppError(thrown);
  if (error.kind === 'cancelled' || error.kind === 'superseded') return;
  notifications.show({ color: 'red', title: what, message: error.message, autoClose: false });
}

export function tell(message: string, title?: string): void {
  notifications.show({ message, ...(title === undefined ? {} : { title }), autoClose: 6000 });
}
