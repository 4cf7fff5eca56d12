/**
 * Frames on the import stream: a 16-byte head, a JSON header, and binary buffers, each aligned to 8 bytes.
 * Little-endian u32: magic, header bytes, number of buffers, 0; then the buffers' byte lengths as f64 (a buffer may pass 4 GB
 * in principle); then header and buffers, each padded to 8.
 */
import { align8 } from './segment.ts';

const MAGIC = 0x31464354; // "TCF1"
const HEAD = 16;
/** A header or a count past these is a broken stream, not a large one. */
const MAX_HEADER = 256 * 1024 * 1024;
const MAX_BUFFERS = 64;

export interface Frame {
  header: unknown;
  buffers: ArrayBuffer[];
}

/** The chunks of one frame, in order, without copying the buffers. */
export function encodeFrame(header: unknown, buffers: readonly (ArrayBuffer | Uint8Array)[] = []): Uint8Array[] {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const front = new Uint8Array(HEAD + buffers.length * 8 + align8(json.byteLength));
  const view = new DataView(front.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, json.byteLength, true);
  view.setUint32(8, buffers.length, true);
  const chunks: Uint8Array[] = [front];
  for (let i = 0; i < buffers.length; i++) {
    const data = buffers[i];
    const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
    view.setFloat64(HEAD + i * 8, bytes.byteLength, true);
    chunks.push(bytes);
    const padding = align8(bytes.byteLength) - bytes.byteLength;
    if (padding > 0) chunks.push(new Uint8Array(padding));
  }
  front.set(json, HEAD + buffers.length * 8);
  return chunks;
}

/** Pulls chunks of any size and gives exact-size pieces. */
class ByteQueue {
  private chunks: Uint8Array[] = [];
  private have = 0;
  constructor(private readonly pull: () => Promise<Uint8Array | null>) {}

  /** False when the stream ended before `bytes` were there. */
  private async fill(bytes: number): Promise<boolean> {
    while (this.have < bytes) {
      const chunk = await this.pull();
      if (chunk === null) return false;
      if (chunk.byteLength > 0) {
        this.chunks.push(chunk);
        this.have += chunk.byteLength;
      }
    }
    return true;
  }

  /** A fresh buffer of exactly `bytes`; null when the stream ended exactly before it. Throws when it ended inside. */
  async take(bytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
    if (!(await this.fill(bytes))) {
      if (this.have === 0) return null;
      throw new Error('the stream ended inside a frame');
    }
    const out = new Uint8Array(bytes);
    let at = 0;
    while (at < bytes) {
      const first = this.chunks[0];
      const need = bytes - at;
      if (first.byteLength <= need) {
        out.set(first, at);
        at += first.byteLength;
        this.chunks.shift();
      } else {
        out.set(first.subarray(0, need), at);
        this.chunks[0] = first.subarray(need);
        at = bytes;
      }
    }
    this.have -= bytes;
    return out;
  }
}

/** Frames of a byte stream, each with buffers of their own exact size. Throws on a malformed or cut-off stream. */
export async function* decodeFrames(stream: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  const reader = stream.getReader();
  const queue = new ByteQueue(async () => {
    const { done, value } = await reader.read();
    return done ? null : value;
  });
  const must = async (bytes: number): Promise<Uint8Array<ArrayBuffer>> => {
    const piece = await queue.take(bytes);
    if (piece === null && bytes > 0) throw new Error('the stream ended inside a frame');
    return piece ?? new Uint8Array(0);
  };
  try {
    for (;;) {
      const head = await queue.take(HEAD);
      if (head === null) return;
      const view = new DataView(head.buffer);
      const headerBytes = view.getUint32(4, true);
      const count = view.getUint32(8, true);
      if (view.getUint32(0, true) !== MAGIC || headerBytes > MAX_HEADER || count > MAX_BUFFERS) throw new Error('not a frame');
      const lengths = new Float64Array((await must(count * 8)).buffer);
      const json = (await must(align8(headerBytes))).subarray(0, headerBytes);
      const buffers: ArrayBuffer[] = [];
      for (const length of lengths) {
        buffers.push((await must(length)).buffer);
        await must(align8(length) - length);
      }
      yield { header: JSON.parse(new TextDecoder().decode(json)), buffers };
    }
  } finally {
    await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}
