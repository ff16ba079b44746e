/** Writes `findings.txt` anew, after a change of what rules say. */
import { writeFileSync } from 'node:fs';
import { allFindings } from './cases.js';

writeFileSync(new URL('findings.txt', import.meta.url), allFindings());
