import 'reflect-metadata';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { DataSource, EntityManager } from 'typeorm';
import { AUDIT_ORDER, auditStore } from '../../src/access/audit.store.js';
import { LOCAL_CALLER } from '../../src/access/caller.js';
import { TOKEN_ORDER, tokenStore } from '../../src/access/token.store.js';
import { alertStore } from '../../src/alerts/alert.store.js';
import { alertCondition, alertOrder } from '../../src/alerts/alert-filter.js';
import { policyStore } from '../../src/enforcement/policy.store.js';
import { POLICY_ORDER, policyCondition } from '../../src/enforcement/policy-filter.js';
import { searchStore } from '../../src/enforcement/search.store.js';
import { deploymentStore } from '../../src/inventory/deployment.store.js';
import {
  DeploymentOrderField,
  deploymentOrder,
} from '../../src/inventory/deployment-filter.graphql.js';
import { deploymentCondition } from '../../src/inventory/deployment-filter.js';
import { namespaceStore } from '../../src/inventory/namespace.store.js';
import { BY_NAME_IN_NAMESPACE } from '../../src/inventory/namespace-deployments.loader.js';
import { namespaceDeploymentStore } from '../../src/inventory/namespace-deployments.store.js';
import { BY_NAME, namespacesOf } from '../../src/inventory/namespace-page.js';
import {
  clusterNodeCondition,
  externalEntityCondition,
  peerOrder,
} from '../../src/inventory/other-peers.js';
import { otherPeerStore } from '../../src/inventory/other-peers.store.js';
import { peerStore } from '../../src/inventory/peer.store.js';
import { jobStore } from '../../src/jobs/job.store.js';
import { jobCondition, jobOrder } from '../../src/jobs/job-filter.js';
import { policySetCondition, policySetOrder } from '../../src/policysets/policy-set-filter.js';
import { policySetPageStore } from '../../src/policysets/policy-set-page.store.js';
import { EVERYTHING } from '../../src/query/condition.js';
import type { Order } from '../../src/query/keyset.js';
import { type PageRequest, pageRequest } from '../../src/query/page.js';
import { simulationStore } from '../../src/simulation/simulation.store.js';
import { simulationCondition, simulationOrder } from '../../src/simulation/simulation-filter.js';
import { withDatabase } from '../support/database.js';

const NOW = new Date('2026-03-01T00:00:00Z');

/** Rows of each list, in four clusters. */
const ROWS = 8_000;

/** A namespace with some deployments. */
const NAMESPACE = '00000000-0000-0000-0000-000000000001';

const EACH = `generate_series(0, ${ROWS - 1}) i`;
const CLUSTER = 'i % 4 + 1';
const TIME = `'2026-01-01Z'::timestamptz + hashint4(i) % 100000 * interval '1 minute'`;

