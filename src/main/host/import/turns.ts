/**
 * Containers take turns: a folder of a thousand archives must not be a thousand open ones. Each depth of nesting has turns of its own,
 * so that an outer container that waits for the inner ones never keeps them from being opened.
 */
import type { FileJob } from '../../../engine/ingest/thread-types.ts';

const AT_ONCE = 2;

interface Depth {
  open: number;
  /** Of containers that are open or wait, carried in memory. */
  bytes: number;
  waiting: (() => void)[];
}

export class Turns {
  private readonly depths: Depth[] = [];

  /** Resolves when the container may be opened; call what it gives once it is through. */
  async take(job: FileJob): Promise<() => void> {
    while (this.depths.length <= job.depth) this.depths.push({ open: 0, bytes: 0, waiting: [] });
    const depth = this.depths[job.depth];
    const bytes = job.bytes?.byteLength ?? 0;
    depth.bytes += bytes;
    if (depth.open >= AT_ONCE) await new Promise<void>((resolve) => depth.waiting.push(resolve));
    else depth.open++;
    return () => {
      depth.bytes -= bytes;
      const next = depth.waiting.shift();
      if (next) next();
      else depth.open--;
    };
  }

  /** Bytes in memory of containers inside those of this depth. */
  below(depth: number): number {
    return this.depths.slice(depth + 1).reduce((bytes, d) => bytes + d.bytes, 0);
  }

  busyBelow(depth: number): boolean {
    return this.depths.slice(depth + 1).some((d) => d.open > 0);
  }
}
