/** Memory of every process that this one has started, and of those that they started, sampled while something runs. */
import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_MS = 500;

/** Resident bytes, shared pages counted in each process. Null where there is no /proc. @returns {number | null} */
function residentBelow() {
  if (process.platform !== 'linux') return null;
  const children = /** @type {Map<number, number[]>} */ (new Map());
  const resident = /** @type {Map<number, number>} */ (new Map());
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      // The name of the command, in brackets, may hold anything.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const parent = Number(fields[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
      resident.set(Number(name), Number(fields[21]) * 4096);
    } catch {
      // It has ended meanwhile.
    }
  }
  let bytes = 0;
  const open = [...(children.get(process.pid) ?? [])];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    bytes += resident.get(pid) ?? 0;
    open.push(...(children.get(pid) ?? []));
  }
  return bytes;
}

/** Call what it gives to stop: the peak in MB, or null. @returns {() => number | null} */
export function watchMemory() {
  let peak = residentBelow();
  const timer = setInterval(() => {
    const now = residentBelow();
    if (now !== null && peak !== null) peak = Math.max(peak, now);
  }, SAMPLE_MS);
  return () => {
    clearInterval(timer);
    return peak === null ? null : Math.round(peak / 1e6);
  };
}
