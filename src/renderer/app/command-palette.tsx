/** ⌘K: every command and view, and what the typed text is in this case. */
import { Kbd } from '@mantine/core';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { hoverText } from '../components/visible-text.tsx';
import { useApp } from '../state/app.ts';
import { useSettled } from '../state/use-settled.ts';
import { type Command, usable } from './commands.ts';
import { findOffers, looksLikeOneThing, type Offer } from './find.ts';
import { takeOffer } from './find-box.tsx';
import { chooseFirst, paletteStore } from './palette-store.ts';
import { isMac } from './platform.ts';
import { keysShown } from './sequence.ts';
import { useLocated } from './use-located.ts';

const GROUPS: Command['group'][] = ['Go to', 'Evidence', 'Selection', 'Case', 'Window'];
const MAX_JUMPS = 8;

export function CommandPalette({ commands }: { commands: readonly Command[] }): ReactNode {
  const caseOpen = useApp((s) => s.opened !== null);
  const [query, setQuery] = useState('');
  const typed = query.trim();
  const settled = useSettled(typed, 120);
  const located = useLocated(caseOpen && settled.length >= 2 ? settled : '');

  useEffect(() => {
    if (located !== null && located.text !== '') chooseFirst();
  }, [located]);

  const groups: SpotlightActionGroupData[] = GROUPS.map((group) => ({
    group,
    actions: usable(commands, caseOpen)
      .filter((c) => c.group === group && c.label.toLowerCase().includes(typed.toLowerCase()))
      .map(
        (c): SpotlightActionData => ({
          id: c.id,
          label: c.label,
          onClick: c.run,
          ...(c.keys ? { rightSection: <Kbd>{keysShown(c.keys, isMac)}</Kbd> } : {}),
        }),
      ),
  })).filter((g) => g.actions.length > 0);

  if (caseOpen && typed !== '') {
    const exact = located?.text === typed ? findOffers(typed, 'exact', located.found).slice(0, MAX_JUMPS) : [];
    const [contains] = findOffers(typed, 'contains', null);
    const jumps: SpotlightActionGroupData = { group: 'In this case', actions: [...exact, ...(contains ? [contains] : [])].map(jumpAction) };
    if (looksLikeOneThing(typed) || exact.length > 0) groups.unshift(jumps);
    else groups.push(jumps);
  }

  return (
    <Spotlight
      store={paletteStore}
      shortcut={['mod + K']}
      tagsToIgnore={[]}
      triggerOnContentEditable
      query={query}
      onQueryChange={setQuery}
      actions={groups}
      filter={(_, actions) => actions}
      highlightQuery={false}
      limit={60}
      scrollable
      maxHeight={440}
      nothingFound="No command and nothing to look for."
      transitionProps={{ duration: 0 }}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      searchProps={{
        leftSection: <IconSearch size={16} />,
        placeholder: 'A command, a view, an event ID, a key, an address, an ARN',
        'aria-label': 'Command or value',
      }}
    />
  );
}

function jumpAction(offer: Offer): SpotlightActionData {
  return { id: `jump ${offer.id}`, label: offer.label, description: hoverText(offer.hint).slice(0, 300), onClick: () => takeOffer(offer) };
}
