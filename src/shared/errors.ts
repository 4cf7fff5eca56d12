/** Errors are values: a kind the code can branch on and a sentence the person can act on. */
export type ErrorKind =
  | 'bad-input' // the person or the page asked for something malformed
  | 'not-found'
  | 'not-supported' // this mount cannot do it (say what can)
  | 'forbidden' // a grant, origin or token that is not valid
  | 'busy' // another window or process holds it
  | 'too-new' // stored by a newer version of the app
  | 'too-large' // a stated limit was reached
  | 'storage' // IndexedDB or disk refused
  | 'cancelled'
  | 'superseded' // a newer request of the same view took over
  | 'internal';

export interface AppErrorShape {
  kind: ErrorKind;
  /** One sentence: what failed, on what, what to do next. */
  message: string;
}

/** Thrown inside one thread only; crosses threads and the host as `AppErrorShape`. */
export class AppError extends Error {
  constructor(
    readonly kind: ErrorKind,
    message: string,
  ) {
    super(message);
    this.name = 'AppError';
  }
  toShape(): AppErrorShape {
    return { kind: this.kind, message: this.message };
  }
}

/** Any thrown value as an error with a sentence. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (isAppErrorShape(thrown)) return new AppError(thrown.kind, thrown.message);
  return new AppError('internal', thrown instanceof Error ? thrown.message : String(thrown));
}

export function isAppErrorShape(value: unknown): value is AppErrorShape {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as AppErrorShape).kind === 'string' &&
    typeof (value as AppErrorShape).message === 'string'
  );
}
