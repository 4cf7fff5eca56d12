/** What is kept with each step of the history: search, order and row of a list that one may come back to. */
import type { Route } from './app.ts';

export type Kept = Map<string, unknown>;

/** By the route object itself: each step of the history is an object of its own, and what is forgotten there is forgotten here. */
const kept = new WeakMap<Route, Kept>();
const steps = new WeakMap<Kept, number>();
let made = 0;

export function keptAt(route: Route): Kept {
  let found = kept.get(route);
  if (!found) {
    found = new Map();
    steps.set(found, ++made);
    kept.set(route, found);
  }
  return found;
}

/** The step goes on under another route: what was kept with it stays. */
export function carryKept(from: Route, to: Route): void {
  kept.set(to, keptAt(from));
}

/** A name of the step that a route stands for; the same while the step's route is replaced. */
export const stepOf = (route: Route): number => steps.get(keptAt(route)) ?? 0;
