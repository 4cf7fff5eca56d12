/** The application menu: what a person looks for there, in the order of their system. Commands go to the page. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { AppCommand } from '../shared/host.ts';

export function buildMenu(send: (command: AppCommand) => void, devtools: boolean): Menu {
  const mac = process.platform === 'darwin';
  const item = (label: string, command: Exclude<AppCommand['command'], 'arguments'>, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => send({ command }),
  });
  const line: MenuItemConstructorOptions = { type: 'separator' };

  const file: MenuItemConstructorOptions[] = [
    item('New Case…', 'new-case', 'CmdOrCtrl+N'),
    item('Cases…', 'cases', 'CmdOrCtrl+Shift+C'),
    line,
    item('Open Files…', 'open-files', 'CmdOrCtrl+O'),
    item('Open Folder…', 'open-folder', 'CmdOrCtrl+Shift+O'),
    item('Paste a Record…', 'paste', 'CmdOrCtrl+Shift+V'),
    line,
    item('Export Report…', 'export-report', 'CmdOrCtrl+E'),
    line,
    mac ? { role: 'close' } : { role: 'quit' },
  ];
  const edit: MenuItemConstructorOptions[] = [
    { role: 'undo' },
    { role: 'redo' },
    line,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
    line,
    item('Find…', 'find', 'CmdOrCtrl+F'),
  ];
  const view: MenuItemConstructorOptions[] = [
    item('Times in UTC or Local', 'toggle-utc', 'CmdOrCtrl+Shift+U'),
    item('Light or Dark', 'toggle-theme', 'CmdOrCtrl+Shift+L'),
    line,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    line,
    { role: 'togglefullscreen' },
    ...(devtools ? [line, { role: 'toggleDevTools' } as MenuItemConstructorOptions] : []),
  ];
  const help: MenuItemConstructorOptions[] = [
    item('Keyboard and Help', 'help', 'F1'),
    ...(mac ? [] : [line, { label: 'About Trailcase', click: () => app.showAboutPanel() }]),
  ];
  return Menu.buildFromTemplate([
    ...(mac ? [{ role: 'appMenu' } as MenuItemConstructorOptions] : []),
    { label: '&File', submenu: file },
    { label: '&Edit', submenu: edit },
    { label: '&View', submenu: view },
    { role: 'windowMenu' },
    { role: 'help', label: '&Help', submenu: help },
  ]);
}
