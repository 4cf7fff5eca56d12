/** The notebook of the case: the list of notes, the editor, and the note as it reads. */
import { Button, Group, Modal, SegmentedControl, Text, TextInput } from '@mantine/core';
import { IconNotebook, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Note } from '../../../shared/case.ts';
import { MAX_NOTE_CHARS } from '../../../shared/note-limits.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { useTime } from '../../components/use-time.ts';
import { visibleString } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import type { SaveState } from './autosave.ts';
import { withTitle } from './citation.ts';
import { MarkdownEditor } from './editor.tsx';
import { NotePreview } from './preview.tsx';
import { type Notebook, useNotebook } from './use-notebook.ts';
import './notes.css';

export default function NotesView(): ReactNode {
  const caseId = useApp((s) => s.opened?.info.id);
  return <NotebookOfCase key={caseId ?? ''} />;
}

function NotebookOfCase(): ReactNode {
  const book = useNotebook();
  const readOnly = useApp((s) => s.opened?.access === 'read');
  const [shown, setShown] = useState<'both' | 'write' | 'read'>('both');
  if (book.notes === null) {
    return <div className="tc-note-loading">{book.error ? `The notes could not be read: ${book.error}` : null}</div>;
  }
  const { current } = book;
  const tooLong = current !== null && current.text.length > MAX_NOTE_CHARS;
  return (
    <div className="tc-note">
      <h1 className="tc-hidden">Notebook</h1>
      <NoteList book={book} notes={book.notes} readOnly={readOnly} />
      {current ? (
        <section className="tc-note-main" aria-label="Note">
          <NoteHead book={book} note={current} readOnly={readOnly} shown={shown} setShown={setShown} />
          <div className={`tc-note-panes ${shown}`}>
            {shown === 'read' || tooLong ? null : (
              <MarkdownEditor
                id={current.id}
                text={current.text}
                newest={book.newest}
                readOnly={readOnly}
                change={book.edit}
                handle={book.editor}
              />
            )}
            {shown === 'write' && !tooLong ? null : <NotePreview text={current.text} />}
          </div>
        </section>
      ) : (
        <EmptyState
          icon={<IconNotebook size={40} stroke={1.3} />}
          title={book.notes.length === 0 ? 'No notes yet' : 'No note chosen'}
          actions={
            <Button leftSection={<IconPlus size={16} />} disabled={readOnly} onClick={() => book.create('')}>
              New note
            </Button>
          }
        >
          Write down what you find as you find it. Events are cited from the table, the details or a principal’s page; a citation keeps the
          file, the record number and the SHA-256 of the record.
        </EmptyState>
      )}
    </div>
  );
}

function NoteList({ book, notes, readOnly }: { book: Notebook; notes: Note[]; readOnly: boolean }): ReactNode {
  const time = useTime();
  return (
    <nav className="tc-note-list" aria-label="Notes">
      <Button size="compact-sm" leftSection={<IconPlus size={14} />} disabled={readOnly} onClick={() => book.create('')} fullWidth mb={8}>
        New note
      </Button>
      {readOnly ? (
        <Text size="xs" c="dimmed" mb={8}>
          Another window is writing in this case: here notes can only be read.
        </Text>
      ) : null}
      {notes.map((note) => (
        <button
          type="button"
          key={note.id}
          className="tc-note-item"
          aria-current={note.id === book.current?.id}
          onClick={() => book.open(note.id)}
        >
          <span className="tc-note-title">{visibleString(note.title)}</span>
          <span className="tc-note-date">changed {time.zoned(Math.floor(note.changedAt / 1000) * 1000)}</span>
        </button>
      ))}
    </nav>
  );
}

interface HeadProps {
  book: Notebook;
  note: Note;
  readOnly: boolean;
  shown: 'both' | 'write' | 'read';
  setShown(shown: 'both' | 'write' | 'read'): void;
}

function NoteHead({ book, note, readOnly, shown, setShown }: HeadProps): ReactNode {
  const [renaming, setRenaming] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another note ends the renaming of the first
  useEffect(() => setRenaming(null), [note.id]);
  const rename = (): void => {
    if (renaming !== null && renaming.trim() !== '' && renaming !== note.title) book.edit(withTitle(note.text, renaming));
    setRenaming(null);
  };
  const [deleting, setDeleting] = useState(false);
  return (
    <header className="tc-note-head">
      {renaming === null ? (
        <h2 className="tc-note-name" title={visibleString(note.title)}>
          {visibleString(note.title)}
        </h2>
      ) : (
        <TextInput
          className="tc-note-name"
          size="xs"
          aria-label="Title of the note"
          data-autofocus
          autoFocus
          value={renaming}
          onChange={(e) => setRenaming(e.currentTarget.value)}
          onBlur={rename}
          onKeyDown={(e) => {
            if (e.key === 'Enter') rename();
            else if (e.key === 'Escape') setRenaming(null);
          }}
        />
      )}
      <SaveMark state={book.saveState} retry={book.retry} readOnly={readOnly} />
      <SegmentedControl
        size="xs"
        aria-label="What is shown"
        value={shown}
        onChange={(value) => setShown(value === 'write' || value === 'read' ? value : 'both')}
        data={[
          { value: 'write', label: 'Write' },
          { value: 'both', label: 'Both' },
          { value: 'read', label: 'Read' },
        ]}
      />
      <Button
        size="compact-sm"
        variant="default"
        disabled={readOnly}
        leftSection={<IconPencil size={14} />}
        onClick={() => setRenaming(note.title)}
      >
        Rename
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={readOnly}
        leftSection={<IconTrash size={14} />}
        onClick={() => setDeleting(true)}
      >
        Delete
      </Button>
      <Modal opened={deleting} onClose={() => setDeleting(false)} title="Delete this note?">
        <Text size="sm">“{visibleString(note.title)}” will be removed from the case. The case’s journal keeps what was written.</Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" data-autofocus onClick={() => setDeleting(false)}>
            Keep it
          </Button>
          <Button
            color="red"
            onClick={() => {
              setDeleting(false);
              void book.remove(note.id);
            }}
          >
            Delete the note
          </Button>
        </Group>
      </Modal>
    </header>
  );
}

function SaveMark({ state, retry, readOnly }: { state: SaveState; retry(): void; readOnly: boolean }): ReactNode {
  if (readOnly) return <span className="tc-note-save">read only</span>;
  if (state.state === 'failed') {
    return (
      <span className="tc-note-save failed" role="alert">
        Not kept: {state.message}
        <Button size="compact-xs" variant="light" color="red" ml={6} onClick={retry}>
          Try again
        </Button>
      </span>
    );
  }
  const words = { saved: 'Kept', waiting: 'Changed…', saving: 'Keeping…' } as const;
  return (
    <span className="tc-note-save" role="status">
      {words[state.state]}
    </span>
  );
}
