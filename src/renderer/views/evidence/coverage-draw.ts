/**
 * Draws the cells of the coverage map. Two bands a cell: above, a bar for the events (its height the number, in logarithms); below,
 * what is known of delivery. Every meaning has a shape of its own beside its colour.
 */
import type { CoverageModel, CoverageRow, HourFacts, HourRange } from '../../../engine/client/coverage.ts';
import { HOUR_MS, type LoggingPoint } from '../../../shared/coverage.ts';
import { columnRange, type Grid, HEAD_HEIGHT, ROW_HEIGHT } from './coverage-grid.ts';

/** Index into COVERAGE_CATEGORIES, or all of them. */
export type CategoryChoice = number | 'all';

export interface Palette {
  ground: string;
  line: string;
  events: string;
  data: string;
  other: string;
  delivered: string;
  missing: string;
  stopped: string;
  point: string;
  accent: string;
}

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  // light-dark() is resolved only where it is used as a colour.
  const probe = document.createElement('span');
  element.append(probe);
  const color = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color || style.color;
  };
  const palette = {
    ground: color('--tc-panel'),
    line: color('--tc-line'),
    events: color('--tc-read'),
    data: color('--tc-series-2'),
    other: color('--tc-series-4'),
    delivered: color('--tc-ink-soft'),
    missing: color('--tc-error'),
    stopped: color('--tc-error'),
    point: color('--tc-write'),
    accent: color('--tc-accent'),
  };
  probe.remove();
  return palette;
}

export interface Scene {
  model: CoverageModel;
  grid: Grid;
  rows: readonly CoverageRow[];
  category: CategoryChoice;
  /** Largest number of events that a cell can have, for the height of the bars. */
  most: number;
  /** The selected range, where it is narrower than the map. */
  selected: HourRange | null;
  active: { row: number; column: number } | null;
  /** Pixels: what is in sight, and where the cells begin. */
  left: number;
  top: number;
  width: number;
  height: number;
  labels: number;
}

const EVENT_BAND = 14;

export function draw(context: CanvasRenderingContext2D, scene: Scene, palette: Palette): void {
  const { grid, rows, labels, left, top, width, height } = scene;
  context.clearRect(0, 0, width, height);
  context.save();
  context.beginPath();
  context.rect(labels, HEAD_HEIGHT, width - labels, height - HEAD_HEIGHT);
  context.clip();
  const firstRow = Math.max(0, Math.floor(top / ROW_HEIGHT));
  const lastRow = Math.min(rows.length - 1, Math.floor((top + height) / ROW_HEIGHT));
  const firstColumn = Math.max(0, Math.floor(left / grid.width));
  const lastColumn = Math.min(grid.columns - 1, Math.floor((left + width - labels) / grid.width));
  for (let r = firstRow; r <= lastRow; r++) {
    const y = HEAD_HEIGHT + r * ROW_HEIGHT - top;
    const points = pointsOf(scene.model, rows[r]);
    for (let c = firstColumn; c <= lastColumn; c++) {
      const range = columnRange(grid, c);
      drawCell(context, scene, palette, scene.model.facts(rows[r], range), labels + c * grid.width - left, y);
      if (points.some((p) => p.time !== null && p.time >= range.from * HOUR_MS && p.time < range.to * HOUR_MS)) {
        drawPoint(context, palette, labels + c * grid.width - left, y, grid.width);
      }
    }
    context.fillStyle = palette.line;
    context.fillRect(labels, y + ROW_HEIGHT - 1, width - labels, 1);
  }
  context.fillStyle = palette.line;
  context.fillRect(labels + grid.columns * grid.width - left, HEAD_HEIGHT, 1, height);
  drawSelected(context, scene, palette);
  drawActive(context, scene, palette);
  context.restore();
}

function pointsOf({ coverage }: CoverageModel, { account, region }: CoverageRow): LoggingPoint[] {
  return coverage.events.points.filter((p) => p.account === account && p.region === region);
}

