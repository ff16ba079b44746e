/**
 * Given to Node by `--import`: TypeScript files of the house are run as `transpile.mjs` wrote them, and keep their names
 * and lines; packages that `packages.mjs` put together are loaded from there.
 */
import { existsSync, readFileSync } from 'node:fs';
import { enableCompileCache, registerHooks } from 'node:module';
import { CACHE, HOUSE, LIST, OUT, PACKAGES_LIST, WRITTEN } from './written.mjs';

const MODULES = new URL('node_modules/', HOUSE).href;
const SOURCE = /\.[jt]s$/;

const listed = list => (existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : {});

/** Paths below the house, of JavaScript. */
const files = new Set(Object.values(listed(LIST)));
const packages = new Map(Object.entries(listed(PACKAGES_LIST)));

const isOfHouse = url =>
  url.startsWith(HOUSE) && !url.startsWith(MODULES) && !url.startsWith(WRITTEN);

/** Where the JavaScript of a file of the house is; null for all other files. */
function written(url) {
  if (!isOfHouse(url) || !SOURCE.test(url)) return null;
  const file = decodeURIComponent(url.slice(HOUSE.length)).replace(SOURCE, '.js');
  return files.has(file) ? OUT + file : null;
}

const asModule = url => ({ url, format: 'module', shortCircuit: true });

/** Modules name one another by `.js`, as the compiler will have written them. */
function resolve(specifier, { parentURL }, next) {
  const bundle = packages.get(specifier);
  if (bundle !== undefined && isOfHouse(parentURL ?? ''))
    return asModule(new URL(`packages/${bundle}`, WRITTEN).href);
  const isPath = specifier.startsWith('.') || specifier.startsWith('file:');
  const url = isPath ? new URL(specifier, parentURL).href : null;
  if (url === null || written(url) === null) return next(specifier);
  return asModule(url.replace(SOURCE, '.ts'));
}

function load(url, context, next) {
  const path = written(url);
  if (path === null) return next(url, context);
  return { format: 'module', source: readFileSync(path, 'utf8'), shortCircuit: true };
}

enableCompileCache(CACHE);
process.setSourceMapsEnabled(true);
registerHooks({ resolve, load });
