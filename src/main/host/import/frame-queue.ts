/**
 * Frames to the stream, in chunks that suit the pipes: one of many small chunks costs more than it carries, and in Electron chunks
 * of 256 kB and more travel fastest.
 */
import type { ImportFrame } from '../../../shared/commit.ts';
import { encodeFrame } from '../../../shared/frame.ts';

const CHUNK_BYTES = 1024 * 1024;

interface Queued {
  bytes: Uint8Array;
  /** Called when the last byte has been taken. */
  taken: (() => void) | null;
}

export class FrameQueue {
  /** Bytes that nobody has taken yet. */
  waiting = 0;
  private readonly pieces: Queued[] = [];
  private at = 0;
  private ended = false;
  private wake: (() => void) | null = null;

  /** `taken` is called once the reader has all of it. */
  push(frame: ImportFrame, taken?: () => void): void {
    const { buffers, header } =
      frame.type === 'commit'
        ? { buffers: frame.buffers, header: { type: frame.type, header: frame.header } }
        : { buffers: [], header: frame };
    const pieces = encodeFrame(header, buffers);
    for (let i = 0; i < pieces.length; i++) {
      this.pieces.push({ bytes: pieces[i], taken: i === pieces.length - 1 ? (taken ?? null) : null });
      this.waiting += pieces[i].byteLength;
    }
    this.wake?.();
  }

  end(): void {
    this.ended = true;
    this.wake?.();
  }

  /** The next chunk, as large as what is there allows; null at the end. One call at a time. */
  async take(): Promise<Uint8Array | null> {
    while (this.pieces.length === 0) {
      if (this.ended) return null;
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = null;
    }
    let size = -this.at;
    for (let i = 0; i < this.pieces.length && size < CHUNK_BYTES; i++) size += this.pieces[i].bytes.byteLength;
    const chunk = new Uint8Array(Math.min(size, CHUNK_BYTES));
    let filled = 0;
    while (filled < chunk.byteLength) {
      const first = this.pieces[0];
      const piece = first.bytes.subarray(this.at, this.at + chunk.byteLength - filled);
      chunk.set(piece, filled);
      filled += piece.byteLength;
      this.at += piece.byteLength;
      if (this.at === first.bytes.byteLength) this.shift();
    }
    while (this.pieces.length > 0 && this.pieces[0].bytes.byteLength === 0) this.shift();
    this.waiting -= chunk.byteLength;
    return chunk;
  }

  private shift(): void {
    this.at = 0;
    this.pieces.shift()!.taken?.();
  }
}
