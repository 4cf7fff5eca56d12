/** The table's columns, widths and order, kept by the store from one start to the next. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useEngine } from '../../state/engine.tsx';
import { tellFailure } from '../../state/messages.ts';
import { readSettings, TABLE_SETTING, type TableSettings } from './table-settings.ts';

/** Dragging an edge changes the width many times a second; only where it stops is kept. */
const KEEP_AFTER_MS = 300;

/** `null` until the stored settings were read. */
export function useTableSettings(): [TableSettings | null, (settings: TableSettings) => void] {
  const { store } = useEngine();
  const [settings, setSettings] = useState<TableSettings | null>(null);
  const pending = useRef<{ timer: ReturnType<typeof setTimeout>; keep: () => void } | null>(null);

  useEffect(() => {
    let gone = false;
    store.getSetting(TABLE_SETTING).then(
      (stored) => gone || setSettings(readSettings(stored)),
      () => gone || setSettings(readSettings(null)),
    );
    return () => {
      gone = true;
      if (pending.current) {
        clearTimeout(pending.current.timer);
        pending.current.keep();
      }
    };
  }, [store]);

  const change = useCallback(
    (next: TableSettings) => {
      setSettings(next);
      if (pending.current) clearTimeout(pending.current.timer);
      const keep = (): void => {
        pending.current = null;
        store.putSetting(TABLE_SETTING, next).catch((thrown: unknown) => tellFailure('The columns could not be kept.', thrown));
      };
      pending.current = { timer: setTimeout(keep, KEEP_AFTER_MS), keep };
    },
    [store],
  );
  return [settings, change];
}
