/** Writes `decisions.txt` anew, after a change of what decisions say. */
import { writeFileSync } from 'node:fs';
import { allDecisions } from './decisions.js';

writeFileSync(new URL('decisions.txt', import.meta.url), allDecisions());
