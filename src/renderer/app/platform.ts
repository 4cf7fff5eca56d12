/** What the keyboard looks like here. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
