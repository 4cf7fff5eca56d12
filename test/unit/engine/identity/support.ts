/** A case of one trail, and what is asked of its lineage. */

import { afterEach } from 'vitest';
import { eventKey } from '../../../../src/shared/brand.ts';
import type { Lineage } from '../../../../src/shared/lineage.ts';
import { Bench, commitOf, type Row } from '../query/support.ts';
import type { Trail } from './trail.ts';

/** Reads a drawn trail; what is open is closed after each test. */
export function lineageReader(): (trail: Trail) => Promise<Lineages> {
  const open: Lineages[] = [];
  afterEach(() => {
    for (const lineages of open.splice(0)) lineages.close();
  });
  return async (trail) => {
    const lineages = await Lineages.of(trail.rows);
    open.push(lineages);
    return lineages;
  };
}

export class Lineages {
  private constructor(readonly bench: Bench) {}

  static async of(...commits: Row[][]): Promise<Lineages> {
    const rows = commits.map((list, c) => list.map((row, record) => ({ ...row, file: `f${c}`, record })));
    return new Lineages(await Bench.with(...rows.map((list, c) => commitOf(`c${c}`, list))));
  }

  get core() {
    return this.bench.core;
  }

  async behind(event: string): Promise<Lineage> {
    const lineage = await this.core.lineageOf(eventKey(`id:${event}`));
    if (lineage === null) throw new Error(`no event ${event}`);
    return lineage;
  }

  /** `key or identity ‹exact|inferred how› … · stop`, nearest first. */
  async story(event: string): Promise<string> {
    const { hops, stop } = await this.behind(event);
    const parts = hops.map(
      ({ credential, link }) => `${credential.accessKeyId ?? credential.identity}${link ? ` <${link.proof} ${link.how}> ` : ''}`,
    );
    return `${parts.join('')} · ${stop.code}`;
  }

  close(): void {
    this.bench.close();
  }
}
