/**
 * One port per profile, kept: the browser's storage belongs to an origin, and the port is part of it. Another port would show an
 * empty app, so a port that is taken ends the start with a sentence.
 */
import { randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../shared/errors.ts';

// Below the range from which systems take the ports of outgoing connections.
const FIRST = 20_000;
const LAST = 29_999;
const PortFile = v.object({ port: v.pipe(v.number(), v.integer(), v.minValue(1024), v.maxValue(65535)) });

/** Makes the server listen on the profile's port, choosing one at the profile's first start. Returns the port. */
export async function listenForProfile(server: Server, profileDir: string): Promise<number> {
  await mkdir(profileDir, { recursive: true, mode: 0o700 });
  const file = join(profileDir, 'local-server.json');
  const kept = await readPort(file);
  if (kept !== null) {
    await listen(server, kept).catch((thrown: NodeJS.ErrnoException) => {
      throw new AppError(
        'busy',
        `Port ${kept}, which the cases of this profile belong to, cannot be had (${thrown.code ?? thrown.message}): Trailcase already runs for this profile, or another program uses the port. Close it and start again.`,
      );
    });
    return kept;
  }
  for (let attempt = 0; attempt < 20; attempt++) {
    const port = randomInt(FIRST, LAST + 1);
    if (
      !(await listen(server, port).then(
        () => true,
        () => false,
      ))
    )
      continue;
    await writeFile(file, `${JSON.stringify({ port })}\n`, { mode: 0o600, flag: 'wx' }).catch((thrown: NodeJS.ErrnoException) => {
      server.close();
      throw thrown.code === 'EEXIST' ? new AppError('busy', 'Trailcase is being started for this profile already.') : thrown;
    });
    return port;
  }
  throw new AppError('busy', `No free port was found between ${FIRST} and ${LAST}.`);
}

async function readPort(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return v.parse(PortFile, JSON.parse(text)).port;
  } catch {
    throw new AppError(
      'bad-input',
      `${file} is damaged. Put back the port that this profile’s cases belong to, or remove the file to begin anew.`,
    );
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
