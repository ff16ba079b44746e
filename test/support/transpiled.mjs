/**
 * Given to Node by `--import`: TypeScript files of the house are run as `transpile.mjs` wrote them, and keep their names
 * and lines.
 */
import { existsSync, readFileSync } from 'node:fs';
import { enableCompileCache, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const HOUSE = new URL('../../', import.meta.url).href;
const WRITTEN = new URL('.transpiled/', HOUSE).href;
const MODULES = new URL('node_modules/', HOUSE).href;
const SOURCE = /\.[jt]s$/;

export const ROOT = fileURLToPath(HOUSE);
export const OUT = fileURLToPath(WRITTEN);
/** JSON of the files there, so that nobody has to look for each. */
export const LIST = fileURLToPath(new URL('files.json', WRITTEN));

/** Paths below the house, of JavaScript. */
const files = new Set(existsSync(LIST) ? JSON.parse(readFileSync(LIST, 'utf8')) : []);

/** Where the JavaScript of a file of the house is; null for all other files. */
function written(url) {
  if (!url.startsWith(HOUSE) || url.startsWith(MODULES) || !SOURCE.test(url)) return null;
  const file = decodeURIComponent(url.slice(HOUSE.length)).replace(SOURCE, '.js');
  return files.has(file) ? OUT + file : null;
}

/** Modules name one another by `.js`, as the compiler will have written them. */
function resolve(specifier, { parentURL }, next) {
  const isPath = specifier.startsWith('.') || specifier.startsWith('file:');
  const url = isPath ? new URL(specifier, parentURL).href : null;
  if (url === null || written(url) === null) return next(specifier);
  return { url: url.replace(SOURCE, '.ts'), format: 'module', shortCircuit: true };
}

function load(url, context, next) {
  const path = written(url);
  if (path === null) return next(url, context);
  return { format: 'module', source: readFileSync(path, 'utf8'), shortCircuit: true };
}

enableCompileCache(fileURLToPath(new URL('cache/', WRITTEN)));
process.setSourceMapsEnabled(true);
registerHooks({ resolve, load });
