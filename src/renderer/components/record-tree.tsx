/** A record as a tree: opened and closed by mouse and keyboard, every value with its menu and its JSON path. */
import { Button, Group } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import type { EpochMs } from '../../shared/brand.ts';
import type { ColumnId } from '../../shared/columns.ts';
import { copyText } from './copy.ts';
import { allExpandable, CHILD_LIMIT, firstExpanded, type JsonNode, type TreeRow, treeRows } from './record-tree-model.ts';
import { useValueMenu } from './value-menu.tsx';
import { cut, VisibleText, visibleString } from './visible-text.tsx';
import './record-tree.css';

/** Fields that a column holds verbatim: their values filter by the column. */
const COLUMN_OF_PATH: Readonly<Record<string, ColumnId>> = {
  '$.eventName': 'eventName',
  '$.eventSource': 'eventSource',
  '$.eventID': 'eventID',
  '$.userIdentity.type': 'identityType',
  '$.userIdentity.accessKeyId': 'accessKeyId',
  '$.userIdentity.accountId': 'callerAccount',
  '$.userIdentity.arn': 'identity',
  '$.userIdentity.invokedBy': 'invokedBy',
  '$.sourceIPAddress': 'sourceIPAddress',
  '$.userAgent': 'userAgent',
  '$.awsRegion': 'awsRegion',
  '$.errorCode': 'errorCode',
  '$.eventCategory': 'eventCategory',
  '$.eventType': 'eventType',
  '$.vpcEndpointId': 'vpcEndpointId',
  '$.recipientAccountId': 'account',
};

/** The column that holds the value of this field verbatim; null when none does. */
export const columnOfNode = (node: JsonNode): ColumnId | null =>
  node.kind === 'string' && Object.hasOwn(COLUMN_OF_PATH, node.path) ? COLUMN_OF_PATH[node.path] : null;

/** Characters of a value in the tree before "show all". */
const VALUE_LIMIT = 600;

export interface RecordTreeProps {
  root: JsonNode;
  /** The record's text, for "copy as JSON". */
  text: string;
  time: EpochMs | null;
  label: string;
}

