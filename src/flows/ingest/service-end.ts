import { type DeclaredServicePort, type Endpoints, podPortOf } from '../../inventory/address.js';
import {
  backendsAt,
  hostPodsAt,
  type LabelRevision,
  revisionAt,
  type ServiceRevision,
} from '../../inventory/service-history.js';
import { canonicalAddress, dnsNameOf } from '../../netpol/index.js';
import { type Book, holderAt } from './book.js';
import { clusterNameOf } from './cluster-dns.js';
import { API_SERVICE, doorKey, endpointsAt, serviceKey } from './kept-services.js';
import {
  API_SERVER,
  type Asked,
  freshOutside,
  holding,
  known,
  type Reached,
  type Resolved,
  type Seen,
  unresolved,
} from './resolved.js';

type Named = {
  readonly namespace: string;
  readonly name: string;
  /** How many Services of type ExternalName led here. */
  readonly hops?: number;
};

/** A Service that stands for another one may stand for itself in the end. */
const MOST_HOPS = 8;

/** As questions take it, too. */
const shownAs = ({ namespace, name }: Named): string => `svc:${namespace}/${name}`;

export const apiServer = (seen: Seen): Resolved => freshOutside(seen, { entity: API_SERVER });

/** Whether the API server answers at an address; null: nothing tells where it does. */
export function isApiServer(book: Book, address: string, at: string): boolean | null {
  const endpoints = endpointsAt(book.services, API_SERVICE, at);
  if (endpoints.length === 0) return null;
  return endpoints.some(({ addresses }) => addresses.includes(address));
}

/** One of a managed control plane that no Endpoints name: known by its address. */
export const apiServerAt = (seen: Seen, address: string): Resolved =>
  freshOutside(seen, { address }, { name: API_SERVER, entity: API_SERVER });

/** "None": clients reach the pods themselves, on the pods' own ports. */
const isHeadless = ({ clusterIps }: ServiceRevision): boolean => clusterIps.includes('None');

/** The Service's port that was asked for; null: none of its ports, or the pod's port is told beside it. */
function askedPort(service: ServiceRevision, asked: Asked): DeclaredServicePort | null {
  const { port, servicePort, protocol } = asked;
  if (port !== null && (servicePort !== null || isHeadless(service))) return null;
  const number = servicePort ?? port;
  return service.ports.find(one => one.port === number && one.protocol === protocol) ?? null;
}

const unchanged = ({ port, servicePort }: Asked): Reached => ({ port, servicePort });

/** The one number that all agree on. */
const common = (ports: readonly (number | null)[]): number | null =>
  new Set(ports).size === 1 ? (ports[0] ?? null) : null;

/**
 * A port that is none of the Service's, and to which none of them leads: nothing is forwarded there. Headless, or with
 * both ports told, a Service says nothing of a port.
 */
function isPortOfNone(
  service: ServiceRevision,
  { port, servicePort, protocol }: Asked,
  backends: readonly LabelRevision[],
): boolean {
  if (port === null || servicePort !== null || isHeadless(service) || service.ports.length === 0)
    return false;
  const leadsTo = (declared: DeclaredServicePort): boolean =>
    declared.protocol === protocol &&
    [[], ...backends.map(({ ports }) => ports ?? [])].some(
      ports => podPortOf(declared, ports) === port,
    );
  return !service.ports.some(leadsTo);
}

/** The pod's port on which all backends agree. */
function reachedBy(declared: DeclaredServicePort, backends: readonly LabelRevision[]): Reached {
  const target = backends.length === 0 ? podPortOf(declared, []) : null;
  const podPorts = backends.map(({ ports }) => podPortOf(declared, ports ?? []));
  return { port: common(podPorts) ?? target, servicePort: declared.port };
}