function drawCell(
  context: CanvasRenderingContext2D,
  { category, most, grid }: Scene,
  palette: Palette,
  facts: HourFacts,
  x: number,
  y: number,
): void {
  const wide = grid.width - (grid.width > 5 ? 1 : 0);
  if (facts.stopped > 0) hatch(context, palette.stopped, x, y + 1, wide, ROW_HEIGHT - 3);
  const n = category === 'all' ? facts.events : facts.categories[category];
  if (n > 0) {
    const tall = Math.max(3, Math.round((EVENT_BAND - 2) * (Math.log1p(n) / Math.log1p(Math.max(1, most)))));
    const base = y + EVENT_BAND;
    const data = category === 'all' ? facts.categories[1] / n : category === 1 ? 1 : 0;
    const rest = category === 'all' ? (facts.categories[2] + facts.categories[3]) / n : category === 2 || category === 3 ? 1 : 0;
    const dataTall = data > 0 ? Math.max(1, Math.round(tall * data)) : 0;
    const restTall = rest > 0 ? Math.max(1, Math.round(tall * rest)) : 0;
    context.fillStyle = palette.events;
    context.fillRect(x, base - tall, wide, tall);
    context.fillStyle = palette.data;
    context.fillRect(x, base - tall, wide, dataTall);
    context.fillStyle = palette.other;
    context.fillRect(x, base - tall + dataTall, wide, restTall);
  }
  drawDelivery(context, palette, facts, x, y + EVENT_BAND + 1, wide);
}

/** Five pixels: a full bar for delivered, a frame for a proven none, dashes for an unproven none, a wedge for a missing log. */
function drawDelivery(context: CanvasRenderingContext2D, palette: Palette, facts: HourFacts, x: number, y: number, wide: number): void {
  if (facts.missing > 0 || facts.missingFiles > 0) {
    context.fillStyle = palette.missing;
    context.beginPath();
    context.moveTo(x, y + 5);
    context.lineTo(x + wide, y + 5);
    context.lineTo(x + wide / 2, y - 1);
    context.fill();
    return;
  }
  context.fillStyle = palette.delivered;
  if (facts.delivered > 0) context.fillRect(x, y + 1, wide, 4);
  else if (facts.undigested > 0) return;
  else if (facts.linkedEmpty > 0 || facts.unsignedEmpty > 0) {
    for (let i = 0; i < wide; i += 3) context.fillRect(x + i, y + 4, 1, 1);
  } else {
    context.fillRect(x, y + 4, wide, 1);
    context.fillRect(x, y + 1, wide, 1);
  }
}

function hatch(context: CanvasRenderingContext2D, color: string, x: number, y: number, wide: number, tall: number): void {
  context.save();
  context.beginPath();
  context.rect(x, y, wide, tall);
  context.clip();
  context.strokeStyle = color;
  context.globalAlpha = 0.55;
  context.lineWidth = 1;
  context.beginPath();
  // Lines keep their place across cells, so that neighbours join.
  for (let d = Math.floor((x - tall) / 5) * 5; d < x + wide; d += 5) {
    context.moveTo(d, y + tall);
    context.lineTo(d + tall, y);
  }
  context.stroke();
  context.restore();
}

function drawPoint(context: CanvasRenderingContext2D, palette: Palette, x: number, y: number, wide: number): void {
  const middle = x + wide / 2;
  context.fillStyle = palette.point;
  context.beginPath();
  context.moveTo(middle - 4, y);
  context.lineTo(middle + 4, y);
  context.lineTo(middle, y + 6);
  context.fill();
}

function drawSelected(context: CanvasRenderingContext2D, { selected, grid, labels, left, width, height }: Scene, palette: Palette): void {
  if (!selected) return;
  const place = (hour: number): number => labels + ((hour - grid.from) / grid.hours) * grid.width - left;
  const [from, to] = [place(selected.from), place(selected.to)];
  context.globalAlpha = 0.6;
  context.fillStyle = palette.ground;
  context.fillRect(labels, HEAD_HEIGHT, Math.max(0, from - labels), height);
  context.fillRect(to, HEAD_HEIGHT, Math.max(0, width - to), height);
  context.globalAlpha = 1;
  context.fillStyle = palette.accent;
  context.fillRect(from - 1, HEAD_HEIGHT, 1, height);
  context.fillRect(to, HEAD_HEIGHT, 1, height);
}

function drawActive(context: CanvasRenderingContext2D, { active, grid, labels, left, top }: Scene, palette: Palette): void {
  if (!active) return;
  context.strokeStyle = palette.accent;
  context.lineWidth = 2;
  context.strokeRect(
    labels + active.column * grid.width - left - 1,
    HEAD_HEIGHT + active.row * ROW_HEIGHT - top,
    grid.width + 1,
    ROW_HEIGHT - 1,
  );
}
