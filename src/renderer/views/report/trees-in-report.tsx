/** The credential trees that are in the report, in its dialog: each can be taken out; they are put in on a credential's page. */
import { ActionIcon, Button, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ReportTree } from '../../../shared/case.ts';
import type { ReportTreesState } from '../../components/report-trees.ts';
import { useTime } from '../../components/use-time.ts';
import { cut, visibleString } from '../../components/visible-text.tsx';
import { useApp } from '../../state/app.ts';
import './report.css';

const NAME_SHOWN = 120;

interface Props {
  report: ReportTreesState;
  disabled: boolean;
  onClose: () => void;
}

export function TreesInReport({ report, disabled, onClose }: Props): ReactNode {
  const { trees, error, remove } = report;
  if (error !== null) return <Text c="red">The trees in the report could not be read: {error}</Text>;
  if (trees === null || trees.length === 0) return null;
  return (
    <ul className="tc-report-trees" aria-label="Credential trees in the report">
      {trees.map((tree) => (
        <Entry key={tree.id} tree={tree} disabled={disabled} onClose={onClose} remove={() => remove(tree.id)} />
      ))}
    </ul>
  );
}

function Entry({ tree, disabled, onClose, remove }: { tree: ReportTree; remove: () => void } & Omit<Props, 'report'>): ReactNode {
  const navigate = useApp((s) => s.navigate);
  const time = useTime();
  const name = visibleString(cut(tree.name, NAME_SHOWN));
  return (
    <li>
      <Button
        variant="subtle"
        size="compact-xs"
        disabled={disabled}
        title={name}
        onClick={() => {
          onClose();
          navigate({ view: 'credential', id: tree.credential });
        }}
      >
        {name}
      </Button>
      <Text span c="dimmed" size="sm">
        {tree.scope}, added {time.zoned(Math.floor(tree.addedAt / 1000) * 1000)}
      </Text>
      <ActionIcon size="sm" disabled={disabled} aria-label={`Remove the ${tree.scope} of ${name} from the report`} onClick={remove}>
        <IconX size={13} />
      </ActionIcon>
    </li>
  );
}
