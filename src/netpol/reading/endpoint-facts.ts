import type { EndpointFact, ServiceFact } from '../facts.js';
import { type Cursor, listAt, member, stringAt } from './cursor.js';
import type { KubernetesObject } from './objects.js';
import { namespaceOf } from './owners.js';
import { groupOf } from './pod-templates.js';
import { portNumberAt, protocolAt } from './ports.js';

/** Where one Service leads, by its `namespace/name`. */
export type ServiceEndpoints = {
  readonly service: string;
  readonly endpoints: EndpointFact;
  readonly isSlice: boolean;
};

const SERVICE_NAME = 'kubernetes.io/service-name';

export const isEndpoints = ({ kind, apiVersion }: KubernetesObject): boolean =>
  (kind === 'Endpoints' && apiVersion === 'v1') ||
  (kind === 'EndpointSlice' && groupOf(apiVersion) === 'discovery.k8s.io');

function portsAt(cursor: Cursor): EndpointFact['ports'] {
  return (listAt(cursor) ?? []).flatMap(item => {
    const port = portNumberAt(member(item, 'port'));
    const protocol = protocolAt(member(item, 'protocol'));
    const name = stringAt(member(item, 'name'));
    return port === null || protocol === null
      ? []
      : [{ name: name === '' ? null : name, port, protocol }];
  });
}

const texts = (cursors: readonly Cursor[]): readonly string[] =>
  cursors.map(stringAt).filter(text => text !== null);

/** An Endpoints object or an EndpointSlice; a slice without the label of its Service is nobody's. */
export function endpointsAt(cursor: Cursor, object: KubernetesObject): readonly ServiceEndpoints[] {
  const namespace = namespaceOf(object);
  if (object.kind === 'EndpointSlice') {
    const name = stringAt(member(member(member(cursor, 'metadata'), 'labels'), SERVICE_NAME));
    const addresses = (listAt(member(cursor, 'endpoints')) ?? []).flatMap(each =>
      texts(listAt(member(each, 'addresses')) ?? []),
    );
    const endpoints = { addresses, ports: portsAt(member(cursor, 'ports')) };
    return name === null ? [] : [{ service: `${namespace}/${name}`, endpoints, isSlice: true }];
  }
  return (listAt(member(cursor, 'subsets')) ?? []).map(subset => {
    const all = ['addresses', 'notReadyAddresses'].flatMap(
      field => listAt(member(subset, field)) ?? [],
    );
    const addresses = texts(all.map(each => member(each, 'ip')));
    const endpoints = { addresses, ports: portsAt(member(subset, 'ports')) };
    return { service: `${namespace}/${object.name ?? ''}`, endpoints, isSlice: false };
  });
}

/** By Service. kube-proxy reads EndpointSlices: where a Service has some, its Endpoints lead nowhere. */
export function leadingAmong(
  all: readonly ServiceEndpoints[],
): ReadonlyMap<string, readonly ServiceEndpoints[]> {
  const sliced = new Set(all.filter(({ isSlice }) => isSlice).map(({ service }) => service));
  const leading = all.filter(({ service, isSlice }) => isSlice || !sliced.has(service));
  return Map.groupBy(leading, ({ service }) => service);
}

/** A Service with a selector leads to the pods that it selects, whatever its endpoints say. */
export function withEndpoints(
  service: ServiceFact,
  found: ReadonlyMap<string, readonly ServiceEndpoints[]>,
): ServiceFact {
  const own = found.get(`${service.namespace}/${service.name}`);
  return service.selector !== null || own === undefined
    ? service
    : { ...service, endpoints: own.map(({ endpoints }) => endpoints) };
}
