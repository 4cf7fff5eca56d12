/** The events table and the details beside it. */
import type { Locator, Page } from '@playwright/test';

export class Events {
  readonly grid: Locator;
  readonly toolbar: Locator;
  readonly details: Locator;

  constructor(readonly page: Page) {
    this.grid = page.getByRole('grid', { name: 'Events' });
    this.toolbar = page.getByRole('toolbar', { name: 'Events' });
    this.details = page.getByRole('complementary', { name: 'Event details' });
  }

  /** Rows that are shown, without the head; the first event is 0. */
  row(index: number): Locator {
    return this.grid.locator(`[role=row][aria-rowindex="${index + 2}"]`);
  }

  async total(): Promise<number> {
    return Number(await this.grid.getAttribute('aria-rowcount')) - 1;
  }

  async columns(): Promise<string[]> {
    return (await this.grid.getByRole('columnheader').allInnerTexts()).map((text) => text.trim()).filter(Boolean);
  }

  tab(name: string): Locator {
    return this.details.getByRole('tab', { name: new RegExp(`^${name}`) });
  }
}
