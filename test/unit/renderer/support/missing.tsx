/** A view that is not built into the trial page. */
import type { ReactNode } from 'react';

export default function Missing(): ReactNode {
  return <p style={{ padding: 16 }}>Not in the trial page.</p>;
}
export const runBatch = async (): Promise<void> => undefined;
