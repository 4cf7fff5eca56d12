/** How many events of the selection are starred, and the switch that shows only these. */
import { Button } from '@mantine/core';
import { IconStar, IconStarFilled } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Selection } from '../../../shared/plan.ts';
import { formatCount } from '../../components/numbers.ts';
import { usePlan } from '../../state/engine.tsx';
import { useSelection } from '../../state/selection.ts';

/** The value of the column `starred` for a starred event. */
const STARRED = 'true';

export function StarredFacet({ selection }: { selection: Selection }): ReactNode {
  const toggleValue = useSelection((s) => s.toggleValue);
  const { result } = usePlan('events/starred', selection, [{ ask: 'facet', column: 'starred', limit: 2 }]);
  const on = selection.filters.some((f) => f.op === 'in' && f.column === 'starred' && !f.not && f.values.includes(STARRED));
  const count = result?.answers[0].values.find((v) => v.value === STARRED)?.count ?? 0;
  return (
    <Button
      size="compact-sm"
      variant={on ? 'light' : 'default'}
      aria-pressed={on}
      disabled={!on && count === 0}
      leftSection={on ? <IconStarFilled size={14} /> : <IconStar size={14} />}
      onClick={() => toggleValue('starred', STARRED)}
      title={count === 0 ? 'No event of this selection is starred: press s on a row to star it' : 'Show only starred events'}
    >
      Starred {formatCount(count)}
    </Button>
  );
}