function selected(service: ServiceRevision, asked: Asked | null, book: Book, seen: Seen): Resolved {
  const labelled = book.labelsIn(service.namespace);
  const backends = backendsAt(labelled, service.selector ?? {}, seen.firstSeenAt);
  const declared = asked === null ? null : askedPort(service, asked);
  const reached = declared === null ? asked && unchanged(asked) : reachedBy(declared, backends);
  const { namespace } = service;
  if (asked !== null && declared === null && isPortOfNone(service, asked, backends)) {
    const reason = 'SERVICE_WITHOUT_PORT';
    return { ...unresolved(seen, { reason, namespace, name: shownAs(service) }), reached };
  }
  const [backend, second] = backends;
  if (backend !== undefined && second === undefined) return { ...known(backend.peerId), reached };
  const reason =
    backend === undefined
      ? 'SERVICE_WITHOUT_BACKEND'
      : `SEVERAL_BACKENDS ${backends.map(one => `${one.namespace}/${one.name}`).join(', ')}`;
  return { ...unresolved(seen, { reason, namespace, name: shownAs(service) }), reached };
}

/** Who answers at the addresses of Endpoints: whoever holds them all. */
function atEndpoints(
  service: Named,
  endpoints: readonly Endpoints[],
  book: Book,
  seen: Seen,
): Resolved {
  const addresses = endpoints.flatMap(one => one.addresses);
  const ends = addresses.map(address => {
    const held = holderAt(book, address, seen.firstSeenAt);
    const end = held === null ? null : holding(held);
    return { text: held?.holderName ?? address, end: end ?? freshOutside(seen, { address }) };
  });
  const byId = new Map(ends.map(one => [one.end.id, one]));
  const [first, second] = byId.values();
  if (first !== undefined && second === undefined) return first.end;
  const reason =
    first === undefined
      ? 'SERVICE_WITHOUT_BACKEND'
      : `SEVERAL_BACKENDS ${[...byId.values()].map(({ text }) => text).join(', ')}`;
  return unresolved(seen, { reason, namespace: service.namespace, name: shownAs(service) });
}

/** Ports of Endpoints have the names of the Service's ports. */
function endpointPort(
  endpoints: readonly Endpoints[],
  declared: DeclaredServicePort,
): number | null {
  const ports = endpoints
    .flatMap(one => one.ports)
    .filter(({ name, protocol }) => protocol === declared.protocol && name === declared.name);
  if (ports.length > 0) return common(ports.map(({ port }) => port));
  return podPortOf(declared, []);
}

function elsewhere(
  service: ServiceRevision,
  asked: Asked | null,
  book: Book,
  seen: Seen,
): Resolved {
  const key = serviceKey(service.namespace, service.name);
  const endpoints = endpointsAt(book.services, key, seen.firstSeenAt);
  const end = key === API_SERVICE ? apiServer(seen) : atEndpoints(service, endpoints, book, seen);
  const declared = asked === null ? null : askedPort(service, asked);
  if (asked === null || declared === null)
    return { ...end, reached: asked === null ? null : unchanged(asked) };
  return {
    ...end,
    reached: { port: endpointPort(endpoints, declared), servicePort: declared.port },
  };
}

type ServiceEnd = { readonly asked: Asked | null; readonly book: Book; readonly seen: Seen };

/** "Services of type ExternalName map a Service to a DNS name": another Service's, an address, or one outside; at the same port. */
function standingFor(
  named: Named,
  externalName: string,
  { asked, book, seen }: ServiceEnd,
): Resolved {
  const dnsName = dnsNameOf(externalName);
  const own = clusterNameOf(dnsName);
  const { hops = 0 } = named;
  if (own?.isSure && own.target.kind === 'service' && hops < MOST_HOPS)
    return serviceEnd({ ...own.target, hops: hops + 1 }, asked, book, seen);
  const address = canonicalAddress(dnsName);
  const held = address === null ? null : holderAt(book, address, seen.firstSeenAt);
  const outside = freshOutside(seen, address === null ? { dnsName } : { address });
  const end = (held === null ? null : holding(held)) ?? outside;
  return { ...end, reached: asked === null ? null : unchanged(asked) };
}

/** Of `default/kubernetes` where no inventory shows it: a port alone is the Service's. */
const apiPortOf = (asked: Asked | null): Reached | null => {
  if (asked === null || asked.servicePort !== null) return asked && unchanged(asked);
  return { port: null, servicePort: asked.port };
};

