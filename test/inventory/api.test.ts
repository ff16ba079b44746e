import 'reflect-metadata';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deploymentKey, peerId } from '../../src/inventory/identity.js';
import { inventoryFinders } from '../../src/inventory/inventory.graphql.js';
import { externalPeer, unresolvedPeer } from '../../src/inventory/known-as.js';
import { encodeId } from '../../src/query/node-id.js';
import { namespace, node, pod, workload } from '../support/manifests.js';
import { answer, ask, contextOf } from './support/ask.js';
import { withInventory } from './support/import.js';

const SEEN = { clusterId: 1, firstSeenAt: '2026-01-15T10:00:00.123456Z' };
const idOf = (kind: string, name: string) =>
  peerId('DEPLOYMENT', deploymentKey('shop', kind, name));

const unresolvedOf = (address: string) =>
  unresolvedPeer(SEEN, { reason: 'UNKNOWN', address, namespace: null, labels: null, name: null });

const many = Array.from({ length: 60 }, (_, index) =>
  pod(`db${String(index).padStart(2, '0')}-0`, {
    owner: `StatefulSet/db${String(index).padStart(2, '0')}`,
    labels: { app: 'db', even: String(index % 2 === 0) },
    ip: `10.0.0.${index + 1}`,
  }),
);

test('an import over the API answers the cluster, counts and problems with their places', () =>
  withInventory(async bench => {
    const { importInventory } = await ask(
      bench,
      `mutation { importInventory(input: { cluster: "shop-eu", observedAt: "2026-01-02T03:04:05.678901Z",
        files: [
          { file: "a.yaml", text: "apiVersion: v1\\nkind: Namespace\\nmetadata:\\n  name: shop\\n---\\napiVersion: v1\\nkind: Pod\\nmetadata: {name: p, labels: {a: 1}}\\n" }
        ] }) {
        cluster { name lastImportAt counts { namespaces pods } }
        counts { namespaces pods changed }
        problems { severity file line path }
      } }`,
    );
    assert.deepEqual(importInventory, {
      cluster: {
        name: 'shop-eu',
        lastImportAt: '2026-01-02T03:04:05.678901Z',
        counts: { namespaces: 1, pods: 0 },
      },
      counts: { namespaces: 1, pods: 0, changed: 2 },
      problems: [{ severity: 'WARNING', file: 'a.yaml', line: 8, path: 'metadata.labels.a' }],
    });
  }));

test('one statement per relation, however many deployments', () =>
  withInventory(async bench => {
    await bench.take([namespace('shop', { team: 'a' }), ...many]);
    bench.statements.length = 0;
    const { deployments } = await ask(
      bench,
      `{ deployments(first: 50) { totalCount pageInfo { hasNextPage } nodes {
        id name kind labels ports { name port protocol } podCount addresses aliases inferred
        cluster { name } namespace { name labels } revisions { validFrom labels source }
      } } }`,
    );
    assert.equal(deployments.totalCount, 60);
    assert.equal(deployments.pageInfo.hasNextPage, true);
    assert.equal(deployments.nodes.length, 50);
    const [{ revisions, ...first }] = deployments.nodes;
    assert.deepEqual(first, {
      id: encodeId('Deployment', 1, idOf('StatefulSet', 'db00')),
      name: 'db00',
      kind: 'StatefulSet',
      labels: { app: 'db', even: 'true' },
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      podCount: 1,
      addresses: ['10.0.0.1'],
      aliases: [],
      inferred: false,
      cluster: { name: 'lab' },
      namespace: {
        name: 'shop',
        labels: { 'kubernetes.io/metadata.name': 'shop', team: 'a' },
      },
    });
    assert.equal(revisions[0].source, 'POD');
    assert.deepEqual(bench.statements.map(sql => /^\/\* (\S+)/.exec(sql)?.[1]).toSorted(), [
      'clusters.byIds',
      'deployments.aliasesOf',
      'deployments.count',
      'deployments.page',
      'deployments.podsOf',
      'deployments.revisionsOf',
      'namespaces.byIds',
    ]);
  }));

test('a list is walked in both directions without loss or double', () =>
  withInventory(async bench => {
    await bench.take(many);
    const names: string[] = [];
    let after = '';
    for (let more = true; more; ) {
      const { deployments } = await ask(
        bench,
        `{ deployments(first: 25 ${after}, orderBy: { field: NAME, direction: DESC }) {
          nodes { name } pageInfo { hasNextPage endCursor } } }`,
      );
      names.push(...deployments.nodes.map(({ name }: { name: string }) => name));
      after = `after: "${deployments.pageInfo.endCursor}"`;
      more = deployments.pageInfo.hasNextPage;
    }
    assert.equal(new Set(names).size, 60);
    assert.deepEqual(names, names.toSorted().toReversed());
    const { deployments } = await ask(bench, '{ deployments(last: 2) { nodes { name } } }');
    assert.deepEqual(deployments.nodes, [{ name: 'db58' }, { name: 'db59' }]);
  }));

test('deployments are filtered by name, kind, labels and isolation, joined by and, or, not', () =>
  withInventory(async bench => {
    await bench.take([
      ...many.slice(0, 4),
      workload('Deployment', 'web', { labels: { app: 'web' } }),
    ]);
    await bench.rows(`update peer set isolation = 'BOTH' where name = 'web'`);
    const namesFor = async (filter: string) => {
      const { deployments } = await ask(
        bench,
        `{ deployments(filter: ${filter}) { nodes { name } } }`,
      );
      return deployments.nodes.map(({ name }: { name: string }) => name).join(' ');
    };
    assert.equal(
      await namesFor('{ name: { startsWith: "db0" }, cluster: { eq: "lab" } }'),
      'db00 db01 db02 db03',
    );
    assert.equal(await namesFor('{ kind: { eq: "Deployment" } }'), 'web');
    assert.equal(await namesFor('{ labels: { matchLabels: { even: "true" } } }'), 'db00 db02');
    assert.equal(await namesFor('{ not: { labels: { matchLabels: { app: "db" } } } }'), 'web');
    assert.equal(await namesFor('{ isolation: BOTH }'), 'web');
    assert.equal(
      await namesFor('{ or: [{ isolation: BOTH }, { name: { in: ["db03"] } }] }'),
      'db03 web',
    );
    assert.equal(await namesFor('{ namespace: { eq: "other" } }'), '');
  }));

