import type { RouteFact, ServiceFact, ServicePort } from './facts.js';
import { Protocol } from './policy.js';

type Backend = RouteFact['backends'][number];

/**
 * The ports of a Service that a route leads to. `targetsOf`: the numbers of such a port on the pods behind the Service.
 *
 * Ingress and the Gateway API name the Service's port. An OpenShift Route means "the target port on pods selected by the
 * service this route points to. If this is a string, it will be looked up as a named port in the target endpoints port
 * list", where ports are called as in the Service.
 */
export const backendPorts = (
  { kind }: RouteFact,
  { port: wanted }: Backend,
  { ports }: ServiceFact,
  targetsOf: (port: ServicePort) => readonly number[],
): readonly ServicePort[] => {
  const protocol = kind === 'UDPRoute' ? Protocol.UDP : Protocol.TCP;
  const isNumber = (port: ServicePort): boolean =>
    kind === 'Route' ? targetsOf(port).some(target => target === wanted) : port.port === wanted;
  return ports.filter(
    port =>
      port.protocol === protocol && (wanted === null || port.name === wanted || isNumber(port)),
  );
};
