import type { LintRule } from './rule.js';
import {
  exceptWithoutEffect,
  ipBlockEmpty,
  ipBlockEverything,
  ipBlockOnPods,
} from './rules/addresses.js';
import { equalPriority, passToNothing, unreachableRule } from './rules/admin.js';
import { allowsAll, allowsNothing, policyContained, ruleContained } from './rules/containment.js';
import {
  hostNetworkSelected,
  noDefaultDeny,
  selectsNothing,
  uncoveredEgress,
  uncoveredIngress,
} from './rules/coverage.js';
import { namedPortUnknown, portNotExposed } from './rules/ports.js';
import {
  accidentalOr,
  allNamespaces,
  namespacesMatchNothing,
  podsMatchNothing,
  unknownNamespaceLabel,
} from './rules/selectors.js';
import {
  duplicateName,
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
  namedPortUnknown,
  portNotExposed,
  equalPriority,
  unreachableRule,
  passToNothing,
];
