/** The report for the page: what is collected through the engine and rendered without it. */
export * from '../report/index.ts';
