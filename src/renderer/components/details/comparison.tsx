/** Records side by side, field by field: only what differs, each value with its menu, the original texts at hand. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { JsonNode } from '../../../shared/json-tree.ts';
import { DIFF_LIMITS, type DiffRow } from '../../../shared/record-diff.ts';
import { useApp } from '../../state/app.ts';
import { useCite } from '../../views/notes/use-cite.ts';
import { copyText } from '../copy.ts';
import { countOf, formatCount } from '../numbers.ts';
import { columnOfNode } from '../record-tree.tsx';
import { useValueMenu, type ValueMenuControl } from '../value-menu.tsx';
import { SHOWN_CHARACTERS, VisibleText } from '../visible-text.tsx';
import { type ComparedRecords, type ReadSource, type Source, useComparedRecords } from './use-records.ts';
import './comparison.css';

const ROWS = 100;
const VALUE_LIMIT = 600;
const TEXT_LIMIT = 20_000;

interface Props {
  title: string;
  sources: readonly Source[];
  /** Differences between copies of one event are no contradiction. */
  quiet?: boolean;
}

export function Comparison({ title, sources, quiet = false }: Props): ReactNode {
  const { value, error } = useComparedRecords(sources);
  if (error) return <p className="tc-detail-remark">The records could not be compared: {error.message}</p>;
  if (!value) return null;
  return (
    <section className={quiet ? 'tc-diff quiet' : 'tc-diff'} aria-label={title}>
      <h3>{title}</h3>
      {sources.length > DIFF_LIMITS.records ? (
        <p className="tc-detail-remark">
          The first {DIFF_LIMITS.records} of {formatCount(sources.length)} are compared.
        </p>
      ) : null}
      <Compared value={value} />
    </section>
  );
}

function Compared({ value }: { value: ComparedRecords }): ReactNode {
  const [texts, setTexts] = useState(false);
  const [more, setMore] = useState(ROWS);
  const menu = useValueMenu();
  const { sources, comparison } = value;
  if (sources.length < 2) return <p className="tc-detail-remark">There is nothing to compare it with any more.</p>;
  const same = sources.every((s) => s.record.sha256 === sources[0].record.sha256);
  const diff = 'diff' in comparison ? comparison.diff : null;
  const some = diff?.rows.filter((row) => row.nodes.includes(null)).length ?? 0;
  return (
    <>
      <p className="tc-detail-remark">
        {'problem' in comparison
          ? comparison.problem
          : comparison.diff.total > 0
            ? `${countOf(comparison.diff.total, 'difference')}${some > 0 ? `, ${formatCount(some)} in only some of them` : ''}; ${countOf(comparison.diff.same, 'value')} the same.`
            : same
              ? 'The records are the same to the byte.'
              : `None in any of ${countOf(comparison.diff.same, 'value')}: only spacing, order or spelling of the JSON differs.`}{' '}
        <button type="button" className="tc-tree-all" aria-expanded={texts} onClick={() => setTexts(!texts)}>
          {texts ? 'Hide the original texts' : 'Show the original texts'}
        </button>
      </p>
      <div className="tc-diff-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Field</th>
              {sources.map((source) => (
                <th scope="col" key={source.label}>
                  <SourceHead source={source} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {diff?.rows.slice(0, more).map((row, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a path may occur twice, in different records
              <Row key={i} row={row} value={value} open={menu.open} />
            ))}
            {texts ? (
              <tr>
                <th scope="row">Original text</th>
                {sources.map((source) => (
                  <td key={source.label}>
                    <pre>
                      <VisibleText text={source.record.text} limit={TEXT_LIMIT} />
                    </pre>
                  </td>
                ))}
              </tr>
            ) : null}
          </tbody>
        </table>
      </div>
      {diff && diff.rows.length > more ? (
        <Button size="compact-xs" variant="default" onClick={() => setMore(more + 5 * ROWS)}>
          Show more ({formatCount(diff.rows.length - more)} left)
        </Button>
      ) : null}
      {diff && diff.total > diff.rows.length && more >= diff.rows.length ? (
        <p className="tc-detail-remark">and {countOf(diff.total - diff.rows.length, 'more difference')}, which the original texts show.</p>
      ) : null}
      {menu.menu}
    </>
  );
}

function SourceHead({ source }: { source: ReadSource }): ReactNode {
  const openEvent = useApp((s) => s.openEvent);
  const openKey = useApp((s) => s.openEventKey);
  const readOnly = useApp((s) => s.opened?.access === 'read');
  const cite = useCite();
  const { key, label, record } = source;
  const name = label.toLowerCase();
  return (
    <div className="tc-diff-head">
      <span>{label}</span>
      <span className="tc-diff-tools">
        {key !== null && key !== openKey ? (
          <button type="button" className="tc-tree-all" aria-label={`Open ${name}`} onClick={() => openEvent(key)}>
            Open
          </button>
        ) : null}
        {key !== null && !readOnly ? (
          <button type="button" className="tc-tree-all" aria-label={`Cite ${name}`} onClick={() => void cite([key])}>
            Cite
          </button>
        ) : null}
        <button
          type="button"
          className="tc-tree-all"
          aria-label={`Copy the record of ${name}`}
          onClick={() => void copyText(record.text, 'record as JSON')}
        >
          Copy
        </button>
      </span>
      <button
        type="button"
        className="tc-diff-hash"
        title={`SHA-256 of the record: ${record.sha256}. Click to copy.`}
        aria-label={`${record.sha256.slice(0, 16)}…: copy the SHA-256 of the record of ${name}`}
        onClick={() => void copyText(record.sha256, 'SHA-256 of the record')}
      >
        {record.sha256.slice(0, 16)}…
      </button>
    </div>
  );
}

function Row({ row, value, open }: { row: DiffRow; value: ComparedRecords; open: ValueMenuControl['open'] }): ReactNode {
  const texts = 'texts' in value.comparison ? value.comparison.texts : [];
  return (
    <tr>
      <th scope="row">
        <VisibleText text={row.path} limit={300} />
      </th>
      {row.nodes.map((node, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one cell per record, in order
        <td key={i} className={node === null ? 'absent' : undefined}>
          {node === null ? (
            <em>absent</em>
          ) : (
            <Value node={node} json={texts[i].slice(node.start, node.end)} source={value.sources[i]} open={open} />
          )}
        </td>
      ))}
    </tr>
  );
}

function Value({
  node,
  json,
  source,
  open,
}: {
  node: JsonNode;
  json: string;
  source: ReadSource;
  open: ValueMenuControl['open'];
}): ReactNode {
  const [whole, setWhole] = useState(false);
  const scalar = node.kind === 'string' || node.kind === 'number' || node.kind === 'boolean';
  return (
    <>
      <button
        type="button"
        className="tc-detail-text"
        aria-haspopup="menu"
        onClick={(event) => {
          if (document.getSelection()?.isCollapsed === false) return;
          open(event.currentTarget, {
            column: columnOfNode(node),
            values: [scalar ? node.value : node.kind === 'null' ? null : json],
            record: { path: node.path, json },
            time: source.time,
          });
        }}
      >
        <VisibleText text={json} limit={whole ? SHOWN_CHARACTERS * 50 : VALUE_LIMIT} />
      </button>
      {!whole && json.length > VALUE_LIMIT ? (
        <button type="button" className="tc-tree-all" onClick={() => setWhole(true)}>
          show all {formatCount(json.length)} characters
        </button>
      ) : null}
    </>
  );
}
