/** The lines of a credential tree, of which only those on screen exist; moved in by the keys that a tree has (ARIA's tree view pattern). */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import type { TimeWords } from '../../components/use-time.ts';
import { Line, lineId, TreeHead } from './tree-line.tsx';
import { type TreeLine, typedTo } from './tree-model.ts';

const ROW = 26;
const TYPING_MS = 700;

interface Props {
  lines: readonly TreeLine[];
  /** Key of the line that the keyboard is on. */
  active: string;
  asked: string;
  /** Credentials that a search found; null without one. */
  found: ReadonlySet<string> | null;
  /** Ids of credentials whose tree or subtree is in the report. */
  reported: ReadonlySet<string>;
  time: TimeWords;
  choose(key: string): void;
  setOpen(lines: readonly TreeLine[], open: boolean): void;
  enter(line: TreeLine): void;
}

export function TreeList({ lines, active, asked, found, reported, time, choose, setOpen, enter }: Props): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', at: 0 });
  const at = lines.findIndex((line) => line.key === active);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    // Room for the head, which stays in sight.
    paddingStart: ROW,
    scrollPaddingStart: ROW,
    overscan: 12,
    getItemKey: (i) => lines[i].key,
    // The line that the keyboard is on exists wherever one has scrolled to: it is named as the active one.
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const from = Math.max(0, startIndex - overscan);
      const to = Math.min(count - 1, endIndex + overscan);
      const shown = Array.from({ length: to - from + 1 }, (_, i) => from + i);
      if (at >= 0 && at < from) shown.unshift(at);
      else if (at > to) shown.push(at);
      return shown;
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: brought into sight when another line is active, not whenever lines open
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [active]);

  const go = (to: number): void => {
    const line = lines[Math.max(0, Math.min(lines.length - 1, to))];
    if (line) choose(line.key);
  };
  const press = (key: string): boolean => {
    const line = lines[at];
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / ROW) - 2);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: lines.length - 1 }[key];
    if (to !== undefined) go(to);
    else if (key === 'ArrowRight' && line && line.children > 0) {
      if (line.open) go(at + 1);
      else setOpen([line], true);
    } else if (key === 'ArrowLeft' && line) {
      if (line.open && line.children > 0) setOpen([line], false);
      else if (line.above !== null) choose(line.above);
    } else if (key === '*' && line)
      setOpen(
        lines.filter((other) => other.above === line.above && other.children > 0),
        true,
      );
    else if ((key === 'Enter' || key === ' ') && line && (key === 'Enter' || Date.now() - typed.current.at > TYPING_MS)) {
      if (key === 'Enter') enter(line);
      else if (line.children > 0) setOpen([line], !line.open);
    } else if (key.length === 1) {
      const now = Date.now();
      const text = now - typed.current.at > TYPING_MS ? key : typed.current.text + key;
      typed.current = { text, at: now };
      const next = typedTo(lines, Math.max(0, at), text);
      if (next >= 0) go(next);
    } else return key === 'ArrowRight' || key === 'ArrowLeft';
    return true;
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.target !== scroller.current || e.altKey || e.ctrlKey || e.metaKey || !press(e.key)) return;
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <div
      ref={scroller}
      className="tc-cred-tree"
      role="tree"
      tabIndex={0}
      aria-label="Credentials, each below the one that it was issued from"
      aria-activedescendant={at >= 0 ? lineId(active) : undefined}
      onKeyDown={onKeyDown}
    >
      <TreeHead zone={time.zone} />
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const line = lines[index];
          return (
            <Line
              key={key}
              line={line}
              top={start}
              asked={line.key === asked}
              active={line.key === active}
              dim={found !== null && !found.has(line.key)}
              reported={reported.has(line.key)}
              time={time}
              choose={() => choose(line.key)}
              toggle={() => setOpen([line], !line.open)}
            />
          );
        })}
      </div>
    </div>
  );
}
