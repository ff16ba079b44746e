/** Writes `readings.txt` anew, after a change of what readers take or say. */
import { writeFileSync } from 'node:fs';
import { allReadings } from './inputs.js';

writeFileSync(new URL('readings.txt', import.meta.url), allReadings());
