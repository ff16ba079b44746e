import { asSeen, type Compiled, type Connection } from '../netpol/index.js';
import { endpointOf } from './endpoint.js';
import type { FlowEnds } from './evaluation.store.js';

/** The class of what a node sends to the pods that it runs. */
export const NODE_PROBE = 'health-probe';

/** The question of a flow: that of its client, where the Service on the way may have hidden who that was. */
export const connectionOf = (
  compiled: Compiled,
  { source, destination, port, protocol, servicePort }: FlowEnds,
): Connection =>
  asSeen(compiled, {
    source: endpointOf(source),
    destination: endpointOf(destination),
    port,
    protocol,
    servicePort,
  });

/**
 * A probe comes from the node that runs the pod: "traffic to and from the node where a Pod is running is always
 * allowed, regardless of the IP address of the Pod or the node". A deployment's fact has no node of its own.
 */
export const isOwnNode = ({
  source,
  trafficClass,
}: {
  readonly source: Pick<FlowEnds['source'], 'kind'>;
  readonly trafficClass: string;
}): boolean => source.kind === 'NODE' && trafficClass === NODE_PROBE;
