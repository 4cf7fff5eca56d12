/** Puts a tree into the report, or takes it out: the button says which of the two, and so whether it is in. */
import { Button, Tooltip } from '@mantine/core';
import { IconFileCheck, IconFilePlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type ReportTree, reportTreeId } from '../../../shared/case.ts';
import type { CredentialRow } from '../../../shared/lineage.ts';
import type { ReportTreesState } from '../../components/report-trees.ts';
import { actsAs, credentialName } from './words.ts';

interface Props {
  report: ReportTreesState;
  row: CredentialRow;
  scope: ReportTree['scope'];
}

const HELP = {
  tree: 'This credential, those that it came from and all that was issued from it, as they are in evidence when the report is made',
  subtree: 'This credential and what was issued from it, as they are in evidence when the report is made',
} as const;

/** For a list of what is in the report: the key, and whom it acts as. */
function nameOf(row: CredentialRow): string {
  const who = actsAs(row);
  const name = credentialName(row);
  return who === null || row.accessKeyId === null ? name : `${name} (${who})`;
}

export function ReportButton({ report, row, scope }: Props): ReactNode {
  const id = reportTreeId(scope, row.id);
  const known = report.trees?.some((tree) => tree.id === id) ?? false;
  return (
    <Tooltip label={known ? `The ${scope} is in the report` : HELP[scope]} multiline maw={320}>
      <Button
        variant={known ? 'light' : 'default'}
        size="compact-xs"
        disabled={report.trees === null}
        leftSection={known ? <IconFileCheck size={12} /> : <IconFilePlus size={12} />}
        onClick={() => (known ? report.remove(id) : report.add({ credential: row.id, scope, name: nameOf(row) }))}
      >
        {known ? `In the report: remove ${scope}` : `Add ${scope} to the report`}
      </Button>
    </Tooltip>
  );
}
