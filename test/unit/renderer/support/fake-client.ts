/** Stands in for engine/client in the trial page: `?events=20000&cases=2` say how much there is. */
import { fakeEngine, fakeEvents } from './fake-engine.ts';

export async function connectEngine() {
  const asked = new URLSearchParams(location.search);
  const count = Number(asked.get('events') ?? 20_000);
  const cases = Number(asked.get('cases') ?? 2);
  const names = ['Stolen key, March 2026', 'INC-2041 bucket exposure', 'Old archive'];
  return fakeEngine(fakeEvents(count), names.slice(0, cases));
}

export { citationHref, citedKeys, formatCitation, parseCitationHref } from '../../../../src/engine/case/citations.ts';
export { MAX_CASE_NAME } from '../../../../src/engine/case/names.ts';
export { csvCell, exportCsv, exportNdjson } from '../../../../src/engine/client/exports.ts';

export async function hostCall(path: string): Promise<Response> {
  if (path === '/api/sample') return Response.json({ grants: [{ id: 'g1', label: 'sample', kind: 'folder' }] });
  return Response.json({ grants: [] });
}
