/** Counts work in flight. `window.__app.idle()` is true when nothing is pending: end-to-end tests wait for it, never for a time. */
let pending = 0;

export const idle = {
  /** Call the returned function once, when the work has ended. */
  begin(): () => void {
    pending++;
    let ended = false;
    return () => {
      if (!ended) pending--;
      ended = true;
    };
  },
  isIdle: (): boolean => pending === 0,
};
