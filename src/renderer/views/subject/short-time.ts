/** For narrow columns: the time without its seconds; the whole time belongs on hover. */
export const shortTime = (text: string): string => text.replace(/(\d{2}:\d{2}):\d{2}(\.\d+)?$/, '$1');
