/** Hours of the week, UTC: how often the subject acted in the window, and whether it did at that hour before. */
import type { ReactNode } from 'react';
import type { Behaviour } from '../../../shared/behaviour.ts';
import { countOf } from '../../components/numbers.ts';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const HOURS = Array.from({ length: 24 }, (_, h) => h);
const CELL = 16;
const LEFT = 34;
const TOP = 14;

export function Hours({ hours }: { hours: Behaviour['hours'] }): ReactNode {
  const max = Math.max(1, ...hours.window);
  const beforeMax = Math.max(1, ...hours.before);
  return (
    <figure className="tc-beh-hours">
      <svg
        width="100%"
        viewBox={`0 0 ${LEFT + 24 * CELL} ${TOP + 7 * CELL}`}
        role="img"
        aria-label="Events by hour of the week, in the window and before it"
      >
        {HOURS.filter((h) => h % 3 === 0).map((h) => (
          <text key={h} x={LEFT + h * CELL} y={10} className="tc-beh-axis">
            {String(h).padStart(2, '0')}
          </text>
        ))}
        {DAYS.map((day, d) => (
          <g key={day}>
            <text x={0} y={TOP + d * CELL + 12} className="tc-beh-axis">
              {day}
            </text>
            {HOURS.map((h) => {
              const now = hours.window[d * 24 + h];
              const before = hours.before[d * 24 + h];
              const title = `${day} ${String(h).padStart(2, '0')}:00 UTC: ${countOf(now, 'event')} in the window, ${countOf(before, 'event')} before it`;
              return (
                <g key={h}>
                  <title>{title}</title>
                  <rect
                    x={LEFT + h * CELL}
                    y={TOP + d * CELL}
                    width={CELL - 1}
                    height={CELL - 1}
                    className="tc-beh-before"
                    fillOpacity={before === 0 ? 0 : 0.15 + 0.45 * Math.sqrt(before / beforeMax)}
                  />
                  {now > 0 ? (
                    <circle
                      cx={LEFT + h * CELL + (CELL - 1) / 2}
                      cy={TOP + d * CELL + (CELL - 1) / 2}
                      r={2 + 4.5 * Math.sqrt(now / max)}
                      className={hours.newHours[d * 24 + h] ? 'tc-beh-now new' : 'tc-beh-now'}
                    />
                  ) : null}
                </g>
              );
            })}
          </g>
        ))}
      </svg>
      <figcaption className="tc-soft">
        UTC. Dot: the window{hours.newBy === null ? '' : `; a ring where it never acted before (by ${hours.newBy})`}. Square: how usual the
        hour was before it.
      </figcaption>
    </figure>
  );
}
