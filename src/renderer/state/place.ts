/** What a view keeps with the step of the history that opened it: who comes back to a list finds it as it was left. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useApp } from './app.ts';
import { type Kept, keptAt } from './kept.ts';

/** As useState, but the value is kept with the step of the history that the view was opened by. */
export function usePlace<T>(name: string, initial: T): [T, (next: T | ((now: T) => T)) => void] {
  const place = useRef<Kept>(undefined);
  place.current ??= keptAt(useApp.getState().route);
  const here = place.current;
  const [value, setValue] = useState<T>(() => (here.has(name) ? (here.get(name) as T) : initial));
  useEffect(() => {
    here.set(name, value);
  }, [here, name, value]);
  const set = useCallback((next: T | ((now: T) => T)) => setValue(next), []);
  return [value, set];
}

/** What was kept under a name, to be read and written without drawing anew. */
export function usePlaceNote<T>(name: string): { read(): T | undefined; write(value: T): void } {
  const place = useRef<Kept>(undefined);
  place.current ??= keptAt(useApp.getState().route);
  const here = place.current;
  return { read: () => here.get(name) as T | undefined, write: (value) => void here.set(name, value) };
}
