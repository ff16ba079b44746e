import type { Window } from '../flows/flow-condition.js';
import {
  type AssertedEdge,
  type AssertedEnd,
  type PortSet,
  Protocol,
  portSetOf,
} from '../netpol/index.js';
import type { NamedPeer } from './replay.store.js';
import type { SimulationRunStore, WindowFlows } from './simulation-run.store.js';

const PAGE = 50_000;

const prefixLess = (cidr: string): string => cidr.split('/', 1)[0] ?? cidr;

function endOf({ kind, name, namespace, workloadKind, address, cidr }: NamedPeer): AssertedEnd {
  switch (kind) {
    case 'DEPLOYMENT':
      return {
        kind: 'workload',
        namespace: namespace ?? '',
        name,
        workloadKind: workloadKind ?? '',
      };
    case 'EXTERNAL':
      return {
        kind: 'outside',
        name: `EXTERNAL:${name}`,
        address: address ?? (cidr === null ? null : prefixLess(cidr)),
      };
    default:
      return { kind: 'other', name: `${kind}:${name}` };
  }
}

const isNamed = (protocol: string): protocol is Protocol => Object.hasOwn(Protocol, protocol);

/** Ports as sets, one object each; a port that is not known stands for none. */
function portSets() {
  const known = new Map<string, PortSet>();
  return (protocol: string, port: number | null): PortSet => {
    const key = `${protocol} ${port}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const ranges = port === null || !isNamed(protocol) ? [] : [{ protocol, from: port, to: port }];
    const set = portSetOf(ranges);
    known.set(key, set);
    return set;
  };
}

type Known = {
  readonly ends: ReadonlyMap<string, AssertedEnd>;
  readonly portsOf: ReturnType<typeof portSets>;
};

function edgeAt(flows: WindowFlows, place: number, { ends, portsOf }: Known): AssertedEdge | null {
  const source = ends.get(flows.sourceIds[place] ?? '');
  const destination = ends.get(flows.destinationIds[place] ?? '');
  const isCounted = flows.denied[place] === false;
  if (!isCounted || source === undefined || destination === undefined) return null;
  const ports = portsOf(flows.protocols[place] ?? '', flows.ports[place] ?? null);
  return { source, destination, ports };
}

/** Who connected to whom in a window, without what the dataplane denied in every hour. */
export async function observedEdges(
  store: Pick<SimulationRunStore, 'windowFlows' | 'namedPeers'>,
  clusterId: number,
  window: Window,
): Promise<readonly AssertedEdge[]> {
  const edges: AssertedEdge[] = [];
  const ends = new Map<string, AssertedEnd>();
  const known = { ends, portsOf: portSets() };
  let after: string | null = null;
  for (;;) {
    const page = { after, limit: PAGE };
    const flows: WindowFlows = await store.windowFlows(clusterId, window, page);
    const ids = new Set([...flows.sourceIds, ...flows.destinationIds]);
    const fresh = [...ids].filter(id => !ends.has(id));
    for (const peer of await store.namedPeers(clusterId, fresh)) ends.set(peer.id, endOf(peer));
    for (const place of flows.ids.keys()) {
      const edge = edgeAt(flows, place, known);
      if (edge !== null) edges.push(edge);
    }
    after = flows.ids.at(-1) ?? null;
    if (flows.ids.length < PAGE) return edges;
  }
}
