/** One line of a credential tree: a credential, or siblings that are alike. */
import { VisuallyHidden } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconFileText } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { countOf, formatCount } from '../../components/numbers.ts';
import type { TimeWords } from '../../components/use-time.ts';
import { cut, hoverText, MiddleText, visibleString } from '../../components/visible-text.tsx';
import { shortTime } from '../subject/short-time.ts';
import type { GroupLine, NodeLine, TreeLine } from './tree-model.ts';
import { actsAs, credentialName, kindLabel, linkWords } from './words.ts';

/** Characters of whom a credential acts as. */
const WHO_SHOWN = 120;
const INDENTS = 12;

export const lineId = (key: string): string => `tc-cred-${encodeURIComponent(key.toWellFormed())}`;

/** The line in words, for who hears it. */
function spoken(line: TreeLine, reported: boolean): string {
  if (line.type === 'group') {
    const { credentials, events, denied } = line.totals;
    const like = line.alike === null ? ` of ${formatCount(line.roles)} roles and users` : ` like this: ${cut(line.alike, WHO_SHOWN)}`;
    return visibleString(
      `${formatCount(line.nodes.length)} more${like}, ${countOf(credentials, 'credential')} with all below, ${countOf(events, 'event')}, ${formatCount(denied)} denied`,
    );
  }
  const { node } = line;
  const { events, denied } = node.totals;
  const parts = [
    cut(actsAs(node) ?? credentialName(node), WHO_SHOWN),
    cut(credentialName(node), WHO_SHOWN),
    kindLabel(node.kind),
    ...(node.link ? [node.link.proof] : []),
    countOf(node.events, 'event'),
    `${formatCount(node.denied)} denied`,
    ...(node.descendants === 0
      ? []
      : [`${countOf(node.descendants, 'credential')} below, with them ${countOf(events, 'event')}, ${formatCount(denied)} denied`]),
    ...(reported ? ['in the report'] : []),
  ];
  return visibleString(parts.join(', '));
}

interface LineProps {
  line: TreeLine;
  /** Pixels from the top of the list. */
  top: number;
  asked: boolean;
  active: boolean;
  dim: boolean;
  reported: boolean;
  time: TimeWords;
  choose: () => void;
  toggle: () => void;
}

export function Line({ line, top, asked, active, dim, reported, time, choose, toggle }: LineProps): ReactNode {
  const { indent, children, open, place } = line;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it takes the keys
    <div
      id={lineId(line.key)}
      role="treeitem"
      tabIndex={-1}
      aria-level={indent + 1}
      aria-posinset={place.at}
      aria-setsize={place.of}
      aria-selected={active}
      aria-expanded={children > 0 ? open : undefined}
      className={`tc-cred-line${active ? ' active' : ''}${asked ? ' asked' : ''}${dim ? ' dim' : ''}${line.type === 'group' ? ' group' : ''}`}
      style={{ paddingLeft: 8 + Math.min(indent, INDENTS) * 16, transform: `translateY(${top}px)` }}
      onClick={choose}
      onDoubleClick={children > 0 ? toggle : undefined}
    >
      {children > 0 ? (
        <button
          type="button"
          className="tc-cred-toggle"
          tabIndex={-1}
          aria-hidden="true"
          title={open ? 'Collapse' : 'Expand'}
          onClick={(e) => {
            e.stopPropagation();
            toggle();
          }}
        >
          {open ? <IconChevronDown size={13} /> : <IconChevronRight size={13} />}
        </button>
      ) : (
        <span className="tc-cred-leaf" />
      )}
      <VisuallyHidden>{spoken(line, reported)}</VisuallyHidden>
      <span className="tc-cred-cells" aria-hidden="true">
        {line.type === 'node' ? <NodeCells line={line} reported={reported} time={time} /> : <GroupCells line={line} />}
      </span>
    </div>
  );
}

