import { beforeEach, describe, expect, it } from 'vitest';
import {
  addLane,
  chosenLanes,
  lanesShown,
  MOST_LANES,
  moveLane,
  NO_LANES,
  readLanes,
  removeLane,
  useLanes,
  writtenLanes,
} from '../../../../src/renderer/state/lanes.ts';

const chosen = (): readonly string[] => chosenLanes(useLanes.getState());

describe('lanes', () => {
  beforeEach(() => useLanes.setState({ ...NO_LANES, by: 'principal' }, true));
  it('are added, ordered and removed; each column keeps its own', () => {
    for (const value of ['a', 'b', 'c', 'b']) expect(addLane(value)).toBe(true);
    moveLane('c', -1);
    moveLane('a', -1);
    expect(chosen()).toEqual(['a', 'c', 'b']);
    removeLane('a');
    expect(chosen()).toEqual(['c', 'b']);
    useLanes.setState({ by: 'origin' });
    expect(chosen()).toEqual([]);
    useLanes.setState({ by: 'principal' });
    expect(chosen()).toEqual(['c', 'b']);
  });
  it('are no more than fit, and told so', () => {
    for (let i = 0; i < MOST_LANES; i++) expect(addLane(`v${i}`)).toBe(true);
    expect(addLane('one more')).toBe(false);
    expect(lanesShown(useLanes.getState(), ['x'])).toHaveLength(MOST_LANES);
  });
  it('stand before the busiest, which are left out on request', () => {
    addLane('quiet');
    addLane('busy');
    expect(lanesShown(useLanes.getState(), ['busy', null, 'loud'])).toEqual(['quiet', 'busy', 'loud']);
    useLanes.setState({ busiest: false });
    expect(lanesShown(useLanes.getState(), ['busy', 'loud'])).toEqual(['quiet', 'busy']);
  });
  it('survive being stored; what this version does not know is dropped', () => {
    addLane('a');
    useLanes.setState({ busiest: false });
    expect(readLanes(JSON.parse(JSON.stringify(writtenLanes(useLanes.getState()))))).toEqual(useLanes.getState());
    for (const odd of [undefined, null, 'x', {}, { by: 'resource', chosen: { nonsense: ['a'], principal: 'a' }, busiest: 1 }])
      expect(readLanes(odd)).toEqual(NO_LANES);
    expect(readLanes({ by: 'origin', chosen: { origin: ['a', 1, 'a', null] } }).chosen).toEqual({ origin: ['a'] });
  });
});
