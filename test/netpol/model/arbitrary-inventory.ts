import fc from 'fast-check';
import {
  labelsOf,
  NAMESPACE_CHOICE,
  NAMESPACE_WORDS,
  NAMESPACES,
  NODE_WORDS,
  oneOf,
  POD_WORDS,
  seldomThere,
  weighted,
} from './arbitrary-selector.js';
import type {
  Container,
  ContainerPort,
  Deployment,
  LabelMap,
  Namespace,
  Node,
  Pod,
  Service,
} from './objects.js';

export const PORTS = [53, 80, 443, 8080] as const;
export const PORT_NAMES = ['http', 'dns', 'admin'] as const;
const NODES = ['n1', 'n2'] as const;

const nodeAddresses = (index: number): { four: string; six: string } => ({
  four: `192.168.0.${index + 1}`,
  six: `fd01::${index + 1}`,
});

const containerPort = (name: string): fc.Arbitrary<ContainerPort> =>
  fc
    .record({
      name: fc.constant(name),
      containerPort: oneOf(...PORTS),
      protocol: oneOf('TCP', 'UDP', 'SCTP', undefined, null),
    })
    .map(port => ({ ...port, name: port.name || null }));

/** Names are unique within one container only. */
const containerPorts: fc.Arbitrary<readonly ContainerPort[]> = fc
  .subarray([...PORT_NAMES, ''])
  .chain(names => fc.tuple(...names.map(containerPort)));

const container = (name: string, restartPolicy?: string): fc.Arbitrary<Container> =>
  containerPorts.map(ports => ({
    name,
    image: 'registry.example/app',
    ports,
    ...(restartPolicy ? { restartPolicy } : {}),
  }));

const podSpec = fc
  .record({
    hostNetwork: weighted([1, fc.constant(true)], [6, oneOf(false, undefined)]),
    nodeName: oneOf(...NODES, null, undefined),
    first: container('main'),
    second: seldomThere(container('side')),
    initContainers: weighted<readonly Container[] | undefined>(
      [4, fc.constant(undefined)],
      [1, container('sidecar', 'Always').map(each => [each])],
      [1, container('prepare').map(each => [each])],
    ),
  })
  .map(({ first, second, ...spec }) => ({
    ...spec,
    containers: second ? [first, second] : [first],
  }));

type Address = 'none' | 'four' | 'six' | 'dual';

const addressesOf = (kind: Address, pair: { four: string; six: string }): { ip: string }[] => {
  if (kind === 'none') return [];
  if (kind === 'dual') return [{ ip: pair.four }, { ip: pair.six }];
  return [{ ip: pair[kind] }];
};

/** A hostNetwork pod has the addresses of its node, or none in its status. */
const statusOf = (pod: Pod, kind: Address, index: number): Pod['status'] => {
  const { hostNetwork, nodeName } = pod.spec;
  if (hostNetwork && !nodeName) return { phase: 'Pending' };
  const pair = hostNetwork
    ? nodeAddresses(NODES.indexOf(nodeName as 'n1'))
    : { four: `10.0.${index % 2}.${index + 1}`, six: `fd00::${index % 2}:${index + 1}` };
  const podIPs = addressesOf(kind, pair);
  return { podIP: podIPs[0]?.ip ?? null, podIPs };
};

const finished = (pod: Pod): Pod => ({ ...pod, status: { ...pod.status, phase: 'Succeeded' } });

const pod = (index: number): fc.Arbitrary<Pod> =>
  fc
    .record({
      namespace: oneOf<string | undefined>(...NAMESPACE_CHOICE, undefined),
      labels: labelsOf(POD_WORDS),
      spec: podSpec,
      address: weighted<Address>(
        [2, fc.constant('none')],
        [4, fc.constant('four')],
        [2, fc.constant('six')],
        [2, fc.constant('dual')],
      ),
      ended: weighted([1, fc.constant(true)], [20, fc.constant(false)]),
    })
    .map(({ namespace, labels, spec, address, ended }) => {
      const metadata = { name: `pod-${index}`, ...(namespace ? { namespace } : {}), labels };
      const bare: Pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec };
      const running = { ...bare, status: statusOf(bare, address, index) };
      return ended ? finished(running) : running;
    });

