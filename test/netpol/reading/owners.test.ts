import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../../src/netpol/index.js';

type Written = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
};

const GROUPS: Readonly<Record<string, string>> = {
  Pod: 'v1',
  Deployment: 'apps/v1',
  ReplicaSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
};

/** An object in namespace `shop`, with a template where its kind has one, controlled by the owner. */
function written(kind: string, name: string, owner?: Written): Written {
  const apiVersion = GROUPS[kind] ?? 'example.com/v1';
  const reference = owner && [
    { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, controller: true },
  ];
  const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [] } };
  const spec = kind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { template };
  const metadata = { name, namespace: 'shop', ownerReferences: reference };
  return { apiVersion, kind, metadata, ...(kind === 'Pod' ? {} : { spec }) };
}

const inNamespace = (namespace: string | undefined, { metadata, ...rest }: Written): Written => {
  const { namespace: _left, ...kept } = metadata;
  return { ...rest, metadata: namespace === undefined ? kept : { ...kept, namespace } };
};

/** The key of each pod and template that is read, and the row that it is shown under. */
function rows(...objects: readonly Written[]): readonly string[] {
  const { facts, problems } = readManifests([{ file: null, text: JSON.stringify(objects) }]);
  assert.deepEqual(problems, []);
  return facts.pods.map(({ key, workload }) => `${key} of ${workload.name}[${workload.kind}]`);
}

test('pods of one ReplicaSet speak for the others of its Deployment, which is not in the input', () => {
  const deployment = written('Deployment', 'web');
  const current = written('ReplicaSet', 'web-2', deployment);
  const earlier = written('ReplicaSet', 'web-1', deployment);
  assert.deepEqual(rows(earlier, current, written('Pod', 'web-2-x', current)), [
    'shop/web-2-x of web[Deployment]',
  ]);
});

test('two ReplicaSets of a Deployment without pods and template both stand', () => {
  const deployment = written('Deployment', 'web');
  const sets = ['web-1', 'web-2'].map(name => written('ReplicaSet', name, deployment));
  assert.deepEqual(rows(...sets), [
    'shop/web-1[ReplicaSet] of web[Deployment]',
    'shop/web-2[ReplicaSet] of web[Deployment]',
  ]);
});

test('the pods of a CronJob’s last Job speak for its template and for its other Jobs', () => {
  const cron = written('CronJob', 'nightly');
  const [first, last] = [written('Job', 'nightly-1', cron), written('Job', 'nightly-2', cron)];
  assert.deepEqual(rows(cron, first, last, written('Pod', 'nightly-2-x', last)), [
    'shop/nightly-2-x of nightly[CronJob]',
  ]);
  assert.deepEqual(rows(cron, first, last), ['shop/nightly[CronJob] of nightly[CronJob]']);
});

test('a pod of a custom resource does not speak for the Deployments of that resource', () => {
  const shop = written('Shop', 'main');
  const deployments = ['web', 'api'].map(name => written('Deployment', name, shop));
  const tool = written('Pod', 'tool', shop);
  assert.deepEqual(rows(...deployments, tool), [
    'shop/web[Deployment] of main[Shop]',
    'shop/api[Deployment] of main[Shop]',
    'shop/tool of main[Shop]',
  ]);
});

test('an owner is looked for in the namespace of what it owns, and among objects without namespace', () => {
  const top = written('Fleet', 'top');
  const shop = written('Shop', 'main', top);
  const pod = written('Pod', 'a', shop);
  assert.deepEqual(rows(shop, pod), ['shop/a of top[Fleet]']);
  assert.deepEqual(rows(inNamespace('other', shop), pod), ['shop/a of main[Shop]']);
  assert.deepEqual(rows(inNamespace(undefined, shop), pod), ['shop/a of top[Fleet]']);
  assert.deepEqual(rows(inNamespace(undefined, shop), inNamespace(undefined, pod)), [
    'default/a of top[Fleet]',
  ]);
});

test('the owner in the namespace counts before one of the same name without namespace', () => {
  const shop = written('Shop', 'main', written('Fleet', 'near'));
  const wide = inNamespace(undefined, written('Shop', 'main', written('Fleet', 'far')));
  const pod = written('Pod', 'a', shop);
  assert.deepEqual(rows(shop, wide, pod), ['shop/a of near[Fleet]']);
  assert.deepEqual(rows(wide, shop, pod), ['shop/a of near[Fleet]']);
});

test('an owner of the same kind and name in another API group is not followed', () => {
  const shop = written('Shop', 'main', written('Fleet', 'top'));
  const pod = written('Pod', 'a', { ...shop, apiVersion: 'example.org/v1' });
  assert.deepEqual(rows(shop, pod), ['shop/a of main[Shop]']);
});

test('a chain of eight owners is followed to its end, a longer one no further', () => {
  const chain = (length: number) => {
    const owners: Written[] = [];
    for (let at = length; at > 0; at -= 1) owners.push(written('Layer', `l${at}`, owners.at(-1)));
    return [...owners, written('Pod', 'a', owners.at(-1))];
  };
  assert.deepEqual(rows(...chain(8)), ['shop/a of l8[Layer]']);
  assert.deepEqual(rows(...chain(9)), ['shop/a of l8[Layer]']);
});
