/**
 * Puts the command line into a few files: `dist/src/main.js` and what it loads, with the packages that it needs. Loading 379
 * modules takes longer than most commands without a server do. What runs the server stays as the compiler wrote it, and is
 * loaded when a command asks for it. Runs after the compiler.
 */
import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = resolve(ROOT, 'dist/src');
/** What `host-commands.ts` loads for the server, by its place in `src/`. */
const OF_SERVER = ['serve.ts', 'token-on-database.ts', 'database/migrate-command.ts'];

const serverStaysOutside = {
  name: 'server-stays-outside',
  setup(context) {
    context.onResolve({ filter: /^(?:node:)?child_process$/ }, ({ importer }) =>
      importer.includes('/commander/') ? { path: 'no-programs', namespace: 'stub' } : null,
    );
    context.onLoad({ filter: /./, namespace: 'stub' }, () => ({
      // Commander runs programs as subcommands, of which there are none here; the module takes long to load.
      contents:
        "export default { spawn: () => { throw new Error('no subcommand is a program'); } };",
    }));
    context.onResolve({ filter: /^\.{1,2}\// }, ({ path, importer, kind }) => {
      if (kind !== 'dynamic-import') return null;
      const file = resolve(dirname(importer), path).replace(/\.js$/, '.ts');
      const place = relative(resolve(ROOT, 'src'), file);
      return OF_SERVER.includes(place)
        ? { path: `./${place.replace(/\.ts$/, '.js')}`, external: true }
        : null;
    });
  },
};

if (!existsSync(resolve(OUT, 'main.js'))) throw new Error('run the compiler first');
const COMMON = {
  bundle: true,
  minifySyntax: true,
  minifyWhitespace: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Packages in CommonJS ask for Node's own modules by `require`.
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);",
  },
  legalComments: 'eof',
  logLevel: 'warning',
};

await build({
  ...COMMON,
  entryPoints: [resolve(ROOT, 'src/main.ts')],
  outdir: OUT,
  chunkNames: 'command-[hash]',
  splitting: true,
  external: ['pino'],
  plugins: [serverStaysOutside],
});

// Packages that few want and that are large where they are installed: what is used of them goes along, 0.5 MB of 27.
await build({
  ...COMMON,
  entryPoints: [resolve(ROOT, 'src/tracing/otlp.ts')],
  outfile: resolve(OUT, 'tracing/otlp.js'),
});