/** Who answers for a Service at a moment: its selector decides, never a deployment that shares its name. */
export function serviceEnd(named: Named, asked: Asked | null, book: Book, seen: Seen): Resolved {
  const end = { asked, book, seen };
  const revisions = book.services.services.get(serviceKey(named.namespace, named.name)) ?? [];
  const service = revisionAt(revisions, seen.firstSeenAt);
  if (service === null && serviceKey(named.namespace, named.name) === API_SERVICE)
    return { ...apiServer(seen), reached: apiPortOf(asked) };
  if (service === null)
    return unresolved(seen, {
      reason: 'SERVICE_NOT_KNOWN',
      namespace: named.namespace,
      name: shownAs(named),
    });
  if (service.externalName !== null) return standingFor(named, service.externalName, end);
  return service.selector === null
    ? elsewhere(service, asked, book, seen)
    : selected(service, asked, book, seen);
}

const namedBy = (key: string): Named => {
  const [namespace = '', name = ''] = key.split('/');
  return { namespace, name };
};

/** Whether one of these Services has the port that was asked for: at an address that a node has, too, all else is the node's. */
export const isServed = (
  keys: readonly string[],
  { port, servicePort, protocol }: Asked,
  book: Book,
  at: string,
): boolean =>
  keys.some(key =>
    revisionAt(book.services.services.get(key) ?? [], at)?.ports.some(
      one => one.port === (servicePort ?? port) && one.protocol === protocol,
    ),
  );

/** Of the Services that share an address, the one with the port that was asked for. */
export function serviceAtAddress(
  keys: readonly string[],
  asked: Asked | null,
  book: Book,
  seen: Seen,
): Resolved {
  const hasPort = (key: string): boolean => {
    const service = revisionAt(book.services.services.get(key) ?? [], seen.firstSeenAt);
    return asked !== null && service !== null && askedPort(service, asked) !== null;
  };
  const key = keys.find(hasPort) ?? keys[0] ?? '';
  return serviceEnd(namedBy(key), asked, book, seen);
}

/** Who answers at a port of a node: the API server, a Service's NodePort, a pod on its network or at its `hostPort`; null: the node itself. */
export function behindNode(
  { isNode }: Pick<Resolved, 'isNode'>,
  asked: Asked | null,
  book: Book,
  seen: Seen,
): Resolved | null {
  if (isNode === null || asked === null || asked.port === null) return null;
  const { port, protocol } = asked;
  const at = seen.firstSeenAt;
  if (isApiPort(book, isNode, asked, at)) return { ...apiServer(seen), reached: unchanged(asked) };
  for (const key of book.services.nodePorts.get(doorKey(protocol, port)) ?? []) {
    const service = revisionAt(book.services.services.get(key) ?? [], at);
    const door = service?.ports.find(one => one.nodePort === port && one.protocol === protocol);
    if (door !== undefined)
      return serviceEnd(namedBy(key), { port: null, servicePort: door.port, protocol }, book, seen);
  }
  const doors = hostPodsAt(book.services.hostPods.get(isNode) ?? [], at).flatMap(
    ({ peerId, ports }) =>
      ports
        .filter(one => one.port === port && one.protocol === protocol)
        .map(({ podPort }) => ({ peerId, podPort })),
  );
  const [only, ...others] = doors;
  if (only === undefined || others.some(({ peerId }) => peerId !== only.peerId)) return null;
  const { peerId, podPort } = only;
  const reached = podPort === undefined ? null : { port: podPort, servicePort: null };
  return { ...known(peerId), runsOn: isNode, reached };
}

const isApiPort = (book: Book, node: string, { port, protocol }: Asked, at: string): boolean =>
  endpointsAt(book.services, API_SERVICE, at).some(
    ({ addresses, ports }) =>
      ports.some(one => one.port === port && one.protocol === protocol) &&
      addresses.some(address => holderAt(book, address, at)?.node === node),
  );
