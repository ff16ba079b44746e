import { BaselineDirection, EntryStatus, isNormal } from '../baselines/baseline.js';
import type { BaselineStore, EntryOf } from '../baselines/baseline.store.js';
import { endpointOf } from '../enforcement/endpoint.js';
import { NODE_PROBE } from '../enforcement/flow-question.js';
import { flowId } from '../flows/edge.js';
import type { FlowWindowStore } from '../flows/flow-window.store.js';
import type { Peer } from '../inventory/peer.js';
import type { PeerStore } from '../inventory/peer.store.js';
import { peerName } from '../inventory/peer-label.js';
import {
  counted,
  type Evidence,
  type ObservedFlow,
  type Problem,
  Severity,
} from '../netpol/index.js';

export type BaselineFlowStores = {
  readonly baselines: Pick<BaselineStore, 'entriesOf'>;
  readonly peers: Pick<PeerStore, 'byIds'>;
  readonly flowWindows: Pick<FlowWindowStore, 'withIds'>;
};

/** An entry knows how many days it was seen on, not which: they are numbered. */
const evidenceOf = (entry: EntryOf): Evidence => ({
  flows: 1,
  firstSeenAt: entry.firstSeenAt,
  lastSeenAt: entry.lastSeenAt,
  days: Array.from({ length: entry.days }, (_, day) => String(day + 1).padStart(5, '0')),
  events: BigInt(entry.events),
});

function flowOf(entry: EntryOf, peers: ReadonlyMap<string, Peer>): readonly ObservedFlow[] {
  const own = peers.get(entry.deploymentId);
  const peer = peers.get(entry.peerId);
  if (own === undefined || peer === undefined) return [];
  const [source, destination] =
    entry.direction === BaselineDirection.EGRESS ? [own, peer] : [peer, own];
  return [
    {
      id: flowId(source.id, destination.id, entry.port, entry.protocol),
      source: endpointOf(source),
      destination: endpointOf(destination),
      names: { source: peerName(source), destination: peerName(destination) },
      port: entry.port,
      protocol: entry.protocol,
      evidence: evidenceOf(entry),
    },
  ];
}

type BaselineFlows = {
  readonly flows: readonly ObservedFlow[];
  /** Peers outside of the caller's scope, which are left out. */
  readonly hidden: number;
  /** What is left out because somebody said so. */
  readonly problems: readonly Problem[];
};

const edgeOf = ({ deploymentId, peerId, direction, port, protocol }: EntryOf): string =>
  direction === BaselineDirection.EGRESS
    ? flowId(deploymentId, peerId, port, protocol)
    : flowId(peerId, deploymentId, port, protocol);

/** Flows that somebody forbade or took out at one end: the other end's word does not bring them back. */
const refusedOf = (entries: readonly EntryOf[]): ReadonlySet<string> =>
  new Set(entries.filter(entry => !isNormal(entry)).map(edgeOf));

function leftOut(entries: readonly EntryOf[]): readonly Problem[] {
  if (entries.length === 0) return [];
  const forbidden = entries.filter(({ status }) => status === EntryStatus.FORBIDDEN).length;
  return [
    {
      code: 'ENTRIES_LEFT_OUT',
      severity: Severity.INFO,
      message: `${counted(entries.length, 'entry of the baselines gets', 'entries of the baselines get')} no rule: ${forbidden} forbidden, ${entries.length - forbidden} removed, at this end or the other`,
      path: null,
      place: null,
      hint: 'see `Baseline.entries` by `status`',
    },
  ];
}

/**
 * What the baselines of these deployments hold, as flows; one that both ends hold is one. Probes of the pods' own
 * nodes need no rule.
 */
export async function baselineFlows(
  { baselines, peers, flowWindows }: BaselineFlowStores,
  clusterId: number,
  deployments: readonly string[],
): Promise<BaselineFlows> {
  const all = await baselines.entriesOf(deployments.map(id => ({ clusterId, id })));
  const refused = refusedOf(all);
  const isAllowed = (entry: EntryOf): boolean => isNormal(entry) && !refused.has(edgeOf(entry));
  const entries = all.filter(isAllowed);
  const ids = new Set(entries.flatMap(({ deploymentId, peerId }) => [deploymentId, peerId]));
  const found = await peers.byIds([...ids].map(id => ({ clusterId, id })));
  const isSeen = ({ kind }: Peer): boolean => kind !== 'MASKED';
  const byId = new Map(found.filter(isSeen).map(peer => [peer.askedId, peer]));
  const flows = new Map(entries.flatMap(entry => flowOf(entry, byId)).map(flow => [flow.id, flow]));
  const seen = await flowWindows.withIds(clusterId, [...flows.keys()]);
  const probes = new Set(
    seen.filter(({ trafficClass }) => trafficClass === NODE_PROBE).map(({ id }) => id),
  );
  return {
    flows: [...flows.values()].filter(
      ({ id, source }) => source.kind !== 'node' || !probes.has(id),
    ),
    hidden: found.length - byId.size,
    problems: leftOut(all.filter(entry => !isAllowed(entry))),
  };
}
