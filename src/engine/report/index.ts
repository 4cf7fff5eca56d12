/** The report: collected once from the engine, then rendered. PDF is the HTML, printed by the host. */
export { collectCoverage, collectReport, type ReportEngine } from './collect.ts';
export { custodyLines, findingText, isClean, OUTCOME_WORD, statedFields, verificationSentences } from './custody.ts';
export { renderHtml } from './html.ts';
export { ledgerCsv, sha256sumList } from './manifest.ts';
export { renderMarkdown } from './markdown.ts';
export { ALL_PARTS, type CoverageFacts, type CoverageSentence, type ReportData, type ReportOptions, type ReportParts } from './model.ts';
export { coverageSentences, STATUS_WORD, selectionPhrases } from './words.ts';
