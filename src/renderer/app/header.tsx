/** The top of the window: case, find box, back and forward of views, palette, theme. */
import { ActionIcon, Button, Kbd, Tooltip } from '@mantine/core';
import { IconArrowLeft, IconArrowRight, IconCommand, IconDeviceDesktop, IconMoon, IconReport, IconSun } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useApp } from '../state/app.ts';
import { nextTheme } from '../state/preferences.ts';
import { CaseMenu } from './case-menu.tsx';
import { FindBox } from './find-box.tsx';
import { Mark } from './mark.tsx';
import { palette } from './palette-store.ts';
import { isMac } from './platform.ts';

const THEME_WORDS = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

export function Header(): ReactNode {
  const caseOpen = useApp((s) => s.opened !== null);
  const inCase = useApp((s) => s.opened !== null && s.route.view !== 'cases');
  const canBack = useApp((s) => s.routes.length > 0);
  const canForward = useApp((s) => s.forwardRoutes.length > 0);
  const themeChoice = useApp((s) => s.preferences.theme);
  const { goBack, goForward, navigate, showDialog } = useApp.getState();
  const ThemeIcon = themeChoice === 'auto' ? IconDeviceDesktop : themeChoice === 'light' ? IconSun : IconMoon;
  return (
    <header className="tc-head">
      <button
        type="button"
        className="tc-brand tc-plain"
        aria-label="Trailcase: all cases"
        title="All cases (g c)"
        onClick={() => navigate({ view: 'cases' })}
      >
        <Mark size={20} />
        {caseOpen ? null : 'Trailcase'}
      </button>
      <CaseMenu />
      {caseOpen ? (
        <>
          <Tooltip label="Back (Alt+←)">
            <ActionIcon aria-label="Back to the view before" disabled={!canBack} onClick={goBack}>
              <IconArrowLeft size={15} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Forward (Alt+→)">
            <ActionIcon aria-label="Forward to the next view" disabled={!canForward} onClick={goForward}>
              <IconArrowRight size={15} />
            </ActionIcon>
          </Tooltip>
          {inCase ? <FindBox /> : null}
        </>
      ) : null}
      <div className="tc-spacer" />
      {inCase ? (
        <Button variant="default" leftSection={<IconReport size={14} />} onClick={() => showDialog({ dialog: 'export-report' })}>
          Export report
        </Button>
      ) : null}
      <Button
        variant="default"
        aria-label="Commands"
        title="Commands, views and jumps"
        leftSection={<IconCommand size={14} />}
        rightSection={<Kbd aria-hidden="true" data-keys={isMac ? '⌘K' : 'Ctrl K'} />}
        onClick={palette.open}
      >
        Commands
      </Button>
      <Tooltip label={`Theme: ${THEME_WORDS[themeChoice]}`}>
        <ActionIcon size="md" aria-label={`Change the theme, now ${THEME_WORDS[themeChoice]}`} onClick={nextTheme}>
          <ThemeIcon size={16} />
        </ActionIcon>
      </Tooltip>
    </header>
  );
}
