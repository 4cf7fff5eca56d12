/** The frame of the window around the views. */
import { type ReactNode, Suspense, useEffect, useMemo } from 'react';
import { visibleString } from '../components/visible-text.tsx';
import { useApp } from '../state/app.ts';
import { useEngine } from '../state/engine.tsx';
import { routeToText } from '../state/route-text.ts';
import { CommandPalette } from './command-palette.tsx';
import { type Command, makeCommands, runAppCommand, usable } from './commands.ts';
import { DetailsFrame } from './details-frame.tsx';
import { Dialogs } from './dialogs.tsx';
import { DropOverlay } from './drop-overlay.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Header } from './header.tsx';
import { ImportPanel } from './import-panel.tsx';
import { InterruptedNotice } from './interrupted-notice.tsx';
import { Loading } from './loading.tsx';
import { Navigation } from './navigation.tsx';
import { isMac } from './platform.ts';
import { SelectionBar } from './selection-bar.tsx';
import { type Binding, makeMatcher } from './sequence.ts';
import { StatusBar } from './status-bar.tsx';
import { digitOf, NAVIGATION, VIEWS } from './views.ts';

const isText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select'));

/** Something modal or a menu has the keyboard for itself. */
const isOverlaid = (): boolean => document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]') !== null;

function useShortcuts(commands: readonly Command[]): void {
  useEffect(() => {
    const open = (): boolean => useApp.getState().opened !== null;
    const bindings: Binding[] = [
      ...commands.flatMap((c): Binding[] =>
        c.keys
          ? [
              {
                keys: c.keys,
                inText: c.inText ?? false,
                run: () => {
                  if (usable([c], open()).length > 0) c.run();
                },
              },
            ]
          : [],
      ),
      ...NAVIGATION.map(
        ({ view }, i): Binding => ({
          keys: `Alt+${digitOf(i)}`,
          inText: true,
          run: () => {
            if (open()) useApp.getState().navigate({ view });
          },
        }),
      ),
      { keys: 'Escape', run: () => useApp.getState().openEvent(null) },
    ];
    const match = makeMatcher(bindings, isMac);
    const down = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || isOverlaid()) return;
      // With Alt, some keyboards type another character: the digit is then in `code`.
      const digit = event.altKey ? /^Digit(\d)$/.exec(event.code)?.[1] : undefined;
      const stroke = { key: digit ?? event.key, ctrl: event.ctrlKey, alt: event.altKey, meta: event.metaKey, shift: event.shiftKey };
      const binding = match(stroke, isText(event.target), event.timeStamp);
      if (!binding) return;
      event.preventDefault();
      event.stopPropagation();
      binding.run();
    };
    // The second key of a sequence comes here before a table that has a use for it alone (g e, g c).
    const second = (event: KeyboardEvent): void => {
      if (match.begun(event.timeStamp) && !isText(event.target)) down(event);
    };
    window.addEventListener('keydown', second, { capture: true });
    window.addEventListener('keydown', down);
    return () => {
      window.removeEventListener('keydown', second, { capture: true });
      window.removeEventListener('keydown', down);
    };
  }, [commands]);
}

export function Shell(): ReactNode {
  const engine = useEngine();
  const commands = useMemo(() => makeCommands(engine), [engine]);
  const ready = useApp((s) => s.ready);
  const opening = useApp((s) => s.opening);
  const caseOpen = useApp((s) => s.opened !== null);
  const name = useApp((s) => s.opened?.info.name ?? null);
  const route = useApp((s) => s.route);
  useShortcuts(commands);
  useEffect(() => window.trailcase?.onCommand((command) => runAppCommand(engine, commands, command)), [engine, commands]);

  useEffect(() => {
    document.title = name === null ? 'Trailcase' : `${visibleString(name)} – Trailcase`;
  }, [name]);
  useEffect(() => {
    // The back and forward buttons of a mouse.
    const up = (event: MouseEvent): void => {
      if (event.button !== 3 && event.button !== 4) return;
      event.preventDefault();
      if (event.button === 3) useApp.getState().goBack();
      else useApp.getState().goForward();
    };
    window.addEventListener('mouseup', up);
    return () => window.removeEventListener('mouseup', up);
  }, []);

  const plain = !caseOpen || route.view === 'cases';
  const shownRoute = caseOpen ? route : ({ view: 'cases' } as const);
  const View = VIEWS[shownRoute.view];
  return (
    <div className="tc-shell" data-plain={plain || undefined}>
      <Header />
      {plain ? null : <SelectionBar />}
      {plain ? null : <Navigation />}
      <main className="tc-main" aria-busy={opening || !ready}>
        {!ready || opening ? (
          <Loading what="the case" />
        ) : (
          <>
            {plain ? null : <InterruptedNotice />}
            <ErrorBoundary what="This view" resetKey={routeToText(shownRoute)}>
              <Suspense fallback={<Loading what="the view" />}>
                <View />
              </Suspense>
            </ErrorBoundary>
          </>
        )}
      </main>
      {plain ? null : <DetailsFrame />}
      <StatusBar />
      <ImportPanel />
      <DropOverlay />
      <CommandPalette commands={commands} />
      <Dialogs commands={commands} />
    </div>
  );
}
