import { podPortOf } from '../../inventory/address.js';
import type { LabelRevision, ServiceRevision } from '../../inventory/service-history.js';
import type { Doubt, FlowProtocol } from '../observation.js';
import type { KnownEnd } from './attribution.js';
import type { KeptCluster } from './kept.js';
import { doorKey } from './kept-services.js';
import { type BookStores, loadDeclared } from './load-kept.js';
import type { ObservedEdges } from './observed-edges.js';

/** Protocols and ports that a peer declares, or ever did: `TCP 8080`. */
type Declared = ReadonlySet<string>;

const NONE: Declared = new Set();

const selects = ({ selector }: ServiceRevision, { labels }: LabelRevision): boolean => {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
};

/** The ports of its containers, and those that a Service which selects it leads to. */
function declaredBy(revision: LabelRevision, services: readonly ServiceRevision[]): string[] {
  const ports = revision.ports ?? [];
  const led = services
    .filter(service => selects(service, revision))
    .flatMap(service => service.ports)
    .map(one => ({ protocol: one.protocol, port: podPortOf(one, ports) }));
  return [...ports, ...led].map(({ protocol, port }) => doorKey(protocol, port));
}

const servicesIn = (kept: KeptCluster, namespace: string): readonly ServiceRevision[] =>
  [...(kept.services?.services.values() ?? [])].flat().filter(one => one.namespace === namespace);

/**
 * True: the record is a reply, since the end that looks like the client declares its port and the other does not. False:
 * it is none. Null: both do, or neither.
 */
export type ByDeclaredPorts = (
  ends: { readonly source: KnownEnd; readonly destination: KnownEnd },
  port: number | null,
  protocol: FlowProtocol,
  doubt: Doubt,
) => boolean | null;

/** Answers by the inventory that is kept; each peer is looked at once. */
export function byDeclaredPorts(kept: KeptCluster): ByDeclaredPorts {
  const known = new Map<string, Declared>();
  const declaredOf = ({ peer: { id, namespace } }: KnownEnd): Declared => {
    if (namespace === null) return NONE;
    const found = known.get(id);
    if (found !== undefined) return found;
    const revisions = (kept.labelled.get(namespace) ?? []).filter(({ peerId }) => peerId === id);
    const services = servicesIn(kept, namespace);
    const made = new Set(revisions.flatMap(revision => declaredBy(revision, services)));
    known.set(id, made);
    return made;
  };
  const declares = (end: KnownEnd, port: number | null, protocol: FlowProtocol): boolean => {
    if (end.reached !== null) return true;
    if (port === null) return false;
    const door = doorKey(protocol, port);
    return end.isNode === null
      ? declaredOf(end).has(door)
      : kept.services?.doors.has(door) === true;
  };
  return ({ source, destination }, port, protocol, { sourcePort }) => {
    const isAsked = declares(destination, port, protocol);
    const isAsking = declares(source, sourcePort, protocol);
    return isAsked === isAsking ? null : isAsking;
  };
}

function* doubtedEnds(
  chunks: readonly ObservedEdges[],
  ends: readonly (readonly KnownEnd[])[],
): Generator<KnownEnd | undefined> {
  for (const [number, { edges }] of chunks.entries())
    for (const { doubt, source, destination } of edges) {
      if (doubt === null) continue;
      yield ends[number]?.[source];
      yield ends[number]?.[destination];
    }
}

/** What ends declare is asked only of those that no record proves anything of. */
export async function loadDeclaredOf(
  stores: BookStores,
  kept: KeptCluster,
  chunks: readonly ObservedEdges[],
  ends: readonly (readonly KnownEnd[])[],
): Promise<void> {
  const namespaces = [...doubtedEnds(chunks, ends)].map(end => end?.peer.namespace ?? null);
  const known = new Set(namespaces.filter(name => name !== null));
  if (namespaces.length > 0) await loadDeclared(stores, kept, known);
}
