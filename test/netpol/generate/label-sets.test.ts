import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Labels, PodFact } from '../../../src/netpol/index.js';
import { facts, namespace, pod } from '../evaluation/build.js';
import type { KubeObject } from '../model/objects.js';
import { askWorld, worldOf } from '../model/verdict.js';
import { dns, generated } from './observed.js';

const MODES = { hostNetwork: 'nodes', ipBlockPods: 'never' } as const;

const few = fc.constantFrom('x', 'y', 'z');

/** Labels that all pods of a workload have, and those by which some differ. */
const workloads = fc.array(
  fc.record({
    shared: fc.record({ app: few, component: few, colour: few }, { requiredKeys: ['app'] }),
    pods: fc.array(fc.record({ role: few, tier: few, version: few }, { requiredKeys: [] }), {
      minLength: 1,
      maxLength: 3,
    }),
    namespace: fc.constantFrom('a', 'b'),
  }),
  { minLength: 2, maxLength: 5 },
);

type Workload = {
  readonly shared: Labels;
  readonly pods: readonly Labels[];
  readonly namespace: string;
};

const podsOf = ({ shared, pods, namespace: there }: Workload, at: number): readonly PodFact[] =>
  pods.map((labels, place) =>
    pod(`${there}/w${at}-${place}`, {
      labels: { ...labels, ...shared, 'apps.kubernetes.io/pod-index': String(place) },
      workload: { kind: 'StatefulSet', name: `w${at}` },
      ...(place > 0 && { memberOf: `${there}/w${at}-0` }),
    }),
  );

const podObject = ({ namespace: there, name, labels }: PodFact, place: number): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: there, name, labels },
    spec: { containers: [{ name: 'main' }] },
    status: {
      phase: 'Running',
      podIP: `10.0.0.${place + 1}`,
      podIPs: [{ ip: `10.0.0.${place + 1}` }],
    },
  }) as unknown as KubeObject;

const namespaceObject = (name: string): KubeObject =>
  ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }) as unknown as KubeObject;

test('the generated set allows every flow for every pod of both ends, as the model says', () => {
  fc.assert(
    fc.property(
      workloads,
      fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 6 }),
      (shape, pairs) => {
        const groups = (shape as readonly Workload[]).map(podsOf);
        const pods = groups.flat();
        const asked = pairs.map(
          ([from, to]) => [groups[from % groups.length], groups[to % groups.length]] as const,
        );
        const flows = asked.map(([from, to]) => `${from?.[0]?.key} -> ${to?.[0]?.key} TCP 8080`);
        const made = generated(
          facts({ pods: [...pods, dns], namespaces: ['a', 'b'].map(name => namespace(name)) }),
          flows,
          { subjects: groups.flatMap(([speaker]) => speaker?.key ?? []) },
        );
        const world = worldOf(
          [
            ...['a', 'b', 'kube-system'].map(namespaceObject),
            ...[...pods, dns].map(podObject),
            ...made.policies.map(({ document }) => document as unknown as KubeObject),
          ],
          MODES,
        );
        for (const [from = [], to = []] of asked)
          for (const one of from)
            for (const other of to) {
              const question = {
                source: { kind: 'pod', namespace: one.namespace, name: one.name },
                destination: { kind: 'pod', namespace: other.namespace, name: other.name },
                port: 8080,
                protocol: 'TCP',
              } as const;
              const { verdict } = askWorld(world, question);
              assert.equal(verdict, 'ALLOWED', `${one.key} -> ${other.key}`);
            }
      },
    ),
    { numRuns: 100 },
  );
});
