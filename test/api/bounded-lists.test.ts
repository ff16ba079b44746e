import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildSchema, type GraphQLField, getNullableType, isListType, isObjectType } from 'graphql';

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

/** What a description says of the most that a list holds. */
const BOUND = /\bat most\b|\bone (per|for each)\b|the (first|latest) (hundred|twenty|ten)\b/i;

/** Lists that are as long as something that is small, or bounded elsewhere. */
const AS_LONG_AS: Readonly<Record<string, readonly string[]>> = {
  'the values of an enum': [
    'Alert.rules',
    'AuditEntry.roles',
    'Flow.tags',
    'Notifier.rules',
    'Token.roles',
    'Viewer.roles',
    'AlertRuleDefinition.categories',
    'SimulatedFlow.notes',
  ],
  'alert rules': ['Alert.actions', 'Alert.definitions'],
  'what was written down by hand, in one request': [
    'AlertRuleDefinition.exclusions',
    'AlertRuleScope.clusters',
    'AlertRuleScope.namespaces',
    'Notifier.clusters',
    'Token.scopes',
    'Viewer.scopes',
    'Simulation.assertions',
    'Simulation.policies',
    'SimulationRequest.remove',
    'PolicyRendering.cannot',
  ],
  'what one object of the cluster or one record says': [
    'DataplaneWord.policies',
    'Deployment.ports',
    'Flow.observedPolicies',
    'LabelSet.namedPorts',
    'Reason.peers',
  ],
  'the workloads, policies and rules that one question is about': [
    'AssertionViolation.path',
    'DirectionExplanation.reasons',
    'ExplainedPart.destinations',
    'ExplainedPart.sources',
    'Explanation.notes',
    'Explanation.parts',
    'FuturePods.admittedBy',
    'FuturePods.selectedBy',
    'FuturePods.today',
  ],
  'the flows of one deployment, as rules or ports': [
    'GeneratedPolicy.rules',
    'GeneratedRule.ports',
    'GeneratedRule.unseen',
    'GraphEdge.ports',
    'GraphEdgeChange.ports',
    'SimulatedFlow.spans',
  ],
  'a closed set of reasons, or of checks': [
    'Cluster.diagnose',
    'Ingestion.rejected',
    'Ingestion.skipped',
    'SourceLedger.rejectedReasons',
    'SourceLedger.skippedReasons',
    'BaselineDecay.problems',
    'BaselineExport.problems',
  ],
  'days of retention, or the ends of a window': ['Completeness.cutDays', 'Simulation.days'],
  'the sources that send flows': ['Completeness.sources'],
};

const lists = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'))
  // What a mutation did, and the page of a connection, which its arguments bound.
  .filter(({ name }) => !name.endsWith('Payload') && !name.endsWith('Connection'))
  .flatMap(type =>
    Object.values(type.getFields())
      .filter(field => isListType(getNullableType(field.type)))
      .map(field => ({ name: `${type.name}.${field.name}`, field })),
  );

const isBounded = ({ args, description }: GraphQLField<unknown, unknown>): boolean =>
  args.some(({ name }) => name === 'first' || name === 'ids') || BOUND.test(description ?? '');

test('every list is a page, takes `first`, or says the most that it holds', () => {
  const without = lists.filter(({ field }) => !isBounded(field)).map(({ name }) => name);
  assert.deepEqual(without.toSorted(), Object.values(AS_LONG_AS).flat().toSorted());
});
