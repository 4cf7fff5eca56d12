/**
 * The timeline drawn: axes and grid by Recharts, each layer as a single path (a thousand bins in eight layers as elements of their own
 * would take a second to draw), and the brush.
 */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { CartesianGrid, ComposedChart, Line, usePlotArea, useXAxisScale, useYAxisScale, XAxis, YAxis } from 'recharts';
import type { TimeRange } from '../../../shared/plan.ts';
import { formatCount, formatShort } from '../../components/numbers.ts';
import { useTime } from '../../components/use-time.ts';
import {
  axisTicks,
  binAt,
  binStart,
  binWords,
  brushedRange,
  countTicks,
  layerPath,
  type Timeline,
  tickLabel,
  timelineEnd,
} from './timeline-model.ts';

export const CHART_HEIGHT = 190;
/** What of the width lies left and right of the plot. Pixels. */
export const plotInsets = (): { left: number; right: number } => ({ left: MARGIN.left + Y_WIDTH, right: MARGIN.right });
const MARGIN = { top: 8, right: 20, bottom: 0, left: 0 };
const Y_WIDTH = 44;
const X_HEIGHT = 22;
const MIN_DRAG = 3;
const PIXELS_PER_TICK = 95;

interface Props {
  timeline: Timeline;
  width: number;
  /** Pixels; CHART_HEIGHT when not given. */
  height?: number;
  /** What is shown, in words, for those who cannot see it. */
  summary: string;
  onBrush: (range: TimeRange) => void;
  onReset: () => void;
  onKey: (key: 'left' | 'right' | 'in' | 'out' | 'all') => void;
}

const KEYS: Record<string, Parameters<Props['onKey']>[0]> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  '+': 'in',
  '=': 'in',
  '-': 'out',
  Home: 'all',
};

export function TimelineChart({ timeline, width, height = CHART_HEIGHT, summary, onBrush, onReset, onKey }: Props): ReactNode {
  const words = useTime();
  const from = timeline.from;
  const to = timelineEnd(timeline);
  const span = to - from;
  const plotWidth = Math.max(1, width - Y_WIDTH - MARGIN.left - MARGIN.right);
  const left = MARGIN.left + Y_WIDTH;
  const [hover, setHover] = useState<number | null>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const dragging = useRef<number | null>(null);

  const momentAt = (e: PointerEvent<HTMLElement>): number => {
    const x = e.clientX - e.currentTarget.getBoundingClientRect().left - left;
    return from + (Math.max(0, Math.min(plotWidth, x)) / plotWidth) * span;
  };
  const down = (e: PointerEvent<HTMLElement>): void => {
    if (e.button !== 0) return;
    e.currentTarget.setPointerCapture(e.pointerId);
    dragging.current = momentAt(e);
  };
  const move = (e: PointerEvent<HTMLElement>): void => {
    const at = momentAt(e);
    setHover(binAt(timeline, at));
    const start = dragging.current;
    if (start === null) return;
    const pixels = (Math.abs(at - start) / span) * plotWidth;
    setDrag(pixels >= MIN_DRAG ? { from: start, to: at } : null);
  };
  const up = (): void => {
    if (drag) onBrush(brushedRange(timeline, drag.from, drag.to - 1));
    dragging.current = null;
    setDrag(null);
  };
  const cancel = (): void => {
    dragging.current = null;
    setDrag(null);
    setHover(null);
  };
  const key = (e: KeyboardEvent): void => {
    if (e.key === 'Escape' && drag) {
      e.stopPropagation();
      cancel();
    }
    const meaning = KEYS[e.key];
    if (!meaning || e.altKey || e.ctrlKey || e.metaKey) return;
    e.preventDefault();
    onKey(meaning);
  };

  // Recharts scales only what has data: the two ends of both axes are enough.
  const counts = useMemo(() => countTicks(timeline.max), [timeline.max]);
  const ends = useMemo(
    () => [
      { t: from, n: 0 },
      { t: to, n: timeline.max },
    ],
    [from, to, timeline.max],
  );
  const ticks = useMemo(
    () => axisTicks(from, to, Math.max(2, Math.floor(plotWidth / PIXELS_PER_TICK)), words.utc),
    [from, to, plotWidth, words.utc],
  );
  const pixel = (ms: number): number => left + ((ms - from) / span) * plotWidth;
  const band = drag ? brushedRange(timeline, drag.from, drag.to - 1) : null;

  return (
    <div className="tc-chart" style={{ height }}>
      <div className="tc-chart-drawing" aria-hidden="true">
        <ComposedChart width={width} height={height} data={ends} margin={MARGIN} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--tc-line)" />
          <XAxis
            dataKey="t"
            type="number"
            domain={[from, to]}
            allowDataOverflow
            ticks={ticks}
            interval={0}
            height={X_HEIGHT}
            tickFormatter={(ms: number) => tickLabel(ms, span, words.utc)}
            tick={TICK}
            stroke="var(--tc-line-strong)"
            tickSize={4}
          />
          <YAxis
            dataKey="n"
            type="number"
            domain={[0, counts[counts.length - 1]]}
            ticks={counts}
            allowDecimals={false}
            width={Y_WIDTH}
            tickFormatter={formatShort}
            tick={TICK}
            axisLine={false}
            tickLine={false}
          />
          <Line dataKey="n" stroke="none" dot={false} activeDot={false} isAnimationActive={false} />
          <Layers timeline={timeline} />
        </ComposedChart>
      </div>
      <button
        type="button"
        className="tc-plain tc-chart-surface"
        aria-label={`Timeline. ${summary} Drag to zoom; arrow keys step, plus and minus zoom, Home shows all.`}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={cancel}
        onPointerLeave={() => {
          if (dragging.current === null) setHover(null);
        }}
        onDoubleClick={onReset}
        onKeyDown={key}
      >
        {hover !== null && !drag ? (
          <span
            className="tc-chart-cursor"
            style={{
              left: pixel(binStart(timeline, hover)),
              width: Math.max(1, plotWidth / timeline.bins),
              top: MARGIN.top,
              bottom: X_HEIGHT,
            }}
          />
        ) : null}
        {band && band.from !== null && band.to !== null ? (
          <span
            className="tc-chart-band"
            style={{ left: pixel(band.from), width: Math.max(2, pixel(band.to) - pixel(band.from)), top: MARGIN.top, bottom: X_HEIGHT }}
          />
        ) : null}
      </button>
      {hover !== null || band ? (
        <Tip timeline={timeline} bin={hover ?? 0} band={band} x={pixel(binStart(timeline, hover ?? 0))} width={width} />
      ) : null}
    </div>
  );
}

