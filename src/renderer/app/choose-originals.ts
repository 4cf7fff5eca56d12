/** Originals chosen again, to be verified: by the host's dialog, else by sending their bytes as a drop does. Nothing is imported. */
import type { Engine } from '../../engine/client/index.ts';
import type { Grant } from '../../shared/host.ts';
import { useApp } from '../state/app.ts';
import { hostJson } from '../state/host.ts';
import { idle } from '../state/idle.ts';
import { tellFailure } from '../state/messages.ts';
import { uploadFiles } from './upload.ts';

/** Calls `chosen` with grants once something was chosen; not at all when nothing was. */
export function chooseOriginals(engine: Engine, what: 'files' | 'folder', chosen: (grants: Grant[]) => void): void {
  if (engine.app.host === 'electron') {
    void giving(chosen, async () => {
      const body = JSON.stringify({ what });
      const headers = { 'Content-Type': 'application/json' };
      return (await hostJson<{ grants: Grant[] }>('/api/open', { method: 'POST', body, headers })).grants;
    });
    return;
  }
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = what === 'folder';
  input.hidden = true;
  input.setAttribute('aria-label', what === 'folder' ? 'Folder to verify' : 'Files to verify');
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
    input.remove();
    if (files.length > 0) void giving(chosen, () => send(files));
  });
  input.addEventListener('cancel', () => input.remove());
  document.body.append(input);
  input.click();
}

async function giving(chosen: (grants: Grant[]) => void, get: () => Promise<Grant[]>): Promise<void> {
  const done = idle.begin();
  try {
    const grants = await get();
    if (grants.length > 0) chosen(grants);
  } catch (thrown) {
    tellFailure('The originals could not be taken in.', thrown);
  } finally {
    done();
  }
}

function send(files: { path: string; file: File }[]): Promise<Grant[]> {
  const bytesTotal = files.reduce((sum, { file }) => sum + file.size, 0);
  const show = (bytesDone: number): void => useApp.getState().set({ uploading: { files: files.length, bytesDone, bytesTotal } });
  show(0);
  return uploadFiles(files, show).finally(() => useApp.getState().set({ uploading: null }));
}
