/** The tree of a credential: its ancestors above, what was issued from it below, each with what was done with it. */
import { ActionIcon, Button, Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconFilter } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import type { ValueColumnId } from '../../../shared/columns.ts';
import type { CredentialId, CredentialTree, CredentialTreeNode, TopValues } from '../../../shared/lineage.ts';
import { countOf, formatCount } from '../../components/numbers.ts';
import type { TimeWords } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { valueWords } from '../../components/value-words.ts';
import { cut, MiddleText, visibleString } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { useSelection } from '../../state/selection.ts';
import { LinkLine } from './chain.tsx';
import { firstCollapsed, subtree, type TreeLine, treeLines } from './tree-model.ts';
import { actsAs, credentialName, identityTarget, kindLabel, linkWords, usedByFilter } from './words.ts';

/** Characters of whom a credential acts as. */
const WHO_SHOWN = 120;

interface Props {
  tree: CredentialTree;
  time: TimeWords;
  openMenu: ValueMenuControl['open'];
}

export function Tree({ tree, time, openMenu }: Props): ReactNode {
  const [collapsed, setCollapsed] = useState<ReadonlySet<CredentialId>>(() => firstCollapsed(tree.nodes));
  const [active, setActive] = useState<CredentialId>(tree.asked);
  const list = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => treeLines(tree.nodes, collapsed), [tree, collapsed]);
  const chosen = tree.nodes.find((n) => n.id === active) ?? tree.nodes[0];
  const toggle = (id: CredentialId): void =>
    setCollapsed((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    const at = lines.findIndex((l) => l.node.id === active);
    const line = lines[at];
    const go = (next: number): void => {
      const target = lines[Math.max(0, Math.min(lines.length - 1, next))];
      setActive(target.node.id);
      document.getElementById(lineId(target.node.id))?.scrollIntoView({ block: 'nearest' });
    };
    if (e.key === 'ArrowDown') go(at + 1);
    else if (e.key === 'ArrowUp') go(at - 1);
    else if (e.key === 'Home') go(0);
    else if (e.key === 'End') go(lines.length - 1);
    else if (e.key === 'ArrowRight' && line && line.children > 0 && !line.open) toggle(line.node.id);
    else if (e.key === 'ArrowLeft' && line?.open && line.children > 0) toggle(line.node.id);
    else if (e.key === 'ArrowLeft' && line?.node.parent) go(lines.findIndex((l) => l.node.id === line.node.parent));
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  const all = (open: boolean): void =>
    setCollapsed(open ? new Set() : new Set(tree.nodes.filter((n) => n.children > 0 && n.level >= 0).map((n) => n.id)));
  return (
    <section className="tc-card tc-sub-card" aria-label="Credential tree">
      <div className="tc-sub-card-head">
        <h2 className="tc-card-title">What came of it</h2>
        <span className="tc-soft">
          {countOf(tree.events, 'event')} with it and all that was issued from it
          {tree.left > 0 ? `; ${countOf(tree.left, 'further credential')} not listed` : ''}
        </span>
        <span className="tc-cred-tools">
          <Button variant="subtle" size="compact-xs" onClick={() => all(true)}>
            Expand all
          </Button>
          <Button variant="subtle" size="compact-xs" onClick={() => all(false)}>
            Collapse
          </Button>
          <FilterSubtree nodes={subtree(tree.nodes, tree.asked)} what="it and all that came of it" />
        </span>
      </div>
      <div className="tc-cred-split">
        <div
          ref={list}
          className="tc-cred-tree"
          role="tree"
          tabIndex={0}
          aria-label="Credentials, each below the one that it was issued from"
          aria-activedescendant={lineId(active)}
          onKeyDown={onKeyDown}
        >
          {lines.map((line) => (
            <Line
              key={line.node.id}
              line={line}
              asked={line.node.id === tree.asked}
              active={line.node.id === active}
              time={time}
              choose={() => setActive(line.node.id)}
              toggle={() => toggle(line.node.id)}
            />
          ))}
        </div>
        {chosen ? <NodeDetails node={chosen} nodes={tree.nodes} asked={chosen.id === tree.asked} time={time} openMenu={openMenu} /> : null}
      </div>
    </section>
  );
}

const lineId = (id: CredentialId): string => `tc-cred-${encodeURIComponent(id.toWellFormed())}`;

interface LineProps {
  line: TreeLine;
  asked: boolean;
  active: boolean;
  time: TimeWords;
  choose: () => void;
  toggle: () => void;
}

function Line({ line, asked, active, time, choose, toggle }: LineProps): ReactNode {
  const { node, indent, children, open } = line;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it takes the keys
    <div
      id={lineId(node.id)}
      role="treeitem"
      tabIndex={-1}
      aria-level={indent + 1}
      aria-selected={active}
      aria-expanded={children > 0 ? open : undefined}
      className={`tc-cred-line${active ? ' active' : ''}${asked ? ' asked' : ''}`}
      style={{ paddingLeft: 8 + Math.min(indent, 12) * 18 }}
      onClick={choose}
    >
      {children > 0 ? (
        <ActionIcon
          size={18}
          tabIndex={-1}
          aria-label={open ? 'Collapse' : 'Expand'}
          onClick={(e) => {
            e.stopPropagation();
            toggle();
          }}
        >
          {open ? <IconChevronDown size={13} /> : <IconChevronRight size={13} />}
        </ActionIcon>
      ) : (
        <span className="tc-cred-leaf" />
      )}
      {node.link ? (
        <span
          className="tc-cred-proof"
          data-proof={node.link.proof === 'exact' ? 'proven' : 'inferred'}
          title={`${node.link.proof}: ${linkWords(node.link.how)}`}
        >
          {node.link.proof === 'exact' ? '=' : '≈'}
        </span>
      ) : null}
      <span className="tc-cred-name">
        <MiddleText text={credentialName(node)} />
      </span>
      <span className="tc-cred-who" title={node.identity ?? node.issuedTo ?? undefined}>
        {visibleString(cut(actsAs(node) ?? '', WHO_SHOWN))}
      </span>
      <span className="tc-soft tc-cred-kind">{kindLabel(node.kind)}</span>
      <span className="tc-cred-count">{formatCount(node.events)}</span>
      <span className="tc-cred-denied">{node.denied > 0 ? `⊘ ${formatCount(node.denied)}` : ''}</span>
      <span className="tc-soft tc-cred-when">{node.firstUse === null ? 'never used' : time.time(node.firstUse)}</span>
      {!open && node.descendants > 0 ? <span className="tc-soft">+ {formatCount(node.descendants)} below</span> : null}
    </div>
  );
}

