import type { Caller } from '../access/caller.js';
import { flowId } from '../flows/edge.js';
import { peerId } from '../inventory/identity.js';
import { PeerKind } from '../inventory/peer.js';
import type { Connection, Endpoint, Verdict } from '../netpol/index.js';
import { type DataplaneWord, dataplaneWord } from './dataplane-word.js';
import type { EvaluationStore } from './evaluation.store.js';
import { namedFor } from './visible-explanation.js';

/** The id that the end of a flow has; null: it is no one peer. The key of a pod begins with its deployment's. */
function peerOf(endpoint: Endpoint): string | null {
  switch (endpoint.kind) {
    case 'pod':
      return endpoint.key.split(' ')[0] ?? null;
    case 'node':
      return peerId(PeerKind.NODE, endpoint.name);
    case 'address':
      return peerId(PeerKind.EXTERNAL, endpoint.address);
    case 'block':
      return peerId(PeerKind.EXTERNAL, endpoint.cidr);
    case 'domain':
      return peerId(PeerKind.EXTERNAL, endpoint.name);
    case 'api-server':
      return peerId(PeerKind.EXTERNAL, 'kube-apiserver');
    default:
      return null;
  }
}

export type AskedOf = {
  readonly clusterId: number;
  readonly connection: Connection;
  /** What the policies in force say. */
  readonly verdict: Verdict;
};

/** What the dataplane said of a connection between two ends, where a flow of it was seen. */
export async function saidBetween(
  { evaluation }: { readonly evaluation: Pick<EvaluationStore, 'flowEnds'> },
  caller: Caller,
  { clusterId, connection, verdict }: AskedOf,
): Promise<DataplaneWord | null> {
  const { port, protocol } = connection;
  const source = peerOf(connection.source);
  const destination = peerOf(connection.destination);
  if (source === null || destination === null) return null;
  const [seen] = await evaluation.flowEnds(clusterId, [
    flowId(source, destination, port, protocol),
  ]);
  if (seen === undefined) return null;
  const named = namedFor(caller, seen.observedPolicies ?? []);
  return dataplaneWord(seen.observedVerdict, named, verdict);
}
