/** EventIDs whose whole records do not have the same text: what the store compares field by field. The earliest, in no other order than that. */
import type { DifferingCopies } from '../../shared/engine.ts';
import type { OpenCase } from './open-case.ts';
import { refOf } from './pages.ts';
import { DataChanged, Turn, type TurnRules } from './turns.ts';

/** Different texts of one eventID that are compared with each other. */
const TEXTS = 8;
/** Looked at before it is seen whether the turn is over. */
const STRIDE = 2048;

interface Found {
  time: number;
  rows: number[];
}

/** Null when the data changed meanwhile. */
export async function differingCopies(
  open: OpenCase,
  limit: number,
  rules: TurnRules,
): Promise<{ total: number; copies: DifferingCopies[] } | null> {
  open.update();
  const { groups, rowsGeneration } = open;
  const turn = new Turn(() => {
    if (open.rowsGeneration !== rowsGeneration) throw new DataChanged();
  }, rules);
  const earliest = new Earliest(open, limit);
  try {
    const places = groups.places;
    for (let place = 0; place < places; place++) {
      const rows = groups.differentTexts(place);
      if (rows.length > 0) earliest.take(rows);
      if (place % STRIDE === 0 && turn.over()) await turn.yield();
    }
  } catch (thrown) {
    if (thrown instanceof DataChanged) return null;
    throw thrown;
  }
  return { total: earliest.total, copies: earliest.all().map(({ rows }) => copiesOf(open, rows)) };
}

function copiesOf(open: OpenCase, rows: readonly number[]): DifferingCopies {
  const segment = open.columns.segmentOf(rows[0]);
  const texts = rows.slice(0, TEXTS).map((row) => {
    const own = open.columns.segmentOf(row);
    return { hash: own.textHash[row - own.base], ref: refOf(row, open) };
  });
  return { eventID: open.keys.idOf(segment, rows[0] - segment.base) ?? '', texts, complete: rows.length <= TEXTS };
}

/** Keeps at most twice the limit at a time. */
class Earliest {
  total = 0;
  private kept: Found[] = [];
  private latest = Number.POSITIVE_INFINITY;

  constructor(
    private readonly open: OpenCase,
    private readonly limit: number,
  ) {}

  take(rows: number[]): void {
    this.total++;
    let time = Number.MAX_VALUE;
    for (const row of rows) {
      const segment = this.open.columns.segmentOf(row);
      const own = segment.time[row - segment.base];
      if (own < time) time = own;
    }
    if (time > this.latest) return;
    this.kept.push({ time, rows });
    if (this.kept.length < 2 * this.limit) return;
    this.all();
    this.latest = this.kept[this.kept.length - 1]?.time ?? this.latest;
  }

  all(): Found[] {
    this.kept.sort((a, b) => a.time - b.time || this.open.groups.compareIds(a.rows[0], b.rows[0]));
    this.kept.length = Math.min(this.kept.length, this.limit);
    return this.kept;
  }
}
