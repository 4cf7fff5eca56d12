import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { citedKeys, type Engine, parseCitationHref } from '../../../../src/engine/client/index.ts';
import { useApp } from '../../../../src/renderer/state/app.ts';
import { Autosave, type SaveState } from '../../../../src/renderer/views/notes/autosave.ts';
import { citationLink, escapeMarkdown, insertBlock, titleOf, withTitle } from '../../../../src/renderer/views/notes/citation.ts';
import { citeEvents, startNote, takeNoteRequests } from '../../../../src/renderer/views/notes/cite.ts';
import { valueLine } from '../../../../src/renderer/views/notes/cite-value.ts';
import { describeSelection } from '../../../../src/renderer/views/notes/describe.ts';
import { appended, byChange, newNote } from '../../../../src/renderer/views/notes/note-model.ts';
import { MAX_CITED, notCitedSentence, recordCitations } from '../../../../src/renderer/views/notes/record-citations.ts';
import { type EpochMs, type EventKey, eventKey } from '../../../../src/shared/brand.ts';
import type { Citation, Note } from '../../../../src/shared/case.ts';
import { EMPTY_SELECTION } from '../../../../src/shared/plan.ts';

const at = (ms: number): EpochMs => ms as EpochMs;

describe('citations', () => {
  it('carry any key and any label through Markdown and back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (id, label) => {
        const key = eventKey(`id:${id}`);
        expect(citedKeys(`x ${citationLink(key, label)} y`)).toEqual([key]);
      }),
    );
    expect(parseCitationHref('https://evil.example')).toBeNull();
  });

  it('keep hostile text from becoming markup or a second line', () => {
    expect(escapeMarkdown('a](javascript:x) <b> `c`\n# d')).toBe('a\\](javascript:x) \\<b\\> \\`c\\`⟨LF⟩# d');
    expect(escapeMarkdown('# heading')).toBe('\\# heading');
    expect(escapeMarkdown('1. one')).toBe('1\\. one');
  });

  it('go on lines of their own where the cursor is', () => {
    expect(insertBlock('one\ntwo', 3, '- x')).toEqual({ text: 'one\n- x\ntwo', end: 8 });
    expect(insertBlock('', 0, '- x')).toEqual({ text: '- x\n', end: 4 });
    expect(appended('# Note\n\n- a', '- b')).toBe('# Note\n\n- a\n- b\n');
    expect(appended('# Note', '- b')).toBe('# Note\n\n- b\n');
    expect(appended('', '- b')).toBe('- b\n');
  });
});

describe('titles', () => {
  it('are the first line that says something', () => {
    expect(titleOf('\n\n## Stolen key\n\ntext')).toBe('Stolen key');
    expect(titleOf('  \n')).toBe('Untitled note');
    expect(titleOf('[2026 a\\_b](event:id%3A1) seen')).toBe('2026 a_b seen');
  });

  it('are changed in the text', () => {
    expect(withTitle('# Old\n\ntext', 'New')).toBe('# New\n\ntext');
    expect(withTitle('', 'New')).toBe('# New\n');
    expect(withTitle('- [e](event:id%3A1)', 'New')).toBe('# New\n\n- [e](event:id%3A1)');
    expect(withTitle('# Old', '  ')).toBe('# Old');
  });

  it('order by change, newest first', () => {
    const notes = [1, 3, 2].map((n) => newNote(`n${n}`, String(n), at(n)));
    expect(byChange(notes).map((n) => n.title)).toEqual(['n3', 'n2', 'n1']);
  });
});

describe('a selection in words', () => {
  it('says range, filters and switches', () => {
    const lines = describeSelection(
      {
        time: { from: at(0), to: at(60_000) },
        filters: [
          { op: 'in', column: 'eventName', values: ['GetObject', null], not: true },
          { op: 'contains', column: 'any', text: 'prod' },
          {
            op: 'or',
            filters: [
              { op: 'eventID', ids: ['a'] },
              { op: 'keys', keys: [eventKey('id:b')] },
            ],
          },
        ],
        hideReadOnly: true,
        hideServiceCalls: true,
      },
      (ms) => new Date(ms).toISOString(),
    );
    expect(lines).toEqual([
      'Time from 1970-01-01T00:00:00.000Z (inclusive) to 1970-01-01T00:01:00.000Z (exclusive)',
      'Event name is not “GetObject” or absent',
      'any column contains “prod”',
      '(Event ID is “a” or one of 1 chosen event)',
      'Read-only events hidden',
      'Calls made by AWS services hidden',
    ]);
    expect(describeSelection(EMPTY_SELECTION, String)).toEqual([]);
  });
});

describe('a value cited from a list', () => {
  const count = { events: 306, failed: 5, denied: 3, first: 0 as EpochMs, last: 60_000 as EpochMs };
  const time = { zoned: (ms: number | null) => `T${ms}` };
  it('is a line with its numbers and what they are of', () => {
    expect(valueLine('principal', '1/role/a', count, EMPTY_SELECTION, time)).toBe(
      '- Principal 1/role/a: 306 events, 5 failed, 3 of these denied, first T0, last T60000 (of the whole case)',
    );
    const within = { ...EMPTY_SELECTION, hideReadOnly: true };
    expect(valueLine('errorCode', null, { ...count, events: 1, failed: 0, denied: 0, first: null, last: null }, within, time)).toBe(
      '- Error code (no error code): 1 event (within: Read-only events hidden)',
    );
  });
  it('is text, whatever the evidence says', () => {
    const line = valueLine('userAgent', '[x](javascript:alert) <b>\n# head', count, EMPTY_SELECTION, time);
    expect(line).toContain('\\[x\\](javascript:alert) \\<b\\>');
    expect(line.split('\n')).toHaveLength(1);
  });
});

