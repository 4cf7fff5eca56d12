/** The report's timeline, drawn as SVG without any script: stacked columns of success, denied and error. */
import type { HistogramAnswer } from '../../shared/plan.ts';
import { html, number, stamp } from './text.ts';

const WIDTH = 720;
const HEIGHT = 150;
const LEFT = 44;
const BOTTOM = 22;
const TOP = 8;

interface Look {
  word: string;
  fill: string;
}
/** Hatched and dotted where printed without colour: a pattern tells denied and error apart, not the colour alone. */
const LOOKS: Record<string, Look> = {
  success: { word: 'no error recorded', fill: '#7f9bb8' },
  denied: { word: 'denied', fill: 'url(#denied)' },
  error: { word: 'error', fill: 'url(#error)' },
};
const OTHER: Look = { word: 'other', fill: '#b9bec6' };
const ORDER = ['success', 'denied', 'error'];

const PATTERNS =
  '<defs><pattern id="denied" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="4" height="4" fill="#f1b24a"/><rect width="1.6" height="4" fill="#8a5200"/></pattern>' +
  '<pattern id="error" width="3" height="3" patternUnits="userSpaceOnUse"><rect width="3" height="3" fill="#c8372d"/><circle cx="1.5" cy="1.5" r="0.7" fill="#ffffff"/></pattern></defs>';

/** `1 s`, `5 minutes`, `1 day`: what one column stands for. */
export function binWords(ms: number): string {
  for (const [size, unit] of [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ] as const) {
    if (ms >= size && ms % size === 0) return `${number(ms / size)} ${unit}${ms === size ? '' : 's'}`;
  }
  return `${number(ms)} ms`;
}

/** SVG with its legend, or null when no event of the selection has a time. */
export function timelineSvg(answer: HistogramAnswer, utc: boolean): string | null {
  const { bins } = answer;
  const sums = new Array<number>(bins).fill(0);
  for (const layer of answer.layers) for (let i = 0; i < bins; i++) sums[i] += layer.counts[i];
  const most = sums.reduce((a, b) => Math.max(a, b), 0);
  if (bins === 0 || most === 0) return null;
  const layers = answer.layers
    .map((layer) => ({ layer, rank: layer.other ? 9 : ORDER.indexOf(layer.value ?? '') }))
    .sort((a, b) => (a.rank < 0 ? 8 : a.rank) - (b.rank < 0 ? 8 : b.rank))
    .map(({ layer }) => layer);
  const plot = HEIGHT - BOTTOM - TOP;
  const step = (WIDTH - LEFT) / bins;
  const base = new Array<number>(bins).fill(0);
  const rects: string[] = [];
  for (const layer of layers) {
    const fill = look(layer).fill;
    for (let i = 0; i < bins; i++) {
      const count = layer.counts[i];
      if (count === 0) continue;
      // A single event among a million stays visible, so a column is a lower bound of a pixel, not to scale.
      const height = Math.max(1, (count / most) * plot);
      const y = HEIGHT - BOTTOM - base[i] - height;
      base[i] += height;
      rects.push(
        `<rect x="${round(LEFT + i * step)}" y="${round(Math.max(0, y))}" width="${round(Math.max(0.6, step - 0.4))}" height="${round(height)}" fill="${fill}"/>`,
      );
    }
  }
  const end = answer.from + bins * answer.binMs;
  const axis =
    `<line x1="${LEFT}" y1="${HEIGHT - BOTTOM}" x2="${WIDTH}" y2="${HEIGHT - BOTTOM}" stroke="#6b7280"/>` +
    `<text x="${LEFT - 6}" y="${TOP + 8}" text-anchor="end">${number(most)}</text><text x="${LEFT - 6}" y="${HEIGHT - BOTTOM}" text-anchor="end">0</text>` +
    `<text x="${LEFT}" y="${HEIGHT - 6}">${html(stamp(answer.from, utc))}</text><text x="${WIDTH}" y="${HEIGHT - 6}" text-anchor="end">${html(stamp(end, utc))}</text>`;
  const legend = layers
    .map((layer) => {
      const { word, fill } = look(layer);
      const total = layer.counts.reduce((a, b) => a + b, 0);
      return `<span class="key"><svg width="12" height="12" aria-hidden="true"><rect width="12" height="12" fill="${fill}"/></svg> ${html(word)} ${number(total)}</span>`;
    })
    .join(' ');
  const caption = `Events a column of ${binWords(answer.binMs)}; the highest has ${number(most)}.`;
  return `<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${html(caption)}">${PATTERNS}${rects.join('')}${axis}</svg><figcaption>${html(caption)} ${legend}</figcaption></figure>`;
}

const round = (n: number): string => n.toFixed(2).replace(/\.?0+$/, '');
function look(layer: HistogramAnswer['layers'][number]): Look {
  if (layer.other) return OTHER;
  const known = layer.value === null ? undefined : Object.hasOwn(LOOKS, layer.value) ? LOOKS[layer.value] : undefined;
  return known ?? { word: layer.value ?? 'not recorded', fill: OTHER.fill };
}
