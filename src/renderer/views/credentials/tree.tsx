/** The tree of a credential: its ancestors above, what was issued from it below, each with what was done with it. */
import { Button, CloseButton, NativeSelect, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useMemo, useState } from 'react';
import type { CredentialTree } from '../../../shared/lineage.ts';
import { countOf, formatCount } from '../../components/numbers.ts';
import { useReportTrees } from '../../components/report-trees.ts';
import type { TimeWords } from '../../components/use-time.ts';
import type { ValueMenuControl } from '../../components/value-menu.tsx';
import { useApp } from '../../state/app.ts';
import { useSettled } from '../../state/use-settled.ts';
import { ReportButton } from './report-button.tsx';
import { FilterSubtree, GroupDetails, NodeDetails } from './tree-details.tsx';
import { TreeList } from './tree-list.tsx';
import {
  allOpen,
  collapsedBelow,
  firstCollapsed,
  firstSort,
  foundLines,
  indexTree,
  revealed,
  subtree,
  TREE_SORTS,
  type TreeLine,
  type TreeSort,
  type TreeState,
  treeLines,
} from './tree-model.ts';

const TYPING_MS = 120;
/** Trees with fewer credentials are seen whole: a search and an order would be in the way. */
const SEARCHED = 12;

interface Props {
  tree: CredentialTree;
  time: TimeWords;
  openMenu: ValueMenuControl['open'];
}

export function Tree({ tree, time, openMenu }: Props): ReactNode {
  const navigate = useApp((s) => s.navigate);
  const report = useReportTrees();
  const index = useMemo(() => indexTree(tree.nodes), [tree]);
  const [state, setState] = useState<TreeState>(() => ({
    collapsed: firstCollapsed(tree.nodes),
    groups: new Set(),
    sort: firstSort(tree.nodes),
  }));
  const [active, setActive] = useState<string>(tree.asked);
  const [typed, setTyped] = useState('');
  const find = useSettled(typed.trim(), TYPING_MS);
  const drawn = useMemo(
    () => (find === '' ? { lines: treeLines(index, state), found: null } : foundLines(index, find, state.sort)),
    [index, state, find],
  );
  const { lines, found } = drawn;
  const line = lines.find((l) => l.key === active);
  const chosen = line?.type === 'group' ? null : (line?.node ?? index.nodes.find((n) => n.id === active) ?? index.nodes[0]);
  const reported = useMemo(() => new Set(report.trees?.map((t) => t.credential as string)), [report.trees]);

  const setOpen = (some: readonly TreeLine[], open: boolean): void =>
    setState((now) => {
      const collapsed = new Set(now.collapsed);
      const groups = new Set(now.groups);
      for (const one of some) {
        const shut = one.type === 'node' ? !open : open;
        const set: Set<string> = one.type === 'node' ? collapsed : groups;
        if (shut) set.add(one.key);
        else set.delete(one.key);
      }
      return { ...now, collapsed, groups };
    });
  const setSort = (sort: TreeSort): void => setState((now) => ({ ...now, sort }));
  const search = (text: string): void => {
    setTyped(text);
    // What is chosen among the found stays in sight when the search ends.
    const node = index.nodes.find((n) => n.id === active);
    if (text === '' && node) setState((now) => revealed(index, node.id, now));
  };
  const nextFound = (e: KeyboardEvent): void => {
    if (e.key === 'Escape' && typed !== '') {
      e.stopPropagation();
      search('');
    } else if (e.key === 'Enter' && found && found.size > 0) {
      const hits = lines.filter((l) => l.type === 'node' && found.has(l.node.id));
      const at = hits.findIndex((l) => l.key === active);
      setActive(hits[(at + (e.shiftKey ? hits.length - 1 : 1)) % hits.length].key);
    }
  };
  const below = useMemo(() => subtree(tree.nodes, tree.asked), [tree]);
  const asked = index.byId.get(tree.asked);
  return (
    <section className="tc-card tc-sub-card" aria-label="Credential tree">
      <div className="tc-sub-card-head">
        <h2 className="tc-card-title">What came of it</h2>
        <span className="tc-soft">
          {countOf(tree.events, 'event')} with it and all that was issued from it
          {tree.left > 0 ? `; ${countOf(tree.left, 'further credential')} with the fewest events not listed` : ''}
        </span>
        <span className="tc-cred-tools">
          <Button variant="subtle" size="compact-xs" onClick={() => setState((now) => allOpen(index, now.sort))}>
            Expand all
          </Button>
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() => setState((now) => ({ ...now, collapsed: collapsedBelow(tree.nodes), groups: new Set() }))}
          >
            Collapse all
          </Button>
          <FilterSubtree nodes={below} what={tree.left > 0 ? 'it and what is listed below it' : 'it and all that came of it'} />
          {asked ? <ReportButton report={report} row={asked} scope="tree" /> : null}
        </span>
      </div>
      {tree.nodes.length < SEARCHED ? null : (
        <div className="tc-cred-bar">
          <TextInput
            className="tc-cred-find"
            size="xs"
            aria-label="Find in the tree"
            placeholder="Find in the tree: key, role, session…"
            maxLength={500}
            value={typed}
            onChange={(e) => search(e.currentTarget.value)}
            onKeyDown={nextFound}
            leftSection={<IconSearch size={13} />}
            rightSection={typed ? <CloseButton size="xs" aria-label="Clear" onClick={() => search('')} /> : null}
          />
          <NativeSelect
            size="xs"
            aria-label="Order of siblings"
            value={state.sort}
            onChange={(e) => setSort(e.currentTarget.value as TreeSort)}
            data={TREE_SORTS.map(({ value, label }) => ({ value, label }))}
          />
          <span className="tc-soft" role="status">
            {found === null
              ? `${countOf(tree.nodes.length, 'credential')} in ${countOf(lines.length, 'line')}`
              : found.size === 0
                ? 'No credential of the tree is called so.'
                : `${formatCount(found.size)} of ${countOf(tree.nodes.length, 'credential')} found, with those that they came from`}
          </span>
        </div>
      )}
      <div className="tc-cred-split">
        <div className="tc-cred-lines">
          <TreeList
            lines={lines}
            active={active}
            asked={tree.asked}
            found={found}
            reported={reported}
            time={time}
            choose={setActive}
            setOpen={found === null ? setOpen : () => undefined}
            enter={(l) => (l.type === 'group' ? setOpen([l], !l.open) : navigate({ view: 'credential', id: l.node.id }))}
          />
        </div>
        {line?.type === 'group' ? (
          <GroupDetails line={line} nodes={tree.nodes} time={time} />
        ) : chosen ? (
          <NodeDetails node={chosen} nodes={tree.nodes} asked={chosen.id === tree.asked} report={report} time={time} openMenu={openMenu} />
        ) : null}
      </div>
    </section>
  );
}
