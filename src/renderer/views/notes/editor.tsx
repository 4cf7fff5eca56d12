/** The Markdown editor of a note: CodeMirror, uncontrolled; a new `id` puts in another text. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { markdown } from '@codemirror/lang-markdown';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { type ReactNode, type RefObject, useEffect, useImperativeHandle, useRef } from 'react';
import { MAX_NOTE_CHARS } from '../../../shared/note-limits.ts';
import { codeTheme, specialCharacters } from '../../components/details/code-theme.ts';
import { formatCount } from '../../components/numbers.ts';
import { tell } from '../../state/messages.ts';
import { insertBlock } from './citation.ts';

export interface EditorHandle {
  /** Puts a block on lines of its own at the cursor, or at the end when the editor never had the focus. */
  insert(block: string): void;
  focus(): void;
}

export interface EditorProps {
  /** Of the note; another id replaces the text and the undo history. */
  id: string;
  /** The text as last rendered: its change says that there may be something to take over. */
  text: string;
  /** The text as it is now. Rendering lags behind typing, so `text` alone would undo key presses. */
  newest(): string;
  readOnly: boolean;
  change(text: string): void;
  handle: RefObject<EditorHandle | null>;
}

const markdownStyle = HighlightStyle.define([
  { tag: tags.heading, fontWeight: '700' },
  { tag: tags.strong, fontWeight: '700' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strikethrough, textDecoration: 'line-through' },
  { tag: [tags.link, tags.url], color: 'light-dark(#1d4ed8, #7db0ff)' },
  { tag: [tags.processingInstruction, tags.meta], color: 'var(--tc-ink-soft)' },
  { tag: tags.monospace, fontFamily: 'var(--mantine-font-family-monospace)' },
  { tag: tags.quote, color: 'var(--tc-ink-soft)' },
]);

export function MarkdownEditor({ id, text, newest, readOnly, change, handle }: EditorProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ change, newest, touched: false });
  latest.current.change = change;
  latest.current.newest = newest;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another note is another document
  useEffect(() => {
    if (!place.current) return;
    latest.current.touched = false;
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: latest.current.newest(),
        extensions: [
          history(),
          drawSelection(),
          markdown(),
          syntaxHighlighting(markdownStyle),
          EditorView.lineWrapping,
          specialCharacters,
          search({ top: true }),
          highlightSelectionMatches(),
          keymap.of([...searchKeymap, ...defaultKeymap, ...historyKeymap, ...(readOnly ? [] : [indentWithTab])]),
          placeholder('Write what you found, in Markdown. Cite events from the table or the details.'),
          EditorState.readOnly.of(readOnly),
          EditorState.changeFilter.of((change) => {
            const length = change.newDoc.length;
            if (length <= MAX_NOTE_CHARS || length <= change.startState.doc.length) return true;
            tell(
              `A note holds at most ${formatCount(MAX_NOTE_CHARS)} characters; this would make ${formatCount(length)}. Cite the events instead of pasting them, or begin another note.`,
              'Not put in',
            );
            return false;
          }),
          EditorView.contentAttributes.of({ 'aria-label': 'Text of the note', tabindex: '0', spellcheck: 'false', autocapitalize: 'off' }),
          EditorView.updateListener.of((update) => {
            if (update.focusChanged) latest.current.touched = true;
            if (update.docChanged && !update.transactions.some((t) => t.isUserEvent('external'))) {
              latest.current.change(update.state.doc.toString());
            }
          }),
          codeTheme,
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, [id, readOnly]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `text` is the signal, `newest` the value
  useEffect(() => {
    const editor = view.current;
    const wanted = latest.current.newest();
    if (!editor || editor.state.doc.toString() === wanted) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: wanted }, userEvent: 'external' });
  }, [text]);

  useImperativeHandle(handle, () => ({
    insert(block) {
      const editor = view.current;
      if (!editor) return;
      const doc = editor.state.doc.toString();
      const at = latest.current.touched ? editor.state.doc.lineAt(editor.state.selection.main.to).to : doc.length;
      const next = insertBlock(doc, at, block);
      const inserted = next.text.slice(at, next.end);
      const replaced = doc.length - at - (next.text.length - next.end);
      editor.dispatch({
        changes: { from: at, to: at + replaced, insert: inserted },
        selection: { anchor: next.end },
        scrollIntoView: true,
      });
    },
    focus: () => view.current?.focus(),
  }));

  return <div className="tc-note-editor" ref={place} />;
}
