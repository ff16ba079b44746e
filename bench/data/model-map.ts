import type { End, NetworkPolicy } from '../../test/netpol/model/objects.js';
import { askWorld, type World, worldOf } from '../../test/netpol/model/verdict.js';
import type { Cluster } from './cluster.js';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

/** The first port of every stretch on which no policy and no named port can change its mind. */
export function borderPorts({ policies, objects }: Cluster): readonly number[] {
  const borders = new Set([1]);
  const add = (from: number, to = from): void => {
    borders.add(from).add(to + 1);
  };
  const rules = policies.flatMap(({ spec }: NetworkPolicy) => [
    ...(spec.ingress ?? []),
    ...(spec.egress ?? []),
  ]);
  for (const { port, endPort } of rules.flatMap(({ ports }) => ports ?? [])) {
    if (typeof port === 'number') add(port, endPort ?? port);
  }
  for (const object of objects) {
    if (object.kind !== 'Pod') continue;
    for (const { containerPort } of object.spec.containers.flatMap(({ ports }) => ports ?? [])) {
      add(containerPort);
    }
  }
  return [...borders].sort((one, other) => one - other);
}

/** One pod speaks for its deployment. */
const endsOf = ({ workloads }: Cluster): readonly End[] =>
  workloads.map(({ namespace, name }) => ({ kind: 'pod', namespace, name: `${name}-0` }));

export type ModelMap = {
  /** Ordered pairs of deployments that were asked. */
  readonly pairs: number;
  /** Pairs with some port open, as `source => destination`. */
  readonly open: ReadonlySet<string>;
};

/** Every port has to be asked, also where one is open already: the map is exact to the port. */
function openPorts(world: World, ports: readonly number[], source: End, destination: End): number {
  let open = 0;
  for (const protocol of PROTOCOLS) {
    for (const port of ports) {
      if (askWorld(world, { source, destination, protocol, port }).verdict === 'ALLOWED') open++;
    }
  }
  return open;
}

/** The map of all pairs whose source is among the first `sources`, one question after the other. */
export function modelMap(cluster: Cluster, sources: number): ModelMap {
  const world = worldOf(cluster.objects, { hostNetwork: 'nodes', ipBlockPods: 'never' }, 'map');
  const ports = borderPorts(cluster);
  const ends = endsOf(cluster);
  const open = new Set<string>();
  for (const [from, source] of ends.slice(0, sources).entries()) {
    for (const [to, destination] of ends.entries()) {
      if (from === to || openPorts(world, ports, source, destination) === 0) continue;
      open.add(`${cluster.workloads[from]?.name} => ${cluster.workloads[to]?.name}`);
    }
  }
  return { pairs: sources * (ends.length - 1), open };
}
