import type { KubernetesObject } from '../netpol/index.js';
import type { DeclaredPort } from './peer.js';

/** A port of a node that leads to a pod on it, which is not on the node's network. */
export type HostPort = {
  readonly port: number;
  readonly protocol: DeclaredPort['protocol'];
  readonly podPort: number;
};

type JsonObject = Readonly<Record<string, unknown>>;

const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const PROTOCOLS: readonly string[] = ['TCP', 'UDP', 'SCTP'];

const listAt = (value: unknown, key: string): readonly unknown[] => {
  const list = isJsonObject(value) ? value[key] : null;
  return Array.isArray(list) ? list : [];
};

function hostPortOf(value: unknown): readonly HostPort[] {
  if (!isJsonObject(value)) return [];
  const { hostPort, containerPort, protocol = 'TCP' } = value;
  const isOne =
    typeof hostPort === 'number' &&
    typeof containerPort === 'number' &&
    PROTOCOLS.includes(String(protocol));
  return isOne
    ? [{ port: hostPort, protocol: protocol as HostPort['protocol'], podPort: containerPort }]
    : [];
}

/** "hostPort: Number of port to expose on the host", of all containers of a pod; by port and protocol. */
export const hostPortsOf = ({ value }: Pick<KubernetesObject, 'value'>): readonly HostPort[] =>
  listAt(value['spec'], 'containers')
    .flatMap(container => listAt(container, 'ports').flatMap(hostPortOf))
    .toSorted((one, other) => one.port - other.port || (one.protocol < other.protocol ? -1 : 1));