test('ended deployments are listed when asked for', () =>
  withInventory(async bench => {
    await bench.take([workload('Deployment', 'old')], { at: '2026-01-01T00:00:00.000000Z' });
    await bench.take([workload('Deployment', 'new')], { mode: 'REPLACE' });
    const { present, all } = await ask(
      bench,
      `{ present: deployments { nodes { name } } all: deployments(filter: { ended: true }) { nodes { name endedAt } } }`,
    );
    assert.deepEqual(present.nodes, [{ name: 'new' }]);
    assert.deepEqual(all.nodes, [
      { name: 'new', endedAt: null },
      { name: 'old', endedAt: '2026-03-01T00:00:00.000000Z' },
    ]);
  }));

test('a name that several kinds share is ambiguous until the kind is given', () =>
  withInventory(async bench => {
    await bench.take(['Deployment', 'StatefulSet'].map(kind => workload(kind, 'web')));
    const asked = (kind = '') =>
      answer(
        bench,
        `{ deployment(cluster: "lab", namespace: "shop", name: "web" ${kind}) { kind } }`,
      );
    const { errors } = await asked();
    assert.deepEqual(errors[0]?.extensions['code'], 'BAD_USER_INPUT');
    assert.match(errors[0]?.message ?? '', /one of `Deployment`, `StatefulSet`/);
    const { data } = await asked(', kind: "StatefulSet"');
    assert.deepEqual(data.deployment, { kind: 'StatefulSet' });
    const none = await asked(', kind: "Rollout"');
    assert.deepEqual(none.data, { deployment: null });
  }));

test('ids lead to every type', () =>
  withInventory(async bench => {
    await bench.take([workload('Deployment', 'other')], { at: '2026-01-01T00:00:00.000000Z' });
    const unknown = unresolvedOf('10.0.0.7');
    const outside = externalPeer(SEEN, { cidr: '203.0.113.0/24' });
    await bench.peers.ensure(1, [unknown, outside]);
    const ids = [
      encodeId('UnresolvedPeer', 1, unknown.id),
      encodeId('ExternalEntity', 1, outside.id),
      encodeId('Cluster', 1),
      encodeId('Deployment', 1, idOf('Deployment', 'none')),
    ];
    const asked = `{ nodes(ids: ${JSON.stringify(ids)}) { __typename id
      ... on UnresolvedPeer { reason address labels cluster { name } }
      ... on ExternalEntity { name cidr address }
      ... on Cluster { name namespaces { totalCount nodes { name inferred } } }
      ... on ClusterNode { name labels }
      ... on Deployment { name } } }`;
    const { nodes } = await ask(bench, asked);
    assert.deepEqual(nodes, [
      {
        __typename: 'UnresolvedPeer',
        id: ids[0],
        reason: 'UNKNOWN',
        address: '10.0.0.7',
        labels: {},
        cluster: { name: 'lab' },
      },
      {
        __typename: 'ExternalEntity',
        id: ids[1],
        name: '203.0.113.0/24',
        cidr: '203.0.113.0/24',
        address: null,
      },
      {
        __typename: 'Cluster',
        id: ids[2],
        name: 'lab',
        namespaces: { totalCount: 1, nodes: [{ name: 'shop', inferred: true }] },
      },
      null,
    ]);
  }));

test('the id of an unresolved peer leads to what it turned out to be', () =>
  withInventory(async bench => {
    await bench.take([workload('Deployment', 'other')], { at: '2026-01-01T00:00:00.000000Z' });
    const unknown = unresolvedOf('10.0.0.7');
    await bench.peers.ensure(1, [unknown]);
    await bench.take([node('worker', '192.0.2.1'), pod('shell', { ip: '10.0.0.7' })]);
    // As `flows/recognise/` does once all of its flows are another's.
    await bench.peers.merge(1, [unknown.id], peerId('DEPLOYMENT', 'shop/Pod/shell'));
    const key = { type: 'UnresolvedPeer', clusterId: 1, rowId: unknown.id };
    const found = await inventoryFinders['UnresolvedPeer']?.(key, contextOf(bench));
    assert.ok(found !== null && found !== undefined && 'name' in found && '__typename' in found);
    assert.deepEqual([found.__typename, found.name], ['Deployment', 'shell']);
  }));

test('clusters are listed by name', () =>
  withInventory(async bench => {
    await bench.take([pod('shell')]);
    const { clusters, cluster, none } = await ask(
      bench,
      `{ clusters(filter: { name: { contains: "a" } }) { totalCount nodes { name createdAt lastIngestAt evaluating retentionDays } }
        cluster(name: "lab") { id } none: cluster(name: "no") { id } }`,
    );
    assert.deepEqual(clusters, {
      totalCount: 1,
      nodes: [
        {
          name: 'lab',
          createdAt: '2026-03-01T00:00:00.000000Z',
          lastIngestAt: null,
          evaluating: false,
          retentionDays: null,
        },
      ],
    });
    assert.deepEqual([cluster, none], [{ id: encodeId('Cluster', 1) }, null]);
  }));
