import type { RouteFact } from '../facts.js';
import { type Cursor, isAbsent, listAt, member, stringAt } from './cursor.js';
import { nameOf } from './metadata.js';
import type { KubernetesObject } from './objects.js';
import { namespaceOf } from './owners.js';
import { groupOf } from './pod-templates.js';
import { portOrNameAt } from './service-facts.js';

type Backend = RouteFact['backends'][number];

/** The kinds that lead traffic to Services, each with the reader of its backends. */
const ROUTES: Readonly<
  Record<string, (spec: Cursor, namespace: string) => readonly (Backend | null)[]>
> = {
  'networking.k8s.io/Ingress': ingressBackends,
  'extensions/Ingress': ingressBackends,
  'route.openshift.io/Route': openShiftBackends,
  'gateway.networking.k8s.io/HTTPRoute': gatewayBackends,
  'gateway.networking.k8s.io/GRPCRoute': gatewayBackends,
  'gateway.networking.k8s.io/TLSRoute': gatewayBackends,
  'gateway.networking.k8s.io/TCPRoute': gatewayBackends,
  'gateway.networking.k8s.io/UDPRoute': gatewayBackends,
};

export function isRoute(object: KubernetesObject): boolean {
  return Object.hasOwn(ROUTES, routeKey(object));
}

function routeKey(object: KubernetesObject): string {
  return `${groupOf(object.apiVersion)}/${object.kind}`;
}

/** Reads an Ingress, an OpenShift Route or a route of the Gateway API. */
export function routeFactAt(cursor: Cursor, object: KubernetesObject): RouteFact | null {
  const name = nameOf(cursor);
  const namespace = namespaceOf(object);
  const read = ROUTES[routeKey(object)];
  if (name === null || read === undefined) return null;
  const backends = new Map<string, Backend>();
  for (const backend of read(member(cursor, 'spec'), namespace)) {
    if (backend !== null) backends.set(JSON.stringify(backend), backend);
  }
  return { kind: object.kind, namespace, name, backends: [...backends.values()] };
}

function ingressBackends(spec: Cursor, namespace: string): readonly (Backend | null)[] {
  const paths = (listAt(member(spec, 'rules')) ?? []).flatMap(
    rule => listAt(member(member(rule, 'http'), 'paths')) ?? [],
  );
  // `spec.backend` and `serviceName` are v1beta1's names.
  const defaults = [member(spec, 'defaultBackend'), member(spec, 'backend')];
  return [...defaults, ...paths.map(path => member(path, 'backend'))].map(backend =>
    ingressBackendAt(backend, namespace),
  );
}

function ingressBackendAt(backend: Cursor, namespace: string): Backend | null {
  const service = member(backend, 'service');
  if (isAbsent(service)) {
    const name = stringAt(member(backend, 'serviceName'));
    const port = portOrNameAt(member(backend, 'servicePort'));
    return name === null ? null : { namespace, service: name, port };
  }
  const name = stringAt(member(service, 'name'));
  const port = member(service, 'port');
  const number = portOrNameAt(member(port, 'number')) ?? portOrNameAt(member(port, 'name'));
  return name === null ? null : { namespace, service: name, port: number };
}

/** "port.targetPort: the target port on pods selected by the service"; `backendPorts` says which of the Service's ports it means. */
function openShiftBackends(spec: Cursor, namespace: string): readonly (Backend | null)[] {
  const port = portOrNameAt(member(member(spec, 'port'), 'targetPort'));
  return [member(spec, 'to'), ...(listAt(member(spec, 'alternateBackends')) ?? [])].map(target => {
    const name = isService(target) ? stringAt(member(target, 'name')) : null;
    return name === null ? null : { namespace, service: name, port };
  });
}

function gatewayBackends(spec: Cursor, namespace: string): readonly (Backend | null)[] {
  return (listAt(member(spec, 'rules')) ?? [])
    .flatMap(rule => listAt(member(rule, 'backendRefs')) ?? [])
    .map(target => {
      const name = isService(target) ? stringAt(member(target, 'name')) : null;
      const other = stringAt(member(target, 'namespace'));
      const port = portOrNameAt(member(target, 'port'));
      return name === null ? null : { namespace: other ?? namespace, service: name, port };
    });
}

/** A reference without kind means a Service of the core group. */
function isService(target: Cursor): boolean {
  const kind = member(target, 'kind').value ?? 'Service';
  const group = member(target, 'group').value ?? '';
  return kind === 'Service' && group === '';
}