const TICK = { fontSize: 11, fill: 'var(--tc-ink-soft)' };

function Layers({ timeline }: { timeline: Timeline }): ReactNode {
  const x = useXAxisScale();
  const y = useYAxisScale();
  const area = usePlotArea();
  if (!x || !y || !area) return null;
  const gap = area.width / timeline.bins >= 4 ? 1 : 0;
  return (
    <g>
      <defs>
        {timeline.layers.map((layer, i) =>
          layer.striped ? (
            <pattern
              key={layer.id}
              id={`tc-stripes-${i}`}
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform={`rotate(${STRIPES[layer.meaning ?? ''] ?? 45})`}
            >
              <rect width="5" height="5" fill={layer.color} />
              <rect width="1.2" height="5" fill="var(--tc-panel)" opacity="0.55" />
            </pattern>
          ) : null,
        )}
      </defs>
      {timeline.layers.map((layer, i) => (
        <path
          key={layer.id}
          d={layerPath(
            timeline,
            i,
            (ms) => x(ms) ?? 0,
            (count) => y(count) ?? 0,
            gap,
          )}
          fill={layer.striped ? `url(#tc-stripes-${i})` : layer.color}
          shapeRendering="crispEdges"
        />
      ))}
    </g>
  );
}

const STRIPES: Record<string, number> = { denied: 45, error: -45, write: 90 };

function Tip(props: { timeline: Timeline; bin: number; band: TimeRange | null; x: number; width: number }): ReactNode {
  const { timeline, bin, band, x, width } = props;
  const words = useTime();
  const low = band?.from == null ? bin : binAt(timeline, band.from);
  const high = band?.to == null ? bin : binAt(timeline, band.to - 1);
  const sum = (counts: Uint32Array): number => {
    let n = 0;
    for (let i = low; i <= high; i++) n += counts[i];
    return n;
  };
  const range = { from: binStart(timeline, low), to: binStart(timeline, high + 1) } as TimeRange;
  const rows = timeline.layers.map((layer) => ({ layer, n: sum(layer.counts) })).filter(({ n }) => n > 0);
  const onLeft = x > width / 2;
  return (
    <div className="tc-chart-tip" style={onLeft ? { right: width - x + 10 } : { left: x + 14 }}>
      <div className="tc-chart-tip-range">
        {words.range(range)} {words.zone}
      </div>
      <div className="tc-chart-tip-total">
        {formatCount(sum(timeline.totals))} events {band ? '' : `in ${binWords(timeline.binMs)}`}
      </div>
      {timeline.layers.length > 1
        ? rows.map(({ layer, n }) => (
            <div key={layer.id} className="tc-chart-tip-row">
              <span className="tc-swatch" data-striped={layer.striped || undefined} style={{ background: layer.color }} />
              <span className="tc-chart-tip-label">{layer.label}</span>
              <span>{formatCount(n)}</span>
            </div>
          ))
        : null}
    </div>
  );
}
