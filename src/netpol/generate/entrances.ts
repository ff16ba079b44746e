import type { Facts, PodFact, RouteFact, ServiceFact, ServicePort } from '../facts.js';
import { backendPorts } from '../route-ports.js';
import type { PortDraft } from './draft.js';
import { selectsPod } from './service-selector.js';

/** A way in from outside the cluster, as the inventory shows it. */
export type Entrance = {
  /** `LoadBalancer Service shop/front`, `Ingress shop/site`. */
  readonly name: string;
  /** Who comes through it: clients at addresses of their own, or the pods of an ingress controller. */
  readonly from: 'clients' | 'controller';
  /** Clients may have the address of a node by then (`externalTrafficPolicy: Cluster`). */
  readonly hidesClients?: boolean;
  /** On the pods. */
  readonly ports: readonly PortDraft[];
};

/** The numbers of a Service's port on the pods of one fact. */
export const targetsOn =
  (pod: PodFact) =>
  ({ targetPort, protocol }: ServicePort): readonly number[] =>
    typeof targetPort === 'number'
      ? [targetPort]
      : pod.ports
          .filter(port => port.name === targetPort && port.protocol === protocol)
          .map(({ port }) => port);

/** Ports of a Service on the pods of one fact. */
export const portsOn = (pod: PodFact, ports: readonly ServicePort[]): readonly PortDraft[] =>
  ports.flatMap(port =>
    targetsOn(pod)(port).map(number => ({ protocol: port.protocol, port: number })),
  );

const kindOf = ({ type, externalIps }: ServiceFact): string | null => {
  if (type === 'LoadBalancer' || type === 'NodePort') return type;
  return externalIps.length > 0 ? 'external' : null;
};

const serviceEntrance = (service: ServiceFact, pod: PodFact): readonly Entrance[] => {
  const kind = kindOf(service);
  if (kind === null || !selectsPod(service.selector, pod)) return [];
  const name = `${kind} Service ${service.namespace}/${service.name}`;
  const hidesClients = kind !== 'external' && service.keepsClientAddress !== true;
  return [{ name, from: 'clients', hidesClients, ports: portsOn(pod, service.ports) }];
};

function routeEntrance(
  route: RouteFact,
  services: readonly ServiceFact[],
  pod: PodFact,
): readonly Entrance[] {
  const ports = route.backends.flatMap(backend =>
    services
      .filter(({ namespace, name }) => namespace === backend.namespace && name === backend.service)
      .filter(({ selector }) => selectsPod(selector, pod))
      .flatMap(service => portsOn(pod, backendPorts(route, backend, service, targetsOn(pod)))),
  );
  const name = `${route.kind} ${route.namespace}/${route.name}`;
  return ports.length === 0 ? [] : [{ name, from: 'controller', ports }];
}

/** The ways in that lead to the pods of a fact. */
export function entrancesOf({ services, routes }: Facts): (pod: PodFact) => readonly Entrance[] {
  const servicesIn = Map.groupBy(services, ({ namespace }) => namespace);
  const routesTo = new Map<string, RouteFact[]>();
  for (const route of routes)
    for (const namespace of new Set(route.backends.map(backend => backend.namespace)))
      routesTo.set(namespace, [...(routesTo.get(namespace) ?? []), route]);
  return pod => {
    const own = servicesIn.get(pod.namespace) ?? [];
    return [
      ...own.flatMap(service => serviceEntrance(service, pod)),
      ...(routesTo.get(pod.namespace) ?? []).flatMap(route => routeEntrance(route, own, pod)),
    ].filter(({ ports }) => ports.length > 0);
  };
}
