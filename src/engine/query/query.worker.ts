/** The query worker's shell. */
import { expose } from 'comlink';
import { QueryCore } from './query-core.ts';

expose(new QueryCore());
