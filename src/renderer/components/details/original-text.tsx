/** The record's exact text as it stands in the evidence, with the SHA-256 of its bytes. Read-only, searchable. */
import { defaultKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { openSearchPanel, search, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { Button, Group } from '@mantine/core';
import { IconCopy, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { RecordText } from '../../../shared/engine.ts';
import { copyText } from '../copy.ts';
import { formatCount } from '../numbers.ts';
import { cut, VisibleText } from '../visible-text.tsx';
import { codeTheme, specialCharacters } from './code-theme.ts';

/** Characters shown before "show all"; a record is seldom a tenth of it. */
export const TEXT_LIMIT = 64 * 1024;
/** Colouring longer texts costs more than it helps. */
const COLOUR_LIMIT = 256 * 1024;

const jsonStyle = HighlightStyle.define([
  { tag: tags.propertyName, color: 'light-dark(#1d4ed8, #8ab4ff)' },
  { tag: tags.string, color: 'light-dark(#166534, #86d6a3)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'light-dark(#9a3412, #f0b37e)' },
]);

export function OriginalText({ record }: { record: RecordText }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const [whole, setWhole] = useState<string | null>(null);
  const all = whole === record.sha256 || record.text.length <= TEXT_LIMIT;
  const shown = all ? record.text : cut(record.text, TEXT_LIMIT);
  const isJson = record.csvHeader === undefined;

  useEffect(() => {
    if (!place.current) return;
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: shown,
        extensions: [
          EditorState.readOnly.of(true),
          EditorView.lineWrapping,
          drawSelection(),
          specialCharacters,
          shown.length <= COLOUR_LIMIT && isJson ? [json(), syntaxHighlighting(jsonStyle)] : [],
          search({ top: true }),
          keymap.of([...searchKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': 'Original text of the record', tabindex: '0', spellcheck: 'false' }),
          codeTheme,
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, [shown, isJson]);

  return (
    <div className="tc-detail-original">
      <Group gap={6}>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconSearch size={12} />}
          onClick={() => view.current && openSearchPanel(view.current)}
        >
          Find
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconCopy size={12} />}
          onClick={() => void copyText(record.text, 'text of the record')}
        >
          Copy text
        </Button>
        <span className="tc-detail-remark">{formatCount(record.text.length)} characters</span>
      </Group>
      <div className="tc-detail-hash">
        <span title="Of the exact bytes of the record in its file">SHA-256</span>
        <button type="button" className="tc-detail-text" onClick={() => void copyText(record.sha256, 'SHA-256 of the record')} title="Copy">
          {record.sha256}
        </button>
      </div>
      {record.csvHeader ? (
        <p className="tc-detail-remark">
          The header of its file: <VisibleText text={record.csvHeader} limit={2000} />
        </p>
      ) : null}
      {all ? null : (
        <p className="tc-detail-remark" role="status">
          The first {formatCount(shown.length)} of {formatCount(record.text.length)} characters.{' '}
          <button type="button" className="tc-tree-all" onClick={() => setWhole(record.sha256)}>
            Show all
          </button>
        </p>
      )}
      <div className="tc-detail-code" ref={place} />
    </div>
  );
}
