/** The find box: type, choose how it is meant, Enter. Exact values of the case are looked up while typing. */
import { CloseButton, Combobox, ScrollArea, TextInput, useCombobox } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { MiddleText } from '../components/visible-text.tsx';
import { useApp } from '../state/app.ts';
import { useEngine } from '../state/engine.tsx';
import { idle } from '../state/idle.ts';
import { tell, tellFailure } from '../state/messages.ts';
import { useSelection } from '../state/selection.ts';
import { useSettled } from '../state/use-settled.ts';
import { FIND_INPUT } from './commands.ts';
import { type FindMode, findOffers, type Offer } from './find.ts';
import { useLocated } from './use-located.ts';

const LOOK_UP_AFTER_MS = 150;
const MAX_TYPED = 2000;

export function takeOffer(offer: Offer): void {
  if (offer.kind === 'open') useApp.getState().openEvent(offer.key);
  else if (offer.kind === 'page') useApp.getState().navigate({ view: 'subject', column: offer.column, value: offer.value });
  else useSelection.getState().addFilter(offer.filter);
}

export function FindBox(): ReactNode {
  const engine = useEngine();
  const [text, setText] = useState('');
  const [mode, setMode] = useState<FindMode>('contains');
  const settled = useSettled(text.trim(), LOOK_UP_AFTER_MS);
  const located = useLocated(settled);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });

  const offers = findOffers(text, mode, located && located.text === text.trim() ? located.found : null);

  const take = (offer: Offer): void => {
    takeOffer(offer);
    // Keys are the view's again: Esc closes what was opened.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    setText('');
    combobox.closeDropdown();
  };

  // Typing fast and pressing Enter must mean the same as waiting for the list.
  const enter = async (): Promise<void> => {
    const typed = text.trim();
    if (typed === '') return;
    const done = idle.begin();
    try {
      const found = located && located.text === typed ? located.found : await engine.query.locate(typed);
      const [first] = findOffers(typed, mode, found);
      if (first) take(first);
      else tell('No column of this case holds exactly this value. Choose “contains” to look for a part of it.', 'Nothing found');
    } catch (thrown) {
      tellFailure('The value could not be looked up.', thrown);
    } finally {
      done();
    }
  };

  return (
    <Combobox store={combobox} withinPortal shadow="md" onOptionSubmit={(id) => offers.filter((o) => o.id === id).forEach(take)}>
      <Combobox.Target>
        <TextInput
          data-focus={FIND_INPUT}
          className="tc-find"
          aria-label="Find in all columns, or jump to an event ID, key, address or ARN"
          placeholder="Find, or jump to an event ID, key, IP, ARN"
          maxLength={MAX_TYPED}
          value={text}
          leftSection={<IconSearch size={14} />}
          rightSectionWidth={text ? 114 : 92}
          rightSection={
            <>
              {text ? <CloseButton size="xs" aria-label="Clear the find box" onClick={() => setText('')} /> : null}
              <select
                className="tc-find-mode"
                aria-label="How to match"
                value={mode}
                onChange={(e) => setMode(e.currentTarget.value === 'exact' ? 'exact' : 'contains')}
              >
                <option value="contains">contains</option>
                <option value="exact">is exactly</option>
              </select>
            </>
          }
          onChange={(e) => {
            setText(e.currentTarget.value);
            combobox.openDropdown();
            combobox.resetSelectedOption();
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(e) => {
            if (e.key === 'Enter' && combobox.getSelectedOptionIndex() < 0) {
              e.preventDefault();
              void enter();
            } else if (e.key === 'Escape') {
              if (text === '') e.currentTarget.blur();
              setText('');
              e.stopPropagation();
            }
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={text.trim() === ''}>
        <Combobox.Options aria-label="What the text can mean">
          <ScrollArea.Autosize mah={360} type="auto">
            {offers.length === 0 ? <Combobox.Empty>No column holds exactly this value.</Combobox.Empty> : null}
            {offers.map((offer) => (
              <Combobox.Option key={offer.id} value={offer.id} className="tc-offer">
                <span className="tc-offer-label">{offer.label}</span>
                <MiddleText text={offer.hint} />
              </Combobox.Option>
            ))}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
