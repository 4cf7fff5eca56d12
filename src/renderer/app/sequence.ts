/** Keyboard shortcuts outside text fields: single keys with modifiers, and two keys one after the other (g e). Pure. */

export interface KeyStroke {
  key: string;
  ctrl: boolean;
  alt: boolean;
  meta: boolean;
  shift: boolean;
}

export const MAX_PAUSE_MS = 1200;

/** `g e`, `Alt+1`, `Mod+k` (Ctrl, on a Mac ⌘), `?`. */
export interface Binding {
  keys: string;
  run: () => void;
  /** Also while a text field has the focus. */
  inText?: boolean;
}

export function matches(stroke: KeyStroke, pattern: string, mac: boolean): boolean {
  const parts = pattern.split('+');
  const key = parts.at(-1) || '+';
  const wants = (name: string): boolean => parts.slice(0, -1).includes(name);
  const mod = wants('Mod');
  const ctrl = wants('Ctrl') || (mod && !mac);
  const meta = mod && mac;
  if (stroke.ctrl !== ctrl || stroke.meta !== meta || stroke.alt !== wants('Alt')) return false;
  // Characters such as ? need Shift on most keyboards; letters say it themselves.
  if (wants('Shift') !== stroke.shift && (wants('Shift') || key.length > 1 || /[a-z0-9]/i.test(key))) return false;
  return stroke.key.toLowerCase() === key.toLowerCase();
}

export interface Matcher {
  /** The binding that the stroke completes, or null. Remembers the first key of a sequence. */
  (stroke: KeyStroke, inText: boolean, at: number): Binding | null;
  /** Whether the first key of a sequence was typed just now: the next one belongs to it, whatever else it means where the focus is. */
  begun(at: number): boolean;
}

export function makeMatcher(bindings: readonly Binding[], mac: boolean): Matcher {
  let first: { key: string; at: number } | null = null;
  const match = (stroke: KeyStroke, inText: boolean, at: number): Binding | null => {
    const before = first !== null && at - first.at <= MAX_PAUSE_MS ? first.key : null;
    first = null;
    for (const binding of bindings) {
      if (inText && !binding.inText) continue;
      const [one, two] = binding.keys.split(' ');
      if (two === undefined ? matches(stroke, one, mac) : before === one && matches(stroke, two, mac)) return binding;
    }
    const plain = !stroke.ctrl && !stroke.alt && !stroke.meta && !inText;
    if (plain && bindings.some((b) => b.keys.startsWith(`${stroke.key} `))) first = { key: stroke.key, at };
    return null;
  };
  return Object.assign(match, { begun: (at: number) => first !== null && at - first.at <= MAX_PAUSE_MS });
}

/** As shown beside a command: `⌘K` or `Ctrl+K`. */
export function keysShown(keys: string, mac: boolean): string {
  const arrows = keys.replace('ArrowLeft', '←').replace('ArrowRight', '→').replace('Escape', 'Esc');
  const upper = arrows.replace(/\+([a-z])$/, (_, letter: string) => `+${letter.toUpperCase()}`);
  return mac ? upper.replace('Mod+', '⌘').replace('Alt+', '⌥').replace('Shift+', '⇧') : upper.replace('Mod+', 'Ctrl+');
}
