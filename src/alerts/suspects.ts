import { AlertRule } from './alert.js';
import type { RaiseStore, Watched } from './alert-raise.store.js';
import type { AlertRuleDefinition } from './alert-rule.js';
import type { End, SuspectFlow } from './deviation.js';
import { type BadBlocks, badAround, badBlocks, knownBadOf } from './known-bad.js';

type Asked = {
  readonly flows: readonly string[];
  /** Those of them that the dataplane is against. */
  readonly told: readonly string[];
};

let kept: { readonly key: string; readonly blocks: BadBlocks } | null = null;

/** Made once for each state of the rules: of ten thousand addresses it takes tenths of a second. */
function blocksOf(rules: readonly AlertRuleDefinition[], known: readonly string[]): BadBlocks {
  const key = rules
    .filter(({ criterion }) => criterion === AlertRule.KNOWN_BAD)
    .map(({ id, version, updatedAt }) => `${id} ${version} ${updatedAt}`)
    .join();
  if (kept?.key !== key) kept = { key, blocks: badBlocks(known) };
  return kept.blocks;
}

/** Ids of peers outside, and the known bad blocks that they lie in. */
async function badPeers(
  store: Pick<RaiseStore, 'outside'>,
  clusterId: number,
  { rules }: Pick<Watched, 'rules'>,
  flows: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const known = knownBadOf(rules);
  if (known.length === 0) return new Map();
  const blocks = blocksOf(rules, known);
  const found = (await store.outside(clusterId, flows)).map(
    ({ id, address }) => [id, badAround(blocks, address)] as const,
  );
  return new Map(found.filter(([, bad]) => bad.length > 0));
}

/** Those of the flows that may meet a rule, with what is known of their ends. */
export async function suspectFlows(
  store: Pick<RaiseStore, 'outside' | 'suspects'>,
  clusterId: number,
  watched: Pick<Watched, 'rules'>,
  { flows, told }: Asked,
): Promise<readonly SuspectFlow[]> {
  const bad = await badPeers(store, clusterId, watched, flows);
  const unlearned = watched.rules.some(({ criterion }) => criterion === AlertRule.UNLEARNED);
  const suspects = await store.suspects(clusterId, {
    flows,
    told,
    bad: [...bad.keys()],
    unlearned,
  });
  if (bad.size === 0) return suspects;
  const known = (end: End): End => ({ ...end, bad: bad.get(end.id) ?? null });
  return suspects.map(flow => ({
    ...flow,
    source: known(flow.source),
    destination: known(flow.destination),
  }));
}
