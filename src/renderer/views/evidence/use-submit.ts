/** The one action of a dialog: busy while it runs, closed when it is done, its failure in a sentence. */
import { useState } from 'react';
import { toAppError } from '../../../shared/errors.ts';
import { idle } from '../../state/idle.ts';

export interface Submit {
  busy: boolean;
  error: string | null;
  submit(): Promise<void>;
}

export function useSubmit(action: () => Promise<void>, onDone: () => void): Submit {
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    const done = idle.begin();
    setBusy(true);
    setError(null);
    try {
      await action();
      onDone();
    } catch (thrown) {
      setError(toAppError(thrown).message);
      setBusy(false);
    } finally {
      done();
    }
  };
  return { busy, error, submit };
}
