/**
 * A worker's API over Comlink: errors cross as AppErrorShape and are AppErrors again on the page's side, plain callbacks may be
 * passed as arguments.
 */
import { proxy, type Remote, transfer, wrap } from 'comlink';
import { toAppError } from '../../shared/errors.ts';

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

/** On the page's side. `broken` rejects when the worker itself fails, so that no call waits for ever. */
export function remoteApi<T extends object>(endpoint: Parameters<typeof wrap>[0], broken: Promise<never>): T {
  const remote = wrap<T>(endpoint) as Remote<T> as unknown as Callable;
  broken.catch(() => undefined); // heard by every call that is under way
  return new Proxy({} as T, {
    get(_target, name) {
      // Not a promise, and nothing but methods.
      if (typeof name !== 'string' || name === 'then') return undefined;
      return async (...args: unknown[]) => {
        try {
          const answer = (remote[name] as Method)(...args.map(sendable));
          return await Promise.race([answer, broken]);
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
