/** State of the notebook: the notes of the case, the one that is open, keeping it, and what other views asked to be written. */
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { EpochMs, EventKey } from '../../../shared/brand.ts';
import type { Note } from '../../../shared/case.ts';
import { toAppError } from '../../../shared/errors.ts';
import { useTopic } from '../../components/details/topics.ts';
import { useTime } from '../../components/use-time.ts';
import { useApp } from '../../state/app.ts';
import { useEngine } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';
import { tell, tellFailure } from '../../state/messages.ts';
import { Autosave, type SaveState } from './autosave.ts';
import { takeNoteRequests, useNoteRequests } from './cite.ts';
import type { EditorHandle } from './editor.tsx';
import { appended, byChange, changedNote, newNote, withNote } from './note-model.ts';
import { notCitedSentence, recordCitations } from './record-citations.ts';

export interface Notebook {
  /** Null until read. */
  notes: Note[] | null;
  error: string | null;
  current: Note | null;
  saveState: SaveState;
  editor: RefObject<EditorHandle | null>;
  open(id: string): void;
  create(text: string): Note;
  edit(text: string): void;
  /** The text of the note at hand as it is now, ahead of rendering. */
  newest(): string;
  remove(id: string): Promise<void>;
  retry(): void;
}

const now = (): EpochMs => Date.now() as EpochMs;

export function useNotebook(): Notebook {
  const engine = useEngine();
  const route = useApp((s) => s.route);
  const navigate = useApp((s) => s.navigate);
  const routeId = route.view === 'notes' ? (route.noteId ?? null) : null;
  const [notes, setNotes] = useState<Note[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [saveState, setSaveState] = useState<SaveState>({ state: 'saved' });
  const [currentId, setCurrentId] = useState<string | null>(routeId);
  const editor = useRef<EditorHandle>(null);
  const { zoned } = useTime();
  // The newest text lives here: a render behind would lose a key press between two requests.
  const live = useRef<Note[]>([]);

  const show = useCallback((next: Note[]) => {
    live.current = next;
    setNotes(next);
  }, []);

  const autosave = useMemo(
    () =>
      new Autosave((note) => {
        const done = idle.begin();
        return engine.store.putNote(note).finally(done);
      }, setSaveState),
    [engine],
  );

  const reload = useCallback(() => {
    const done = idle.begin();
    engine.store
      .listNotes()
      .then((stored) => {
        const kept = stored.map((note) => (autosave.isPending(note.id) ? (live.current.find((n) => n.id === note.id) ?? note) : note));
        const unsaved = live.current.filter((n) => autosave.isPending(n.id) && !stored.some((s) => s.id === n.id));
        show(byChange([...kept, ...unsaved]));
        setError(null);
      })
      .catch((thrown: unknown) => setError(toAppError(thrown).message))
      .finally(done);
  }, [engine, autosave, show]);
  useEffect(reload, [reload]);
  useTopic('notes', reload);

  useEffect(() => {
    if (routeId !== null) setCurrentId(routeId);
  }, [routeId]);

  useEffect(() => {
    const caseId = useApp.getState().opened?.info.id;
    const keep = (): void => void autosave.flush();
    window.addEventListener('blur', keep);
    window.addEventListener('pagehide', keep);
    // Before another case is opened, or the note would be written into that one.
    const end = useApp.subscribe((now, before) => {
      if (now.opening && !before.opening) keep();
    });
    return () => {
      window.removeEventListener('blur', keep);
      window.removeEventListener('pagehide', keep);
      end();
      const { opened, opening } = useApp.getState();
      if (!opening && opened?.info.id === caseId) keep();
    };
  }, [autosave]);

  const open = useCallback(
    (id: string) => {
      void autosave.flush();
      setCurrentId(id);
      navigate({ view: 'notes', noteId: id });
    },
    [autosave, navigate],
  );

  const put = useCallback(
    (note: Note) => {
      show(withNote(live.current, note));
      autosave.schedule(note);
    },
    [autosave, show],
  );

  const create = useCallback(
    (text: string): Note => {
      const note = newNote(text, crypto.randomUUID(), now());
      put(note);
      open(note.id);
      return note;
    },
    [put, open],
  );

  useEffect(() => {
    if (currentId === null && notes && notes.length > 0) setCurrentId(notes[0].id);
  }, [currentId, notes]);
  const current = notes?.find((n) => n.id === currentId) ?? null;
  const shownId = current?.id ?? null;

  const edit = useCallback(
    (text: string) => {
      const note = live.current.find((n) => n.id === shownId);
      if (note && note.text !== text) put(changedNote(note, text, now()));
    },
    [put, shownId],
  );

  const newest = useCallback(() => live.current.find((n) => n.id === shownId)?.text ?? '', [shownId]);

  const remove = useCallback(
    async (id: string) => {
      const done = idle.begin();
      try {
        await autosave.forget(id);
        await engine.store.deleteNote(id);
        show(live.current.filter((n) => n.id !== id));
        setCurrentId(null);
        setSaveState({ state: 'saved' });
        navigate({ view: 'notes' });
      } catch (thrown) {
        tellFailure('The note could not be deleted.', thrown);
      } finally {
        done();
      }
    },
    [engine, autosave, show, navigate],
  );

  const cite = useCallback(
    async (note: Note, keys: EventKey[]) => {
      const done = idle.begin();
      try {
        const result = await recordCitations(engine, keys, zoned);
        const problem = notCitedSentence(result);
        if (problem) tell(problem);
        if (result.cited === 0) return;
        if (editor.current && note.id === shownId) editor.current.insert(result.markdown);
        else {
          const latest = live.current.find((n) => n.id === note.id) ?? note;
          put(changedNote(latest, appended(latest.text, result.markdown), now()));
        }
      } catch (thrown) {
        tellFailure('The events could not be cited.', thrown);
      } finally {
        done();
      }
    },
    [engine, zoned, put, shownId],
  );

  useEffect(() => {
    useNoteRequests.setState({ notebookOpen: true });
    return () => useNoteRequests.setState({ notebookOpen: false });
  }, []);
  const waiting = useNoteRequests((s) => s.waiting);
  const ready = notes !== null;
  useEffect(() => {
    if (!ready || waiting.length === 0) return;
    for (const request of takeNoteRequests()) {
      const target = request.fresh ? null : (live.current.find((n) => n.id === shownId) ?? null);
      const note = target ?? create(request.fresh ? request.text : '# Cited events\n\n');
      if (target && request.text !== '') put(changedNote(target, appended(target.text, request.text), now()));
      if (request.keys.length > 0) void cite(note, request.keys);
    }
  }, [ready, waiting, shownId, create, put, cite]);

  return { notes, error, current, saveState, editor, open, create, edit, newest, remove, retry: () => void autosave.flush() };
}
