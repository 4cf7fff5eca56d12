/** The help on keys, as a table. */
import { Kbd, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Command } from './commands.ts';
import { keySections } from './key-sections.ts';
import { isMac } from './platform.ts';

export function KeyHelp({ commands }: { commands: readonly Command[] }): ReactNode {
  return (
    <Table verticalSpacing={4}>
      {keySections(commands, isMac).map(({ where, keys }) => (
        <Table.Tbody key={where}>
          <Table.Tr>
            <Table.Th colSpan={2} scope="rowgroup">
              {where}
            </Table.Th>
          </Table.Tr>
          {keys.map(([shown, what]) => (
            <Table.Tr key={what}>
              <Table.Td w={210}>
                <Kbd>{shown}</Kbd>
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      ))}
    </Table>
  );
}
