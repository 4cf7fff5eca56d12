/** Which lanes stand below the timeline: of which column, which values in which order. Kept with the case, like the selection. */
import { create } from 'zustand';
import type { LaneView } from '../../shared/case.ts';
import type { SingleColumnId } from '../../shared/columns.ts';

/** What a lane can be of. */
export const LANE_COLUMNS: readonly SingleColumnId[] = [
  'principal',
  'origin',
  'accessKeyId',
  'sourceIPAddress',
  'userName',
  'agentTool',
  'agentMark',
  'addressKind',
  'account',
  'awsRegion',
  'eventSource',
  'depth',
  'originProof',
];
export const MOST_LANES = 20;

export interface LaneChoice {
  /** Null: no lanes. */
  by: SingleColumnId | null;
  /** Values whose lanes stay whatever the selection, in their order. */
  chosen: Partial<Record<SingleColumnId, readonly string[]>>;
  /** Whether the most active of the selection stand below them. */
  busiest: boolean;
}

export const NO_LANES: LaneChoice = { by: null, chosen: {}, busiest: true };

export const useLanes = create<LaneChoice>()(() => NO_LANES);

/** What was stored with the case, as far as this version knows it. */
export function readLanes(stored: unknown): LaneChoice {
  if (typeof stored !== 'object' || stored === null) return NO_LANES;
  const { by, chosen, busiest } = stored as Partial<Record<keyof LaneView, unknown>>;
  const kept: LaneChoice['chosen'] = {};
  for (const column of LANE_COLUMNS) {
    const values = typeof chosen === 'object' && chosen !== null ? (chosen as Record<string, unknown>)[column] : null;
    if (!Array.isArray(values)) continue;
    const texts = values.filter((v): v is string => typeof v === 'string');
    if (texts.length > 0) kept[column] = [...new Set(texts)].slice(0, MOST_LANES);
  }
  return { by: LANE_COLUMNS.find((c) => c === by) ?? null, chosen: kept, busiest: busiest !== false };
}

export const writtenLanes = ({ by, chosen, busiest }: LaneChoice): LaneView => ({
  by,
  chosen: Object.fromEntries(Object.entries(chosen).map(([column, values]) => [column, [...(values ?? [])]])),
  busiest,
});

export const chosenLanes = ({ by, chosen }: LaneChoice): readonly string[] => (by === null ? [] : (chosen[by] ?? []));

function choose(values: readonly string[]): void {
  const { by, chosen } = useLanes.getState();
  if (by !== null) useLanes.setState({ chosen: { ...chosen, [by]: values } });
}

/** Adds a lane below the chosen ones; false when there is no room for it. */
export function addLane(value: string): boolean {
  const now = chosenLanes(useLanes.getState());
  if (now.includes(value)) return true;
  if (now.length >= MOST_LANES) return false;
  choose([...now, value]);
  return true;
}

export const removeLane = (value: string): void => choose(chosenLanes(useLanes.getState()).filter((v) => v !== value));

/** Moves a chosen lane up or down by one; at either end it stays. */
export function moveLane(value: string, by: -1 | 1): void {
  const now = [...chosenLanes(useLanes.getState())];
  const at = now.indexOf(value);
  const to = at + by;
  if (at < 0 || to < 0 || to >= now.length) return;
  now.splice(at, 1);
  now.splice(to, 0, value);
  choose(now);
}

/** The lanes to show: those chosen, then the busiest that are not among them. */
export function lanesShown(choice: LaneChoice, busiest: readonly (string | null)[]): string[] {
  const chosen = chosenLanes(choice);
  const more = choice.busiest ? busiest.filter((v): v is string => v !== null && !chosen.includes(v)) : [];
  return [...chosen, ...more].slice(0, MOST_LANES);
}