describe('recording citations', () => {
  function engine(known: Record<string, string>): { engine: Engine; stored: Citation[] } {
    const stored: Citation[] = [];
    const fake = {
      query: {
        event: async (key: EventKey) =>
          known[key]
            ? {
                key,
                row: 0,
                time: at(0),
                eventID: key.slice(3),
                values: { eventName: 'DeleteBucket', userName: 'ali[ce]' },
                copies: [
                  { ref: { n: 1 }, file: { path: 'other.json', sha256: null }, recordNumber: 1, shown: false },
                  { ref: { n: 2 }, file: { path: 'a.json.gz', sha256: null }, recordNumber: 7, shown: true },
                ],
                conflicts: [],
                starred: false,
              }
            : null,
      },
      store: {
        readRecords: async (refs: { n: number }[]) => refs.map((ref) => ({ ref, text: '{}', sha256: `hash of ${ref.n}` })),
        putCitation: async (c: Citation) => {
          stored.push(c);
        },
      },
    };
    return { engine: fake as unknown as Engine, stored };
  }

  it('keeps the hash, file and number of the shown record and gives a line per event', async () => {
    const { engine: e, stored } = engine({ 'id:1': 'x' });
    const result = await recordCitations(e, [eventKey('id:1'), eventKey('id:1'), eventKey('id:gone')], (t) => `${t} UTC`);
    expect(stored).toMatchObject([{ key: 'id:1', eventID: '1', recordSha256: 'hash of 2', path: 'a.json.gz', recordNumber: 7 }]);
    expect(result.markdown).toBe('- [0 UTC DeleteBucket by ali\\[ce\\]](event:id%3A1)');
    expect(notCitedSentence(result)).toBe('1 event is not in this case any more.');
  });

  it('says what was left out of too many', async () => {
    const { engine: e } = engine({});
    const keys = Array.from({ length: MAX_CITED + 5 }, (_, i) => eventKey(`id:${i}`));
    expect(notCitedSentence(await recordCitations(e, keys, String))).toContain('5 were left out');
  });
});

describe('asking the notebook', () => {
  it('opens it with what is to be written', () => {
    startNote('# A', [eventKey('id:1')]);
    citeEvents([eventKey('id:2')]);
    expect(useApp.getState().route).toEqual({ view: 'notes' });
    expect(takeNoteRequests()).toEqual([
      { fresh: true, text: '# A', keys: ['id:1'] },
      { fresh: false, text: '', keys: ['id:2'] },
    ]);
    expect(takeNoteRequests()).toEqual([]);
  });
});

describe('keeping a note', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const note = (text: string, id = 'a'): Note => newNote(text, id, at(0));

  it('writes once after a rest, the newest text, and says so', async () => {
    const put = vi.fn(async (_: Note) => undefined);
    const states: SaveState['state'][] = [];
    const autosave = new Autosave(put, (s) => states.push(s.state), 100);
    autosave.schedule(note('one'));
    autosave.schedule(note('two'));
    expect(autosave.isPending('a')).toBe(true);
    await vi.advanceTimersByTimeAsync(150);
    expect(put.mock.calls.map(([n]) => n.text)).toEqual(['two']);
    expect(states).toEqual(['waiting', 'waiting', 'saving', 'saved']);
    expect(autosave.isPending('a')).toBe(false);
  });

  it('keeps the first note too when another is changed', async () => {
    const put = vi.fn(async (_: Note) => undefined);
    const autosave = new Autosave(put, () => undefined, 100);
    autosave.schedule(note('one', 'a'));
    autosave.schedule(note('two', 'b'));
    await vi.advanceTimersByTimeAsync(150);
    expect(put.mock.calls.map(([n]) => n.id)).toEqual(['a', 'b']);
  });

  it('does not lose the text when the store refuses, and tries again', async () => {
    const put = vi.fn(async (_: Note) => undefined).mockRejectedValueOnce(new Error('disk full'));
    const states: SaveState[] = [];
    const autosave = new Autosave(put, (s) => states.push(s), 100);
    autosave.schedule(note('one'));
    await vi.advanceTimersByTimeAsync(150);
    expect(states.at(-1)).toEqual({ state: 'failed', message: 'disk full' });
    expect(autosave.isPending('a')).toBe(true);
    await autosave.flush();
    expect(states.at(-1)).toEqual({ state: 'saved' });
    expect(put).toHaveBeenCalledTimes(2);
  });

  it('forgets a deleted note', async () => {
    const put = vi.fn(async (_: Note) => undefined);
    const autosave = new Autosave(put, () => undefined, 100);
    autosave.schedule(note('one'));
    await autosave.forget('a');
    await vi.advanceTimersByTimeAsync(150);
    expect(put).not.toHaveBeenCalled();
  });
});