const SEED = [
  `insert into cluster (id, name, created_at) select i, 'c' || i, now() from generate_series(1, 4) i`,
  `insert into namespace (cluster_id, id, name, labels, inferred)
    select ${CLUSTER}, md5('n' || i)::uuid, 'ns-' || hashint4(i), '{}', false from ${EACH}`,
  `insert into namespace (cluster_id, id, name, labels, inferred) values (2, '${NAMESPACE}', 'ns-5', '{}', false)`,
  `insert into peer (cluster_id, id, kind, natural_key, name, namespace, workload_kind, labels, ports, host_network, inferred)
    select ${CLUSTER}, md5('d' || i)::uuid, 'DEPLOYMENT', 'k' || i, 'app-' || hashint4(i), 'ns-' || i % 300, 'Deployment', '{}', '[]',
      false, false from ${EACH}`,
  `insert into peer (cluster_id, id, kind, natural_key, name, inferred, first_seen_at)
    select ${CLUSTER}, md5(kind || i)::uuid, kind, kind || i, kind || hashint4(i), false, ${TIME}
    from ${EACH} cross join (values ('EXTERNAL'), ('NODE')) k (kind)`,
  `insert into pod (cluster_id, id, namespace, name, deployment_id, host_network)
    select ${CLUSTER}, md5('p' || i)::uuid, 'ns-1', 'pod-' || i, md5('d' || i)::uuid, false from ${EACH}`,
  `insert into alert (cluster_id, id, rule, category, severity, state, deployment_id, peer_id, flow_id, message, occurrences,
      first_occurred_at, last_occurred_at)
    select ${CLUSTER}, md5('a' || i)::uuid, 'DENIED', 'Anomalous Activity', 'HIGH', 'ACTIVE', md5('d' || i)::uuid, md5('d' || i)::uuid,
      md5('f' || i)::uuid, 'm', 1,
      ${TIME}, ${TIME} from ${EACH}`,
  `insert into policy (cluster_id, id, source, kind, namespace, name, document, yaml, content_hash, valid_from)
    select ${CLUSTER}, md5('p' || i)::uuid, 'LIVE', 'NetworkPolicy', 'ns-' || i % 300, 'p-' || hashint4(i), '{}', '', '', now() from ${EACH}`,
  `insert into job (cluster_id, id, kind, status, done, request, created_at, attempts, caller)
    select ${CLUSTER}, md5('j' || i)::uuid, 'simulate', 'DONE', 0, '{}', ${TIME}, 1, 'x' from ${EACH}`,
  `insert into simulation (cluster_id, id, status, created_at, request)
    select ${CLUSTER}, md5('j' || i)::uuid, 'DONE', ${TIME}, '{}' from ${EACH}`,
  `insert into policy_set (cluster_id, id, name, version, origin, created_at, request)
    select ${CLUSTER}, md5('s' || i)::uuid, 'set-' || hashint4(i) % 3000, i, 'FLOWS', ${TIME}, '{}' from ${EACH}`,
  `insert into access_token (id, hash, prefix, name, kind, roles, created_at, created_by, expires_at)
    select md5('t' || i)::uuid, i, '', 'n', 'PERSONAL', '{}', ${TIME}, '', now() from ${EACH}`,
  `insert into audit_entry (seq, at, action, result, text, prev, hash) select i, now(), 'a', 'DONE', '', i, '' from ${EACH}`,
];

type Statement = { readonly sql: string; readonly values: readonly unknown[] };

/** A manager that only writes down what is asked: plans need no answers. */
function asking() {
  const asked: Statement[] = [];
  const query = async (sql: string, values: readonly unknown[] = []) => {
    asked.push({ sql, values });
    return [];
  };
  return { manager: { query } as EntityManager, asked };
}

type Ask = (manager: EntityManager, request: (order: Order) => PageRequest) => Promise<unknown>;

const LISTS: Readonly<Record<string, Ask>> = {
  alerts: (manager, request) =>
    alertStore(manager, LOCAL_CALLER).page(alertCondition(null, NOW), request(alertOrder(null))),
  policies: (manager, request) =>
    policyStore(manager, LOCAL_CALLER).page(policyCondition(null), request(POLICY_ORDER)),
  'namespaces of a cluster': (manager, request) =>
    namespaceStore(manager, LOCAL_CALLER).page(namespacesOf(2), request(BY_NAME)),
  deployments: (manager, request) =>
    deploymentStore(manager, LOCAL_CALLER).page(
      deploymentCondition(null),
      request(deploymentOrder({ field: DeploymentOrderField.NAMESPACE, direction: 'ASC' })),
      ['id', 'name'],
    ),
  'external entities': (manager, request) =>
    otherPeerStore(manager, LOCAL_CALLER).page(
      'EXTERNAL',
      externalEntityCondition(null, NOW),
      request(peerOrder(null)),
      ['name'],
    ),
  'nodes by time': (manager, request) =>
    otherPeerStore(manager, LOCAL_CALLER).page(
      'NODE',
      clusterNodeCondition(null),
      request(peerOrder({ field: 'FIRST_SEEN', direction: 'DESC' })),
      ['name'],
    ),
  'deployments of a namespace': (manager, request) =>
    namespaceDeploymentStore(manager, LOCAL_CALLER).pages(
      [{ clusterId: 2, id: NAMESPACE }],
      deploymentCondition(null),
      request(BY_NAME_IN_NAMESPACE),
      ['name'],
    ),
  jobs: (manager, request) =>
    jobStore(manager, LOCAL_CALLER).page(jobCondition(null, NOW), request(jobOrder(null))),
  simulations: (manager, request) =>
    simulationStore(manager, LOCAL_CALLER).page(
      simulationCondition(null, NOW),
      request(simulationOrder(null)),
    ),
  'policy sets': (manager, request) =>
    policySetPageStore(manager, LOCAL_CALLER).page(
      policySetCondition(null, NOW),
      request(policySetOrder(null)),
    ),
  'policy sets by time': (manager, request) =>
    policySetPageStore(manager, LOCAL_CALLER).page(
      policySetCondition({ allVersions: true }, NOW),
      request(policySetOrder({ field: 'CREATED', direction: 'DESC' })),
    ),
  tokens: (manager, request) => tokenStore(manager, LOCAL_CALLER).page(request(TOKEN_ORDER)),
  audit: (manager, request) => auditStore(manager).page(EVERYTHING, request(AUDIT_ORDER)),
};

