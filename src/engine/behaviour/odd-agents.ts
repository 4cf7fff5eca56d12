/** User agents that deserve a second look, by the marks of assets/user-agents.json. */
import { parseAgent } from '../../shared/agents.ts';
import type { Statement, StatementValue } from '../../shared/behaviour.ts';
import { citedOf, count, listed, type Scene, statement, within } from './scene.ts';

export function oddAgents(scene: Scene): Statement[] {
  const { rows, from, to } = scene;
  const marks = rows.codes('agentMark', from, to);
  const agents = rows.codes('userAgent', from, to);
  const found = new Map<number, { events: number; first: number }>();
  for (let k = from; k < to; k++) {
    if (marks[k] === 0) continue;
    const known = found.get(agents[k]);
    if (known) known.events++;
    else found.set(agents[k], { events: 1, first: k });
  }
  if (found.size === 0) return [];
  const dictionary = rows.dictionary('userAgent');
  const all = [...found].sort(([a, x], [b, y]) => y.events - x.events || dictionary.compare(a, b));
  const values = all.map(([code, { events, first }]): StatementValue => {
    const text = dictionary.get(code) ?? '';
    const note = parseAgent(text)
      .marks.map(({ mark, why }) => `${mark}: ${why}`)
      .join(' ');
    return { value: text, column: 'userAgent', events, first: rows.timeOf(first), firstKey: rows.key(first), note };
  });
  const events = values.reduce((sum, v) => sum + v.events, 0);
  const names = [...new Set(all.map(([, { first }]) => rows.text('agentMark', first) ?? ''))];
  return [
    statement({
      kind: 'oddAgent',
      section: 'addresses',
      weight: 'notable',
      parts: [
        count(events, 'event', 'events'),
        ' with an odd user agent: ',
        ...listed(
          names.map((name) => ({ value: name, column: 'agentMark', events: 0, first: null, firstKey: values[0].firstKey })),
          names.length,
        ),
        '. The caller chooses what an agent says.',
      ],
      counts: { events, agents: values.length },
      values,
      cited: citedOf(
        rows,
        all.map(([, { first }]) => first),
      ),
      opens: within(scene, { op: 'in', column: 'agentMark', values: [null], not: true }),
    }),
  ];
}
