/** How many events of the selection are starred, and the switch that shows only these. */
import { Button } from '@mantine/core';
import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { Selection } from '../../../shared/plan.ts';
import { useTopic } from '../../components/details/topics.ts';
import { formatCount } from '../../components/numbers.ts';
import { useApp } from '../../state/app.ts';
import { useEngine, usePlan } from '../../state/engine.tsx';
import { idle } from '../../state/idle.ts';
import { useSelection } from '../../state/selection.ts';

/** The value of the column `starred` for a starred event. */
const STARRED = 'true';

/** Stars on events that the case does not hold (any more): their file was withdrawn, or lost with a database. */
function useLostStars(): number {
  const engine = useEngine();
  const generation = useApp((s) => s.queryStatus?.generation ?? 0);
  const importing = useApp((s) => s.importing !== null);
  const [lost, setLost] = useState(0);
  const look = useCallback(() => {
    const done = idle.begin();
    engine.store
      .listStars()
      .then((keys) => engine.query.missing(keys))
      .then(
        (missing) => setLost(missing.length),
        () => setLost(0),
      )
      .finally(done);
  }, [engine]);
  useTopic('stars', look);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new generation may hold other events; while an import runs nothing is lost
  useEffect(() => {
    if (!importing) look();
  }, [look, generation, importing]);
  return lost;
}

export function StarredFacet({ selection }: { selection: Selection }): ReactNode {
  const toggleValue = useSelection((s) => s.toggleValue);
  const { result } = usePlan('events/starred', selection, [{ ask: 'facet', column: 'starred', limit: 2 }]);
  const on = selection.filters.some((f) => f.op === 'in' && f.column === 'starred' && !f.not && f.values.includes(STARRED));
  const lost = useLostStars();
  const count = result?.answers[0].values.find((v) => v.value === STARRED)?.count ?? 0;
  return (
    <Button
      size="compact-sm"
      variant={on ? 'light' : 'default'}
      aria-pressed={on}
      disabled={!on && count === 0}
      leftSection={on ? <IconStarFilled size={14} /> : <IconStar size={14} />}
      onClick={() => toggleValue('starred', STARRED)}
      title={[
        count === 0 ? 'No event of this selection is starred: press s on a row to star it.' : 'Show only starred events.',
        lost > 0
          ? 'The others are on events that this case does not hold any more: their file was withdrawn, or is to be imported again.'
          : '',
      ]
        .join(' ')
        .trim()}
    >
      Starred {formatCount(count)}
      {lost > 0 ? `, ${formatCount(lost)} not in this case` : ''}
    </Button>
  );
}
