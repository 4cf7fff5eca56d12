/**
 * The page of a principal as a person opens it, in the window: until the last of all the questions that a tab really asks is answered.
 * The first tab is opened coming from another principal; each further tab is opened on a page that stands at the first one, and is the
 * first of that principal to be asked. Between two such visits lie those of all other principals. Nothing is asked beforehand.
 */

/** @typedef {import('../drive.mjs').Driven} Driven */
/** @typedef {{askedMs: number[], clickedMs: number[]}} Waits by principal: for the last answer, from the first question and from the click */

export const TABS = /** @type {const} */ (['activity', 'behaviour', 'revert', 'sessions']);
const PRINCIPALS = 10;

/** The busiest principals, the last quarter of the evidence against what came before. @param {Driven} app @returns {Promise<Record<string, Waits>>} by tab */
export function measurePrincipalPages(app) {
  return app.page.evaluate(
    async ({ tabs, principals }) => {
      const { engine, app: store, selection, idle } = /** @type {any} */ (window).__app;
      const everything = { time: { from: null, to: null }, filters: [], hideReadOnly: false, hideServiceCalls: false };
      const asks = [{ ask: 'count' }, { ask: 'facet', column: 'principal', limit: principals + 1 }];
      const [{ first, last }, { values }] = (await engine.query.run({ view: 'bench', selection: everything, asks })).answers;
      const names = values.flatMap((/** @type {any} */ v) => (v.value === null ? [] : [v.value])).slice(0, principals);
      const later = () => new Promise((resolve) => setTimeout(resolve));

      // Every question of the page passes here.
      let under = 0;
      let asked = 0;
      let answered = 0;
      const { query } = engine;
      engine.query = new Proxy(query, {
        get:
          (target, name) =>
          async (/** @type {unknown[]} */ ...args) => {
            under++;
            asked ||= performance.now();
            try {
              return await target[name](...args);
            } finally {
              under--;
              answered = performance.now();
            }
          },
      });
      const visit = async (/** @type {string} */ value, /** @type {string} */ tab) => {
        asked = answered = 0;
        const clicked = performance.now();
        store.getState().navigate({ view: 'subject', column: 'principal', value, tab });
        // A question may follow from an answer.
        while (answered === 0 || under > 0 || !idle()) await later();
        return { asked: answered - asked, clicked: answered - clicked };
      };
      selection.getState().setTime({ from: first + ((last - first) * 3) / 4, to: null });
      await later();
      while (!idle()) await later();

      const waits = Object.fromEntries(
        tabs.map((tab) => [tab, { askedMs: /** @type {number[]} */ ([]), clickedMs: /** @type {number[]} */ ([]) }]),
      );
      for (const tab of tabs) {
        for (const name of names) {
          const opened = await visit(name, tabs[0]);
          const { asked: fromQuestion, clicked: fromClick } = tab === tabs[0] ? opened : await visit(name, tab);
          waits[tab].askedMs.push(fromQuestion);
          waits[tab].clickedMs.push(fromClick);
        }
      }
      engine.query = query;
      selection.getState().clear();
      store.getState().navigate({ view: 'overview' });
      await later();
      while (!idle()) await later();
      return waits;
    },
    { tabs: [...TABS], principals: PRINCIPALS },
  );
}
