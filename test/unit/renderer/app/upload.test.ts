import { describe, expect, it } from 'vitest';
import { encodePiece, planRequests } from '../../../../src/renderer/app/upload.ts';
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
});