/** Rows 1, 5, 9 … of a list, which are in cluster 2. */
const idsOf = (what: string): readonly { readonly clusterId: number; readonly id: string }[] =>
  Array.from({ length: 100 }, (_, place) => ({
    clusterId: 2,
    id: createHash('md5')
      .update(`${what}${place * 4 + 1}`)
      .digest('hex'),
  }));

const LOOKUPS: Readonly<Record<string, Ask>> = {
  peers: manager => peerStore(manager, LOCAL_CALLER).byIds(idsOf('d')),
  namespaces: manager => namespaceStore(manager, LOCAL_CALLER).byIds(idsOf('n')),
  'pods of deployments': manager => deploymentStore(manager, LOCAL_CALLER).podsOf(idsOf('d'), 50),
  'owners of pods': manager =>
    peerStore(manager, LOCAL_CALLER).deploymentsByPods(
      2,
      idsOf('d').map((_, place) => ({ namespace: 'ns-1', pod: `pod-${place * 4 + 1}` })),
    ),
};

type Plan = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly Plan[];
};

/** The most rows that some part of a plan gave, over all of its loops, of tables that are lists. */
const mostRows = ({ Plans = [], ...node }: Plan): number =>
  Math.max(
    node['Relation Name'] === undefined || node['Relation Name'] === 'cluster'
      ? 0
      : node['Actual Rows'] * node['Actual Loops'],
    ...Plans.map(mostRows),
  );

const FIRST = 100;

/** Rows that a page of a hundred may pass. */
const MOST_ROWS = 400;

async function rowsRead(source: DataSource, ask: Ask, page: object): Promise<number> {
  const { manager, asked } = asking();
  await ask(manager, order => pageRequest(page, order));
  const [statement] = asked;
  if (statement === undefined) throw new Error('nothing was asked');
  const [row] = await source.query(`explain (analyze, format json) ${statement.sql}`, [
    ...statement.values,
  ]);
  return mostRows(row['QUERY PLAN'][0].Plan);
}

/** Lists of which some page has more rows than that anywhere in its plan. */
async function tooDear(source: DataSource, most: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [name, ask] of Object.entries(LISTS))
    for (const page of [{ first: FIRST }, { last: FIRST }]) {
      const rows = await rowsRead(source, ask, page);
      if (rows > most) found.push(`${name} ${JSON.stringify(page)}: ${rows}`);
    }
  return found;
}

test('what is looked up by its id reads no more than that, analysed or not', () =>
  withDatabase(async ({ source, execute }) => {
    for (const sql of SEED) await execute(sql);
    for (const state of ['fresh', 'analysed']) {
      const read: Record<string, number> = {};
      for (const [name, ask] of Object.entries(LOOKUPS))
        read[name] = await rowsRead(source, ask, {});
      assert.deepEqual(
        Object.values(read).filter(rows => rows > FIRST),
        [],
        `${state}: ${JSON.stringify(read)}`,
      );
      await execute('vacuum analyze');
    }
  }));

/** How deployments are found by a part of their name. */
async function searchPlan(source: DataSource): Promise<string> {
  const { manager, asked } = asking();
  const search = { text: 'PP-1234', cluster: null, kinds: ['DEPLOYMENT'], most: 10 } as const;
  await searchStore(manager, LOCAL_CALLER).search(search);
  const [statement] = asked;
  return JSON.stringify(
    await source.query(`explain (format json) ${statement?.sql}`, [...(statement?.values ?? [])]),
  );
}

test('a page of a list of several clusters reads little more than its rows, and each row once at most where nothing is analysed', () =>
  withDatabase(async ({ source, execute }) => {
    for (const sql of SEED) await execute(sql);
    assert.deepEqual(await tooDear(source, ROWS), [], 'fresh');
    await execute('vacuum analyze');
    assert.deepEqual(await tooDear(source, MOST_ROWS), [], 'analysed');
    assert.match(await searchPlan(source), /peer_search/, 'a part of a name is looked up');
  }));
