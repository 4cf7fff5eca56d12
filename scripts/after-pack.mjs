/** Runs in electron-builder once the app lies in its folder: takes out what a runtime used for development may have brought along. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';

/** @param {{appOutDir: string, packager: {getResourcesDir(dir: string): string}}} context */
export default function afterPack({ appOutDir, packager }) {
  const resources = packager.getResourcesDir(appOutDir);
  // An unpacked `app` folder beside app.asar would be started instead of it.
  for (const name of ['app', 'default_app.asar']) rmSync(join(resources, name), { recursive: true, force: true });
}
