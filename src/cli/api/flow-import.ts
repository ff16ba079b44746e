import { basename } from 'node:path';
import { clientOf } from '../client.js';
import { addOutput, group } from '../command.js';
import { LISTING_FORMATS, type Listing } from '../print/listing.js';
import { type AddCommands, Exit } from '../shell.js';
import { type OutputOptions, show } from '../show.js';
import { addCluster, flowFormat } from './flow-options.js';
import { interruptible } from './interrupted.js';
import { hasErrors, tellProblems } from './problem-text.js';
import { type IngestCounts, type Ingested, uploadFile } from './upload.js';

type ImportOptions = OutputOptions & {
  readonly cluster: string;
  readonly format: string;
  readonly key?: string;
};

export const addNetworkFlowImport: AddCommands = shell => {
  const { program, io, finish } = shell;
  const command = group(program, 'network-flow', 'observed flows')
    .command('import')
    .argument('<files...>', 'files with flow records, `.gz` and `.zst` too; `-` for standard input')
    .description('import flow records into a cluster; the same records again change nothing')
    .option('--format <format>', flowFormat, 'auto')
    .option('--key <key>', 'idempotency key: a repeated import with it is recognized')
    .addHelpText(
      'after',
      `
Examples:
  $ hubble observe -o jsonpb | weirgate network-flow import --cluster production -
  $ weirgate network-flow import --cluster production --format neutral flows-*.jsonl.gz`,
    );
  addOutput(addCluster(command), LISTING_FORMATS, 'table').action(
    async (files: readonly string[], options: ImportOptions) => {
      const client = clientOf(shell);
      const done: Done[] = [];
      const { signal, isInterrupted, tell, close } = await interruptible(
        client,
        options.cluster,
        io,
      );
      for (const file of files) {
        const upload = { ...uploadOf(options, file, files), signal };
        const ingested = await uploadFile(client, upload, file, io).catch(error => {
          if (isInterrupted()) return null;
          throw error;
        });
        if (ingested === null) break;
        await tellProblems(
          io,
          ingested.problems.map(problem => ({ ...problem, file })),
        );
        done.push({ file, ...ingested });
      }
      close();
      // Of what was refused as a whole there is nothing to count.
      const counted = done.filter(each => !isRefused(each));
      if (counted.length > 0) await show(shell, countsListing(counted), options);
      if (!isInterrupted()) return finish(outcomeOf(done));
      await tell();
      finish(Exit.INTERRUPTED);
    },
  );
};

/** A key is for one stream of records: with several files each has its own. */
const uploadOf = (
  { cluster, format, key }: ImportOptions,
  file: string,
  files: readonly string[],
) => ({
  cluster,
  format,
  key: key === undefined ? null : files.length === 1 ? key : `${key}:${basename(file)}`,
});

type Done = Ingested & { readonly file: string };

const COUNTS = ['accepted', 'skipped', 'rejected', 'duplicates', 'lost'] as const;

const total = (done: readonly IngestCounts[], name: (typeof COUNTS)[number]): number =>
  done.reduce((sum, counts) => sum + counts[name], 0);

const isRefused = (each: Done): boolean =>
  hasErrors(each.problems) && COUNTS.every(name => each[name] === 0);

/** One row per file, and their sum where there are several. */
const countsListing = (done: readonly Done[]): Listing => {
  const rows = done.map(each => [each.file, ...COUNTS.map(name => `${each[name]}`)]);
  const sum = ['all', ...COUNTS.map(name => `${total(done, name)}`)];
  return {
    heading: ['file', ...COUNTS],
    rows: done.length > 1 ? [...rows, sum] : rows,
    value: {
      ...Object.fromEntries(COUNTS.map(name => [name, total(done, name)])),
      files: done,
    },
    empty: 'nothing was imported',
  };
};

/** Some refused records are a warning; nothing but refused ones is bad input. */
const outcomeOf = (done: readonly Ingested[]): Exit => {
  const failed = done.some(({ problems }) => hasErrors(problems));
  const useless =
    total(done, 'rejected') > 0 &&
    total(done, 'accepted') + total(done, 'skipped') + total(done, 'duplicates') === 0;
  return failed || useless ? Exit.FAILED : Exit.CLEAN;
};
