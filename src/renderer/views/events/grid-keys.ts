/** Keys of the events table, apart from what they do. */

export type GridCommand =
  | { do: 'row'; by: number; extend: boolean }
  | { do: 'page'; by: 1 | -1; extend: boolean }
  | { do: 'end'; to: 'first' | 'last'; extend: boolean }
  | { do: 'cell'; by: 1 | -1 }
  | { do: 'open' | 'close' | 'star' | 'copy' | 'include' | 'exclude' | 'menu' | 'select' };

export interface KeyPress {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** The command of a key press, or null when the table has none for it. */
export function gridCommand(press: KeyPress): GridCommand | null {
  const { key, shiftKey: extend } = press;
  if (press.altKey) return null;
  if (press.ctrlKey || press.metaKey) {
    if (key === 'c') return { do: 'copy' };
    if (key === 'Home') return { do: 'end', to: 'first', extend };
    if (key === 'End') return { do: 'end', to: 'last', extend };
    return null;
  }
  switch (key) {
    case 'ArrowDown':
      return { do: 'row', by: 1, extend };
    case 'ArrowUp':
      return { do: 'row', by: -1, extend };
    case 'PageDown':
      return { do: 'page', by: 1, extend };
    case 'PageUp':
      return { do: 'page', by: -1, extend };
    case 'Home':
      return { do: 'end', to: 'first', extend };
    case 'End':
      return { do: 'end', to: 'last', extend };
    case 'ArrowRight':
      return { do: 'cell', by: 1 };
    case 'ArrowLeft':
      return { do: 'cell', by: -1 };
    case 'Enter':
      return { do: 'open' };
    case 'Escape':
      return { do: 'close' };
    case ' ':
      return { do: 'select' };
    case 'ContextMenu':
    case 'm':
      return { do: 'menu' };
    case 'F10':
      return extend ? { do: 'menu' } : null;
    case 's':
      return { do: 'star' };
    case 'c':
      return { do: 'copy' };
    case 'f':
      return { do: 'include' };
    case 'x':
      return { do: 'exclude' };
    default:
      return null;
  }
}
