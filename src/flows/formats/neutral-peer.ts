import { canonicalAddress, canonicalCidr, dnsNameOf } from '../../netpol/index.js';
import {
  type ObservedPeer,
  PeerHint,
  type ServiceName,
  type WorkloadName,
} from '../observation.js';
import { blame, type Check, objectField, refuseOthers, shown, textField } from './neutral-field.js';
import { newPeer } from './peer.js';
import type { JsonObject } from './record.js';

const PEER_FIELDS: ReadonlySet<string> = new Set([
  'namespace',
  'pod',
  'workload',
  'labels',
  'ip',
  'cidr',
  'dnsName',
  'node',
  'service',
]);
const WORKLOAD_FIELDS: ReadonlySet<string> = new Set(['kind', 'name']);
const WORKLOAD_EXAMPLE = '{"kind": "Deployment", "name": "api"}';

const workloadField = (check: Check, peer: JsonObject, end: string): WorkloadName | null => {
  const path = `${end}.workload`;
  const workload = objectField(check, peer, path, WORKLOAD_EXAMPLE);
  if (workload === null) return null;
  refuseOthers(check, workload, `${path}.`, WORKLOAD_FIELDS);
  const kind = textField(check, workload, `${path}.kind`);
  const name = textField(check, workload, `${path}.name`);
  if (kind !== null && name !== null) return { kind, name };
  return blame(check, {
    code: 'BAD_WORKLOAD',
    path,
    message: `\`${path}\` is missing its ${kind === null ? '`kind`' : '`name`'}`,
    hint: `write it as \`${WORKLOAD_EXAMPLE}\``,
  });
};

const labelsField = (check: Check, peer: JsonObject, end: string): ObservedPeer['labels'] => {
  const path = `${end}.labels`;
  const labels = objectField(check, peer, path, '{"app": "api"}');
  const wrong = Object.entries(labels ?? {}).find(([, value]) => typeof value !== 'string');
  if (wrong === undefined) return labels as ObservedPeer['labels'];
  return blame(check, {
    code: 'BAD_LABELS',
    path: `${path}.${wrong[0]}`,
    message: `label \`${wrong[0]}\` is \`${shown(wrong[1])}\`, not text`,
    hint: 'write numbers and booleans as text, as Kubernetes does',
  });
};

/** The address in its shortest form; IPv4 within IPv6 is IPv4. */
const ipField = (check: Check, peer: JsonObject, end: string): string | null => {
  const path = `${end}.ip`;
  const text = textField(check, peer, path);
  if (text === null) return null;
  const address = canonicalAddress(text);
  if (address !== null) return address;
  return blame(check, {
    code: 'BAD_ADDRESS',
    path,
    message: `\`${path}\` is \`${text}\`, not an IP address`,
    hint: 'write the address alone; a block goes to `cidr`, a name to `dnsName`',
  });
};

const cidrField = (check: Check, peer: JsonObject, end: string): string | null => {
  const path = `${end}.cidr`;
  const text = textField(check, peer, path);
  if (text === null) return null;
  const cidr = canonicalCidr(text);
  if (cidr !== null) return cidr;
  return blame(check, {
    code: 'BAD_CIDR',
    path,
    message: `\`${path}\` is \`${text}\`, not a block of addresses`,
    hint: 'write it as `10.0.0.0/8`',
  });
};

const serviceOf = (namespace: string | null, name: string | null): ServiceName | null =>
  namespace === null || name === null ? null : { namespace, name };

type Fields = Omit<ObservedPeer, 'kind' | 'service'> & { readonly serviceName: string | null };

const fieldsOf = (check: Check, peer: JsonObject, end: string): Fields => {
  refuseOthers(check, peer, `${end}.`, PEER_FIELDS);
  const dnsName = textField(check, peer, `${end}.dnsName`);
  return {
    namespace: textField(check, peer, `${end}.namespace`),
    pod: textField(check, peer, `${end}.pod`),
    workload: workloadField(check, peer, end),
    labels: labelsField(check, peer, end),
    namespaceLabels: null,
    ip: ipField(check, peer, end),
    cidr: cidrField(check, peer, end),
    dnsNames: dnsName === null ? [] : [dnsNameOf(dnsName)],
    node: textField(check, peer, `${end}.node`),
    serviceName: textField(check, peer, `${end}.service`),
    cluster: null,
    reserved: null,
  };
};

/** What only a namespace makes whole. */
const needsNamespace = ({ pod, workload, labels, serviceName }: Fields): boolean =>
  pod !== null || workload !== null || labels !== null || serviceName !== null;

/** Pod name, workload, labels, Service, node, outside, address: the first that is there. */
const kindOf = (fields: Fields): PeerHint | null => {
  if (fields.pod !== null) return PeerHint.POD;
  if (fields.workload !== null || fields.labels !== null) return PeerHint.WORKLOAD;
  if (fields.serviceName !== null) return PeerHint.SERVICE;
  if (fields.node !== null) return PeerHint.NODE;
  if (fields.cidr !== null || fields.dnsNames.length > 0) return PeerHint.EXTERNAL;
  return fields.ip === null ? null : PeerHint.UNKNOWN;
};

/** Reads one end of a record; null when it is wrong. */
export const neutralPeer = (check: Check, peer: JsonObject, end: string): ObservedPeer | null => {
  const { serviceName, ...fields } = fieldsOf(check, peer, end);
  if (check.fault !== null) return null;
  const kind = kindOf({ ...fields, serviceName });
  if (kind === null)
    return blame(check, {
      code: 'NO_PEER',
      path: end,
      message: `\`${end}\` does not say who it is`,
      hint: 'give a pod, workload, labels or service with its namespace, or ip, cidr, dnsName or node',
    });
  if (fields.namespace === null && needsNamespace({ ...fields, serviceName }))
    return blame(check, {
      code: 'NO_NAMESPACE',
      path: `${end}.namespace`,
      message: `\`${end}\` is missing its \`namespace\``,
      hint: 'names and labels are unique within a namespace only',
    });
  const service = serviceOf(fields.namespace, serviceName);
  const ip = kind === PeerHint.WORKLOAD ? null : fields.ip;
  return newPeer(kind, { ...fields, ip, service });
};
