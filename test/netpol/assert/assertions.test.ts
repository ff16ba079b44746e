import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkAssertions,
  compile,
  connectivityMap,
  formatPortSet,
  manifestsOf,
  policiesOf,
  readAssertions,
  readObjects,
} from '../../../src/netpol/index.js';

const deployment = (namespace: string, name: string, labels: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace, name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name, ...labels } },
      spec: { containers: [{ name: 'a' }] },
    },
  },
});

type From = { readonly app?: string; readonly namespace?: string; readonly cidr?: string };

const ingress = (
  namespace: string,
  name: string,
  from: readonly From[],
  ports: readonly number[],
): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace, name },
  spec: {
    podSelector: { matchLabels: { app: name } },
    policyTypes: ['Ingress'],
    ingress: from.map(({ app, namespace: of = namespace, cidr }) => ({
      from: [
        cidr === undefined
          ? {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': of } },
              podSelector: { matchLabels: { app } },
            }
          : { ipBlock: { cidr } },
      ],
      ports: ports.map(port => ({ port })),
    })),
  },
});

/** The internet comes to web, web to checkout, checkout to payments at 8443, payments to db. */
const OBJECTS = [
  deployment('shop', 'web'),
  deployment('shop', 'checkout'),
  deployment('pay', 'payments', { tier: 'card' }),
  deployment('data', 'db', { tier: 'data' }),
  ingress('shop', 'web', [{ cidr: '0.0.0.0/0' }], [443]),
  ingress('shop', 'checkout', [{ app: 'web' }], [8080]),
  ingress('pay', 'payments', [{ app: 'checkout', namespace: 'shop' }], [8443]),
  ingress('data', 'db', [{ app: 'payments', namespace: 'pay' }], [5432]),
];

/** What is wrong with one sentence: `web[Deployment] -> db[Deployment] TCP 5432`; empty where it holds. */
function violations(sentence: string, more: readonly object[] = []): readonly string[] {
  const { objects } = readObjects([
    { file: null, text: [...OBJECTS, ...more].map(one => JSON.stringify(one)).join('\n---\n') },
  ]);
  const { facts } = manifestsOf(objects);
  const compiled = compile(facts, policiesOf(objects).policies);
  const { assertions, problems } = readAssertions([
    { file: null, text: `assertions:\n  - ${sentence}\n` },
  ]);
  assert.deepEqual(problems, [], sentence);
  const checking = checkAssertions(assertions, facts, connectivityMap(compiled));
  assert.deepEqual(checking.problems, [], sentence);
  const [result] = checking.results;
  assert.equal(result?.holds, result?.violations.length === 0);
  return (result?.violations ?? []).map(
    ({ path, ports }) => `${path.join(' -> ')} ${formatPortSet(ports)}`,
  );
}

test('who reaches whom is asserted in sentences, and what is contrary to them is named', () => {
  const cases: readonly (readonly [sentence: string, violations: readonly string[]])[] = [
    ['pay/payments is reached only from shop/checkout:8443', []],
    ['payments is reached only from checkout:8443', []],
    [
      'payments is reached only from checkout:9000',
      ['shop/checkout[Deployment] -> pay/payments[Deployment] TCP 8443'],
    ],
    [
      'payments is reached only from nobody',
      ['shop/checkout[Deployment] -> pay/payments[Deployment] TCP 8443'],
    ],
    ['label tier=data is reached only from namespace pay', []],
    ['web is reached only from internet:443', []],
    [
      'web is reached only from 10.0.0.0/8:443',
      ['0.0.0.0-255.255.255.255 -> shop/web[Deployment] TCP 443'],
    ],
    [
      'shop/* reaches only pay/payments:8443',
      [
        'shop/checkout[Deployment] -> 0.0.0.0-255.255.255.255 All Connections',
        'shop/web[Deployment] -> 0.0.0.0-255.255.255.255 All Connections',
      ],
    ],
    ['checkout reaches payments:8443', []],
    [
      'checkout reaches payments:8443-8444',
      ['shop/checkout[Deployment] -> pay/payments[Deployment] TCP 8444'],
    ],
    ['web reaches payments', ['shop/web[Deployment] -> pay/payments[Deployment] All Connections']],
    ['internet reaches web:443', []],
    ['web does not reach data/db', []],
    ['payments does not reach db', ['pay/payments[Deployment] -> data/db[Deployment] TCP 5432']],
    ['payments does not reach db:UDP/5432', []],
    [
      'no path from internet to db',
      [
        '0.0.0.0-255.255.255.255 -> shop/web[Deployment] -> shop/checkout[Deployment] -> pay/payments[Deployment] -> data/db[Deployment] TCP 5432',
      ],
    ],
    ['no path from db to web', []],
  ];
  for (const [sentence, expected] of cases)
    assert.deepEqual(violations(sentence), expected, sentence);
});

test('a path is cut where one policy cuts it', () => {
  const cut = ingress('shop', 'checkout', [{ app: 'nobody' }], [8080]);
  assert.deepEqual(violations('no path from internet to db', [cut]), []);
});

const read = (text: string) =>
  readAssertions([{ file: 'a.yaml', text }]).problems.map(
    ({ place, message }) => `${place?.line}:${place?.column} ${message}`,
  );

test('what is no assertion is an error with its place, and the others are read', () => {
  assert.deepEqual(read('assertions:\n  - web reaches db\n  - web likes db\n'), [
    '3:5 `web likes db` is no assertion',
  ]);
  assert.deepEqual(read('assertions:\n  - { name: x }\n'), [
    '2:5 an assertion is neither a text nor a name with one',
  ]);
  assert.deepEqual(read('kind: ConfigMap\n'), ['1:1 there is no list of assertions']);
  assert.deepEqual(read('assertions: []\n'), ['undefined:undefined nothing is asserted']);
  assert.deepEqual(read('- a reaches b:70000\n'), [
    '1:3 `b:70000` has no ports between 1 and 65535',
  ]);
  const { assertions } = readAssertions([
    {
      file: null,
      text: 'assertions:\n  - name: cards\n    assert: no path from internet to db.\n',
    },
  ]);
  assert.equal(assertions[0]?.name, 'cards');
});

test('an assertion that names nobody is an error, since it would always hold', () => {
  const { facts } = manifestsOf(
    readObjects([{ file: null, text: OBJECTS.map(one => JSON.stringify(one)).join('\n---\n') }])
      .objects,
  );
  const said = (sentence: string) => {
    const { assertions } = readAssertions([{ file: null, text: `- ${sentence}\n` }]);
    const { results, problems } = checkAssertions(assertions, facts, []);
    assert.deepEqual(results, []);
    return problems[0]?.message ?? '';
  };
  assert.match(
    said('shop/chekout reaches db'),
    /nobody is named `shop\/chekout`; did you mean `shop\/checkout/,
  );
  assert.match(
    said('shpo/* reaches db'),
    /no workload is in a namespace `shpo`; did you mean `shop`/,
  );
  assert.match(
    said('label tier=gold does not reach db'),
    /no workload carries the label `tier=gold`/,
  );
});
