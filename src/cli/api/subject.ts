import type { Command } from 'commander';
import type { Source } from '../../netpol/index.js';
import { type ApiClient, type Asker, apiClient, clientOf } from '../client.js';
import { addEffects, isOfCluster, markAsking } from '../command.js';
import { readSources } from '../offline/sources.js';
import { type CliIo, Failure, write } from '../shell.js';
import { flowFormat } from './flow-options.js';
import { sendInventory } from './inventory-upload.js';
import { assertCluster } from './known.js';
import { tellProblems } from './problem-text.js';
import { assertReadable, uploadFile } from './upload.js';

export type SubjectOptions = {
  readonly cluster?: string;
  readonly manifests: readonly string[];
  /** Another name of `manifests`. */
  readonly inventory?: readonly string[];
  readonly flows: readonly string[];
  readonly format: string;
};

const collected = (text: string, before: readonly string[]): readonly string[] => [...before, text];

/** Either a cluster of the server, or files that a server of this process takes in for this one command. */
export const addSubject = (command: Command): Command =>
  addEffects(markAsking(command, isOfCluster), [
    {
      of: ['format'],
      when: ({ flows }) => (flows as readonly string[]).length > 0,
      says: 'without --flows',
    },
  ])
    .option('--cluster <name>', 'name of the cluster on the server')
    .option(
      '--manifests <path>',
      'no server: folder or file with what kubectl shows (repeatable)',
      collected,
      [],
    )
    .option('--inventory <path>', 'the same as --manifests (repeatable)', collected, [])
    .option(
      '--flows <file>',
      'no server: file with flow records, `-` for standard input (repeatable)',
      collected,
      [],
    )
    .option('--format <format>', flowFormat, 'auto');

export type Subject = { readonly client: ApiClient; readonly cluster: string };

/** Names the cluster of the files inside the server that lives for one command. */
const FILES = 'files';

/** Runs `work` on the cluster that the options name, or on one made of the files for this command alone. */
export const withSubject = async <T>(
  asker: Asker,
  options: SubjectOptions,
  work: (subject: Subject) => Promise<T>,
): Promise<T> => {
  const { cluster, flows } = options;
  const manifests = [...options.manifests, ...(options.inventory ?? [])];
  const hasFiles = manifests.length + flows.length > 0;
  if (cluster === undefined) {
    if (!hasFiles)
      throw new Failure('no cluster is named', 'give --cluster, or --flows and --manifests');
    return withFiles(asker.io, { ...options, manifests }, work);
  }
  if (hasFiles)
    throw new Failure('--cluster and files are both given', 'use one of them for this command');
  const client = clientOf(asker);
  await assertCluster(client, cluster);
  return work({ client, cluster });
};

const withFiles = async <T>(
  io: CliIo,
  options: SubjectOptions,
  work: (subject: Subject) => Promise<T>,
): Promise<T> => {
  if (options.flows.length === 0)
    throw new Failure('there are no flows to learn from', 'name files with records by --flows');
  if (io.startServer === undefined)
    throw new Failure('no server can be started here', 'give --cluster and --server');
  const sources = await readSources(options.manifests, io.stdin);
  for (const file of options.flows) await assertReadable(file);
  await write(io.stderr, 'starting a database for this one command …\n');
  const server = await io.startServer();
  try {
    const client = apiClient(server.url, server.token);
    await takeManifests(io, client, sources);
    for (const file of options.flows) await takeFlows(io, client, file, options.format);
    return await work({ client, cluster: FILES });
  } finally {
    await server.close();
  }
};

const takeManifests = async (
  io: CliIo,
  client: ApiClient,
  sources: readonly Source[],
): Promise<void> => {
  if (sources.length === 0) return;
  const { counts, problems } = await sendInventory(client, sources, {
    cluster: FILES,
    mode: 'MERGE',
    observedAt: null,
    key: null,
  });
  await tellProblems(io, problems);
  if (counts === null) throw new Failure('the manifests hold no inventory', null);
};

const takeFlows = async (
  io: CliIo,
  client: ApiClient,
  file: string,
  format: string,
): Promise<void> => {
  const upload = { cluster: FILES, format, key: null };
  const { problems, accepted, duplicates } = await uploadFile(client, upload, file, io);
  await tellProblems(
    io,
    problems.map(problem => ({ ...problem, file })),
  );
  if (accepted + duplicates === 0)
    throw new Failure(`\`${file}\` holds no flow`, 'check --format, or leave the file out');
};
