import fc from 'fast-check';
import { adminPolicy } from './arbitrary-admin.js';
import { deployment, namespaces, nodes, pods, service } from './arbitrary-inventory.js';
import { networkPolicy } from './arbitrary-policy.js';
import { oneOf, weighted } from './arbitrary-selector.js';
import type {
  AdminPolicy,
  Deployment,
  KubeObject,
  Modes,
  NetworkPolicy,
  Service,
} from './objects.js';

/** How the objects are written down for the engine. */
export type Form = 'yaml documents' | 'json list' | 'a file each';

export type SmallWorld = {
  readonly objects: readonly KubeObject[];
  readonly modes: Modes;
  readonly form: Form;
};

const upTo = <T>(most: number, item: (index: number) => fc.Arbitrary<T>) =>
  fc
    .integer({ min: 0, max: most })
    .chain(count => fc.tuple(...Array.from({ length: count }, (_, index) => item(index))));

const adminPolicies: fc.Arbitrary<readonly AdminPolicy[]> = weighted<readonly AdminPolicy[]>(
  [3, fc.constant([])],
  [
    5,
    upTo(3, index =>
      oneOf('AdminNetworkPolicy' as const, 'ClusterNetworkPolicy' as const).chain(kind =>
        adminPolicy(kind, index),
      ),
    ),
  ],
);

const baseline: fc.Arbitrary<readonly AdminPolicy[]> = weighted<readonly AdminPolicy[]>(
  [3, fc.constant([])],
  [1, adminPolicy('BaselineAdminNetworkPolicy', 0).map(policy => [policy])],
);

const networkPolicies: fc.Arbitrary<readonly NetworkPolicy[]> = upTo(5, networkPolicy);

const modes: fc.Arbitrary<Modes> = fc.record({
  hostNetwork: oneOf('nodes', 'pods'),
  ipBlockPods: oneOf('never', 'by-address'),
});

const withDeployment = weighted<readonly Deployment[]>(
  [4, fc.constant([])],
  [1, deployment.map(each => [each])],
);

const withService = weighted<readonly Service[]>(
  [1, fc.constant([])],
  [1, service.map(each => [each])],
);

/** A cluster of a few pods with every construct of the law, kept small so that rules meet. */
export const smallWorld: fc.Arbitrary<SmallWorld> = fc
  .record({
    inventory: fc.tuple(nodes, namespaces, pods, withDeployment, withService),
    policies: fc.tuple(networkPolicies, adminPolicies, baseline),
    baselineFirst: fc.boolean(),
    modes,
    form: oneOf<Form>('yaml documents', 'json list', 'a file each'),
  })
  .map(({ inventory, policies: [networks, admins, banp], baselineFirst, ...rest }) => ({
    ...rest,
    objects: [
      ...inventory.flat(),
      ...networks,
      ...(baselineFirst ? [...banp, ...admins] : [...admins, ...banp]),
    ],
  }));
