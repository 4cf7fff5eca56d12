/** Evidence comes in: dropped or chosen files, with their paths where the mount has them, else by sending their bytes. */
import type { Engine } from '../../engine/client/index.ts';
import { useApp } from '../state/app.ts';
import { idle } from '../state/idle.ts';
import { importGrants } from '../state/imports.ts';
import { tell, tellFailure } from '../state/messages.ts';
import { filesOf, type PickedFile, uploadFiles } from './upload.ts';

/** Must be called inside the drop event: the browser forgets the items afterwards. */
export function takeDrop(engine: Engine, transfer: DataTransfer): void {
  const files = [...transfer.files];
  const entries = [...transfer.items].flatMap((item) => (item.kind === 'file' ? [item.webkitGetAsEntry()] : [])).filter((e) => e !== null);
  const text = transfer.getData('text/plain');
  if (files.length === 0 && text.trim() !== '') {
    tell('Text was dropped. Use “Paste records…” to import records as text.', 'Not a file');
    return;
  }
  void takeIn(engine, files, async () => {
    const picked: PickedFile[] = [];
    for (const entry of entries) for await (const file of filesOf(entry)) picked.push(file);
    return picked.length > 0 || entries.length > 0 ? picked : files.map((file) => ({ path: file.name, file }));
  });
}

/** Files of a hidden input; of a folder they carry their place in it. */
export function takeChosen(engine: Engine, list: FileList): void {
  const files = [...list];
  void takeIn(engine, files, async () => files.map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

async function takeIn(engine: Engine, files: File[], collect: () => Promise<PickedFile[]>): Promise<void> {
  const done = idle.begin();
  try {
    if (window.trailcase) {
      const grants = await window.trailcase.grantFiles(files);
      if (grants.length > 0) {
        if (grants.length < files.length)
          tell(`${files.length - grants.length} of the dropped items are not on this disk and were left out.`);
        await importGrants(engine, grants);
        return;
      }
    }
    const picked = await collect();
    if (picked.length === 0) {
      tell('The folder holds no files.', 'Nothing to import');
      return;
    }
    const bytesTotal = picked.reduce((sum, { file }) => sum + (file?.size ?? 0), 0);
    const show = (bytesDone: number): void => useApp.getState().set({ uploading: { files: picked.length, bytesDone, bytesTotal } });
    show(0);
    const top = picked[0].path.split('/')[0];
    const grants = await uploadFiles(picked, show).finally(() => useApp.getState().set({ uploading: null }));
    await importGrants(engine, grants, top.replace(/\.(json|gz|zip)$/i, '').replace(/\.json$/i, '') || undefined);
  } catch (thrown) {
    tellFailure('The files could not be taken in.', thrown);
  } finally {
    done();
  }
}
