/**
 * The page's one door to the engine: the two workers, the host, and what goes out of the app. Nothing else in the renderer knows
 * about workers, Comlink or IndexedDB.
 */

export { citationHref, citedKeys, formatCitation, parseCitationHref } from '../case/citations.ts';
export { caseName, MAX_CASE_NAME, noteTitle } from '../case/names.ts';
export { againstWords } from '../integrity/sums.ts';
export { eventVerdictWord, rowVerdict, shownVerdict, verdictWord } from '../integrity/words.ts';
export { connectEngine, type Engine } from './connect.ts';
export { csvCell, type ExportOptions, type ExportResult, exportCsv, exportNdjson } from './exports.ts';
export { hostCall, hostFetch } from './host-session.ts';
export { oneChunk, printPdf, saveStream } from './save.ts';
