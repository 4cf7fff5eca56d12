import { MantineProvider } from '@mantine/core';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Windows } from '../../../../src/renderer/views/subject/behaviour.tsx';
import type { EpochMs } from '../../../../src/shared/brand.ts';

const DAY = 86_400_000;
const shown = (from: number | null, last: number | null) => {
  const html = renderToStaticMarkup(
    <MantineProvider>
      <Windows window={{ from: from as EpochMs | null, to: null }} last={last as EpochMs | null} />
    </MantineProvider>,
  );
  return [...html.matchAll(/<button([^>]*)>(.*?)<\/button>/g)].map(([, head, inner]) => ({
    label: inner.replace(/<[^>]+>/g, ''),
    pressed: head.includes('aria-pressed="true"'),
  }));
};

describe('the windows back from the last event', () => {
  it('stay when one is chosen, which is marked, and lead back to the beginning', () => {
    expect(shown(null, 10 * DAY)).toEqual(['1 h', '24 h', '7 d'].map((label) => ({ label, pressed: false })));
    const chosen = shown(3 * DAY, 10 * DAY);
    expect(chosen.map((b) => b.label)).toEqual(['1 h', '24 h', '7 d', 'From the beginning']);
    expect(chosen.filter((b) => b.pressed).map((b) => b.label)).toEqual(['7 d']);
    expect(shown(3 * DAY, null).map((b) => b.label)).toContain('From the beginning');
    expect(shown(null, null)).toEqual([]);
  });
});
