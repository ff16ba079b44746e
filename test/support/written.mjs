/** Where files that tests load faster are written: by `transpile.mjs` and `packages.mjs`, for `transpiled.mjs`. */
import { fileURLToPath } from 'node:url';

/** Addresses of folders. */
export const HOUSE = new URL('../../', import.meta.url).href;
export const WRITTEN = new URL('.transpiled/', HOUSE).href;

const below = (folder, name) => fileURLToPath(new URL(name, folder));

export const ROOT = fileURLToPath(HOUSE);
export const OUT = fileURLToPath(WRITTEN);
/** JSON of the files there, so that nobody has to look for each. */
export const LIST = below(WRITTEN, 'files.json');
export const CACHE = below(WRITTEN, 'cache/');
/** What was made of packages, and JSON of the file there of each. */
export const PACKAGES = below(WRITTEN, 'packages/');
export const PACKAGES_LIST = below(WRITTEN, 'packages.json');
