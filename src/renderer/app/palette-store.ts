/** The palette's store, so that anything may open it, and its first entry can be chosen again when answers arrive late. */
import { createSpotlight } from '@mantine/spotlight';

export const [paletteStore, palette] = createSpotlight();

/** Entries that come in above the chosen one would leave the choice on what is no longer first. */
export function chooseFirst(): void {
  const list = document.getElementById(paletteStore.getState().listId);
  if (!list) return;
  list.querySelector('[data-selected]')?.removeAttribute('data-selected');
  list.querySelector('[data-action]')?.setAttribute('data-selected', 'true');
  paletteStore.updateState((state) => ({ ...state, selected: 0 }));
}
