/** The coverage for the page: collected through the engine, asked and told without it. */
export { collectCoverageMap } from '../coverage/collect.ts';
export { CoverageModel, type CoverageRow, type HourFacts, type HourRange } from '../coverage/model.ts';
export { coverageSentence, coveredPart, selectionSentences } from '../coverage/selection-sentences.ts';
export { type CoverageStatement, cellSentence, hourStart, recordingStatements, rowName } from '../coverage/sentences.ts';
