/** The window around the views, as a person finds it: by role and label. */
import { expect, type Locator, type Page } from '@playwright/test';

export type ViewName =
  | 'Overview'
  | 'Events'
  | 'Principals'
  | 'Credentials'
  | 'Access'
  | 'Addresses'
  | 'Agents'
  | 'Resources'
  | 'Evidence'
  | 'Notebook';

export class Workbench {
  readonly welcome: Locator;
  readonly status: Locator;
  readonly chips: Locator;
  readonly importPanel: Locator;
  readonly find: Locator;
  readonly details: Locator;

  constructor(readonly page: Page) {
    this.welcome = page.getByRole('heading', { name: 'Drop CloudTrail archives here' });
    this.status = page.locator('.tc-status');
    this.chips = page.getByRole('list', { name: 'Active filters' });
    this.importPanel = page.getByRole('region', { name: 'Import progress' });
    this.find = page
      .getByRole('combobox', { name: /^Find in all columns/ })
      .or(page.getByRole('textbox', { name: /^Find in all columns/ }));
    this.details = page.getByRole('complementary', { name: /details/i });
  }

  async openSample(): Promise<void> {
    await this.page.getByRole('button', { name: 'Open the sample trail' }).click();
  }

  async go(view: ViewName): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view, exact: true }).click();
    await expect(this.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view, exact: true })).toHaveAttribute(
      'aria-current',
      'page',
    );
  }

  async caseMenu(item: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Case .*: menu$/ }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** Types in the find box and takes the first meaning. */
  async findFor(text: string): Promise<void> {
    await this.find.fill(text);
    await this.find.press('Enter');
  }

  chip(text: string | RegExp): Locator {
    return this.chips.getByRole('listitem').filter({ hasText: text });
  }

  async reset(): Promise<void> {
    await this.page.getByRole('button', { name: 'Reset the selection' }).first().click();
  }

  dialog(name: string | RegExp): Locator {
    return this.page.getByRole('dialog', { name });
  }
}
