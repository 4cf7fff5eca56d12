/** Citations, names, titles, and the replay of a journal. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { citationHref, citedKeys, formatCitation, parseCitationHref } from '../../../../src/engine/case/citations.ts';
import { journalEntries, parseJournalLine, replayJournal } from '../../../../src/engine/case/journal.ts';
import { caseName, noteTitle } from '../../../../src/engine/case/names.ts';
import { type EpochMs, type EventKey, eventKey } from '../../../../src/shared/brand.ts';
import type { JournalEntry } from '../../../../src/shared/case.ts';

const entry = (kind: JournalEntry['kind'], id: string, data: unknown, at = 1): JournalEntry => ({
  version: 1,
  at: at as EpochMs,
  appVersion: '1',
  kind,
  id,
  data,
});
const note = (id: string, text: string) => ({ id, title: text, text, createdAt: 1, changedAt: 1 });

describe('a citation', () => {
  it('names its event whatever the eventID holds, inside any Markdown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 40 }), (id, text) => {
        const key = eventKey(`id:${id.toWellFormed()}`);
        const link = formatCitation(text, key);
        expect(parseCitationHref(citationHref(key))).toBe(key);
        expect(citedKeys(`before ${link} (after)`)).toEqual([key]);
        expect(link.split('\n')).toHaveLength(1);
      }),
    );
  });

  it('is not what a link of another kind says', () => {
    for (const href of ['https://x', 'event:', 'event:%', 'event:other', 'javascript:event:id:1'])
      expect(parseCitationHref(href)).toBeNull();
    expect(citedKeys('[a](event:id%3A1) [b](event:id%3A1) [c](event:src%3Aab%3A2)')).toEqual(['id:1', 'src:ab:2'] as EventKey[]);
  });
});

describe('names', () => {
  it('of cases are one line of reasonable length', () => {
    expect(caseName('  Key\ttheft\n2026 ')).toBe('Key theft 2026');
    expect(() => caseName('\u0000 \n')).toThrow(/name/);
    expect(() => caseName('x'.repeat(121))).toThrow(/120/);
  });

  it('of notes are the first line that says something', () => {
    expect(noteTitle('\n\n## **Entry** by a [key](event:id%3A1)\nmore')).toBe('Entry by a key');
    expect(noteTitle('- > _quoted_')).toBe('quoted');
    expect(noteTitle(' \n#\n')).toBe('Untitled note');
    expect(noteTitle('x'.repeat(300))).toHaveLength(200);
  });
});

describe('a journal', () => {
  it('gives the last state of each thing', () => {
    const state = replayJournal([
      entry('case', 'c', { name: 'Old', createdAt: 3 }),
      entry('note', 'n1', note('n1', 'one')),
      entry('note', 'n2', note('n2', 'two')),
      entry('note', 'n1', note('n1', 'one, changed')),
      entry('note', 'n2', null),
      entry('star', 'id:1', { key: 'id:1', at: 2 }),
      entry('star', 'id:2', { key: 'id:2', at: 2 }),
      entry('star', 'id:2', null),
      entry('audit', 'x', { action: 'export', detail: null }),
      entry('case', 'c', { name: 'New', createdAt: 3 }, 9),
    ]);
    expect(state).toMatchObject({ name: 'New', createdAt: 3, changedAt: 9, unreadable: 0 });
    expect(state.notes.map((n) => n.text)).toEqual(['one, changed']);
    expect(state.stars.map((s) => s.key)).toEqual(['id:1']);
    expect(state.audit).toHaveLength(1);
  });

  it('that was cut off or edited gives what is whole and counts the rest', () => {
    const state = replayJournal([
      parseJournalLine(JSON.stringify(entry('note', 'n1', note('n1', 'one')))),
      parseJournalLine('{"version":1,"at":1,"kind":"no'),
      parseJournalLine('[]'),
      parseJournalLine(JSON.stringify({ ...entry('note', 'n', {}), kind: 'rootkit' })),
      entry('note', 'n3', { id: 'n3', text: 5 }),
      entry('file', 'f', { path: 'x', status: 'eaten' }),
      entry('audit', 'a', 'text'),
    ]);
    expect(state.notes).toHaveLength(1);
    expect(state.unreadable).toBe(6);
    expect(() => parseJournalLine(JSON.stringify({ ...entry('note', 'n', null), version: 2 }))).toThrow(/newer/);
  });

  it('is read the same in whatever pieces it arrives', async () => {
    const text = new TextEncoder().encode(
      [entry('note', 'ü', note('ü', '✓')), entry('star', 's', null)].map((e) => JSON.stringify(e)).join('\n'),
    );
    for (const size of [1, 7, 10_000]) {
      const pieces = async function* (): AsyncGenerator<Uint8Array> {
        for (let i = 0; i < text.length; i += size) yield text.subarray(i, i + size);
      };
      const read: (JournalEntry | null)[] = [];
      for await (const e of journalEntries(pieces())) read.push(e);
      expect(read.map((e) => e?.id)).toEqual(['ü', 's']);
    }
  });
});
