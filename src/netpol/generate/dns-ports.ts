import type { Facts, PodFact, ServicePort } from '../facts.js';
import { remembered } from '../remembered.js';
import { type PortDraft, tidyPorts } from './draft.js';
import { targetsOn } from './entrances.js';
import type { ObservedFlow } from './evidence.js';
import { selectsPod } from './service-selector.js';

export const DNS_PORT = 53;

/** What charts call ports of DNS: CoreDNS, Consul, ExternalDNS. */
const DNS_NAME = /^(?:dns|domain)(?:-(?:tcp|udp))?$/;

const isPortOfDns = ({ name, port, protocol }: ServicePort): boolean =>
  protocol !== 'SCTP' && (port === DNS_PORT || DNS_NAME.test(name ?? ''));

/** Where pods answer DNS, as the Services before them say, in numeric order; empty: no Service says so. */
export function servedDns({ services }: Facts): (pod: PodFact) => readonly number[] {
  const asking = services.filter(({ ports }) => ports.some(isPortOfDns));
  const servicesIn = Map.groupBy(asking, ({ namespace }) => namespace);
  return remembered(pod => {
    const targets = (servicesIn.get(pod.namespace) ?? [])
      .filter(({ selector }) => selectsPod(selector, pod))
      .flatMap(({ ports }) => ports.filter(isPortOfDns).flatMap(targetsOn(pod)));
    return [...new Set(targets)].toSorted((one, other) => one - other);
  });
}

/** `192.0.2.53 1053` of each address at which a Service without selector answers DNS. */
const servedOutside = ({ services }: Facts): ReadonlySet<string> =>
  new Set(
    services.flatMap(({ ports, endpoints = [] }) => {
      const names = new Set(ports.filter(isPortOfDns).map(({ name }) => name));
      return endpoints.flatMap(({ addresses, ports: open }) =>
        open
          .filter(({ name }) => names.has(name))
          .flatMap(({ port }) => addresses.map(address => `${address} ${port}`)),
      );
    }),
  );

export type Query = Pick<ObservedFlow, 'destination' | 'port' | 'protocol' | 'servicePort'>;

/** Whether a flow asks DNS: port 53, of whatever server, or where a Service's port for DNS leads. */
export function asksDns(facts: Facts): (flow: Query) => boolean {
  const served = servedDns(facts);
  const outside = servedOutside(facts);
  const pods = new Map(facts.pods.map(pod => [pod.key, pod]));
  return ({ destination, port, protocol, servicePort }) => {
    if (port === null || !(protocol === 'UDP' || protocol === 'TCP')) return false;
    if (port === DNS_PORT || servicePort === DNS_PORT) return true;
    if (destination.kind === 'address') return outside.has(`${destination.address} ${port}`);
    const pod = destination.kind === 'pod' ? pods.get(destination.key) : undefined;
    return pod !== undefined && served(pod).includes(port);
  };
}

/** "Longer answers of DNS come over TCP": both, always. */
export const bothProtocols = (port: number): readonly PortDraft[] => [
  { protocol: 'TCP', port },
  { protocol: 'UDP', port },
];

/** Ports that a pod opens, with those at which it answers DNS open over UDP and TCP alike. */
export const withBoth = (
  ports: readonly PortDraft[],
  served: readonly number[],
): readonly PortDraft[] =>
  tidyPorts(
    ports.flatMap(each =>
      each.port !== null &&
      each.protocol !== 'SCTP' &&
      (each.port === DNS_PORT || served.includes(each.port))
        ? bothProtocols(each.port)
        : [each],
    ),
  );
