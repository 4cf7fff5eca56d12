/** The page's bridge to the main process: two functions, and no way to name a path or a channel. */
import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import type { AppCommand, Grant, TrailcasePreload } from '../shared/host.ts';

const api: TrailcasePreload = {
  // Asynchronous throughout: what is no File of the browser's is a rejection, not a throw.
  async grantFiles(files: File[]): Promise<Grant[]> {
    const paths = Array.from(files, (file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
    return ipcRenderer.invoke('trailcase:grant', paths);
  },
  onCommand(listener: (command: AppCommand) => void): () => void {
    const forward = (_event: IpcRendererEvent, command: AppCommand): void => listener(command);
    ipcRenderer.on('trailcase:command', forward);
    return () => {
      ipcRenderer.off('trailcase:command', forward);
    };
  },
};

contextBridge.exposeInMainWorld('trailcase', api);
