import type { Peer } from '../inventory/peer.js';
import type { PeerStore } from '../inventory/peer.store.js';
import { peerName } from '../inventory/peer-label.js';
import type { Problem } from '../netpol/index.js';
import { counted } from '../netpol/index.js';
import { errorAt, infoAt, warningAt } from '../query/problem.js';
import { type Baseline, type BaselineDirection, EntryStatus, entryId } from './baseline.js';
import type { EntryOf } from './baseline.store.js';
import { type BaselineScope, chosenIn, type ScopeStores } from './chosen.js';
import type { OwnedEntry } from './entry-rows.js';
import { staleIn } from './expected-version.js';
import { type Decided, type Verdict, type WriteStores, writeDecision } from './write-decision.js';

export type DecideStores = ScopeStores &
  WriteStores & {
    readonly peers: Pick<PeerStore, 'byIds'>;
  };

export type DecideEntriesDeps = {
  readonly transaction: <T>(work: (stores: DecideStores) => Promise<T>) => Promise<T>;
  /** ISO text. */
  readonly now: () => string;
  readonly who: string;
};

/** Which entries: what is given must hold. */
export type EntryMatch = {
  readonly direction: BaselineDirection | null;
  /** As lists show it, or an address, a DNS name, the name of a block. */
  readonly peer: string | null;
  readonly port: number | null;
  readonly protocol: string | null;
};

export type DecideEntriesInput = BaselineScope & {
  readonly entries: readonly EntryMatch[];
  readonly status: Verdict;
  readonly reason: string | null;
};

export type DecideEntriesOutcome = {
  /** Those that hold an entry that was said something of, at either end. */
  readonly baselines: readonly Baseline[];
  /** Entries that are other now, at both ends. */
  readonly changed: number;
  readonly problems: readonly Problem[];
};

function refusals({ entries, status }: DecideEntriesInput): readonly Problem[] {
  if (entries.length === 0)
    return [
      errorAt(
        'NOTHING_NAMED',
        'entries',
        'no entry was named',
        'name entries by direction, peer, port or protocol; `{}` is all of the scope',
      ),
    ];
  return entries.flatMap(({ peer, port }, place) =>
    status === EntryStatus.FORBIDDEN && peer === null && port === null
      ? [
          errorAt(
            'TOO_WIDE',
            `entries[${place}]`,
            'nothing tells what to forbid',
            'give a peer, a port, or both',
          ),
        ]
      : [],
  );
}

/** The words by which each peer is known. */
async function namesOf(
  { peers, baselineEntries }: Pick<DecideStores, 'peers' | 'baselineEntries'>,
  clusterId: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await peers.byIds(ids.map(id => ({ clusterId, id })));
  const blocks = await baselineEntries.blocks(clusterId, ids);
  const ofBlock = new Map(blocks.map(({ id, name }) => [id, name]));
  const words = (peer: Peer & { readonly askedId: string }): readonly (string | null)[] =>
    peer.kind === 'EXTERNAL'
      ? [peerName(peer), peer.name, peer.address, peer.dnsName, ofBlock.get(peer.askedId) ?? null]
      : [peerName(peer)];
  return new Map(
    found
      .filter(({ kind }) => kind !== 'MASKED')
      .map(peer => [peer.askedId, words(peer).filter(word => word !== null)]),
  );
}

const matches = (
  { direction, peer, port, protocol }: EntryMatch,
  entry: EntryOf,
  names: readonly string[],
): boolean =>
  (direction === null || direction === entry.direction) &&
  (port === null || port === entry.port) &&
  (protocol === null || protocol === entry.protocol) &&
  (peer === null || names.includes(peer));

const WITH_PORTS: ReadonlySet<string> = new Set(['TCP', 'UDP', 'SCTP']);

