import { type Address, type Block, LAST, parseBlock } from './address.js';
import type { Cluster } from './inventory.js';
import type { KubeObject } from './objects.js';

/** Every block that stands anywhere in a policy. */
const blocksIn = (objects: readonly KubeObject[]): Block[] =>
  objects
    .filter(({ kind }) => kind.endsWith('Policy'))
    .flatMap(policy => JSON.stringify(policy).match(/[0-9a-fA-F.:]+\/\d+(?=")/g) ?? [])
    .flatMap(text => parseBlock(text) ?? []);

/**
 * One address of every stretch that no block cuts: both ends of each block with their neighbours,
 * and the ends of each family. A cluster that knows no IPv6 has no way to reach one.
 */
export const addressesToTry = (objects: readonly KubeObject[], cluster: Cluster): Address[] => {
  const blocks = blocksIn(objects);
  const holders = [...cluster.pods, ...cluster.nodes];
  const knowsSix =
    blocks.some(({ family }) => family === 6) ||
    holders.some(({ addresses }) => addresses.some(({ family }) => family === 6));
  const families = knowsSix ? ([4, 6] as const) : ([4] as const);
  return families.flatMap(family => {
    const own = blocks.filter(block => block.family === family);
    const values = own.flatMap(({ first, last }) => [first - 1n, first, last, last + 1n]);
    return [0n, LAST[family], ...values]
      .filter(value => value >= 0n && value <= LAST[family])
      .map(value => ({ family, value }));
  });
};
