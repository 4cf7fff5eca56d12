/** A query core over the sample trail, read by the real ingest. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { benchOf, filesUnder } from '../query/real-files.ts';
import type { Bench } from '../query/support.ts';

export async function openSample(): Promise<{ bench: Bench; close: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-sample-'));
  for (const [path, bytes] of Object.entries(unzipSync(readFileSync('assets/sample-trail.zip')))) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
  const bench = await benchOf(filesUnder(join(folder, 'AWSLogs')));
  return {
    bench,
    close: () => {
      bench.close();
      rmSync(folder, { recursive: true });
    },
  };
}