/** An entry that nobody has seen: it is forbidden beforehand. */
async function unseen(
  { baselineEntries, peers: peerStore }: Pick<DecideStores, 'baselineEntries' | 'peers'>,
  { clusterId, owners, now }: { clusterId: number; owners: readonly string[]; now: string },
  { direction, peer, port, protocol }: EntryMatch,
): Promise<readonly OwnedEntry[]> {
  const isWhole = port !== null || (protocol !== null && !WITH_PORTS.has(protocol));
  if (direction === null || peer === null || protocol === null || !isWhole) return [];
  const named = await baselineEntries.peersNamed(clusterId, [peer]);
  const found = await peerStore.byIds(named.map(({ id }) => ({ clusterId, id })));
  const peers = found.filter(({ kind }) => kind !== 'MASKED');
  return owners.flatMap(deploymentId =>
    peers.map(({ id: peerId }) => {
      const place = { direction, peerId, port, protocol };
      const seen = { firstSeenAt: now, lastSeenAt: now, events: '0', days: 0, hours: 0 };
      const decision = { status: EntryStatus.OBSERVED, statusAt: null, statusBy: null };
      return {
        ...place,
        ...seen,
        ...decision,
        id: entryId(place),
        deploymentId,
        pattern: null,
        reason: null,
      };
    }),
  );
}

/** The entries that are named, and a WARNING for each name that is of none. */
async function found(
  stores: DecideStores,
  input: DecideEntriesInput,
  owners: readonly string[],
  now: string,
): Promise<{ readonly entries: readonly OwnedEntry[]; readonly problems: readonly Problem[] }> {
  const { clusterId, status } = input;
  const all = await stores.baselines.entriesOf(owners.map(id => ({ clusterId, id })));
  const names = await namesOf(stores, clusterId, [...new Set(all.map(({ peerId }) => peerId))]);
  const entries: OwnedEntry[] = [];
  const problems: Problem[] = [];
  for (const [place, match] of input.entries.entries()) {
    const some = all.filter(entry => matches(match, entry, names.get(entry.peerId) ?? []));
    const made =
      some.length === 0 && status === EntryStatus.FORBIDDEN
        ? await unseen(stores, { clusterId, owners, now }, match)
        : [];
    entries.push(...some, ...made);
    if (some.length + made.length === 0) problems.push(notHeld(`entries[${place}]`, match, status));
  }
  return { entries, problems };
}

function notHeld(path: string, match: EntryMatch, status: Verdict): Problem {
  const { direction, peer, protocol, port } = match;
  const words = [direction, peer, protocol, port].filter(word => word !== null).join(' ');
  const hint =
    status === EntryStatus.FORBIDDEN
      ? 'to forbid what was never seen give direction, peer, protocol and port, of a peer that is known'
      : 'see `Baseline.entries` for those that there are';
  return warningAt('NOT_FOUND', path, `no baseline of the scope has an entry \`${words}\``, hint);
}

/**
 * Says of entries, and of the same flows in the baselines of their other ends, that they are confirmed, forbidden or
 * removed. What is so already stays, and makes no version.
 */
export const decideEntries = (
  { transaction, now, who }: DecideEntriesDeps,
  input: DecideEntriesInput,
): Promise<DecideEntriesOutcome> =>
  transaction(async stores => {
    const refused = refusals(input);
    if (refused.length > 0) return { baselines: [], changed: 0, problems: refused };
    const { clusterId, status, reason } = input;
    const { baselines } = stores;
    const at = now();
    await baselines.lockCluster(clusterId);
    const { chosen, problems } = await chosenIn(stores, input);
    const stale = await staleIn(baselines, input, chosen);
    if (stale !== null) return { baselines: [], changed: 0, problems: [stale] };
    const keys = chosen.map(({ id }) => ({ clusterId, id }));
    const owners = (await baselines.ofDeployments(keys)).map(({ deploymentId }) => deploymentId);
    const named = await found(stores, input, owners, at);
    const decision: Decided = { status, statusAt: at, statusBy: who, reason };
    const { all, ...outcome } = await writeDecision(stores, clusterId, named.entries, {
      decision,
      source: SOURCES[status],
    });
    return {
      ...outcome,
      problems: [...problems, ...named.problems, ...toldOf(all, outcome.changed)],
    };
  });

const SOURCES: Readonly<Record<Verdict, string>> = {
  CONFIRMED: 'confirmBaselineEntries',
  FORBIDDEN: 'forbidBaselineEntries',
  REMOVED: 'removeBaselineEntries',
};

const toldOf = (all: number, changed: number): readonly Problem[] =>
  all === changed
    ? []
    : [
        infoAt(
          'UNCHANGED',
          'entries',
          `${counted(all - changed, 'entry was', 'entries were')} so already`,
          'nothing is to be done',
        ),
      ];
