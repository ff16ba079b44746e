import type { KnownRanges } from '../../inventory/cluster-range.js';
import type { Peer } from '../../inventory/peer.js';
import type { HeldAddress } from '../../inventory/peer-lookup.store.js';
import type { LabelRevision } from '../../inventory/service-history.js';
import type { KeptServices } from './kept-services.js';
import type { Place } from './settled-class.js';

/** A peer that the store has, by the id that an observation leads to. */
export type KnownPeer = {
  /** Its own: the same for all ids that became aliases of it. */
  readonly number: number;
  /** Follows aliases. */
  readonly id: string;
  /** Null: it has none, or nobody asked. */
  readonly namespace: string | null;
  readonly ports: Peer['ports'];
  readonly place: Place;
  /** Outside, and known by its address alone, whose name its clients may be told. */
  readonly isByAddress: boolean;
  /** The name that it is shown by, of one that is known by its address; else null. */
  readonly dnsName: string | null;
  /** The earliest time that was stored of it by this process, in microseconds; Infinity: none yet. */
  readonly firstSeen: number;
};

export type KnownEdge = {
  readonly id: string;
  readonly sourceId: string;
  readonly destinationId: string;
  readonly port: number | null;
  readonly protocol: string;
  /** Whether this process has stored it: then it need not be judged before it is written. */
  stored: boolean;
  /** Between the same peers. */
  readonly next: KnownEdge | null;
};

/** The deployment that owns a pod, and the node that runs it. */
export type PodOwner = { readonly peerId: string; readonly node: string | null };

/** When a label set was seen, in microseconds: first, and the beginning of the hour in which it was seen last. */
export type ToldTimes = { readonly first: number; readonly lastHour: number };

/** What flows told of pods that no snapshot shows: times by deployment and labels. */
export type ToldTimesOf = Map<string, Map<string, ToldTimes>>;

/** `stable`: without what controllers write anew for each pod or rollout. */
export type KnownLabels = LabelRevision & { readonly stable: LabelRevision['labels'] };

/**
 * What the store has told of a cluster, as of one version of its inventory: each question is asked once. Holds only
 * what was committed. Null and empty answers are kept too.
 */
export type KeptCluster = {
  readonly clusterId: number;
  version: string;
  /** Owner of a pod, by `namespace/pod`. */
  readonly owners: Map<string, PodOwner | null>;
  /** Deployments with labels, by namespace. */
  readonly deployments: Map<string, readonly Peer[]>;
  /** Who ever held an address. */
  readonly holdings: Map<string, readonly HeldAddress[]>;
  /** Where the cluster's addresses lie; null: not asked yet. */
  ranges: KnownRanges | null;
  readonly clusterAddresses: Map<string, boolean>;
  /** Of those addresses that changed hands or were nobody's for a time: when, in microseconds, sorted. */
  readonly cuts: Map<string, readonly number[]>;
  /** Null: not asked yet. */
  services: KeptServices | null;
  /** By namespace. */
  readonly labelled: Map<string, readonly KnownLabels[]>;
  /** Label sets that this process has stored. */
  readonly toldLabels: ToldTimesOf;
  /** By the id that was asked for. */
  readonly peers: Map<string, KnownPeer>;
  readonly numbers: Map<string, number>;
  /** By the numbers of both peers. */
  readonly edges: Map<number, KnownEdge>;
  edgeCount: number;
  /** Ends that are stored as listening, by `endKey`. */
  readonly listeners: Set<string>;
  /** Whether any client of it was told a name by DNS; false: none was when it was asked last. */
  hasDnsNames: boolean;
  /** Ids of the records of chunks that are stored, by the chunk's set of them. */
  readonly recordIds: Map<string, Float64Array>;
  /** Ids that this process has stored since it last looked whether there are too many. */
  idsStored: number;
  /** Rises with what this process has written; an answer that was asked for before is not kept. */
  changes: number;
};

const newCluster = (clusterId: number, version: string): KeptCluster => ({
  clusterId,
  version,
  owners: new Map(),
  deployments: new Map(),
  holdings: new Map(),
  ranges: null,
  clusterAddresses: new Map(),
  cuts: new Map(),
  services: null,
  labelled: new Map(),
  toldLabels: new Map(),
  peers: new Map(),
  numbers: new Map(),
  edges: new Map(),
  edgeCount: 0,
  listeners: new Set(),
  hasDnsNames: false,
  recordIds: new Map(),
  idsStored: 0,
  changes: 0,
});

/** What ingestion keeps between chunks and uploads; one for each database, caller and thread. */
export type KeptIngest = {
  /** What is kept of a cluster; nothing, if that was of another version. */
  of(clusterId: number, version: string): KeptCluster;
  /** Lets go of it: nobody knows whether it still holds. */
  forget(clusterId: number): void;
};

/** Entries of all maps together: some 300 bytes each, so that what is kept stays below 200 MB. */
const MOST_ENTRIES = 600_000;

const sizeOf = (one: KeptCluster): number =>
  one.owners.size + one.holdings.size + one.clusterAddresses.size + one.peers.size + one.edgeCount;

/** Lets go of a cluster that holds too much, and of those that were not asked for longest. */
export function keptIngest(most = MOST_ENTRIES): KeptIngest {
  const clusters = new Map<number, KeptCluster>();
  const total = (): number => [...clusters.values()].reduce((sum, one) => sum + sizeOf(one), 0);
  return {
    of: (clusterId, version) => {
      const known = clusters.get(clusterId);
      clusters.delete(clusterId);
      for (const oldest of clusters.keys()) {
        if (total() <= most / 2) break;
        clusters.delete(oldest);
      }
      const fits = known?.version === version && sizeOf(known) <= most / 2;
      const cluster = fits ? known : newCluster(clusterId, version);
      clusters.set(clusterId, cluster);
      return cluster;
    },
    forget: clusterId => {
      clusters.delete(clusterId);
    },
  };
}
