/** A host stream and a vault that are broken or lie: a sentence, never a crash, never half a file. */
import { afterEach, describe, expect, it } from 'vitest';
import type { CommitId } from '../../src/shared/brand.ts';
import { encodeFrame } from '../../src/shared/frame.ts';
import {
  bytesOf,
  commitOf,
  file,
  frames,
  framesFor,
  GRANT,
  hex,
  Profile,
  progress,
  stagesOf,
  type TestWindow,
} from '../unit/engine/store/support.ts';

const A = file('a.json.gz', 1, 2);
const windows: TestWindow[] = [];
afterEach(async () => {
  for (const w of windows.splice(0)) await w.close();
});

async function openCase(): Promise<{ profile: Profile; window: TestWindow }> {
  const profile = new Profile();
  const window = await profile.window();
  windows.push(window);
  await window.store.openCase((await window.store.createCase('Case')).id);
  return { profile, window };
}

describe('an import stream', () => {
  const broken: [string, () => Uint8Array[]][] = [
    ['is not one', () => [new Uint8Array(64).fill(7)]],
    ['ends inside a frame', () => [encodeFrame({ type: 'progress', progress: progress() })[0].subarray(0, 20)]],
    ['carries a commit without its bytes', () => encodeFrame({ type: 'commit', header: commitOf([A], 'i' as never).header })],
  ];
  it.each(broken)('that %s fails in a sentence and the case stays usable', async (_what, chunks) => {
    const { profile, window } = await openCase();
    profile.host.importing = () => chunks().values();
    const outcome = await window.store.importGrants(GRANT, () => undefined);
    expect(outcome.run.status).toBe('failed');
    expect(outcome.run.reason).toMatch(/\w+ \w+/);
    expect(await window.store.ledger()).toEqual([]);
    profile.host.importing = (request) => framesFor([A], request);
    expect((await window.store.importGrants(GRANT, () => undefined)).run.status).toBe('done');
  });

  it('of a newer version, with the same commit twice, or with a stage missing is refused', async () => {
    const { profile, window } = await openCase();
    const large = file('large.gz', 1, 2, 3, 4, 5, 6);
    const cases: ((id: never) => ReturnType<typeof frames>)[] = [
      (id) => frames([{ ...commitOf([A], id), header: { ...commitOf([A], id).header, version: 9 } }]),
      (id) => frames(stagesOf(large, id, 2).filter((_, i) => i !== 1)),
    ];
    for (const importing of cases) {
      profile.host.importing = (request) => importing(request.importId as never);
      expect((await window.store.importGrants(GRANT, () => undefined)).run.status).toBe('failed');
      expect(await window.store.ledger()).toEqual([]);
      expect(window.query.rows()).toBe(0);
    }
    profile.host.importing = (request) => {
      const commit = commitOf([A], request.importId);
      return frames([commit, commit]);
    };
    expect((await window.store.importGrants(GRANT, () => undefined)).run.status).toBe('failed');
    expect(await window.store.ledgerTotals()).toMatchObject({ files: 1, records: 2 });
  });
});

describe('a damaged vault', () => {
  it('is noticed by its length or hash, never shown as the original', async () => {
    const { profile, window } = await openCase();
    profile.host.importing = (request) => {
      const commit = commitOf([A, { ...file('b.json', 3), gzip: false }], request.importId);
      const vault = new Uint8Array(commit.buffers[1]);
      const lie = commit.header.blocks[1];
      lie.unpackedLength += 1;
      vault[12] ^= 0xff;
      return frames([commit]);
    };
    await window.store.importGrants(GRANT, () => undefined);
    const [a, b] = await window.store.ledger();
    await expect(window.store.readOriginal(a.id)).rejects.toMatchObject({ kind: 'storage' });
    await expect(window.store.readOriginal(b.id)).rejects.toMatchObject({ kind: 'storage' });
  });

  it('gives no bytes for places outside it', async () => {
    const { profile, window } = await openCase();
    profile.host.importing = (request) => framesFor([A], request);
    await window.store.importGrants(GRANT, () => undefined);
    const [{ commitId }] = await window.store.ledger();
    const size = bytesOf({ ...A, gzip: false }).byteLength;
    for (const bad of [
      { commitId: 'nowhere' as CommitId, block: 0, textOffset: 0, textLength: 1 },
      { commitId, block: 5, textOffset: 0, textLength: 1 },
      { commitId, block: 0, textOffset: size - 1, textLength: 2 },
      { commitId, block: 0, textOffset: -1, textLength: 2 },
    ]) {
      await expect(window.store.readRecords([bad])).rejects.toMatchObject({ kind: 'not-found' });
    }
    const [whole] = await window.store.readRecords([{ commitId, block: 0, textOffset: 0, textLength: size }]);
    expect(whole.sha256).toBe(hex(bytesOf({ ...A, gzip: false })));
  });

  it('of a file that was read in part says so, and does not call it damaged', async () => {
    const { profile, window } = await openCase();
    profile.host.importing = (request) => {
      const stages = stagesOf(file('cut.gz', 1, 2, 3, 4), request.importId, 2);
      stages[1].header.originals = [];
      stages[1].header.files[0].status = 'partial';
      return frames(stages);
    };
    await window.store.importGrants(GRANT, () => undefined);
    const [row] = await window.store.ledger();
    await expect(window.store.readOriginal(row.id)).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('in part'),
    });
    expect(window.query.rows()).toBe(4);
  });

  it('of a rejected file says that its bytes are not kept', async () => {
    const { profile, window } = await openCase();
    profile.host.importing = (request) => frames([commitOf([{ ...A, status: 'rejected' }], request.importId)]);
    await window.store.importGrants(GRANT, () => undefined);
    const [row] = await window.store.ledger();
    await expect(window.store.readOriginal(row.id)).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('a ledger of hostile paths', () => {
  it('keeps names apart that look like parts of a key', async () => {
    const { profile, window } = await openCase();
    const names = ['__proto__', 'constructor', '', ' ', 'a b', '\u202egz.nosj', 'a\u0000b'];
    profile.host.importing = (request) =>
      framesFor(
        names.map((path, i) => file(path, i)),
        request,
        3,
      );
    await window.store.importGrants(GRANT, () => undefined);
    expect((await window.store.ledger()).map((r) => r.path)).toEqual(names);
    expect([...window.query.files.values()].map((f) => f.path)).toEqual(names);
  });
});
