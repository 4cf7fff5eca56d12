/** A value once it has stopped changing. The wait counts as work in flight, so that tests need not know how long it is. */
import { useEffect, useState } from 'react';
import { idle } from './idle.ts';

export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    if (Object.is(value, settled)) return;
    const done = idle.begin();
    const timer = setTimeout(() => setSettled(value), ms);
    return () => {
      clearTimeout(timer);
      done();
    };
  }, [value, settled, ms]);
  return settled;
}
