import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import {
  buildSchema,
  type GraphQLObjectType,
  getIntrospectionQuery,
  graphql,
  isInputObjectType,
  isObjectType,
  validateSchema,
} from 'graphql';
import { createSchema, printSchemaText } from '../../src/schema.js';

const FILE = new URL('../../schema.graphql', import.meta.url);

test('schema.graphql is what the code says; when it is stale, run `npm run schema`', async () => {
  assert.equal(await readFile(FILE, 'utf8'), await printSchemaText());
});

test('the schema is a valid one, and tells about itself', async () => {
  const schema = await createSchema();
  assert.deepEqual(validateSchema(schema), []);
  const { errors } = await graphql({ schema, source: getIntrospectionQuery(), contextValue: {} });
  assert.equal(errors, undefined);
});

/** What clients are promised: the fields of each type that clients rely on. */
const PROMISED: Readonly<Record<string, string>> = {
  Query:
    'node nodes clusters cluster deployments deployment flows networkGraph policies policySet alerts explain',
  Mutation:
    'importInventory ingestFlows generateBaselines lockBaselines unlockBaselines generatePolicies simulatePolicies resolveAlert',
  Cluster: 'id name diagnose',
  Namespace: 'id cluster name labels',
  Deployment: 'id cluster namespace name kind labels',
  Flow: 'id cluster source destination port protocol servicePort firstSeenAt lastSeenAt connections events bytes tags observedVerdict policyVerdict explanation',
  NetworkGraph: 'nodes edges truncated completeness',
  GraphEdge: 'source destination ports state',
  Simulation: 'id status summary flows days connectivity findings completeness',
  SimulationSummary: 'stillAllowed newlyBlocked newlyAllowed stillBlocked undecidable',
  SimulatedFlow: 'flow class before after explanation',
  LintFinding: 'severity rule message policy line column hint',
  GeneratedPolicy: 'name namespace deployment yaml rules',
  GeneratedRule: 'direction peer ports evidence',
  Evidence: 'flows first last days events confidence',
  GeneratePoliciesPayload: 'policySet policies yaml extraPairs problems',
  SimulatePoliciesPayload: 'simulation problems',
  IngestFlowsPayload: 'accepted skipped rejected duplicates lost problems',
  ImportInventoryPayload: 'cluster counts problems',
  Problem: 'code severity message path line column hint',
  FlowConnection: 'nodes edges pageInfo totalCount',
  ExplainInput: 'cluster source destination port protocol policies at',
  FlowFilter:
    'cluster namespace deployment source destination port protocol tags observedVerdict policyVerdict since until and or not',
  DeploymentFilter: 'cluster namespace name kind labels isolation and or not',
  AlertFilter: 'cluster namespace deployment rule category severity state since until',
  NetworkGraphFilter: 'namespaces deployments tags since until limit',
  IngestFlowsInput: 'cluster format records flows key',
  ImportInventoryInput: 'cluster manifests mode observedAt',
  GenerateBaselinesInput: 'cluster namespaces deployments since until',
  GeneratePoliciesInput: 'cluster namespaces from since options',
  SimulatePoliciesInput: 'cluster policies policySet remove since until',
};

test('the schema holds every type and field that clients are promised', async () => {
  const types = buildSchema(await readFile(FILE, 'utf8')).getTypeMap();
  const missing = Object.entries(PROMISED).flatMap(([name, fields]) => {
    const type = types[name];
    if (!isObjectType(type) && !isInputObjectType(type)) return [name];
    const known = Object.keys((type as GraphQLObjectType).getFields());
    return fields
      .split(' ')
      .filter(field => !known.includes(field))
      .map(field => `${name}.${field}`);
  });
  assert.deepEqual(missing, []);
});
