import type { LintRule } from './rule.js';
import {
  exceptWithoutEffect,
  ipBlockEmpty,
  ipBlockEverything,
  ipBlockOnPods,
} from './rules/addresses.js';
import { equalPriority, passToNothing, unreachableRule } from './rules/admin.js';
import { deniedInEffect, serviceClosed } from './rules/closed.js';
import { ignoredByPlugin } from './rules/cni.js';
import { allowsAll, allowsNothing, policyContained, ruleContained } from './rules/containment.js';
import {
  hostNetworkSelected,
  noDefaultDeny,
  selectsNothing,
  uncoveredEgress,
  uncoveredIngress,
} from './rules/coverage.js';
import { dnsClosed } from './rules/dns.js';
import { flowUncovered, ruleNeverHit } from './rules/flows.js';
import { halfOpen } from './rules/half-open.js';
import { metadataReachable } from './rules/metadata.js';
import { metricsClosed, webhookClosed } from './rules/monitoring.js';
import { namedPortUnknown, portNotExposed } from './rules/ports.js';
import { routeBackendClosed, routeBackendMissing } from './rules/routes.js';
import {
  accidentalOr,
  allNamespaces,
  namespacesMatchNothing,
  podsMatchNothing,
  unknownNamespaceLabel,
} from './rules/selectors.js';
import { dynamicPortsCut } from './rules/training.js';
import {
  duplicateName,
  invalidDocument,
  policyTypesContradict,
  policyTypesMissing,
  protocolMissing,
} from './rules/writing.js';

/** Every rule, in the order of the documentation. */
export const LINT_RULES: readonly LintRule[] = [
  uncoveredIngress,
  uncoveredEgress,
  noDefaultDeny,
  selectsNothing,
  hostNetworkSelected,
  podsMatchNothing,
  namespacesMatchNothing,
  unknownNamespaceLabel,
  allNamespaces,
  accidentalOr,
  ipBlockEverything,
  ipBlockEmpty,
  exceptWithoutEffect,
  ipBlockOnPods,
  allowsAll,
  allowsNothing,
  ruleContained,
  policyContained,
  policyTypesMissing,
  policyTypesContradict,
  protocolMissing,
  duplicateName,
  invalidDocument,
  namedPortUnknown,
  portNotExposed,
  equalPriority,
  unreachableRule,
  passToNothing,
  dnsClosed,
  metadataReachable,
  halfOpen,
  deniedInEffect,
  serviceClosed,
  routeBackendClosed,
  routeBackendMissing,
  metricsClosed,
  webhookClosed,
  dynamicPortsCut,
  ruleNeverHit,
  flowUncovered,
  ignoredByPlugin,
];
