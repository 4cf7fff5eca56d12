/** The keys, where each of them works. Those of commands come from the list of commands; those of a table, a timeline or a facet stand here. Pure. */
import type { Command } from './commands.ts';
import { keysShown } from './sequence.ts';
import { digitOf, NAVIGATION } from './views.ts';

export interface KeySection {
  where: string;
  keys: [keys: string, what: string][];
}

export function keySections(commands: readonly Command[], mac: boolean): KeySection[] {
  const alt = mac ? '⌥' : 'Alt+';
  return [
    {
      where: 'In every list, and in the events',
      keys: [
        ['↑ ↓  Page ↑ ↓  Home End', 'Move from row to row'],
        ['← →', 'Move between the values of a row'],
        ['Enter', 'Open the page of the row; of an event, its details'],
        ['f', 'Filter by the value, or no longer'],
        ['x', 'Exclude the value, or no longer'],
        [mac ? 'c or ⌘C' : 'c or Ctrl+C', 'Copy the value'],
        ['m or the menu key', 'Menu of the value: filter, copy, cite in a note, its events, its page'],
        ['e', 'The events of the row (in a list)'],
      ],
    },
    {
      where: 'In the events only',
      keys: [
        ['s', 'Star the event, or no longer'],
        ['Space', 'Choose the row: chosen rows can be starred, cited or begin a note'],
        ['Shift + ↑ ↓', 'Choose a run of rows'],
        ['Esc', 'Drop what is chosen, then close the details'],
      ],
    },
    {
      where: 'On the timeline, the lanes and the facets',
      keys: [
        ['← → on the timeline', 'Step by the length of the range; + and − zoom, Home shows all'],
        ['← → on a lane', 'Move from bar to bar; with Shift by ten, ↑ ↓ to the next lane, Enter narrows the time to the bar'],
        ['x on a facet value', 'Exclude instead of include; m or the menu key opens its menu'],
        [mac ? '⌥ click on a facet value' : 'Alt or Ctrl + click on a facet value', 'Exclude instead of include'],
      ],
    },
    {
      where: 'Everywhere',
      keys: [
        [mac ? '⌘K' : 'Ctrl+K', 'All commands, views and jumps'],
        ...commands.flatMap((c): [string, string][] =>
          c.keys ? [[keysShown(c.keys, mac), c.group === 'Go to' && c.needsCase ? `Go to ${c.label}` : c.label]] : [],
        ),
        [`${alt}1 … ${alt}${digitOf(NAVIGATION.length - 1)}`, 'Go to a view by its place'],
        ['Esc', 'Close the details, a menu or a dialog'],
      ],
    },
  ];
}
