import fc from 'fast-check';
import type { Labels, Peer, Policy, Requirement, Selector } from '../../../src/netpol/index.js';
import { adminPolicy, labelled, networkPolicy, tcp } from '../evaluation/build.js';

export const METADATA_NAME = 'kubernetes.io/metadata.name';

/** Labels of pods: `z` stands for every value that no selector names. */
export const LABELS: readonly Labels[] = [{}, { a: 'x' }, { a: 'y' }, { a: 'z' }].flatMap(one =>
  [{}, { b: 'x' }, { b: 'y' }, { b: 'z' }].map(other => ({ ...one, ...other })),
);

const holds = ({ key, operator, values }: Requirement, labels: Labels): boolean => {
  const value = labels[key];
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  return (value !== undefined && values.includes(value)) === (operator === 'In');
};

export const meets = ({ requirements }: Selector, labels: Labels): boolean =>
  requirements.every(one => holds(one, labels));

const requirement = (
  keys: readonly string[],
  values: readonly string[],
): fc.Arbitrary<Requirement> =>
  fc
    .record({
      key: fc.constantFrom(...keys),
      operator: fc.constantFrom(
        'In' as const,
        'NotIn' as const,
        'Exists' as const,
        'DoesNotExist' as const,
      ),
      values: fc.subarray([...values], { minLength: 1 }),
    })
    .map(one => (one.operator.endsWith('In') ? one : { ...one, values: [] }));

const selector = (keys: readonly string[], values: readonly string[]): fc.Arbitrary<Selector> =>
  fc.array(requirement(keys, values), { maxLength: 2 }).map(requirements => ({ requirements }));

export const podSelector = selector(['a', 'b'], ['x', 'y']);
export const namespaceSelector = fc.oneof(
  selector(['team'], ['t', 'u']),
  selector([METADATA_NAME], ['kube-system', 'shop']),
);

type PodsPeer = Extract<Peer, { kind: 'pods' }>;

const peer = (own: boolean): fc.Arbitrary<PodsPeer> =>
  fc.record({
    kind: fc.constant('pods' as const),
    namespaces: own ? fc.option(namespaceSelector) : namespaceSelector,
    pods: podSelector,
  });

const ports = fc.constantFrom(null, [tcp(80)], [tcp(81)]);

export const policy: fc.Arbitrary<Policy> = fc
  .array(fc.record({ peers: fc.array(peer(true), { minLength: 1, maxLength: 2 }), ports }), {
    minLength: 1,
    maxLength: 3,
  })
  .map(ingress => networkPolicy({ pods: labelled({ app: 'web' }), ingress }));

export const admin: fc.Arbitrary<Policy> = fc
  .array(
    fc.record({
      action: fc.constantFrom('ALLOW' as const, 'DENY' as const, 'PASS' as const),
      peers: fc.array(peer(false), { minLength: 1, maxLength: 2 }),
      ports,
    }),
    { minLength: 1, maxLength: 2 },
  )
  .map(ingress => adminPolicy({ pods: labelled({ app: 'web' }), ingress }));

type Place = { readonly namespace: string; readonly labels: Labels };

/** Whether a rule's peers, none of which stands for its policy's own namespace, mean a pod. */
const isMeant = (peers: readonly Peer[], one: Place, ofNamespace: Labels): boolean =>
  peers.some(
    each =>
      each.kind === 'pods' &&
      (each.namespaces === null || meets(each.namespaces, ofNamespace)) &&
      meets(each.pods, one.labels),
  );

/** The pods that no Deny or Pass rule for ingress singles out: one that means some of them and not all. */
export function notSingledOut<Pod extends Place>(
  policies: readonly Policy[],
  pods: readonly Pod[],
  labelsOf: (namespace: string) => Labels,
): readonly Pod[] {
  const lowering = policies
    .flatMap(({ ingress }) => ingress ?? [])
    .filter(({ action }) => action !== 'ALLOW');
  const apart = lowering.flatMap(({ peers }) => {
    const meant = pods.filter(one => isMeant(peers ?? [], one, labelsOf(one.namespace)));
    return meant.length < pods.length ? meant : [];
  });
  return pods.filter(one => !apart.includes(one));
}
