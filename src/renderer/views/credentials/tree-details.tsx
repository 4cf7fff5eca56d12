/** What is said of the line that is chosen in a credential tree: a credential, or siblings that are alike. */
import { Button, Tooltip, UnstyledButton } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { type ReactNode, useMemo } from 'react';
import type { ValueColumnId } from '../../../shared/columns.ts';
import type { CredentialTreeNode, TopValues } from '../../../shared/lineage.ts';
import { countOf, formatCount } from '../../components/numbers.ts';
import type { ReportTreesState } from '../../components/report-trees.ts';
import type { TimeWords } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { valueWords } from '../../components/value-words.ts';
import { cut, MiddleText, visibleString } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import { useSelection } from '../../state/selection.ts';
import { LinkLine } from './chain.tsx';
import { ReportButton } from './report-button.tsx';
import { type GroupLine, subtree } from './tree-model.ts';
import { credentialName, identityTarget, kindLabel, usedByFilter } from './words.ts';

const NAME_SHOWN = 200;

export function FilterSubtree(props: { nodes: readonly CredentialTreeNode[]; what: string; label?: string }): ReactNode {
  const { nodes, what, label = 'Filter to this subtree' } = props;
  const navigate = useApp((s) => s.navigate);
  const filter = useMemo(() => usedByFilter(nodes), [nodes]);
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
        {label}
      </Button>
    </Tooltip>
  );
}

interface DetailsProps {
  node: CredentialTreeNode;
  nodes: readonly CredentialTreeNode[];
  asked: boolean;
  report: ReportTreesState;
  time: TimeWords;
  openMenu: ValueMenuControl['open'];
}

export function NodeDetails({ node, nodes, asked, report, time, openMenu }: DetailsProps): ReactNode {
  const navigate = useApp((s) => s.navigate);
  const branch = useMemo(() => subtree(nodes, node.id), [nodes, node.id]);
  // What stands above the asked credential has other branches, of which none is listed.
  const left = node.level < 0 ? 0 : node.descendants - (branch.length - 1);
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
        <dd>
          {node.firstUse === null ? 'never in evidence' : `${time.time(node.firstUse)} to ${time.zoned(node.lastUse)}`}
          <br />
          {countOf(node.events, 'event')}, {formatCount(node.denied)} denied
        </dd>
        {node.descendants === 0 ? null : (
          <>
            <dt>With all below</dt>
            <dd>
              {countOf(node.descendants, 'credential')} below it; {countOf(node.totals.events, 'event')}, {formatCount(node.totals.denied)}{' '}
              denied in all
              {left > 0 ? `; ${formatCount(left)} of them are not listed here` : ''}
            </dd>
          </>
        )}
        <dt>Expires</dt>
        <dd>{node.expires === null ? (node.kind === 'long-term' ? 'never' : 'not recorded') : time.zoned(node.expires)}</dd>
        {node.revokeBefore === null ? null : (
          <>
            <dt>To end it</dt>
            <dd>deny its role what was issued before {time.zoned(node.revokeBefore)}</dd>
          </>
        )}
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
        <FilterSubtree nodes={branch} what="it and what is listed below it" />
        <ReportButton report={report} row={node} scope="subtree" />
      </div>
    </section>
  );
}

/** Of siblings behind one line: what they have in common, and what was done with them. */
export function GroupDetails({ line, nodes, time }: { line: GroupLine; nodes: readonly CredentialTreeNode[]; time: TimeWords }): ReactNode {
  const used = line.nodes.filter((node) => node.firstUse !== null);
  const first = used.reduce<number | null>((at, { firstUse }) => (at === null ? firstUse : Math.min(at, firstUse ?? at)), null);
  const last = used.reduce<number | null>((at, { lastUse }) => (at === null ? lastUse : Math.max(at, lastUse ?? at)), null);
  return (
    <section className="tc-cred-node" aria-label="The chosen credentials">
      <div className="tc-cred-hop-head">
        <strong>{countOf(line.nodes.length, 'credential')}</strong>
        <span className="tc-soft">{line.kind === null ? 'of several kinds' : kindLabel(line.kind)}</span>
      </div>
      <dl>
        <dt>Act as</dt>
        <dd>{line.alike === null ? 'several roles and users' : visibleString(cut(line.alike, NAME_SHOWN))}</dd>
        <dt>With all below</dt>
        <dd>
          {countOf(line.totals.credentials, 'credential')}, {countOf(line.totals.events, 'event')}, {formatCount(line.totals.denied)} denied
        </dd>
        <dt>Used</dt>
        <dd>
          {used.length === 0 ? 'none in evidence' : `${formatCount(used.length)} of them, ${time.zoned(first)} to ${time.zoned(last)}`}
        </dd>
      </dl>
      <div className="tc-cred-tools">
        <FilterSubtree
          nodes={line.nodes.flatMap((node) => subtree(nodes, node.id))}
          what="these and what is listed below them"
          label="Filter to these"
        />
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
