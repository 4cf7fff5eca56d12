/** Citing from any view without leaving it. */
import { useCallback } from 'react';
import type { EpochMs, EventKey } from '../../../shared/brand.ts';
import { useTime } from '../../components/use-time.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';
import { tell, tellFailure } from '../../state/messages.ts';
import { requestNote, useNoteRequests } from './cite.ts';
import { appended, byChange, changedNote, newNote } from './note-model.ts';
import { notCitedSentence, recordCitations } from './record-citations.ts';

/**
 * Adds citations of the events to the note on screen, else to the one changed last, else to a new one; says where they went.
 * `lead`: a list item of Markdown before them, evidence in it escaped.
 */
export function useCite(): (keys: EventKey[], lead?: string) => Promise<void> {
  const engine = useEngine();
  const { zoned } = useTime();
  return useCallback(
    async (keys, lead = '') => {
      if (useNoteRequests.getState().notebookOpen) {
        requestNote({ fresh: false, text: lead, keys });
        return;
      }
      const done = idle.begin();
      try {
        const result = await recordCitations(engine, keys, zoned);
        const problem = notCitedSentence(result);
        const block = [lead, ...result.markdown.split('\n').map((line) => (lead ? `  ${line}` : line))].filter(Boolean).join('\n');
        if (result.cited > 0) {
          const [last] = byChange(await engine.store.listNotes());
          const now = Date.now() as EpochMs;
          const note = last
            ? changedNote(last, appended(last.text, block), now)
            : newNote(`# Cited events\n\n${block}\n`, crypto.randomUUID(), now);
          await engine.store.putNote(note);
          tell(
            [`Cited ${result.cited === 1 ? 'the event' : `${result.cited} events`} in “${note.title}”.`, problem].filter(Boolean).join(' '),
          );
        } else if (problem) tell(problem, 'Nothing was cited');
      } catch (thrown) {
        tellFailure('The events could not be cited.', thrown);
      } finally {
        done();
      }
    },
    [engine, zoned],
  );
}
