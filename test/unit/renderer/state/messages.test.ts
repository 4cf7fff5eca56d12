/** Notifications: what went wrong has the colour of an error, and none is held for ever. */
import { notifications, notificationsStore } from '@mantine/notifications';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tell, tellFailure } from '../../../../src/renderer/state/messages.ts';

const shown = () => notificationsStore.getState().notifications;

describe('notifications', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    notifications.clean();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('go by themselves, even where a pointer rests on them', () => {
    tell('It is done.', 'Done', 'done');
    expect(shown()).toMatchObject([{ title: 'Done', color: 'green', autoClose: 6000 }]);
    vi.advanceTimersByTime(18_000);
    expect(shown()).toEqual([]);
  });

  it('of what was found wrong are red and stay longer; failures stay until they are closed', () => {
    tell('One file was changed.', 'Something is not as it was', 'failed');
    tellFailure('It could not be done.', new Error('No.'));
    expect(shown()).toMatchObject([
      { color: 'red', autoClose: 20_000 },
      { color: 'red', autoClose: false },
    ]);
    vi.advanceTimersByTime(60_000);
    expect(shown()).toMatchObject([{ title: 'It could not be done.' }]);
  });
});