export function RecordTree({ root, text, time, label }: RecordTreeProps): ReactNode {
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(() => firstExpanded(root));
  const [limits, setLimits] = useState<ReadonlyMap<string, number>>(new Map());
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const menu = useValueMenu();
  const rows = useMemo(() => treeRows(root, expanded, limits), [root, expanded, limits]);

  const focusRow = (index: number): void => {
    const at = Math.min(Math.max(index, 0), rows.length - 1);
    setActive(at);
    list.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[at]?.focus();
  };
  const toggle = (row: TreeRow, open: boolean): void => {
    const next = new Set(expanded);
    if (open) next.add(row.node.path);
    else next.delete(row.node.path);
    setExpanded(next);
  };
  const showMore = (row: TreeRow): void => {
    const shown = limits.get(row.node.path) ?? CHILD_LIMIT;
    setLimits(new Map(limits).set(row.node.path, shown + 5 * CHILD_LIMIT));
  };
  const json = (node: JsonNode): string => text.slice(node.start, node.end);
  const openMenu = (row: TreeRow, at: Element): void => {
    const { node } = row;
    menu.open(at, {
      column: columnOfNode(node),
      values: [node.kind === 'string' || node.kind === 'number' || node.kind === 'boolean' ? node.value : null],
      record: { path: node.path, json: json(node) },
      time,
    });
  };
  const parentOf = (index: number): number => {
    for (let i = index - 1; i >= 0; i--) if (rows[i].depth < rows[index].depth) return i;
    return 0;
  };

  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    const row = rows[index];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    switch (event.key) {
      case 'ArrowDown':
        focusRow(index + 1);
        break;
      case 'ArrowUp':
        focusRow(index - 1);
        break;
      case 'Home':
        focusRow(0);
        break;
      case 'End':
        focusRow(rows.length - 1);
        break;
      case 'ArrowRight':
        if (row.expandable && !row.expanded) toggle(row, true);
        else if (row.expanded) focusRow(index + 1);
        break;
      case 'ArrowLeft':
        if (row.expanded) toggle(row, false);
        else focusRow(parentOf(index));
        break;
      case 'Enter':
      case ' ':
        if (row.more > 0) showMore(row);
        else if (row.expandable) toggle(row, !row.expanded);
        else openMenu(row, event.currentTarget);
        break;
      case 'm':
      case 'ContextMenu':
        openMenu(row, event.currentTarget);
        break;
      case 'c':
        void copyText(row.node.children.length > 0 ? json(row.node) : row.node.value, row.node.children.length > 0 ? 'JSON' : 'value');
        break;
      case 'p':
        void copyText(row.node.path, 'JSON path');
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="tc-tree-box">
      <Group gap={4} className="tc-tree-tools">
        <Button size="compact-xs" variant="subtle" onClick={() => setExpanded(allExpandable(root))}>
          Open all
        </Button>
        <Button size="compact-xs" variant="subtle" onClick={() => setExpanded(new Set([root.path]))}>
          Close all
        </Button>
        <span className="tc-tree-hint">Enter: menu or open · c: copy · p: copy path</span>
      </Group>
      <div className="tc-tree" role="tree" aria-label={label} ref={list}>
        {rows.map((row, i) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a path may occur twice, where a key is repeated
            key={i}
            role="treeitem"
            aria-level={row.depth + 1}
            aria-posinset={row.position}
            aria-setsize={row.size}
            aria-expanded={row.expandable ? row.expanded : undefined}
            aria-selected={i === active}
            tabIndex={i === Math.min(active, rows.length - 1) ? 0 : -1}
            className={`tc-tree-row ${row.node.kind}`}
            style={{ paddingLeft: 4 + Math.min(row.depth, 24) * 14 }}
            title={visibleString(cut(row.node.path, 300))}
            onFocus={() => setActive(i)}
            onKeyDown={(event) => onKeyDown(event, i)}
            onContextMenu={(event) => {
              event.preventDefault();
              openMenu(row, event.currentTarget);
            }}
            onClick={() => {
              if (row.more > 0) showMore(row);
              else if (row.expandable && document.getSelection()?.isCollapsed !== false) toggle(row, !row.expanded);
            }}
          >
            {row.more > 0 ? (
              <span className="tc-tree-more">{row.more.toLocaleString('en-US')} more: show the next ones</span>
            ) : (
              <RowContent
                row={row}
                whole={whole.has(row.node.path)}
                showWhole={() => setWhole(new Set(whole).add(row.node.path))}
                openMenu={(at) => openMenu(row, at)}
              />
            )}
          </div>
        ))}
      </div>
      {menu.menu}
    </div>
  );
}

interface ContentProps {
  row: TreeRow;
  whole: boolean;
  showWhole(): void;
  openMenu(at: Element): void;
}

function RowContent({ row, whole, showWhole, openMenu }: ContentProps): ReactNode {
  const { node } = row;
  const branch = node.kind === 'object' || node.kind === 'array';
  return (
    <>
      <span className="tc-tree-twist" aria-hidden="true">
        {row.expandable ? (row.expanded ? '▾' : '▸') : ''}
      </span>
      {node.key === null ? <span className="tc-tree-key">record</span> : null}
      {node.key === null ? null : (
        <span className="tc-tree-key">{typeof node.key === 'number' ? node.key : <VisibleText text={node.key} limit={200} />}</span>
      )}
      {node.repeatedKey ? (
        <span className="tc-tree-warning" title="This key occurs more than once here; programs usually take the last one">
          repeated key
        </span>
      ) : null}
      {branch ? (
        <span className="tc-tree-count">{branchWords(node)}</span>
      ) : (
        <>
          <button
            type="button"
            tabIndex={-1}
            className={`tc-tree-value ${node.kind}`}
            onClick={(event) => {
              event.stopPropagation();
              if (document.getSelection()?.isCollapsed !== false) openMenu(event.currentTarget);
            }}
          >
            {node.kind === 'string' && node.value === '' ? (
              '(empty text)'
            ) : (
              <VisibleText text={node.value} limit={whole ? undefined : VALUE_LIMIT} />
            )}
          </button>
          {!whole && node.value.length > VALUE_LIMIT ? (
            <button
              type="button"
              className="tc-tree-all"
              onClick={(event) => {
                event.stopPropagation();
                showWhole();
              }}
            >
              show all {node.value.length.toLocaleString('en-US')} characters
            </button>
          ) : null}
        </>
      )}
    </>
  );
}

function branchWords(node: JsonNode): string {
  const n = node.children.length;
  if (node.kind === 'array') return n === 0 ? '[ ] empty list' : `[ ${n} ]`;
  return n === 0 ? '{ } no fields' : `{ ${n} }`;
}
