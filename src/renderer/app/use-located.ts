/** What a typed text is in this case: columns that hold it, and events of that id. */
import { useEffect, useState } from 'react';
import { useEngine } from '../state/engine.tsx';
import { idle } from '../state/idle.ts';
import { tellFailure } from '../state/messages.ts';
import type { Located } from './find.ts';

/** The newest answer with the text it belongs to, which may be an earlier one; null before the first. An empty text asks nothing. */
export function useLocated(text: string): { text: string; found: Located } | null {
  const engine = useEngine();
  const [located, setLocated] = useState<{ text: string; found: Located } | null>(null);
  useEffect(() => {
    if (text === '') return;
    let live = true;
    const done = idle.begin();
    engine.query
      .locate(text)
      .then((found) => {
        if (live) setLocated({ text, found });
      })
      .catch((thrown: unknown) => tellFailure('The value could not be looked up.', thrown))
      .finally(done);
    return () => {
      live = false;
    };
  }, [engine, text]);
  return located;
}