function FilterSubtree({ nodes, what }: { nodes: readonly CredentialTreeNode[]; what: string }): ReactNode {
  const navigate = useApp((s) => s.navigate);
  const filter = usedByFilter(nodes);
  return (
    <Tooltip label={`Events made with ${what}`}>
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconFilter size={12} />}
        disabled={filter === null}
        onClick={() => {
          if (!filter) return;
          useSelection.getState().addFilter(filter);
          navigate({ view: 'events' });
        }}
      >
        Filter to this subtree
      </Button>
    </Tooltip>
  );
}

interface DetailsProps {
  node: CredentialTreeNode;
  nodes: readonly CredentialTreeNode[];
  asked: boolean;
  time: TimeWords;
  openMenu: ValueMenuControl['open'];
}

function NodeDetails({ node, nodes, asked, time, openMenu }: DetailsProps): ReactNode {
  const navigate = useApp((s) => s.navigate);
  return (
    <section className="tc-cred-node" aria-label="The chosen credential">
      <div className="tc-cred-hop-head">
        <strong>
          <MiddleText text={credentialName(node)} />
        </strong>
        <span className="tc-soft">{kindLabel(node.kind)}</span>
      </div>
      {node.link ? <LinkLine link={node.link} /> : <p className="tc-cred-link">{node.stop.text}</p>}
      <dl>
        <dt>Acts as</dt>
        <dd>
          {node.identity !== null ? (
            <UnstyledButton className="tc-cred-value" aria-haspopup="menu" onClick={(e) => openMenu(e.currentTarget, identityTarget(node))}>
              <MiddleText text={node.identity} />
            </UnstyledButton>
          ) : (
            <MiddleText text={node.issuedTo ?? 'not recorded'} />
          )}
        </dd>
        <dt>Used</dt>
        <dd>{node.firstUse === null ? 'never in evidence' : `${time.time(node.firstUse)} to ${time.zoned(node.lastUse)}`}</dd>
        <dt>Expires</dt>
        <dd>{node.expires === null ? 'not recorded' : time.zoned(node.expires)}</dd>
        <Top label="Addresses" column="sourceIPAddress" values={node.ips} openMenu={openMenu} />
        <Top label="Agents" column="userAgent" values={node.agents} openMenu={openMenu} />
        <Top label="Regions" column="awsRegion" values={node.regions} openMenu={openMenu} />
        <Top label="Actions" column="eventName" values={node.actions} openMenu={openMenu} />
        <Top label="Denied" column="eventName" values={node.deniedActions} openMenu={openMenu} />
        <Top label="Resources" column="resource" values={node.resources} openMenu={openMenu} />
      </dl>
      <div className="tc-cred-tools">
        {asked ? null : (
          <Button variant="default" size="compact-xs" onClick={() => navigate({ view: 'credential', id: node.id })}>
            Open its page
          </Button>
        )}
        <FilterSubtree nodes={subtree(nodes, node.id)} what="it and what is listed below it" />
      </div>
    </section>
  );
}

function Top({
  label,
  column,
  values,
  openMenu,
}: {
  label: string;
  column: ValueColumnId;
  values: TopValues;
  openMenu: ValueMenuControl['open'];
}): ReactNode {
  if (values.distinct === 0) return null;
  const more = values.distinct - values.top.length;
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {values.top.map(({ value, count }) => (
          <UnstyledButton
            key={value}
            className="tc-cred-value"
            aria-haspopup="menu"
            onClick={(e) => openMenu(e.currentTarget, { column, values: [value] })}
          >
            <MiddleText text={valueWords(column, value)} /> <span className="tc-soft">{formatCount(count)}</span>
          </UnstyledButton>
        ))}
        {more > 0 ? <span className="tc-soft">and {formatCount(more)} more</span> : null}
      </dd>
    </>
  );
}