/** A template with its own label, so that it stands for nobody else's pods. */
export const deployment: fc.Arbitrary<Deployment> = fc
  .record({ namespace: oneOf(...NAMESPACE_CHOICE), labels: labelsOf(POD_WORDS), spec: podSpec })
  .map(({ namespace, labels, spec: { nodeName: _, ...spec } }) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'template', namespace },
    spec: {
      selector: { matchLabels: { only: 'template' } },
      template: { metadata: { labels: { ...labels, only: 'template' } }, spec },
    },
  }));

/** Two to five pods; the first two always run. */
export const pods: fc.Arbitrary<readonly Pod[]> = fc
  .integer({ min: 2, max: 5 })
  .chain(count => fc.tuple(...Array.from({ length: count }, (_, index) => pod(index))))
  .filter(list => list.filter(each => each.status?.phase !== 'Succeeded').length > 1);

/** Some namespaces stay undeclared: only their pods imply them. */
export const namespaces: fc.Arbitrary<readonly Namespace[]> = fc
  .subarray([...NAMESPACES])
  .chain(names =>
    fc.tuple(
      ...names.map(name =>
        fc
          .record({
            labels: labelsOf({ team: ['red', 'blue'], env: NAMESPACE_WORDS['env'] ?? [] }),
            named: fc.boolean(),
          })
          .map(
            ({ labels, named }): Namespace => ({
              apiVersion: 'v1',
              kind: 'Namespace',
              metadata: {
                name,
                labels: { ...labels, ...(named ? { 'kubernetes.io/metadata.name': name } : {}) },
              },
            }),
          ),
      ),
    ),
  );

const node = (name: string, index: number): fc.Arbitrary<Node> =>
  labelsOf(NODE_WORDS).map(labels => {
    const { four, six } = nodeAddresses(index);
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels },
      status: {
        addresses: [
          { type: 'Hostname', address: name },
          { type: 'InternalIP', address: four },
          { type: 'InternalIP', address: six },
        ],
      },
    };
  });

/** Both nodes are always declared, so that a hostNetwork pod's node is known. */
export const nodes: fc.Arbitrary<readonly Node[]> = fc.tuple(...NODES.map(node));

const servicePort = fc
  .record({
    port: oneOf(80, 443, 8000),
    protocol: oneOf('TCP', 'TCP', 'UDP', undefined),
    targetPort: weighted<number | string | undefined>(
      [2, oneOf(...PORTS)],
      [2, oneOf(...PORT_NAMES)],
      [1, fc.constant(undefined)],
    ),
  })
  .map(({ port, protocol, targetPort }) => ({
    name: `port-${port}-${protocol ?? 'TCP'}`.toLowerCase(),
    port,
    ...(protocol ? { protocol } : {}),
    ...(targetPort === undefined ? {} : { targetPort }),
  }));

/** Selects by one label, so that several pods answer for it, or none. */
export const service: fc.Arbitrary<Service> = fc
  .record({
    namespace: oneOf(...NAMESPACE_CHOICE),
    selector: oneOf<LabelMap>({ app: 'web' }, { app: 'api' }, { tier: 'front' }, { tier: 'back' }),
    ports: fc.uniqueArray(servicePort, {
      minLength: 1,
      maxLength: 3,
      selector: ({ name }) => name,
    }),
    addresses: weighted<Pick<Service['spec'], 'clusterIP' | 'clusterIPs'>>(
      [4, fc.constant({ clusterIP: '172.30.0.1', clusterIPs: ['172.30.0.1', 'fd99::1'] })],
      [1, fc.constant({ clusterIP: 'None', clusterIPs: ['None'] })],
    ),
  })
  .map(({ namespace, addresses, ...spec }) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'service', namespace },
    spec: { ...spec, ...addresses },
  }));
