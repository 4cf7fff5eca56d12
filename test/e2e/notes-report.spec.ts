/** Notes that cite events, and the report that holds what was seen. */
import type { App } from './fixtures.ts';
import { expect, test } from './fixtures.ts';
import { Events } from './pages/events.ts';
import { sample } from './sample.ts';

const stop = sample.events.find((e) => e.eventName === 'StopLogging');

async function noteOnTheTampering(app: App): Promise<void> {
  await app.workbench.openSample();
  await app.waitIdle();
  await app.workbench.findFor(stop?.eventID ?? '');
  await app.waitIdle();
  await new Events(app.page).details.getByRole('button', { name: 'New note' }).click();
  await app.waitIdle();
  const editor = app.page.getByRole('textbox', { name: 'Text of the note' });
  await editor.click();
  await app.page.keyboard.press('Control+End');
  await app.page.keyboard.type('\nThe trail was stopped by hand.');
  await expect(app.page.getByText('Kept', { exact: true })).toBeVisible();
  await app.waitIdle();
}

test('a paste that no note can hold is refused in a sentence, and a long one leaves the notebook usable', async ({ app }) => {
  await noteOnTheTampering(app);
  const editor = app.page.getByRole('textbox', { name: 'Text of the note' });
  await editor.click();
  await app.page.keyboard.press('Control+End');
  await app.page.keyboard.insertText('x*'.repeat(500_000));
  await expect(app.page.getByText('Not put in')).toBeVisible();
  await app.page.keyboard.insertText(`${'[a '.repeat(50_000)}\nand then a line of mine`);
  await expect(app.page.getByText('Kept', { exact: true })).toBeVisible();
  await expect(app.page.getByText(/shown as plain text/)).toBeVisible();
  const lengths = await app.ask(async ({ engine }) => (await engine.store.listNotes()).map((note) => note.text.length));
  expect(lengths[0]).toBeGreaterThan(150_000);
  expect(lengths[0]).toBeLessThan(200_000);
});

test('a note is begun from an event, cites it, and is there after a restart', async ({ start }) => {
  const app = await start();
  await noteOnTheTampering(app);
  await app.driven.close();
  const again = await start();
  await again.workbench.go('Notebook');
  await again.waitIdle();
  await again.page
    .getByRole('navigation', { name: 'Notes' })
    .getByRole('button', { name: /StopLogging/ })
    .click();
  await expect(again.page.getByRole('textbox', { name: 'Text of the note' })).toContainText('The trail was stopped by hand.');
  const citations = await again.ask(async ({ engine }) => engine.store.listCitations());
  expect(citations).toHaveLength(1);
  expect(citations[0]).toMatchObject({ eventID: stop?.eventID, recordSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  const text = await again.ask(async ({ engine }) => {
    const [citation] = await engine.store.listCitations();
    const details = await engine.query.event(citation.key);
    const [record] = await engine.store.readRecords(details ? details.copies.filter((c) => c.shown).map((c) => c.ref) : []);
    return record;
  });
  expect(text.sha256).toBe(citations[0].recordSha256);
});

async function exportReport(app: App, format: 'HTML' | 'PDF'): Promise<Buffer> {
  await app.page.getByRole('button', { name: 'Export report' }).click();
  const dialog = app.workbench.dialog('Export the report');
  await dialog.getByRole('radiogroup', { name: 'Form of the report' }).getByText(format).click();
  return app.saved(() => dialog.getByRole('button', { name: 'Export', exact: true }).click());
}

test('the HTML report is self-contained and holds evidence, coverage, notes and cited records', async ({ app }) => {
  await noteOnTheTampering(app);
  const html = (await exportReport(app, 'HTML')).toString();
  for (const part of [
    'Sample trail',
    'sample-trail.zip',
    'The trail was stopped by hand.',
    stop?.eventID ?? '',
    '111122223333',
    'ops-admin',
  ])
    expect(html).toContain(part);
  expect(html).toMatch(/[0-9a-f]{64}/);
  expect(html).not.toMatch(/<script|<link[^>]+href=|<img[^>]+src="http|@import|url\(http/i);
});

test('the PDF report is a PDF with pages', async ({ app }) => {
  test.setTimeout(180_000);
  await noteOnTheTampering(app);
  const pdf = await exportReport(app, 'PDF');
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.length).toBeGreaterThan(20_000);
  expect(pdf.toString('latin1')).toMatch(/\/Type\s*\/Page\b/);
});
