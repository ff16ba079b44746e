import type { KubernetesObject } from '../netpol/index.js';
import type { Endpoints } from './address.js';
import { contentHash, serviceId } from './identity.js';
import { items, namespaceOf, validAddresses, within } from './object-history.js';
import type { DeclaredPort } from './peer.js';

/** Where a Service without a selector leads, as one input shows it. */
export type SnapshotEndpoints = {
  readonly serviceId: string;
  readonly namespace: string;
  readonly name: string;
  readonly endpoints: readonly Endpoints[];
  readonly contentHash: string;
};

type Part = {
  readonly namespace: string;
  readonly name: string;
  readonly endpoints: Endpoints;
  /** Kubernetes made it of the pods that a selector finds. */
  readonly isOfPods: boolean;
  readonly isSlice: boolean;
};

const textAt = (value: unknown, ...path: readonly string[]): string | null => {
  const text = within(value, ...path);
  return typeof text === 'string' ? text : null;
};

const PROTOCOLS: Readonly<Record<string, DeclaredPort['protocol']>> = {
  TCP: 'TCP',
  UDP: 'UDP',
  SCTP: 'SCTP',
};

/** "protocol … Must be UDP, TCP, or SCTP. Default is TCP." */
const portsAt = (value: unknown): readonly DeclaredPort[] =>
  items(value).flatMap(item => {
    const port = within(item, 'port');
    const protocol = PROTOCOLS[textAt(item, 'protocol') ?? 'TCP'];
    return typeof port === 'number' && protocol !== undefined
      ? { name: textAt(item, 'name') || null, port, protocol }
      : [];
  });

const isPod = (target: unknown): boolean => within(target, 'targetRef', 'kind') === 'Pod';

const texts = (values: readonly unknown[]): readonly string[] =>
  validAddresses(values.filter(value => typeof value === 'string'));

/** The older kind: `subsets` of addresses and ports, under the Service's own name. */
const endpointsParts = (object: KubernetesObject): readonly Part[] =>
  items(within(object.value, 'subsets')).map(subset => {
    const all = [
      ...items(within(subset, 'addresses')),
      ...items(within(subset, 'notReadyAddresses')),
    ];
    return {
      namespace: namespaceOf(object),
      name: object.name ?? '',
      endpoints: {
        addresses: texts(all.map(one => within(one, 'ip'))),
        ports: portsAt(within(subset, 'ports')),
      },
      isOfPods: all.some(isPod),
      isSlice: false,
    };
  });

const SERVICE_LABEL = 'kubernetes.io/service-name';

const sliceParts = (object: KubernetesObject): readonly Part[] => {
  const name = textAt(object.value, 'metadata', 'labels', SERVICE_LABEL);
  const all = items(within(object.value, 'endpoints'));
  if (name === null) return [];
  return [
    {
      namespace: namespaceOf(object),
      name,
      endpoints: {
        addresses: texts(all.flatMap(one => items(within(one, 'addresses')))),
        ports: portsAt(within(object.value, 'ports')),
      },
      isOfPods: all.some(isPod),
      isSlice: true,
    },
  ];
};

const partsOf = (object: KubernetesObject): readonly Part[] => {
  if (object.kind === 'Endpoints' && object.apiVersion === 'v1') return endpointsParts(object);
  return object.kind === 'EndpointSlice' ? sliceParts(object) : [];
};

const sorted = (parts: readonly Part[]): readonly Endpoints[] => {
  const texts = new Map(
    parts
      .filter(({ endpoints }) => endpoints.addresses.length > 0)
      .map(({ endpoints: { addresses, ports } }) => {
        const endpoints = { addresses: addresses.toSorted(), ports };
        return [JSON.stringify(endpoints), endpoints] as const;
      }),
  );
  return [...texts.entries()]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, endpoints]) => endpoints);
};

/** "kube-proxy … watches EndpointSlices": where there are some, Endpoints of the same Service lead nowhere, unless mirrored into one. */
function deciding(parts: readonly Part[]): readonly Part[] {
  const slices = parts.filter(({ isSlice }) => isSlice);
  return slices.length > 0 ? slices : parts;
}

/**
 * Where Services without a selector lead. What Kubernetes made of pods is left out: the selector and the pods tell the
 * same, and it changes with every pod.
 * @param selecting `namespace/name` of the Services that have a selector
 */
export function endpointsIn(
  objects: readonly KubernetesObject[],
  selecting: ReadonlySet<string>,
): readonly SnapshotEndpoints[] {
  const byService = Map.groupBy(
    objects.flatMap(partsOf),
    ({ namespace, name }) => `${namespace}/${name}`,
  );
  return [...byService].flatMap(([key, parts]) => {
    const [first] = parts;
    if (first === undefined || selecting.has(key) || parts.some(({ isOfPods }) => isOfPods))
      return [];
    const { namespace, name } = first;
    const endpoints = sorted(deciding(parts));
    const id = serviceId(namespace, name);
    return { serviceId: id, namespace, name, endpoints, contentHash: contentHash(endpoints) };
  });
}
