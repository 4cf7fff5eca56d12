/** The right pane around the details of an event: its width by drag or keyboard, closed by Esc. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, Suspense, useRef, useState } from 'react';
import { useApp } from '../state/app.ts';
import { changePreferences, DETAILS_MAX, DETAILS_MIN } from '../state/preferences.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Loading } from './loading.tsx';
import { DetailsPane } from './views.ts';

const clamp = (width: number): number => Math.round(Math.min(DETAILS_MAX, window.innerWidth * 0.7, Math.max(DETAILS_MIN, width)));
const STEP = 24;

export function DetailsFrame(): ReactNode {
  const openEventKey = useApp((s) => s.openEventKey);
  const kept = useApp((s) => s.preferences.detailsWidth);
  const [dragged, setDragged] = useState<number | null>(null);
  const drag = useRef<{ x: number; width: number } | null>(null);
  if (openEventKey === null) return null;
  const width = dragged ?? clamp(kept);

  const down = (e: PointerEvent<HTMLElement>): void => {
    e.currentTarget.setPointerCapture(e.pointerId);
    drag.current = { x: e.clientX, width };
  };
  const move = (e: PointerEvent<HTMLElement>): void => {
    if (drag.current) setDragged(clamp(drag.current.width + drag.current.x - e.clientX));
  };
  const up = (): void => {
    if (drag.current && dragged !== null) changePreferences({ detailsWidth: dragged });
    drag.current = null;
    setDragged(null);
  };
  const key = (e: KeyboardEvent): void => {
    if (e.key === 'ArrowLeft') changePreferences({ detailsWidth: clamp(width + STEP) });
    else if (e.key === 'ArrowRight') changePreferences({ detailsWidth: clamp(width - STEP) });
    else return;
    e.preventDefault();
  };

  return (
    <aside className="tc-details" aria-label="Event details" style={{ width }}>
      <hr
        className="tc-resizer"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label="Width of the details"
        aria-valuenow={width}
        aria-valuemin={DETAILS_MIN}
        aria-valuemax={DETAILS_MAX}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
        onKeyDown={key}
      />
      <div className="tc-details-body">
        <ErrorBoundary what="The details" resetKey={openEventKey}>
          <Suspense fallback={<Loading what="the details" />}>
            <DetailsPane />
          </Suspense>
        </ErrorBoundary>
      </div>
    </aside>
  );
}
