import type { Endpoints } from '../../inventory/address.js';
import {
  type EndpointsRevision,
  type HostPod,
  revisionAt,
  type ServiceRevision,
} from '../../inventory/service-history.js';
import { dnsNameOf } from '../../netpol/index.js';
import { microsOf } from '../time.js';

/** `namespace/name` of the Service that leads to the API server. */
export const API_SERVICE = 'default/kubernetes';

/** What Services, Endpoints and pods on the network of nodes ever were. */
export type KeptServices = {
  /** By `namespace/name`, from the earliest revision on. */
  readonly services: ReadonlyMap<string, readonly ServiceRevision[]>;
  readonly endpoints: ReadonlyMap<string, readonly EndpointsRevision[]>;
  /** `namespace/name` of those that nodes answer for, by protocol and port: `TCP 30080`. */
  readonly nodePorts: ReadonlyMap<string, readonly string[]>;
  /** `namespace/name` of those whose load balancer has the DNS name. */
  readonly balancers: ReadonlyMap<string, readonly string[]>;
  /** By node. */
  readonly hostPods: ReadonlyMap<string, readonly HostPod[]>;
  /** Protocols and ports at which a node may be somebody else. */
  readonly doors: ReadonlySet<string>;
  /** Addresses that Endpoints name; of those, the API server's. */
  readonly endpointAddresses: readonly string[];
  readonly apiAddresses: ReadonlySet<string>;
  /** When any of this changed, in microseconds; sorted. */
  readonly cuts: readonly number[];
};

export const serviceKey = (namespace: string, name: string): string => `${namespace}/${name}`;

export const doorKey = (protocol: string, port: number | null): string => `${protocol} ${port}`;

type Interval = { readonly validFrom: string; readonly validTo: string | null };

/** When intervals begin and end; what lies beyond all observations is left out. */
export const cutsOf = (intervals: readonly Interval[]): readonly number[] => {
  const times = intervals.flatMap(({ validFrom, validTo }) => [validFrom, validTo ?? '']);
  const cuts = times.map(microsOf).filter(cut => cut !== null);
  return [...new Set(cuts)].toSorted((one, other) => one - other);
};

const keyOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }) =>
  serviceKey(namespace, name);

function nodePortsOf(services: readonly ServiceRevision[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const service of services) {
    for (const { protocol, nodePort } of service.ports) {
      if (nodePort === null) continue;
      const key = doorKey(protocol, nodePort);
      found.set(key, (found.get(key) ?? new Set()).add(keyOf(service)));
    }
  }
  return new Map([...found].map(([key, names]) => [key, [...names]]));
}

function balancersOf(services: readonly ServiceRevision[]): KeptServices['balancers'] {
  const named = services.flatMap(service =>
    (service.hostnames ?? []).map(hostname => ({ hostname, key: keyOf(service) })),
  );
  const byName = Map.groupBy(named, ({ hostname }) => hostname);
  return new Map(
    [...byName].map(([hostname, some]) => [hostname, [...new Set(some.map(({ key }) => key))]]),
  );
}

/** Services whose load balancer has one of the names. */
export const balancedBy = (
  { balancers }: Pick<KeptServices, 'balancers'>,
  dnsNames: readonly string[],
): readonly string[] =>
  balancers.size === 0 ? [] : dnsNames.flatMap(name => balancers.get(dnsNameOf(name)) ?? []);

type Rows = {
  readonly services: readonly ServiceRevision[];
  readonly endpoints: readonly EndpointsRevision[];
  readonly hostPods: readonly HostPod[];
};

export function keptServices({ services, endpoints, hostPods }: Rows): KeptServices {
  const nodePorts = nodePortsOf(services);
  const api = endpoints
    .filter(revision => keyOf(revision) === API_SERVICE)
    .flatMap(revision => revision.endpoints);
  const apiPorts = api.flatMap(({ ports }) => ports);
  return {
    services: Map.groupBy(services, keyOf),
    endpointAddresses: endpoints.flatMap(revision =>
      revision.endpoints.flatMap(({ addresses }) => addresses),
    ),
    apiAddresses: new Set(api.flatMap(({ addresses }) => addresses)),
    endpoints: Map.groupBy(endpoints, keyOf),
    nodePorts,
    balancers: balancersOf(services),
    hostPods: Map.groupBy(hostPods, ({ node }) => node),
    doors: new Set([
      ...nodePorts.keys(),
      ...[...apiPorts, ...hostPods.flatMap(({ ports }) => ports)].map(({ protocol, port }) =>
        doorKey(protocol, port),
      ),
    ]),
    cuts: cutsOf([...services, ...endpoints, ...hostPods]),
  };
}

/** Where a Service without a selector led at a moment. */
export const endpointsAt = (
  { endpoints }: KeptServices,
  service: string,
  at: string,
): readonly Endpoints[] => revisionAt(endpoints.get(service) ?? [], at)?.endpoints ?? [];
