/** A verification as the window sees it: one at a time, its progress, and what came of it. It goes on when another view is opened. */
import { create } from 'zustand';
import type { Engine } from '../../engine/client/index.ts';
import { isClean, verificationSentences } from '../../engine/client/report.ts';
import type { VerifyProgress } from '../../shared/custody.ts';
import type { StoreApi } from '../../shared/engine.ts';
import { idle } from './idle.ts';
import { tell, tellFailure } from './messages.ts';

interface VerifyingState {
  progress: VerifyProgress | null;
  cancelling: boolean;
}

export const useVerifying = create<VerifyingState>(() => ({ progress: null, cancelling: false }));

export async function verify(engine: Engine, options: Parameters<StoreApi['verify']>[0]): Promise<void> {
  if (useVerifying.getState().progress !== null) return;
  useVerifying.setState({ progress: { place: 'disk', filesDone: 0, files: null, bytesDone: 0, reading: null }, cancelling: false });
  const done = idle.begin();
  try {
    const record = await engine.store.verify(options, (progress) => useVerifying.setState({ progress }));
    const title = record.cancelled
      ? 'Verification cancelled'
      : isClean(record)
        ? 'Nothing was found changed'
        : 'Something is not as it was';
    const clean = isClean(record);
    const tone = record.cancelled ? (record.findings.length > 0 ? 'failed' : 'said') : clean ? 'done' : 'failed';
    tell(verificationSentences(record).slice(0, 3).join(' '), title, tone);
  } catch (thrown) {
    tellFailure('The evidence could not be verified.', thrown);
  } finally {
    useVerifying.setState({ progress: null, cancelling: false });
    done();
  }
}

export async function cancelVerify(engine: Engine): Promise<void> {
  useVerifying.setState({ cancelling: true });
  await engine.store.cancelVerify().catch((thrown: unknown) => tellFailure('The verification could not be cancelled.', thrown));
}
