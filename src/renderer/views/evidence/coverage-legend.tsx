/** What the shapes of the coverage map mean: events above, delivery below. */
import type { ReactNode } from 'react';

const MARKS = [
  { mark: 'events', text: 'events (taller: more)' },
  { mark: 'data', text: 'of them data events' },
  { mark: 'delivered', text: 'log delivered' },
  { mark: 'empty', text: 'no log, signed' },
  { mark: 'weak', text: 'no log, not proven' },
  { mark: 'missing', text: 'listed log missing' },
  { mark: 'blank', text: 'blank: not known' },
  { mark: 'stopped', text: 'trail stopped' },
  { mark: 'point', text: 'logging changed' },
] as const;

export function Legend(): ReactNode {
  return (
    <ul className="tc-cov-legend" aria-label="Legend">
      {MARKS.map(({ mark, text }) => (
        <li key={mark}>
          <span className="tc-cov-mark" data-mark={mark} aria-hidden="true" />
          {text}
        </li>
      ))}
    </ul>
  );
}
