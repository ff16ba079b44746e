/** Writes `scene.txt` anew, after a change of what the connectivity commands print. */
import { writeFileSync } from 'node:fs';
import { allLists } from './scene.js';

writeFileSync(new URL('scene.txt', import.meta.url), await allLists());
