/** What does not fit between one event and the credential it was made with. */
import type { CredentialRows } from './credential-rows.ts';
import { secondOf } from './times.ts';

export function remarksOn(of: CredentialRows, n: number, row: number): string[] {
  const { graph } = of;
  const remarks: string[] = [];
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

const count = (n: number, one: string, many: string): string => (n === 1 ? `1 ${one}` : `${n} ${many}`);

function span(seconds: number): string {
  if (seconds < 120) return count(seconds, 'second', 'seconds');
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`;
}
