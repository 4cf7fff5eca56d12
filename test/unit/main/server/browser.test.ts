import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBrowser } from '../../../../src/main/server/browser.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'trailcase-browser-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function program(folder: string, name: string, mode = 0o755): Promise<string> {
  await mkdir(join(dir, folder), { recursive: true });
  const path = join(dir, folder, name);
  await writeFile(path, '');
  await chmod(path, mode);
  return path;
}

describe('the browser', () => {
  it('is Chromium before Chrome before Edge, wherever they lie on the path', async () => {
    await program('a', 'microsoft-edge');
    const chrome = await program('a', 'google-chrome');
    const PATH = [join(dir, 'a'), join(dir, 'b'), ''].join(delimiter);
    expect(findBrowser({ PATH }, 'linux')).toBe(chrome);
    const chromium = await program('b', 'chromium');
    expect(findBrowser({ PATH }, 'linux')).toBe(chromium);
  });

  it('that was named is the only one tried', async () => {
    await program('a', 'chromium');
    const mine = await program('c', 'mine');
    const PATH = join(dir, 'a');
    expect(findBrowser({ PATH, TRAILCASE_BROWSER: mine }, 'linux')).toBe(mine);
    expect(findBrowser({ PATH, TRAILCASE_BROWSER: join(dir, 'absent') }, 'linux')).toBeNull();
  });

  it('is looked for in the program folders of Windows', async () => {
    const edge = await program('', 'Microsoft\\Edge\\Application\\msedge.exe');
    expect(findBrowser({ 'ProgramFiles(x86)': dir }, 'win32')).toBe(edge);
  });

  it('may be missing', () => {
    expect(findBrowser({ PATH: dir }, 'linux')).toBeNull();
  });
});
