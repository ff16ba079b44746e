import type { PolicyRecord } from '../enforcement/policy.js';
import { storedPolicies } from '../enforcement/stored-policies.js';
import { policiesOf, policyMeaning, readObjects } from '../netpol/index.js';
import type { PolicyIdentity } from './policy-watch.store.js';

/** `NetworkPolicy shop/api`, or without the namespace where there is none. */
export const policyLabel = ({ kind, namespace, name }: PolicyIdentity): string =>
  `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;

/** What a stored policy decides by. */
export const meaningOfRecord = (
  record: Pick<PolicyRecord, keyof PolicyIdentity | 'document' | 'yaml'>,
): string | null => storedPolicies([record]).map(policyMeaning)[0] ?? null;

/** What the policy of a YAML text decides by; null: it is none. */
export const meaningOfYaml = (yaml: string): string | null =>
  policiesOf(readObjects([{ file: 'policy', text: yaml }]).objects).policies.map(
    policyMeaning,
  )[0] ?? null;
