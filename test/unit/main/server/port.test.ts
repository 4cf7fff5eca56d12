import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenForProfile } from '../../../../src/main/server/port.ts';

let profile: string;
const servers: Server[] = [];
const server = (): Server => {
  const made = createServer();
  servers.push(made);
  return made;
};
const stop = (s: Server): Promise<void> => new Promise((resolve) => s.close(() => resolve()));
beforeEach(async () => {
  profile = await mkdtemp(join(tmpdir(), 'trailcase-port-'));
});
afterEach(async () => {
  for (const s of servers.splice(0)) if (s.listening) await stop(s);
  await rm(profile, { recursive: true });
});

describe('a profile’s port', () => {
  it('is kept from one start to the next', async () => {
    const first = server();
    const port = await listenForProfile(first, profile);
    await stop(first);
    expect(await listenForProfile(server(), profile)).toBe(port);
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(30_000);
  });

  it('that is taken is a refusal, never another port', async () => {
    const port = await listenForProfile(server(), profile);
    await expect(listenForProfile(server(), profile)).rejects.toMatchObject({
      kind: 'busy',
      message: expect.stringContaining(`Port ${port}`),
    });
    expect(JSON.parse(await readFile(join(profile, 'local-server.json'), 'utf8'))).toEqual({ port });
  });

  it('in a damaged file is not guessed', async () => {
    for (const text of ['', '{}', '{"port":"80"}', '{"port":80}', '{"port":99999}']) {
      await writeFile(join(profile, 'local-server.json'), text);
      await expect(listenForProfile(server(), profile)).rejects.toMatchObject({ kind: 'bad-input' });
    }
  });
});
