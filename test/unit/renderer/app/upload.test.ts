import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodePiece, filesOf, type PickedFile, planRequests, requestBody } from '../../../../src/renderer/app/upload.ts';
import type { EpochMs } from '../../../../src/shared/brand.ts';

const file = (path: string, size: number) => ({ path, size, modified: null as EpochMs | null });

describe('sending dropped files', () => {
  it('packs small files together and cuts large ones, losing no byte', () => {
    const files = [file('a', 10), file('b', 0), file('c', 5000), file('d', 20)];
    const requests = [...planRequests(files, 2000)];
    const sent = new Map<number, number>();
    for (const request of requests) {
      for (const { index, piece } of request) {
        expect(piece.offset).toBe(sent.get(index) ?? 0);
        sent.set(index, piece.offset + piece.length);
        expect(piece.size).toBe(files[index].size);
      }
      expect(request.reduce((sum, { piece }) => sum + piece.length, 0)).toBeLessThanOrEqual(2000);
    }
    expect([...sent]).toEqual([
      [0, 10],
      [1, 0],
      [2, 5000],
      [3, 20],
    ]);
    expect(requests.length).toBeGreaterThan(2);
  });
  it('ends when many empty files fill requests', () => {
    const requests = [
      ...planRequests(
        Array.from({ length: 30 }, (_, i) => file(`${i}`, 0)),
        1024,
      ),
    ];
    expect(requests.flat()).toHaveLength(30);
    expect(requests.length).toBeGreaterThan(1);
  });
  it('writes length, header and bytes', async () => {
    const header = { path: 'AWSLogs/é.json', modified: null, size: 3, offset: 0, length: 3 };
    const bytes = new Uint8Array(await encodePiece(header, new Blob([new Uint8Array([7, 8, 9])])).arrayBuffer());
    const length = new DataView(bytes.buffer).getUint32(0, true);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))).toEqual(header);
    expect([...bytes.subarray(4 + length)]).toEqual([7, 8, 9]);
  });

  it('tells of a file that can no longer be read, and sends the others', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'trailcase-upload-'));
    const path = join(dir, 'gone.json');
    await writeFile(path, 'xyz');
    // A Blob of a file that changed afterwards cannot be read, as in a browser.
    const gone = (await openAsBlob(path)) as File;
    await writeFile(path, 'something else');
    const picked: PickedFile[] = [
      { path: 'a.json', file: new File(['abc'], 'a.json') },
      { path: 'gone.json', file: gone },
      { path: 'pipe', file: null, refused: 'Not a regular file.' },
    ];
    const request = [...planRequests(picked.map(({ path, file: f }) => file(path, f?.size ?? 0)))][0];
    const lost = new Set<number>();
    const pieces = readPieces(await requestBody(request, picked, lost));
    expect(pieces.map((p) => [p.path, p.bytes, p.refused !== undefined])).toEqual([
      ['a.json', 'abc', false],
      ['gone.json', '', true],
      ['pipe', '', true],
    ]);
    expect(lost).toEqual(new Set([1]));
    expect(readPieces(await requestBody(request, picked, lost)).map((p) => p.path)).toEqual(['a.json', 'pipe']);
    await rm(dir, { recursive: true });
  });

  it('finds every file below a dropped folder, and says of each that the browser refuses why', async () => {
    const refuse = (name: string) => (_: unknown, reject: (thrown: unknown) => void) => reject(new DOMException('no', name));
    const leaf = (fullPath: string, give: unknown) => ({
      isFile: true,
      fullPath,
      file: give,
    });
    const folder = (fullPath: string, children: object[] | null) => {
      const batches = [children, []];
      const readEntries = (resolve: (e: unknown) => void, reject: (t: unknown) => void): void =>
        children === null ? reject(new DOMException('no', 'NotReadableError')) : resolve(batches.shift());
      return { isFile: false, fullPath, createReader: () => ({ readEntries }) };
    };
    const tree = folder('/d', [
      leaf('/d/a.json', (resolve: (f: File) => void) => resolve(new File(['x'], 'a.json'))),
      leaf('/d/pipe', refuse('TypeMismatchError')),
      folder('/d/locked', null),
      leaf('/d/gone', refuse('NotFoundError')),
    ]);
    const found: [string, string | null][] = [];
    for await (const picked of filesOf(tree as never)) found.push([picked.path, picked.file === null ? picked.refused : null]);
    expect(found).toEqual([
      ['d/a.json', null],
      ['d/pipe', 'Not a regular file (a device, a pipe or a socket): it was not read.'],
      ['d/locked', 'The browser could not read the folder: permission was denied, or it changed after it was dropped.'],
      ['d/gone', 'The file was gone when it was to be read.'],
    ]);
  });
});

function readPieces(body: ArrayBuffer): { path: string; bytes: string; refused?: string }[] {
  const pieces: { path: string; bytes: string; refused?: string }[] = [];
  const text = (from: number, to: number): string => new TextDecoder().decode(body.slice(from, to));
  for (let at = 0; at < body.byteLength; ) {
    const end = at + 4 + new DataView(body).getUint32(at, true);
    const header = JSON.parse(text(at + 4, end));
    pieces.push({ ...header, bytes: text(end, end + header.length) });
    at = end + header.length;
  }
  return pieces;
}
