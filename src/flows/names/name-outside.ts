import { externalPeer } from '../../inventory/known-as.js';
import type { KnownEnd } from '../ingest/attribution.js';
import type { KeptCluster } from '../ingest/kept.js';
import type { ObservedEdges } from '../ingest/observed-edges.js';
import { timeText } from '../time.js';
import type { Call, DnsAnswerStore, DnsName } from './dns-answer.store.js';

type Batch = {
  readonly chunks: readonly ObservedEdges[];
  /** Of each chunk. */
  readonly ends: readonly (readonly KnownEnd[])[];
  /** Ids of both ends of the flows that were stored. */
  readonly edges: readonly { readonly sourceId: string; readonly destinationId: string }[];
};

const namesIn = ({ chunks, ends }: Batch): readonly DnsName[] =>
  chunks.flatMap(({ answers }, chunk) =>
    answers.map(({ end, address, name, from, until }) => {
      const client = ends[chunk]?.[end];
      if (client === undefined) throw new Error('a client of a DNS answer is missing');
      const times = { from: timeText(from), until: timeText(until) };
      return { clientId: client.peer.id, address, name, ...times };
    }),
  );

/** Destinations that lie outside by their address alone, each with a client. */
function callsIn({ ends, edges }: Batch): readonly Call[] {
  const outside = new Set(
    ends.flatMap(some => some.filter(({ peer }) => peer.isByAddress).map(({ peer }) => peer.id)),
  );
  return edges
    .filter(({ destinationId }) => outside.has(destinationId))
    .map(({ sourceId, destinationId }) => ({ clientId: sourceId, outsideId: destinationId }));
}

const toldCalls = (clusterId: number, names: readonly DnsName[]): readonly Call[] =>
  names.map(({ clientId, address, from }) => ({
    clientId,
    outsideId: externalPeer({ clusterId, firstSeenAt: from }, { address }).id,
  }));

/**
 * Names what lies outside by what its clients were told of its address, in this batch or before, and so also what was stored
 * before the answer came. To be called when the flows of the batch are stored.
 * @returns the peers that have another name now
 */
export async function nameOutside(
  store: DnsAnswerStore,
  kept: KeptCluster,
  batch: Batch,
): Promise<readonly string[]> {
  const { clusterId } = kept;
  const names = namesIn(batch);
  const calls = callsIn(batch);
  if (names.length > 0) await store.learn(clusterId, names);
  else if (calls.length === 0 || !(await hasNames(store, kept))) return [];
  return store.nameOutside(clusterId, [...calls, ...toldCalls(clusterId, names)]);
}

/** Asked until it is true. */
async function hasNames(store: DnsAnswerStore, kept: KeptCluster): Promise<boolean> {
  if (!kept.hasDnsNames) kept.hasDnsNames = await store.hasAny(kept.clusterId);
  return kept.hasDnsNames;
}
