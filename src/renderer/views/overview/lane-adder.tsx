/** Chooses a lane: a search over all values of the lanes' column in the case, whether active in the selection or not. */
import { Combobox, TextInput, useCombobox } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { SingleColumnId } from '../../../shared/columns.ts';
import { EMPTY_SELECTION } from '../../../shared/plan.ts';
import { formatCount } from '../../components/numbers.ts';
import { labelInText } from '../../components/value-words.ts';
import { MiddleText } from '../../components/visible-text.tsx';
import { usePlan } from '../../state/engine.tsx';
import { addLane, MOST_LANES } from '../../state/lanes.ts';
import { useSettled } from '../../state/use-settled.ts';

const TYPING_MS = 150;
const OFFERED = 30;

export function LaneAdder({ by, chosen }: { by: SingleColumnId; chosen: readonly string[] }): ReactNode {
  const [typed, setTyped] = useState('');
  const find = useSettled(typed.trim(), TYPING_MS);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const open = combobox.dropdownOpened;
  const { result } = usePlan(
    'overview/lane-adder',
    EMPTY_SELECTION,
    open ? [{ ask: 'facet', column: by, limit: OFFERED + chosen.length + 1, strict: true, ...(find === '' ? {} : { find }) }] : null,
  );
  const facet = result?.answers[0];
  const offered =
    facet?.column === by
      ? facet.values.flatMap((v) => (v.value === null || chosen.includes(v.value) ? [] : [{ ...v, value: v.value }]))
      : [];
  const full = chosen.length >= MOST_LANES;
  const what = labelInText(by);
  return (
    <Combobox
      store={combobox}
      withinPortal
      shadow="md"
      position="bottom-start"
      onOptionSubmit={(value) => {
        addLane(value);
        setTyped('');
      }}
    >
      <Combobox.Target>
        <TextInput
          className="tc-lanes-add"
          aria-label={`Add a lane: find a value of ${what}`}
          placeholder={full ? `At most ${MOST_LANES} lanes` : `Add ${what}…`}
          disabled={full}
          maxLength={500}
          value={typed}
          leftSection={<IconPlus size={13} />}
          onChange={(e) => {
            setTyped(e.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onFocus={() => combobox.openDropdown()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(e) => {
            if (e.key === 'Escape') {
              e.stopPropagation();
              setTyped('');
              combobox.closeDropdown();
            } else if (e.key === 'Enter' && combobox.getSelectedOptionIndex() < 0 && typed.trim() === find && offered.length > 0) {
              e.preventDefault();
              addLane(offered[0].value);
              setTyped('');
            }
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown miw={360}>
        <Combobox.Options aria-label={`Values of ${what} in the case`} mah={320} style={{ overflowY: 'auto' }}>
          {offered.length === 0 ? (
            <Combobox.Empty>{find === '' ? 'No further value in this case.' : 'No value of this case contains this text.'}</Combobox.Empty>
          ) : null}
          {offered.slice(0, OFFERED).map(({ value, count }) => (
            <Combobox.Option key={value} value={value} className="tc-lane-offer">
              <MiddleText text={value} />
              <span className="tc-soft">{formatCount(count)}</span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
