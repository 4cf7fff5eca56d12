/** What a withdrawal did, in a sentence: events, copies, and the stars and notes that rest on what went. */
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../../src/engine/client/index.ts';
import { outcomeSentence as importSentence } from '../../../../src/renderer/state/imports.ts';
import { changeFiles, outcomeSentence } from '../../../../src/renderer/views/evidence/withdraw.ts';
import { NO_PROGRESS } from '../../../../src/shared/commit.ts';
import type { ImportOutcome } from '../../../../src/shared/engine.ts';

const none = { stars: 0, citations: 0 };

describe('what withdrawing did', () => {
  it('is said in events, and names the copy that holds them', () => {
    expect(outcomeSentence({ files: 1, eventsBefore: 10, eventsAfter: 7, heirs: [] }, none)).toBe(
      '3 events went with the file; 7 are left.',
    );
    expect(outcomeSentence({ files: 2, eventsBefore: 10, eventsAfter: 10, heirs: ['b.json'] }, none)).toBe(
      'No event came or went. b.json has the same bytes and holds the events now.',
    );
    expect(outcomeSentence({ files: 1, eventsBefore: 7, eventsAfter: 10, heirs: [] }, none)).toBe('3 events came back; there are 10.');
    expect(outcomeSentence({ files: 1, eventsBefore: 1, eventsAfter: 0, heirs: [] }, { stars: 2, citations: 1 })).toContain(
      '2 stars and 1 citation now name events that the case does not hold.',
    );
  });

  it('counts only stars and citations that went by it, not those that were gone before', async () => {
    const held = new Set(['id:a', 'id:b', 'id:c']);
    const engine = {
      store: {
        listStars: async () => ['id:a', 'id:long-gone'],
        listNotes: async () => [{ text: 'see [x](event:id%3Ab) and [y](event:id%3Ac)' }],
        withdrawFiles: async () => {
          held.delete('id:a');
          held.delete('id:b');
          return { files: 1, eventsBefore: 3, eventsAfter: 1, heirs: [] };
        },
      },
      query: { missing: async (keys: string[]) => keys.filter((key) => !held.has(key)) },
    } as unknown as Engine;
    const said = await changeFiles(engine, ({ store }) => store.withdrawFiles([1], 'x'));
    expect(said).toBe('2 events went with the file; 1 is left. 1 star and 1 citation now name events that the case does not hold.');
  });

  it('is said again when withdrawn files are imported again', () => {
    const outcome = {
      run: {},
      cancelled: false,
      progress: { ...NO_PROGRESS, filesDone: 2, records: 4 },
      stayWithdrawn: 1,
    } as ImportOutcome;
    expect(importSentence(outcome, 1000)).toContain('1 withdrawn file was seen again and stays withdrawn');
    expect(importSentence({ ...outcome, stayWithdrawn: undefined }, 1000)).not.toContain('withdrawn');
  });
});
