/** The app around the shell: theme, notifications, engine, and the last word when something breaks. */
import { MantineProvider, useMantineColorScheme } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { type ReactNode, useEffect } from 'react';
import type { Engine } from '../../engine/client/index.ts';
import { useApp } from '../state/app.ts';
import { EngineProvider } from '../state/engine.tsx';
import { theme } from '../styles/theme.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Shell } from './shell.tsx';

function ColorScheme(): ReactNode {
  const choice = useApp((s) => s.preferences.theme);
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => setColorScheme(choice), [choice, setColorScheme]);
  return null;
}

export function App({ engine }: { engine: Engine }): ReactNode {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <ColorScheme />
      <Notifications
        position="bottom-left"
        limit={4}
        transitionDuration={0}
        pauseResetOnHover="notification"
        className="tc-notifications"
      />
      <ErrorBoundary what="The window">
        <EngineProvider value={engine}>
          <Shell />
        </EngineProvider>
      </ErrorBoundary>
    </MantineProvider>
  );
}
