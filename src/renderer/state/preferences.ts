/** Choices of the person that outlive the session, kept by the store. */
import type { Engine } from '../../engine/client/index.ts';
import { type Preferences, useApp } from './app.ts';
import { tellFailure } from './messages.ts';

const KEY = 'preferences';
export const DETAILS_MIN = 320;
export const DETAILS_MAX = 900;

/** Only what is known and sound is taken from what was stored. */
export function readPreferences(stored: unknown, base: Preferences): Preferences {
  if (typeof stored !== 'object' || stored === null) return base;
  const s = stored as Record<string, unknown>;
  return {
    theme: s.theme === 'light' || s.theme === 'dark' || s.theme === 'auto' ? s.theme : base.theme,
    utc: typeof s.utc === 'boolean' ? s.utc : base.utc,
    detailsWidth:
      typeof s.detailsWidth === 'number' && Number.isFinite(s.detailsWidth)
        ? Math.min(DETAILS_MAX, Math.max(DETAILS_MIN, Math.round(s.detailsWidth)))
        : base.detailsWidth,
    facets: typeof s.facets === 'boolean' ? s.facets : base.facets,
  };
}

export async function loadPreferences(engine: Engine): Promise<void> {
  const { preferences, set } = useApp.getState();
  set({ preferences: readPreferences(await engine.store.getSetting(KEY), preferences) });
  useApp.subscribe((s, before) => {
    if (s.preferences === before.preferences) return;
    engine.store.putSetting(KEY, s.preferences).catch((thrown: unknown) => tellFailure('Your choice could not be kept.', thrown));
  });
}

export function changePreferences(patch: Partial<Preferences>): void {
  const { preferences, set } = useApp.getState();
  set({ preferences: { ...preferences, ...patch } });
}

export const toggleUtc = (): void => changePreferences({ utc: !useApp.getState().preferences.utc });

export const toggleFacets = (): void => changePreferences({ facets: !useApp.getState().preferences.facets });

const THEMES = ['auto', 'light', 'dark'] as const;
export function nextTheme(): void {
  const now = THEMES.indexOf(useApp.getState().preferences.theme);
  changePreferences({ theme: THEMES[(now + 1) % THEMES.length] });
}
