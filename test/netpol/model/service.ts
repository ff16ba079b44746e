import { parseAddress } from './address.js';
import type { Cluster, ModelPod } from './inventory.js';
import { weakest } from './match.js';
import type { Answer, End, KubeObject, Maybe, Question, Service } from './objects.js';
import { protocolOf } from './situation.js';

type ServicePort = NonNullable<Service['spec']['ports']>[number];
type Ask = (destination: End, port: number | null, protocol: string) => Answer;

const isSame = (one: Maybe<string>, other: string): boolean => {
  const a = one ? parseAddress(one) : null;
  const b = parseAddress(other);
  return a !== null && b !== null && a.family === b.family && a.value === b.value;
};

const isAskedFor = (service: Service, end: End): boolean => {
  const { metadata, spec } = service;
  if (end.kind === 'service') {
    return metadata.name === end.name && (metadata.namespace || 'default') === end.namespace;
  }
  return (
    end.kind === 'address' &&
    [spec.clusterIP, ...(spec.clusterIPs ?? [])].some(ip => isSame(ip, end.address))
  );
};

const backendsOf = (service: Service, cluster: Cluster): ModelPod[] => {
  const wanted = Object.entries(service.spec.selector ?? {});
  if (wanted.length === 0) return [];
  return cluster.pods.filter(
    pod =>
      pod.namespace === (service.metadata.namespace || 'default') &&
      wanted.every(([key, value]) => pod.labels[key] === value),
  );
};

const targetOf = (port: ServicePort, pod: ModelPod): number | null => {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  const named = pod.ports.find(
    each => each.name === target && protocolOf(each) === (port.protocol || 'TCP'),
  );
  return named?.containerPort ?? null;
};

/**
 * Row 19: "map ClusterIP → backends → targetPort first; several backends may give a mixed verdict".
 * Null when the destination is no Service.
 */
export const askService = (
  objects: readonly KubeObject[],
  cluster: Cluster,
  question: Question,
  ask: Ask,
): Answer | null => {
  const service = objects.find(
    (object): object is Service =>
      object.kind === 'Service' && isAskedFor(object, question.destination),
  );
  if (service === undefined) return null;
  const port = (service.spec.ports ?? []).find(
    each => each.port === question.port && (each.protocol || 'TCP') === question.protocol,
  );
  const answers = backendsOf(service, cluster).flatMap(({ namespace, name, ...pod }) => {
    const target = port ? targetOf(port, { namespace, name, ...pod }) : null;
    if (target === null) return [];
    return [ask({ kind: 'pod', namespace, name }, target, question.protocol)];
  });
  const [first] = answers;
  if (first === undefined) return { verdict: 'UNDECIDABLE', basis: 'missing-inventory' };
  const mixed = answers.some(({ verdict }) => verdict !== first.verdict);
  return mixed ? { verdict: 'UNDECIDABLE', basis: 'mixed-backends' } : weakest(answers);
};
