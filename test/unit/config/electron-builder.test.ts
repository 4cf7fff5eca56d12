/** The packaging configuration is valid, complete, and names files that exist. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const builder = createRequire(require.resolve('electron-builder/package.json'));
const { DebugLogger } = builder('builder-util');
const { validateConfiguration } = builder('app-builder-lib/out/util/config/config');
interface PackagingConfig {
  appId: string;
  productName: string;
  mac: { target: string[]; icon: string };
  win: { target: string[] };
  linux: { target: string[]; icon: string };
  electronFuses: Record<string, boolean>;
  extraResources: { from: string; filter: string[] }[];
}
const load = (): PackagingConfig =>
  createRequire(builder.resolve('app-builder-lib/package.json'))('js-yaml').load(readFileSync('electron-builder.yml', 'utf8'));

describe('electron-builder.yml', () => {
  it('is accepted by electron-builder', async () => {
    await validateConfiguration(load(), new DebugLogger(false));
  });

  it('is refused when it holds an unknown option (so the check above can fail)', async () => {
    await expect(validateConfiguration({ ...load(), nonsense: true }, new DebugLogger(false))).rejects.toThrow(/nonsense/);
  });

  it('names the product and the three systems', () => {
    const config = load();
    expect(config.appId).toBe('io.trailcase.app');
    expect(config.productName).toBe('Trailcase');
    expect([config.mac.target, config.win.target, config.linux.target]).toEqual([['dmg', 'zip'], ['nsis'], ['AppImage', 'deb']]);
  });

  it('turns off every way to run other code in the app', () => {
    const { electronFuses: fuses } = load();
    expect(fuses.runAsNode).toBe(false);
    expect(fuses.enableNodeOptionsEnvironmentVariable).toBe(false);
    expect(fuses.enableNodeCliInspectArguments).toBe(false);
    expect(fuses.onlyLoadAppFromAsar).toBe(true);
    expect(fuses.enableEmbeddedAsarIntegrityValidation).toBe(true);
  });

  it('ships what the app reads at run time', () => {
    const config = load();
    const [{ from, filter }] = config.extraResources;
    for (const name of filter) expect(existsSync(`${from}/${name}`), name).toBe(true);
    expect(filter).toContain('sample-trail.zip');
    expect(existsSync(config.linux.icon)).toBe(true);
    expect(existsSync(config.mac.icon)).toBe(true);
  });
});
