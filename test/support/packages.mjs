/**
 * Puts the packages that most tests load into a few files of `.transpiled/packages/`: an API test loads 1,300 modules
 * of packages otherwise, which takes longer than to start the server. Their code is not changed, and each is there once.
 */
import { writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { PACKAGES, PACKAGES_LIST, ROOT } from './written.mjs';

/** What imports one of these gets it from there, be it the house or another one of these. */
const BUNDLED = [
  '@apollo/server',
  '@apollo/server/plugin/disabled',
  '@opentelemetry/api',
  'commander',
  'dataloader',
  'fast-check',
  'graphile-worker',
  'graphql',
  'graphql-ws',
  'graphql-ws/use/ws',
  'ipaddr.js',
  'jose',
  'pg',
  'prom-client',
  'rate-limiter-flexible',
  'reflect-metadata',
  'type-graphql',
  'typeorm',
  'ws',
  'yaml',
];

/** What they load when it is there, and a program of the package's own. */
const OUTSIDE = [
  '@google-cloud/*',
  '@sap/*',
  'better-sqlite3',
  'bufferutil',
  'class-validator',
  'expo-sqlite',
  'ioredis',
  'mongodb',
  'mssql',
  'mysql',
  'mysql2',
  'oracledb',
  'pg-native',
  'pg-query-stream',
  'react-native-sqlite-storage',
  'redis',
  'sql.js',
  'sqlite3',
  'ts-node',
  'typeorm-aurora-data-api-driver',
  'utf-8-validate',
];

const fileOf = specifier => specifier.replaceAll('/', '__');

/** Node finds the names that a package in CommonJS exports; a bundle has to be told them. */
async function entryOf(specifier) {
  const found = await import(specifier);
  if (!('module.exports' in found || '__esModule' in found))
    return `export * from '${specifier}';${'default' in found ? `\nexport { default } from '${specifier}';` : ''}`;
  const names = Object.keys(found).filter(
    name => !['default', 'module.exports', '__esModule'].includes(name),
  );
  return [
    `const all = require('${specifier}');`,
    'export default all;',
    ...names.map(name => `export const ${name} = all.${name};`),
  ].join('\n');
}

const entries = {
  name: 'entries',
  setup(context) {
    context.onResolve({ filter: /^entry:/ }, ({ path }) => ({
      path: path.slice('entry:'.length),
      namespace: 'entry',
    }));
    context.onLoad({ filter: /./, namespace: 'entry' }, async ({ path }) => ({
      contents: await entryOf(path),
      resolveDir: ROOT,
    }));
  },
};

export async function bundlePackages() {
  await build({
    absWorkingDir: ROOT,
    entryPoints: BUNDLED.map(name => ({ in: `entry:${name}`, out: fileOf(name) })),
    outdir: PACKAGES,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: OUTSIDE,
    plugins: [entries],
    legalComments: 'none',
    logLevel: 'error',
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);",
    },
  });
  const files = Object.fromEntries(BUNDLED.map(name => [name, `${fileOf(name)}.js`]));
  await writeFile(PACKAGES_LIST, JSON.stringify(files));
}
