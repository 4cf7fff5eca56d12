/** The mark of the app: a trail through a case. */
import type { ReactNode } from 'react';

export function Mark({ size }: { size: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true">
      <rect x="2" y="5.5" width="20" height="15" rx="3" fill="var(--tc-accent)" />
      <path d="M8.5 5.5V4.6A1.6 1.6 0 0 1 10.1 3h3.8a1.6 1.6 0 0 1 1.6 1.6v.9" stroke="var(--tc-accent)" strokeWidth="1.8" />
      <path d="M5.5 16.5 9.5 12l3.5 2.6 5.5-5.6" stroke="var(--tc-panel)" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" />
      <circle cx="18.5" cy="9" r="1.6" fill="var(--tc-panel)" />
    </svg>
  );
}
