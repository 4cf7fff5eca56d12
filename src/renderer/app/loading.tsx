/** Shown while the code or the first answer of a view is on its way; short waits show nothing. */
import { type ReactNode, useEffect, useState } from 'react';
import { idle } from '../state/idle.ts';

export function Loading({ what }: { what: string }): ReactNode {
  useEffect(() => idle.begin(), []);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 250);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="tc-loading" role="status">
      {shown ? `Loading ${what}…` : null}
    </div>
  );
}
