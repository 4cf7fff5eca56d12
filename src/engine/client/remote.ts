/**
 * A worker's API over Comlink: errors cross as AppErrorShape and are AppErrors again on the page's side, plain callbacks may be
 * passed as arguments.
 */
import { type Endpoint, proxy, transfer, wrap } from 'comlink';
import { type AppError, toAppError } from '../../shared/errors.ts';

type Method = (...args: unknown[]) => unknown;
type Callable = Record<PropertyKey, unknown>;

/** On the worker's side: the same methods, whose errors are thrown as plain shapes (Comlink would keep only their message). */
export function throwingShapes<T extends object>(api: T): T {
  return new Proxy(api, {
    get(target, name) {
      const member = (target as Callable)[name];
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        try {
          return await (member as Method).apply(target, args);
        } catch (thrown) {
          throw toAppError(thrown).toShape();
        }
      };
    },
  });
}

/** A worker that can break as a whole: then every call under way, and every later one, rejects instead of waiting for ever. */
export class Breakable {
  private readonly pending = new Set<(error: AppError) => void>();
  private error: AppError | null = null;

  break(error: AppError): void {
    this.error ??= error;
    for (const reject of this.pending) reject(error);
    this.pending.clear();
  }

  watch<T>(answer: PromiseLike<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.error) return reject(this.error);
      this.pending.add(reject);
      answer.then(resolve, reject).then(() => this.pending.delete(reject), reject);
    });
  }
}

/** On the page's side. */
export function remoteApi<T extends object>(endpoint: Endpoint, worker: Breakable): T {
  const remote = wrap(endpoint) as unknown as Callable;
  return new Proxy({} as T, {
    get(_target, name) {
      // Not a promise, and nothing but methods.
      if (typeof name !== 'string' || name === 'then') return undefined;
      return async (...args: unknown[]) => {
        try {
          return await worker.watch((remote[name] as Method)(...args.map(sendable)) as PromiseLike<unknown>);
        } catch (thrown) {
          throw toAppError(thrown);
        }
      };
    },
  });
}

function sendable(argument: unknown): unknown {
  return typeof argument === 'function' ? proxy(argument as Method & object) : argument;
}

/** An argument whose ports are handed over. */
export function withPort<T extends object>(argument: T, port: MessagePort): T {
  return transfer(argument, [port]);
}
