/** The overview: timeline and facets. */
import type { Locator, Page } from '@playwright/test';

export class Overview {
  readonly timeline: Locator;
  readonly chart: Locator;

  constructor(readonly page: Page) {
    this.timeline = page.getByRole('region', { name: 'Timeline' });
    this.chart = this.timeline.getByRole('button', { name: /^Timeline\./ });
  }

  /** Value beside a key number, such as Events. */
  number(name: string): Locator {
    return this.page
      .locator('dl[aria-label="Key numbers of the selection"]')
      .locator('div', { has: this.page.locator('dt', { hasText: name }) })
      .locator('.tc-fact-value')
      .first();
  }

  facet(label: string): Locator {
    return this.page.getByRole('region', { name: `Facet ${label}`, exact: true });
  }

  value(facet: string, value: string): Locator {
    return this.facet(facet).getByRole('button', { name: new RegExp(`^(not )?${value.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}, `) });
  }

  async findIn(facet: string, text: string): Promise<void> {
    const place = this.facet(facet);
    await place.getByRole('button', { name: `Find in ${facet}` }).click();
    await place.getByRole('textbox', { name: `Values of ${facet} that contain` }).fill(text);
  }

  /** Drags over the timeline, in shares of its width. */
  async brush(from: number, to: number): Promise<void> {
    const box = await this.chart.boundingBox();
    if (!box) throw new Error('the timeline is not shown');
    const y = box.y + box.height / 2;
    await this.page.mouse.move(box.x + box.width * from, y);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + box.width * ((from + to) / 2), y, { steps: 4 });
    await this.page.mouse.move(box.x + box.width * to, y, { steps: 4 });
    await this.page.mouse.up();
  }
}
