import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrames, encodeFrame, type Frame } from '../../../src/shared/frame.ts';

/** A stream that hands over `bytes` cut at the given sizes, whatever the frames' own borders are. */
function cutStream(bytes: Uint8Array, sizes: readonly number[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      let at = 0;
      for (let i = 0; at < bytes.length; i++) {
        const size = Math.max(1, sizes.length > 0 ? sizes[i % sizes.length] : bytes.length);
        controller.enqueue(bytes.slice(at, at + size));
        at += size;
      }
      controller.close();
    },
  });
}

async function all(stream: ReadableStream<Uint8Array>): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of decodeFrames(stream)) frames.push(frame);
  return frames;
}

const joined = (chunks: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(chunks));

describe('frames', () => {
  it('come out as they went in, however the stream is cut', async () => {
    const frame = fc.record({ header: fc.jsonValue(), buffers: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 50 })), async (frames, sizes) => {
        const bytes = joined(frames.flatMap((f) => encodeFrame(f.header, f.buffers)));
        const decoded = await all(cutStream(bytes, sizes));
        expect(decoded.map((f) => f.header)).toEqual(frames.map((f) => JSON.parse(JSON.stringify(f.header))));
        expect(decoded.map((f) => f.buffers.map((b) => [...new Uint8Array(b)]))).toEqual(frames.map((f) => f.buffers.map((b) => [...b])));
      }),
    );
  });

  it('gives each buffer in an ArrayBuffer of its own exact size, because a view would be stored with all it views', async () => {
    const [decoded] = await all(cutStream(joined(encodeFrame({}, [new Uint8Array(5), new Uint8Array(3)])), [7]));
    expect(decoded.buffers.map((b) => b.byteLength)).toEqual([5, 3]);
  });

  it('a stream that is cut off or holds something else is an error, never a short answer', async () => {
    const bytes = joined(encodeFrame({ type: 'commit' }, [new Uint8Array(100)]));
    for (const length of [1, 15, 16, 30, bytes.length - 1]) {
      await expect(all(cutStream(bytes.slice(0, length), [9]))).rejects.toThrow(/inside a frame/);
    }
    await expect(all(cutStream(new TextEncoder().encode('{"kind":"internal","message":"no"}'), [64]))).rejects.toThrow('not a frame');
  });
});
