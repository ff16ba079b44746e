import { clusterOf } from './inventory.js';
import type { End, KubeObject, Question } from './objects.js';
import { servedBy } from './service.js';

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

const OUTSIDE = [
  '8.8.8.8',
  '8.8.8.16',
  '10.0.0.200',
  '10.0.1.3',
  '192.168.0.77',
  '255.255.255.255',
  '2001:db8::1',
  '2001:0DB8:0:0::1',
  'fd00::1:ff',
  'fd02::1',
];
const NAMES = ['example.com', 'www.example.com', 'a.b.example.com', 'badexample.com', 'other.org'];
const PORTS = [1, 52, 53, 54, 80, 81, 443, 444, 8079, 8080, 8081, 65535];
const PROTOCOLS = ['TCP', 'TCP', 'TCP', 'TCP', 'TCP', 'UDP', 'UDP', 'SCTP', 'SCTP', 'ICMP'];

const addressesOf = (object: KubeObject): string[] => {
  if (object.kind === 'Pod') return (object.status?.podIPs ?? []).map(({ ip }) => ip);
  if (object.kind !== 'Node') return [];
  return (object.status?.addresses ?? [])
    .filter(({ type }) => type === 'InternalIP')
    .map(({ address }) => address);
};

/** Pods that run, and Deployments in place of theirs. */
export const podEnds = (objects: readonly KubeObject[]): End[] =>
  objects.flatMap(object =>
    object.kind === 'Deployment' || (object.kind === 'Pod' && object.status?.phase !== 'Succeeded')
      ? [
          {
            kind: 'pod' as const,
            namespace: object.metadata.namespace || 'default',
            name: object.metadata.name,
          },
        ]
      : [],
  );

type Traffic = Pick<Question, 'port' | 'protocol'>;
type Choose = <T>(items: readonly T[]) => T;

/** Ports that the asked pod declares, so that named ports are met. */
const declaredBy = (objects: readonly KubeObject[], end: End): Traffic[] => {
  if (end.kind !== 'pod') return [];
  const pod = objects.find(
    ({ kind, metadata }) =>
      (kind === 'Pod' || kind === 'Deployment') &&
      metadata.name === end.name &&
      (metadata.namespace || 'default') === end.namespace,
  );
  if (pod?.kind !== 'Pod' && pod?.kind !== 'Deployment') return [];
  const spec = pod.kind === 'Pod' ? pod.spec : pod.spec.template.spec;
  return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ ports }) =>
    (ports ?? []).map(each => ({ port: each.containerPort, protocol: each.protocol || 'TCP' })),
  );
};

type Ends = {
  readonly pods: readonly End[];
  readonly held: readonly End[];
  readonly outside: readonly End[];
  readonly nodes: readonly End[];
  readonly domains: readonly End[];
};

const endsOf = (objects: readonly KubeObject[]): Ends => {
  const held = objects.flatMap(addressesOf);
  const address = (text: string): End => ({ kind: 'address', address: text });
  return {
    pods: podEnds(objects),
    held: (held.length > 0 ? held : OUTSIDE).map(address),
    outside: OUTSIDE.map(address),
    nodes: objects.flatMap(({ kind, metadata }): End[] =>
      kind === 'Node' ? [{ kind: 'node', name: metadata.name }] : [],
    ),
    domains: NAMES.map(name => ({ kind: 'domain', name })),
  };
};

/** Of a hundred other ends, so many are of this kind. */
const KINDS = [
  ...Array<keyof Ends>(58).fill('pods'),
  ...Array<keyof Ends>(20).fill('outside'),
  ...Array<keyof Ends>(9).fill('held'),
  ...Array<keyof Ends>(8).fill('nodes'),
  ...Array<keyof Ends>(5).fill('domains'),
];

/** Questions without end over one cluster; one end at least is a pod. */
export const questionsOf = (objects: readonly KubeObject[], seed: number) => {
  const random = randomFrom(seed);
  const pick: Choose = items =>
    items[Math.floor(random() * items.length)] as (typeof items)[number];
  const ends = endsOf(objects);
  const traffic = (destination: End) => {
    const declared = declaredBy(objects, destination);
    if (declared.length > 0 && random() < 0.3) return pick(declared);
    const protocol = pick(PROTOCOLS);
    return { protocol, port: protocol === 'ICMP' ? null : pick(PORTS) };
  };
  const served = servedBy(objects, clusterOf(objects));
  return (): Question => {
    const pod = pick(ends.pods);
    if (served.length > 0 && random() < 0.1) return { source: pod, ...pick(served) };
    const kind = pick(KINDS);
    const others = ends[kind].filter(end => end !== pod || random() < 0.05);
    const other = pick(others.length > 0 ? others : ends.outside);
    const isSource = kind === 'domains' || random() < 0.6;
    const [source, destination] = isSource ? [pod, other] : [other, pod];
    return { source, destination, ...traffic(destination) };
  };
};
