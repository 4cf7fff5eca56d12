/** How CodeMirror looks here, in both themes, and how it shows characters that would not be seen. */
import type { Extension } from '@codemirror/state';
import { EditorView, highlightSpecialChars } from '@codemirror/view';
import { specialName } from '../visible-text.tsx';

export const codeTheme: Extension = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', backgroundColor: 'transparent', color: 'var(--tc-ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.5', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--tc-ink)', padding: '8px 0' },
  '.cm-line': { padding: '0 12px' },
  '.cm-cursor': { borderLeftColor: 'var(--tc-ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'light-dark(#b6d3ff, #2c4a7c) !important',
  },
  '.cm-searchMatch': { backgroundColor: 'light-dark(#fde68a, #7a5c00)' },
  '.cm-searchMatch-selected': { backgroundColor: 'light-dark(#fbbf24, #b88900)' },
  '.cm-panels': {
    backgroundColor: 'var(--tc-raised)',
    color: 'var(--tc-ink)',
    borderBottom: '1px solid var(--tc-line)',
  },
  '.cm-panel input, .cm-panel button': {
    font: 'inherit',
    color: 'inherit',
    background: 'var(--tc-hover)',
    border: '1px solid var(--tc-line)',
    borderRadius: '4px',
  },
  // A backtracking expression typed here could hang the window: plain text is searched.
  '.cm-search label:has(input[name=re])': { display: 'none' },
  '.cm-placeholder': { color: 'var(--tc-ink-soft)' },
});

/** The same characters as in `visible-text.tsx`, more than CodeMirror's own list. */
export const specialCharacters: Extension = highlightSpecialChars({
  addSpecialChars: /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{DI}\ufffc]|(?! )\p{Zs}/gu,
  render: (code) => {
    const span = document.createElement('span');
    span.className = 'tc-special';
    span.textContent = specialName(String.fromCodePoint(code));
    span.title = `character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    return span;
  },
});
