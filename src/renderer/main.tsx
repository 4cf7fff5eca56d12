/** The page begins here: connect to the engine, then show the app, or do the batch run that the host was started for. */
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import { createRoot } from 'react-dom/client';
import { connectEngine } from '../engine/client/index.ts';
import { toAppError } from '../shared/errors.ts';
import { App } from './app/app.tsx';
import { installConsole } from './app/console.ts';
import { runBatch } from './batch/index.ts';
import { startSession } from './state/session.ts';

async function start(): Promise<void> {
  const engine = await connectEngine();
  if (engine.app.batch) {
    await runBatch(engine);
    return;
  }
  installConsole(engine);
  const root = document.getElementById('root');
  if (!root) throw new Error('The page has no place for the app.');
  createRoot(root).render(<App engine={engine} />);
  await startSession(engine);
}

start().catch((thrown: unknown) => {
  const message = document.createElement('p');
  message.setAttribute('role', 'alert');
  message.className = 'tc-start-failed';
  message.textContent = `Trailcase could not start: ${toAppError(thrown).message}`;
  document.body.replaceChildren(message);
});
