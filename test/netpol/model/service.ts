import { parseAddress } from './address.js';
import type { Cluster, ModelPod } from './inventory.js';
import { weakest } from './match.js';
import type { Answer, End, KubeObject, Maybe, Question, Service } from './objects.js';
import { protocolOf } from './situation.js';

type ServicePort = NonNullable<Service['spec']['ports']>[number];
type Ask = (backend: ModelPod, port: number) => Answer;

const isSame = (one: Maybe<string>, other: string): boolean => {
  const a = one ? parseAddress(one) : null;
  const b = parseAddress(other);
  return a !== null && b !== null && a.family === b.family && a.value === b.value;
};

const namespaceOf = ({ metadata }: Service): string => metadata.namespace || 'default';

const isAskedFor = (service: Service, end: End): boolean => {
  const { metadata, spec } = service;
  if (end.kind === 'service') {
    return metadata.name === end.name && namespaceOf(service) === end.namespace;
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
      pod.namespace === namespaceOf(service) &&
      wanted.every(([key, value]) => Object.hasOwn(pod.labels, key) && pod.labels[key] === value),
  );
};

/** A name stands for all ports of the pod with that name and the Service's protocol. */
const targetsOf = (port: ServicePort, pod: ModelPod): number[] => {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return [target];
  return pod.ports
    .filter(each => each.name === target && protocolOf(each) === (port.protocol || 'TCP'))
    .map(({ containerPort }) => containerPort);
};

type Backend = { readonly pod: ModelPod; readonly port: number };

const isHeadless = ({ spec }: Service): boolean => spec.clusterIP === 'None';

/** A headless Service has no address to map: clients reach the pods, on the port that they ask for. */
const backendsAt = (service: Service, port: ServicePort, cluster: Cluster): Backend[] =>
  backendsOf(service, cluster).flatMap(pod =>
    (isHeadless(service) ? [port.port] : targetsOf(port, pod)).map(target => ({
      pod,
      port: target,
    })),
  );

/** What can be asked of the Services: ports with at least one backend. */
export const servedBy = (
  objects: readonly KubeObject[],
  cluster: Cluster,
): Pick<Question, 'destination' | 'port' | 'protocol'>[] =>
  objects
    .filter(object => object.kind === 'Service')
    .flatMap(service => {
      const { name } = service.metadata;
      const ends: End[] = [
        { kind: 'service', namespace: namespaceOf(service), name },
        ...(isHeadless(service) ? [] : (service.spec.clusterIPs ?? [])).map(
          (address): End => ({ kind: 'address', address }),
        ),
      ];
      return (service.spec.ports ?? [])
        .filter(port => backendsAt(service, port, cluster).length > 0)
        .flatMap(({ port, protocol }) =>
          ends.map(destination => ({ destination, port, protocol: protocol || 'TCP' })),
        );
    });

/**
 * Row 19: the pods behind a Service at their target ports come first; several may give a mixed verdict.
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
  const backends = port ? backendsAt(service, port, cluster) : [];
  if (backends.length === 0) throw new Error('the model wants a Service with a backend');
  const answers = backends.map(backend => ask(backend.pod, backend.port));
  const mixed = answers.some(({ verdict }) => verdict !== answers[0]?.verdict);
  return mixed ? { verdict: 'UNDECIDABLE', basis: 'mixed-backends' } : weakest(answers);
};
