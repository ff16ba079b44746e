import { type Compiled, ofFacts } from '../compile/compiled.js';
import type { ServiceFact } from '../facts.js';
import { betweenPods } from '../twin.js';
import type { Connection, Endpoint } from '../verdict.js';
import { podsBehind } from './backends.js';

/** Row 20: by `externalTrafficPolicy: Cluster` the node that takes a connection may put its own address in the client's place. */
const hidesClients = ({ type, keepsClientAddress }: ServiceFact): boolean =>
  (type === 'NodePort' || type === 'LoadBalancer') && keepsClientAddress !== true;

type Doors = ReadonlyMap<string, ServiceFact>;

const doorKey = (pod: string, protocol: string, port: number): string =>
  `${pod} ${protocol} ${port}`;

const knownDoors = ofFacts(() => ({ doors: null as Doors | null }));

/** Services that hide their clients, by the workloads behind them and their own ports. */
function doorsOf(compiled: Compiled): Doors {
  const known = knownDoors(compiled.engine);
  if (known.doors !== null) return known.doors;
  const doors = new Map<string, ServiceFact>();
  for (const service of compiled.facts.services.filter(hidesClients))
    for (const place of podsBehind(compiled, service)) {
      const pod = compiled.facts.pods[place];
      if (pod === undefined) continue;
      for (const { protocol, port } of service.ports)
        doors.set(doorKey(pod.memberOf ?? pod.key, protocol, port), service);
    }
  known.doors = doors;
  return doors;
}

const isOutside = ({ kind }: Endpoint): boolean =>
  kind === 'address' || kind === 'block' || kind === 'domain';

/** A connection that was seen, with the port of the Service that it went through (null: none is known). */
export type SeenConnection = Pick<Connection, 'source' | 'destination' | 'protocol'> & {
  readonly servicePort: number | null;
};

/** The Service by which somebody outside reached a pod, where that may have hidden who it was; else null. */
export function hidingService(
  compiled: Compiled,
  { source, destination, protocol, servicePort }: SeenConnection,
): Endpoint | null {
  if (servicePort === null || destination.kind !== 'pod' || !isOutside(source)) return null;
  const service = doorsOf(compiled).get(doorKey(destination.key, protocol, servicePort));
  return service === undefined
    ? null
    : { kind: 'service', namespace: service.namespace, name: service.name };
}

/** A connection that was seen, as it is to be asked about: the same question as that of a client who asks the Service. */
export function asSeen<Seen extends Connection & { readonly servicePort?: number | null }>(
  compiled: Compiled,
  seen: Seen,
): Connection {
  const servicePort = seen.servicePort ?? null;
  const service = hidingService(compiled, { ...seen, servicePort });
  return service === null
    ? betweenPods(seen)
    : { ...seen, destination: service, port: servicePort };
}
