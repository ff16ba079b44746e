import { dnsNameOf } from '../addresses/dns-name.js';
import type { ServiceFact, ServicePort } from '../facts.js';
import {
  type Cursor,
  isAbsent,
  itemObject,
  listAt,
  member,
  note,
  objectAt,
  stringAt,
  stringsAt,
} from './cursor.js';
import { nameOf } from './metadata.js';
import type { KubernetesObject } from './objects.js';
import { namespaceOf } from './owners.js';
import { portNumberAt, protocolAt } from './ports.js';
import { scrapePortOf } from './scrape-port.js';
import { labelsAt } from './selector.js';

export function serviceFactAt(cursor: Cursor, object: KubernetesObject): ServiceFact | null {
  const name = nameOf(cursor);
  const spec = member(cursor, 'spec');
  objectAt(spec);
  const selector = labelsAt(member(spec, 'selector'));
  const ports = (listAt(member(spec, 'ports')) ?? []).map(servicePortAt);
  const externalName = stringAt(member(spec, 'externalName'));
  const hostnames = balancerAt(cursor, 'hostname').map(dnsNameOf);
  const isLocal = stringAt(member(spec, 'externalTrafficPolicy')) === 'Local';
  const fact = {
    namespace: namespaceOf(object),
    type: stringAt(member(spec, 'type')) ?? 'ClusterIP',
    clusterIps: clusterIpsAt(spec),
    externalIps: externalIpsAt(cursor, spec),
    ports: ports.filter(port => port !== null),
    selector: Object.keys(selector).length === 0 ? null : selector,
    ...(externalName === null || externalName === '' ? {} : { externalName }),
    ...(hostnames.length > 0 && { hostnames }),
    ...(isLocal && { keepsClientAddress: true }),
    ...labelled(cursor),
  };
  return name === null ? null : { ...fact, name };
}

/** Only what is there: most Services have neither. */
function labelled(cursor: Cursor): Pick<ServiceFact, 'labels' | 'scrapePort'> {
  const metadata = member(cursor, 'metadata');
  const labels = labelsAt(member(metadata, 'labels'));
  const scrapePort = scrapePortOf(metadata.value);
  return {
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(scrapePort !== undefined && { scrapePort }),
  };
}

/** "None" makes a Service headless, which the engine must know; "" leaves the address to the cluster. */
function clusterIpsAt(spec: Cursor): readonly string[] {
  const single = stringAt(member(spec, 'clusterIP'));
  const all = [single ?? '', ...(stringsAt(member(spec, 'clusterIPs')) ?? [])];
  return [...new Set(all)].filter(address => address !== '');
}

/** Addresses outside the cluster that lead to the Service: its own, and its load balancer's. */
function externalIpsAt(cursor: Cursor, spec: Cursor): readonly string[] {
  const declared = stringsAt(member(spec, 'externalIPs')) ?? [];
  return [...new Set([...declared, ...balancerAt(cursor, 'ip')])];
}

/** What its status says of its load balancer: AWS gives names, others addresses. */
function balancerAt(cursor: Cursor, field: 'ip' | 'hostname'): readonly string[] {
  const balancer = member(member(cursor, 'status'), 'loadBalancer');
  return (listAt(member(balancer, 'ingress')) ?? [])
    .map(item => stringAt(member(item, field)))
    .filter((text): text is string => text !== null && text !== '');
}

function servicePortAt(cursor: Cursor): ServicePort | null {
  if (itemObject(cursor) === null) return null;
  const port = portNumberAt(member(cursor, 'port'));
  const protocol = protocolAt(member(cursor, 'protocol'));
  const name = stringAt(member(cursor, 'name'));
  const targetPort = portOrNameAt(member(cursor, 'targetPort'));
  const nodePort = nodePortAt(member(cursor, 'nodePort'));
  if (port === null || protocol === null) return null;
  return {
    name,
    port,
    protocol,
    // "If this is not specified, the value of the 'port' field is used (an identity map)"; Go writes that as 0.
    targetPort: targetPort === null || targetPort === 0 ? port : targetPort,
    nodePort,
  };
}

/** Go writes a port that is not given as 0. */
const nodePortAt = (cursor: Cursor): number | null =>
  isAbsent(cursor) || cursor.value === 0 ? null : portNumberAt(cursor);

/** Kubernetes' IntOrString: a port number, or the name of a port; null where it is absent. */
export function portOrNameAt(cursor: Cursor): number | string | null {
  const { value } = cursor;
  if (isAbsent(cursor)) return null;
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  return note(cursor, {
    code: 'WRONG_TYPE',
    message: 'a port must be a number or a name',
    hint: 'write a number from 1 to 65535, or the name of a port',
  });
}
