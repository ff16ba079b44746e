import {
  compile,
  connectivityMap,
  type Facts,
  formatMapPeer,
  formatPortSet,
  type Policy,
  type RouteFact,
  type ServiceFact,
} from '../../../src/netpol/index.js';
import { facts } from '../evaluation/build.js';

/** A Service of the pods labelled `app: web` in `shop`, from port 80 to 8080. */
export const service = (name: string, parts: Partial<ServiceFact> = {}): ServiceFact => ({
  namespace: 'shop',
  name,
  type: 'ClusterIP',
  clusterIps: [],
  externalIps: [],
  selector: { app: 'web' },
  ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080, nodePort: null }],
  ...parts,
});

/** An Ingress of `shop` that leads to one port. */
export const route = (
  service: string,
  namespace = 'shop',
  port: number | string | null = 80,
): RouteFact => ({
  kind: 'Ingress',
  namespace: 'shop',
  name: 'r',
  backends: [{ namespace, service, port }],
});

/** The rows of the map that begin at the ingress controller. */
export const drawn = (parts: Partial<Facts>, policies: readonly Policy[] = []): readonly string[] =>
  [...connectivityMap(compile(facts(parts), policies))]
    .filter(({ source }) => source.kind === 'ingress-controller')
    .map(({ destination, ports }) => `${formatMapPeer(destination)} ${formatPortSet(ports)}`);
