import type { ContainerPort, PodFact } from '../facts.js';
import type { Labels } from '../labels.js';
import {
  booleanAt,
  type Cursor,
  isAbsent,
  itemObject,
  listAt,
  member,
  objectAt,
  stringAt,
} from './cursor.js';
import { portNumberAt, protocolAt } from './ports.js';
import { scrapePortOf } from './scrape-port.js';
import { labelsAt } from './selector.js';

/** What a pod and a pod template have in common. */
export type PodShape = Pick<PodFact, 'labels' | 'hostNetwork' | 'ports' | 'scrapePort'>;

/** Reads labels, ports and host network of a pod, or of a template. */
export function podShapeAt(cursor: Cursor): PodShape {
  const spec = member(cursor, 'spec');
  objectAt(spec);
  const labels: Labels = labelsAt(member(member(cursor, 'metadata'), 'labels'));
  const scrapePort = scrapePortOf(member(cursor, 'metadata').value);
  return {
    labels,
    hostNetwork: booleanAt(member(spec, 'hostNetwork')) ?? false,
    ports: [...containerPorts(spec), ...virtualMachinePorts(spec)],
    ...(scrapePort !== undefined && { scrapePort }),
  };
}

/** An init container counts when it is a sidecar: "restartPolicy Always … runs until all regular containers stop". */
function containerPorts(spec: Cursor): readonly ContainerPort[] {
  const containers = listAt(member(spec, 'containers')) ?? [];
  const sidecars = (listAt(member(spec, 'initContainers')) ?? []).filter(
    container => member(container, 'restartPolicy').value === 'Always',
  );
  return [...containers, ...sidecars].flatMap(container =>
    portsOf(member(container, 'ports'), 'containerPort'),
  );
}

/** KubeVirt declares the ports of a virtual machine on its interfaces. */
function virtualMachinePorts(spec: Cursor): readonly ContainerPort[] {
  const domain = member(spec, 'domain');
  if (isAbsent(domain)) return [];
  const interfaces = listAt(member(member(domain, 'devices'), 'interfaces')) ?? [];
  return interfaces.flatMap(each => portsOf(member(each, 'ports'), 'port'));
}

function portsOf(cursor: Cursor, number: 'containerPort' | 'port'): readonly ContainerPort[] {
  return (listAt(cursor) ?? []).map(item => portOf(item, number)).filter(port => port !== null);
}

function portOf(cursor: Cursor, number: 'containerPort' | 'port'): ContainerPort | null {
  if (itemObject(cursor) === null) return null;
  const port = portNumberAt(member(cursor, number));
  const protocol = protocolAt(member(cursor, 'protocol'));
  const name = stringAt(member(cursor, 'name'));
  return port === null || protocol === null ? null : { name, port, protocol };
}
