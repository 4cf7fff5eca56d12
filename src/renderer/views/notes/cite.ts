/**
 * How other views write into the notebook: a note begun with a text, events cited in the note at hand. What is asked for waits
 * here until the notebook takes it.
 */
import { create } from 'zustand';
import type { EventKey } from '../../../shared/brand.ts';
import { useApp } from '../../state/app.ts';

export interface NoteRequest {
  /** A note of its own, or an addition to the one that is open or was changed last. */
  fresh: boolean;
  /** Markdown before the citations; evidence in it must be escaped (`escapeMarkdown`). */
  text: string;
  keys: EventKey[];
}

interface NoteRequests {
  waiting: NoteRequest[];
  /** True while the notebook is on screen: then additions go to its editor, not past it. */
  notebookOpen: boolean;
}

export const useNoteRequests = create<NoteRequests>()(() => ({ waiting: [], notebookOpen: false }));

/** Hands a request to the notebook, which takes it as soon as it is on screen. */
export function requestNote(request: NoteRequest): void {
  useNoteRequests.setState((s) => ({ waiting: [...s.waiting, request] }));
}

/** The requests so far; they are then the caller's. */
export function takeNoteRequests(): NoteRequest[] {
  const { waiting } = useNoteRequests.getState();
  if (waiting.length > 0) useNoteRequests.setState({ waiting: [] });
  return waiting;
}

/** Opens the notebook with a new note that begins with `text` (Markdown) and cites the events. */
export function startNote(text: string, keys: EventKey[] = []): void {
  requestNote({ fresh: true, text, keys });
  useApp.getState().navigate({ view: 'notes' });
}

/** Opens the notebook and cites the events in the note at hand. To cite without leaving the view, use `useCite`. */
export function citeEvents(keys: EventKey[]): void {
  requestNote({ fresh: false, text: '', keys });
  useApp.getState().navigate({ view: 'notes' });
}
