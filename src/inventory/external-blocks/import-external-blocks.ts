import { canonicalCidr, type Problem, Severity } from '../../netpol/index.js';
import { errorAt } from '../../query/problem.js';
import { type SettingsStore, takeSettings } from '../cluster-settings.js';
import { noCluster } from '../existing-cluster.js';
import { ImportMode } from '../inventory-import.js';
import { EVERY_CLUSTER, type ExternalBlock } from './external-block.js';
import type { ExternalBlockStore, NamedBlock } from './external-block.store.js';

type Stores = {
  readonly clusters: SettingsStore;
  readonly externalBlocks: Pick<ExternalBlockStore, 'put' | 'forgetAll' | 'countOf' | 'list'>;
};

export type ImportExternalBlocksDeps = {
  readonly transaction: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
};

export type ImportExternalBlocksInput = {
  /** Name of the cluster; null: of every cluster. */
  readonly cluster: string | null;
  readonly blocks: readonly { readonly name: string; readonly cidrs: readonly string[] }[];
  readonly mode: ImportMode;
  /** Of the settings of the cluster; null: whatever it is. */
  readonly expectedVersion: number | null;
};

export type ImportExternalBlocksOutcome = {
  /** As a list shows them afterwards; null when nothing was done. */
  readonly blocks: readonly ExternalBlock[] | null;
  readonly problems: readonly Problem[];
};

/** Blocks of one cluster, or of every cluster. */
const MOST_BLOCKS = 10_000;

const problem = (
  severity: Severity,
  code: string,
  [path, message, hint]: readonly [string, string, string],
): Problem => ({ code, severity, message, path, place: null, hint });

/** Printable, and short enough to be shown. */
const NAME = /^\P{C}{1,253}$/u;

type Read = { readonly blocks: readonly NamedBlock[]; readonly problems: readonly Problem[] };

const wrongName = (name: string, place: number): Problem =>
  problem(Severity.WARNING, 'BAD_NAME', [
    `blocks[${place}].name`,
    `\`${name.slice(0, 100)}\` is not a name of a block`,
    'a name has 1 to 253 printable characters and no space around it',
  ]);

const wrongCidr = (text: string, path: string): Problem =>
  problem(Severity.WARNING, 'BAD_CIDR', [
    path,
    `\`${text.slice(0, 100)}\` is not a block of addresses`,
    'write it as `203.0.113.0/24`',
  ]);

const noCidr = (name: string, place: number): Problem =>
  problem(Severity.WARNING, 'NOTHING_NAMED', [
    `blocks[${place}].cidrs`,
    `no block is given for \`${name}\``,
    'give blocks such as `203.0.113.0/24`',
  ]);

const noneNamed = errorAt(
  'NOTHING_NAMED',
  'blocks',
  'no block was named',
  'give a name and its blocks; `mode: REPLACE` with an empty list forgets all',
);

const ofNoCluster = errorAt(
  'NO_EFFECT',
  'expectedVersion',
  'blocks of every cluster have no version',
  'leave it out, or name a cluster',
);

/** A refused item is a WARNING, and the rest goes on; of a block that is given twice, the later name counts. */
function readBlocks(given: ImportExternalBlocksInput['blocks']): Read {
  const blocks = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [place, { name, cidrs }] of given.entries()) {
    if (!NAME.test(name) || name.trim() !== name) {
      problems.push(wrongName(name, place));
      continue;
    }
    if (cidrs.length === 0) problems.push(noCidr(name, place));
    for (const [at, text] of cidrs.entries()) {
      const cidr = canonicalCidr(text);
      if (cidr === null) problems.push(wrongCidr(text, `blocks[${place}].cidrs[${at}]`));
      else blocks.set(cidr, name);
    }
  }
  return { blocks: [...blocks].map(([cidr, name]) => ({ cidr, name })), problems };
}

const refused = (
  code: string,
  told: readonly [string, string, string],
): ImportExternalBlocksOutcome => ({
  blocks: null,
  problems: [problem(Severity.ERROR, code, told)],
});

class TooMany extends Error {}

async function store(
  { externalBlocks }: Stores,
  clusterId: number,
  blocks: readonly NamedBlock[],
  mode: ImportMode,
): Promise<readonly ExternalBlock[]> {
  if (mode === ImportMode.REPLACE) await externalBlocks.forgetAll(clusterId);
  await externalBlocks.put(clusterId, blocks);
  if ((await externalBlocks.countOf(clusterId)) > MOST_BLOCKS) throw new TooMany();
  return externalBlocks.list(clusterId);
}

/** Why nothing is done: nobody is named so, or nothing is named. */
async function refusal(
  { clusters }: Stores,
  { cluster, blocks, mode, expectedVersion }: ImportExternalBlocksInput,
): Promise<Problem | null> {
  if (cluster !== null && (await clusters.byName(cluster)) === null)
    return noCluster(clusters, cluster);
  if (blocks.length === 0 && mode === ImportMode.MERGE) return noneNamed;
  return cluster === null && expectedVersion !== null ? ofNoCluster : null;
}

/**
 * Names blocks of addresses outside. Stored flows and their ends stay as they are: names are looked up at reading.
 * REPLACE also forgets those of the same cluster (or of every cluster) that are not in it.
 */
export async function importExternalBlocks(
  { transaction }: ImportExternalBlocksDeps,
  input: ImportExternalBlocksInput,
): Promise<ImportExternalBlocksOutcome> {
  const { cluster: name, mode, expectedVersion } = input;
  const { blocks, problems } = readBlocks(input.blocks);
  try {
    return await transaction(async stores => {
      const fault = await refusal(stores, input);
      if (fault !== null) return { blocks: null, problems: [fault] };
      if (name === null)
        return { blocks: await store(stores, EVERY_CLUSTER, blocks, mode), problems };
      const which = { cluster: name, expectedVersion };
      const taken = await takeSettings(stores.clusters, which);
      if (taken.cluster === null) return { blocks: null, problems: [taken.fault] };
      return { blocks: await store(stores, taken.cluster.id, blocks, mode), problems };
    });
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    return refused('TOO_MANY_BLOCKS', [
      'blocks',
      `there would be more than ${MOST_BLOCKS} blocks`,
      'name larger blocks, or replace what is there',
    ]);
  }
}
