/** What does not fit between one event and the credential it was made with. */

import { type ContainingCalls, endOfKey } from './containing-calls.ts';
import type { CredentialRows } from './credential-rows.ts';
import { keyText } from './names.ts';
import { contestedText } from './reasons.ts';
import { secondOf, utcTime } from './times.ts';

export function remarksOn(of: CredentialRows, n: number, row: number): string[] {
  const { graph } = of;
  const remarks: string[] = [];
  if (graph.owners.has(n)) remarks.push(contestedText(graph, n));
  const issued = graph.issuedSecond[n];
  const second = secondOf(of.rows.time(row));
  if (graph.issueRow[n] >= 0) {
    if (Number.isNaN(second)) remarks.push('The event has no readable time, so that it cannot be shown to lie in the lifetime of its key.');
    else if (Number.isNaN(issued))
      remarks.push('The event that issued the key has no readable time, so that no use can be shown to follow it.');
    else if (second < issued)
      remarks.push(`Used ${span(issued - second)} before the event that issued its key: a clock, a changed record, or another credential.`);
    else if (second > graph.expirySecond[n]) remarks.push(`Used ${span(second - graph.expirySecond[n])} after its key expired.`);
  }
  const { usesBefore, usesAfter } = graph;
  if (usesBefore[n] > 0) remarks.push(`${count(usesBefore[n], 'event uses', 'events use')} this key before it was issued.`);
  if (usesAfter[n] > 0) remarks.push(`${count(usesAfter[n], 'event uses', 'events use')} this key after it expired.`);
  return remarks;
}

/** That a long-term key was used after it was deleted, or after the last call that changed it. */
export function afterChange(of: CredentialRows, n: number, row: number, calls: ContainingCalls): string[] {
  const key = keyText(of.open, of.graph, n);
  const end = key?.startsWith('AKIA') ? endOfKey(of, calls.ofKey(key)) : null;
  if (end === null || end.row === row) return [];
  const time = of.rows.time(end.row);
  const later = secondOf(of.rows.time(row)) - secondOf(time);
  if (!(later > 0)) return [];
  const name = of.rows.text(end.row, 'eventName');
  return end.deleted
    ? [
        `Used ${span(later)} after ${name} of its key at ${utcTime(time)}: a deleted key cannot be used, so that one of the records is not what it seems.`,
      ]
    : [`Used ${span(later)} after ${name} of its key at ${utcTime(time)}; whether that deactivated the key stands in the event.`];
}

const count = (n: number, one: string, many: string): string => (n === 1 ? `1 ${one}` : `${n} ${many}`);

function span(seconds: number): string {
  if (seconds < 120) return count(seconds, 'second', 'seconds');
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`;
}