function NodeCells({
  line: { node, open, children, indent },
  reported,
  time,
}: {
  line: NodeLine;
  reported: boolean;
  time: TimeWords;
}): ReactNode {
  const hidden = node.descendants > 0 && (!open || children === 0);
  return (
    <>
      {node.link ? (
        <span
          className="tc-cred-proof"
          data-proof={node.link.proof === 'exact' ? 'proven' : 'inferred'}
          title={`${node.link.proof}: ${linkWords(node.link.how)}`}
        >
          {node.link.proof === 'exact' ? '=' : '≈'}
        </span>
      ) : null}
      <span className="tc-cred-who" title={hoverText(node.identity ?? node.issuedTo ?? '')}>
        {indent > INDENTS ? <span className="tc-soft">{indent + 1}: </span> : null}
        {visibleString(cut(actsAs(node) ?? credentialName(node), WHO_SHOWN))}
      </span>
      {reported ? <IconFileText size={13} className="tc-cred-reported" /> : null}
      <span className="tc-cred-name tc-soft">
        <MiddleText text={credentialName(node)} />
      </span>
      <span className="tc-soft tc-cred-kind">{kindLabel(node.kind)}</span>
      <span className="tc-cred-count">{formatCount(node.events)}</span>
      <span className="tc-cred-denied">{node.denied > 0 ? `⊘ ${formatCount(node.denied)}` : ''}</span>
      <Below
        credentials={node.descendants}
        events={node.totals.events}
        denied={node.totals.denied}
        strong={hidden}
        help={`With the ${countOf(node.descendants, 'credential')} below it`}
      />
      <span className="tc-soft tc-cred-when" title={time.zoned(node.firstUse)}>
        {node.firstUse === null ? 'never used' : shortTime(time.time(node.firstUse))}
      </span>
    </>
  );
}

/** Totals of a branch: they stand out where the branch is not on screen. */
function Below(props: { credentials: number; events: number; denied: number; strong: boolean; help: string }): ReactNode {
  const { credentials, events, denied, strong, help } = props;
  if (credentials === 0) return <span className="tc-cred-below" />;
  return (
    <span
      className={`tc-cred-below${strong ? ' strong' : ''}`}
      title={`${help}: ${countOf(events, 'event')}, ${formatCount(denied)} denied`}
    >
      <span>+{formatCount(credentials)}</span>
      <span>Σ {formatCount(events)}</span>
      <span className="tc-cred-denied">{denied > 0 ? `⊘ ${formatCount(denied)}` : ''}</span>
    </span>
  );
}

function GroupCells({ line: { nodes, alike, roles, kind, totals, open } }: { line: GroupLine }): ReactNode {
  return (
    <>
      <span className="tc-cred-who">
        {open ? '' : 'and '}
        {formatCount(nodes.length)} more{' '}
        {alike === null ? `of ${formatCount(roles)} roles and users` : `like this: ${visibleString(cut(alike, WHO_SHOWN))}`}
      </span>
      <span className="tc-soft tc-cred-kind">{kind === null ? '' : kindLabel(kind)}</span>
      <span className="tc-cred-count" />
      <span className="tc-cred-denied" />
      <Below {...totals} strong={!open} help={`Of these ${countOf(totals.credentials, 'credential')}, with all below them`} />
      <span className="tc-cred-when" />
    </>
  );
}

/** What the numbers of the lines are. */
export function TreeHead({ zone }: { zone: string }): ReactNode {
  return (
    <div className="tc-cred-line head tc-soft" aria-hidden="true">
      <span className="tc-cred-leaf" />
      <span className="tc-cred-who">Acts as</span>
      <span className="tc-cred-name">Credential</span>
      <span className="tc-cred-kind">Kind</span>
      <span className="tc-cred-count">Events</span>
      <span className="tc-cred-denied">Denied</span>
      <span className="tc-cred-below">
        <span>Below</span>
        <span>Σ events</span>
        <span>denied</span>
      </span>
      <span className="tc-cred-when">First ({zone})</span>
    </div>
  );
}
