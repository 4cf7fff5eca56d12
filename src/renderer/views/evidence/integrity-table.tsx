// biome-ignore-all lint/a11y/useSemanticElements: cells of a virtual grid, which cannot be a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus
/** Digests and logs with verdict and reason: an archive has tens of thousands. */
import type { ReactNode } from 'react';
import type { IntegrityRow } from '../../../shared/integrity.ts';
import { ChoiceGrid } from '../../components/row-grid.tsx';
import { hoverText, MiddleText } from '../../components/visible-text.tsx';
import { VerdictBadge } from './integrity-badge.tsx';

const TEMPLATE = '280px 56px minmax(300px, 1.3fr) minmax(260px, 1fr)';

interface Props {
  rows: readonly IntegrityRow[];
  open: number | null;
  onOpen: (index: number | null) => void;
}

export function IntegrityTable({ rows, open, onOpen }: Props): ReactNode {
  return (
    <ChoiceGrid
      label="Digests and logs"
      total={rows.length}
      template={TEMPLATE}
      minWidth={896}
      open={open}
      onOpen={onOpen}
      head={
        <>
          <span role="columnheader">Verdict</span>
          <span role="columnheader">Kind</span>
          <span role="columnheader">File</span>
          <span role="columnheader">Reason</span>
        </>
      }
      cells={(index) => {
        const row = rows[index];
        return row === undefined ? undefined : (
          <>
            <span role="gridcell">
              <VerdictBadge row={row} />
            </span>
            <span role="gridcell" className="tc-gl-kind">
              {row.kind}
            </span>
            <span role="gridcell">
              <MiddleText text={row.path} />
            </span>
            <span role="gridcell" className="tc-gl-kind" title={hoverText(row.reason)}>
              {hoverText(row.reason)}
            </span>
          </>
        );
      }}
    />
  );
}
