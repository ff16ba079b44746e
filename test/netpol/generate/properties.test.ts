import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  DEFAULT_MODES,
  type Facts,
  type JsonObject,
  lint,
  type Policy,
  parsePolicies,
  policiesOf,
  render,
  renderDocument,
} from '../../../src/netpol/index.js';
import { facts, namespace, pod, service } from '../evaluation/build.js';
import { dns, generated } from './observed.js';

const NAMES = ['shop/web', 'shop/api', 'data/db', 'kube-system/coredns', 'ops/agent'];

const end = fc.constantFrom(...NAMES, '203.0.113.1', '203.0.113.2', 'node:a', '?');
const flows = fc.array(
  fc
    .tuple(end, end, fc.constantFrom(53, 80, 8080, 9443), fc.constantFrom('TCP', 'UDP'))
    .map(([from, to, port, protocol]) => `${from} -> ${to} ${protocol} ${port}`),
  { minLength: 1, maxLength: 15 },
);

const cluster = fc
  .record({
    type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'),
    routed: fc.boolean(),
    hook: fc.boolean(),
    local: fc.boolean(),
  })
  .map(({ type, routed, hook, local }): Facts => {
    const ports = [{ name: hook ? 'webhook' : 'http', port: 9443, protocol: 'TCP' as const }];
    const cache = pod('kube-system/node-local-dns', {
      hostNetwork: true,
      labels: { 'k8s-app': 'node-local-dns' },
    });
    return facts({
      namespaces: ['shop', 'data', 'kube-system', 'ops'].map(name => namespace(name)),
      pods: [
        pod('shop/web', { ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] }),
        pod('shop/api', { ports }),
        pod('data/db'),
        pod('ops/agent', { hostNetwork: true }),
        dns,
        ...(local ? [cache] : []),
      ],
      nodes: [{ name: 'a', labels: {}, addresses: ['10.9.0.1'] }],
      services: [service({ name: 'web', selector: { app: 'web' }, type })],
      routes: routed
        ? [
            {
              kind: 'Ingress',
              namespace: 'shop',
              name: 'site',
              backends: [{ namespace: 'shop', service: 'web', port: 80 }],
            },
          ]
        : [],
      apiServer: ['10.9.0.9'],
    });
  });

const directions = fc.constantFrom('OBSERVED', 'BOTH', 'INGRESS', 'EGRESS');

test('in its own cluster a generated set has no error of lint, whatever was seen', () => {
  fc.assert(
    fc.property(cluster, flows, directions, fc.boolean(), (known, seen, which, minimise) => {
      const made = generated(known, seen, {
        subjects: NAMES,
        directions: which,
        minimise,
      });
      const text = render(made.policies.map(({ document }) => document));
      const { policies, problems } = parsePolicies([{ file: null, text }]);
      assert.deepEqual(problems, []);
      const errors = lint(known, policies, { modes: DEFAULT_MODES }).filter(
        ({ severity }) => severity === 'ERROR',
      );
      assert.deepEqual(
        errors.map(({ message }) => message),
        [],
      );
    }),
    { numRuns: 60 },
  );
});

/** Without the places of a text. */
const meaning = (policies: readonly Policy[]): unknown =>
  JSON.parse(JSON.stringify(policies, (key, value) => (key === 'place' ? undefined : value)));

test('the text of a generated set means what its documents say, comments and all', () => {
  fc.assert(
    fc.property(cluster, flows, fc.string(), (own, seen, comment) => {
      const { policies } = generated(own, seen);
      const text = policies
        .map(({ document }) =>
          renderDocument(document, { document: comment, egress: new Map([[0, comment]]) }),
        )
        .join('---\n');
      const read = parsePolicies([{ file: null, text }]);
      const made = policiesOf(
        policies.map(({ namespace, name, document }) => ({
          apiVersion: document.apiVersion,
          kind: document.kind,
          namespace,
          name,
          value: document as unknown as JsonObject,
          locate: () => ({ file: null, line: 1, column: 1 }),
        })),
      );
      assert.deepEqual(meaning(made.policies), meaning(read.policies), text);
      assert.equal(made.policies.length, policies.length);
    }),
  );
});

test('the result is the same in whatever order pods, Services and flows come', () => {
  fc.assert(
    fc.property(cluster, flows, directions, (known, seen, which) => {
      const of = (one: Facts, all: readonly string[]) =>
        generated(one, all, { subjects: NAMES, directions: which });
      const turned = {
        ...known,
        pods: known.pods.toReversed(),
        services: known.services.toReversed(),
        namespaces: known.namespaces.toReversed(),
      };
      assert.deepEqual(of(turned, seen.toReversed()), of(known, seen));
    }),
    { numRuns: 60 },
  );
});
