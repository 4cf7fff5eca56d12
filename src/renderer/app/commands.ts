/** Every command of the app in one list: the palette, the keyboard and the application menu run the same functions. */
import type { Engine } from '../../engine/client/index.ts';
import type { AppCommand } from '../../shared/host.ts';
import { useApp } from '../state/app.ts';
import { closeCase } from '../state/cases.ts';
import { importArguments, importSample, openByDialog, togglePause } from '../state/imports.ts';
import { nextTheme, toggleFacets, toggleUtc } from '../state/preferences.ts';
import { useSelection } from '../state/selection.ts';
import { takeChosen } from './intake.ts';
import { NAVIGATION } from './views.ts';

export interface Command {
  id: string;
  label: string;
  group: 'Go to' | 'Evidence' | 'Selection' | 'Case' | 'Window';
  /** Pattern of sequence.ts. */
  keys?: string;
  inText?: boolean;
  needsCase?: boolean;
  run: () => void;
}

/** In Electron the host's dialog; in a browser a hidden input. */
export function openEvidence(engine: Engine, what: 'files' | 'folder'): void {
  if (engine.app.host === 'electron') {
    void openByDialog(engine, what);
    return;
  }
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = what === 'folder';
  input.hidden = true;
  input.setAttribute('aria-label', what === 'folder' ? 'Folder to import' : 'Files to import');
  const end = (): void => input.remove();
  input.addEventListener('change', () => {
    if (input.files && input.files.length > 0) takeChosen(engine, input.files);
    end();
  });
  input.addEventListener('cancel', end);
  document.body.append(input);
  input.click();
}

/** Values of `data-focus`; Mantine's popovers put ids of their own on their targets. */
export const FIND_INPUT = 'find';
export const TIME_INPUT = 'time-range';
function focusInput(name: string): void {
  const input = document.querySelector(`[data-focus="${name}"]`);
  if (input instanceof HTMLInputElement) {
    input.focus();
    input.select();
  }
}

function focusRows(): void {
  const grid = document.querySelector('.tc-main [role="grid"]');
  if (grid instanceof HTMLElement) grid.focus();
}

export function makeCommands(engine: Engine): Command[] {
  const app = useApp.getState;
  const selection = useSelection.getState;
  return [
    ...NAVIGATION.map(
      ({ view, label, letter }): Command => ({
        id: `go-${view}`,
        label,
        group: 'Go to',
        keys: `g ${letter}`,
        needsCase: true,
        run: () => app().navigate({ view }),
      }),
    ),
    { id: 'cases', label: 'Cases', group: 'Go to', keys: 'g c', run: () => app().navigate({ view: 'cases' }) },
    { id: 'back', label: 'Back to the view before', group: 'Go to', keys: 'Alt+ArrowLeft', run: () => app().goBack() },
    { id: 'forward', label: 'Forward to the next view', group: 'Go to', keys: 'Alt+ArrowRight', run: () => app().goForward() },

    { id: 'open-files', label: 'Open files…', group: 'Evidence', keys: 'Mod+o', inText: true, run: () => openEvidence(engine, 'files') },
    {
      id: 'open-folder',
      label: 'Open folder…',
      group: 'Evidence',
      keys: 'Mod+Shift+o',
      inText: true,
      run: () => openEvidence(engine, 'folder'),
    },
    { id: 'paste', label: 'Paste records…', group: 'Evidence', run: () => app().showDialog({ dialog: 'paste' }) },
    { id: 'pause-import', label: 'Pause or resume the import', group: 'Evidence', keys: 'p', run: () => void togglePause(engine) },
    { id: 'sample', label: 'Open the sample trail', group: 'Evidence', run: () => void importSample(engine) },

    { id: 'rows', label: 'To the rows of the view', group: 'Selection', keys: 'r', needsCase: true, run: focusRows },
    { id: 'find', label: 'Find', group: 'Selection', keys: '/', needsCase: true, run: () => focusInput(FIND_INPUT) },
    { id: 'time', label: 'Type a time range', group: 'Selection', keys: 't', needsCase: true, run: () => focusInput(TIME_INPUT) },
    {
      id: 'undo-selection',
      label: 'Selection before this one',
      group: 'Selection',
      keys: '[',
      needsCase: true,
      run: () => selection().back(),
    },
    {
      id: 'redo-selection',
      label: 'Selection after this one',
      group: 'Selection',
      keys: ']',
      needsCase: true,
      run: () => selection().forward(),
    },
    {
      id: 'reset-selection',
      label: 'Reset the selection',
      group: 'Selection',
      keys: 'Shift+Escape',
      needsCase: true,
      run: () => selection().clear(),
    },
    {
      id: 'hide-read-only',
      label: 'Hide or show read-only events',
      group: 'Selection',
      needsCase: true,
      run: () => selection().setHideReadOnly(!selection().selection.hideReadOnly),
    },
    {
      id: 'hide-service-calls',
      label: 'Hide or show AWS service calls',
      group: 'Selection',
      needsCase: true,
      run: () => selection().setHideServiceCalls(!selection().selection.hideServiceCalls),
    },

    { id: 'new-case', label: 'New case…', group: 'Case', run: () => app().showDialog({ dialog: 'new-case' }) },
    {
      id: 'export-report',
      label: 'Export report…',
      group: 'Case',
      needsCase: true,
      run: () => app().showDialog({ dialog: 'export-report' }),
    },
    { id: 'close-case', label: 'Close the case', group: 'Case', needsCase: true, run: () => void closeCase(engine) },

    { id: 'toggle-utc', label: 'Times in UTC or local', group: 'Window', keys: 'u', run: toggleUtc },
    { id: 'toggle-facets', label: 'Facets beside the events', group: 'Window', keys: 'b', needsCase: true, run: toggleFacets },
    { id: 'toggle-theme', label: 'Theme: automatic, light, dark', group: 'Window', run: nextTheme },
    { id: 'help', label: 'Keyboard shortcuts', group: 'Window', keys: '?', run: () => app().showDialog({ dialog: 'help' }) },
  ];
}

/** Commands that may run now. */
export const usable = (commands: readonly Command[], caseOpen: boolean): Command[] => commands.filter((c) => caseOpen || !c.needsCase);

/** Runs a command of the application menu. */
export function runAppCommand(engine: Engine, commands: readonly Command[], { command }: AppCommand): void {
  if (command === 'arguments') {
    void importArguments(engine);
    return;
  }
  const found = usable(commands, useApp.getState().opened !== null).find((c) => c.id === command);
  found?.run();
}
