/** The time range of the selection: always in sight, typed in many ways, with its errors in a sentence. */
import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconCalendarTime, IconChevronLeft, IconChevronRight, IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { parseRange, RANGE_EXAMPLES, shiftRange } from '../components/time.ts';
import { useTime } from '../components/use-time.ts';
import { useApp } from '../state/app.ts';
import { useSelection } from '../state/selection.ts';
import { TIME_INPUT } from './commands.ts';

const QUICK = ['last 1h', 'last 24h', 'last 7d', 'last 30d'] as const;

export function TimeRangeControl(): ReactNode {
  const words = useTime();
  const range = useSelection((s) => s.selection.time);
  const setTime = useSelection((s) => s.setTime);
  const lastEvent = useApp((s) => s.opened?.info.lastTime ?? null);
  const shown = range.from === null && range.to === null ? '' : words.range(range);
  const [draft, setDraft] = useState(shown);
  const [error, setError] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    setDraft(shown);
    setError(null);
  }, [shown]);

  const apply = (text: string): void => {
    if (text === shown) {
      setOpen(false);
      return;
    }
    const parsed = parseRange(text, { utc: words.utc, lastEvent });
    if (!parsed.ok) {
      setError(parsed.error);
      setOpen(true);
      return;
    }
    setError(null);
    setOpen(false);
    setTime(parsed.value);
  };
  const step = (direction: -1 | 1): void => {
    const moved = shiftRange(range, direction);
    if (moved) setTime(moved);
  };
  const dropdown = useRef<HTMLDivElement>(null);
  const bounded = range.from !== null && range.to !== null;

  return (
    <Group
      gap={2}
      wrap="nowrap"
      role="group"
      aria-label="Time range"
      onBlur={(e) => {
        // The keyboard went elsewhere: the help must not stay over what is read there.
        const to = e.relatedTarget;
        if (to instanceof Node && !e.currentTarget.contains(to) && !dropdown.current?.contains(to)) setOpen(false);
      }}
    >
      <Tooltip label="Back by the length of the range">
        <ActionIcon aria-label="Step back in time" disabled={!bounded} onClick={() => step(-1)}>
          <IconChevronLeft size={14} />
        </ActionIcon>
      </Tooltip>
      <Popover
        opened={open}
        onChange={setOpen}
        position="bottom-start"
        shadow="md"
        width={430}
        withRoles={false}
        trapFocus={false}
        returnFocus={false}
        transitionProps={{ duration: 0 }}
      >
        <Popover.Target>
          <TextInput
            data-focus={TIME_INPUT}
            aria-label={`Time range, in ${words.utc ? 'UTC' : 'local time'}`}
            aria-invalid={error !== null}
            aria-describedby={error === null ? undefined : 'tc-time-error'}
            w={368}
            placeholder="All times"
            value={draft}
            error={error !== null}
            leftSection={<IconCalendarTime size={14} />}
            rightSectionWidth={bounded || shown ? 72 : 56}
            rightSection={
              <Group gap={0} wrap="nowrap" justify="flex-end" w="100%">
                <Text size="xs" c="dimmed" component="span" pr={4}>
                  {words.zone}
                </Text>
                {shown ? (
                  <ActionIcon aria-label="Remove the time range" onClick={() => setTime({ from: null, to: null })}>
                    <IconX size={12} />
                  </ActionIcon>
                ) : null}
              </Group>
            }
            onFocus={() => setOpen(true)}
            onChange={(e) => {
              setDraft(e.currentTarget.value);
              setError(null);
            }}
            onKeyDown={(e) => {
              if (e.key === 'Enter') apply(draft.trim());
              if (e.key === 'Escape') {
                setDraft(shown);
                setError(null);
                setOpen(false);
                e.stopPropagation();
              }
            }}
          />
        </Popover.Target>
        <Popover.Dropdown p="sm" ref={dropdown}>
          <Stack gap="xs">
            {error === null ? null : (
              <Text id="tc-time-error" role="alert" c="red" size="sm">
                {error}
              </Text>
            )}
            <Text size="sm" c="dimmed">
              Type a range and press Enter. {RANGE_EXAMPLES}
            </Text>
            <Group gap="xs">
              {QUICK.map((text) => (
                <Button key={text} variant="default" size="compact-xs" disabled={lastEvent === null} onClick={() => apply(text)}>
                  {text}
                </Button>
              ))}
              <Button variant="default" size="compact-xs" onClick={() => apply('all')}>
                all times
              </Button>
            </Group>
            <Text size="xs" c="dimmed">
              “last” counts back from the last event. Times are {words.utc ? 'UTC' : `local, ${words.zone}`}; a zone may be typed: 09:00Z,
              09:00+02:00.
            </Text>
          </Stack>
        </Popover.Dropdown>
      </Popover>
      <Tooltip label="Forward by the length of the range">
        <ActionIcon aria-label="Step forward in time" disabled={!bounded} onClick={() => step(1)}>
          <IconChevronRight size={14} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
