import { writeFile } from 'node:fs/promises';
import { printSchemaText } from './schema.js';

/** `npm run schema`: the contract as a file; a test fails when it is stale. */
await writeFile(new URL('../schema.graphql', import.meta.url), await printSchemaText());
