import { parsePolicies } from '../reading/policies.js';
import { renderDocument } from '../render.js';
import { calicoPolicy } from './calico.js';
import { ciliumPolicy } from './cilium.js';
import { clusterPolicy } from './cluster-network-policy.js';
import { type Described, PolicyDialect, type Rendering, type RuleWord } from './dialect.js';

const RENDERERS: Readonly<Record<PolicyDialect, (described: Described) => Rendering>> = {
  [PolicyDialect.CILIUM]: ciliumPolicy,
  [PolicyDialect.CALICO]: calicoPolicy,
  [PolicyDialect.CLUSTER_NETWORK_POLICY]: clusterPolicy,
};

/**
 * A NetworkPolicy in another dialect, as YAML of one document or more; above it stands what that cannot say. `words` are of its rules, ingress
 * before egress.
 * @throws where the text is no single NetworkPolicy
 */
export function renderAs(
  dialect: PolicyDialect,
  text: string,
  words: readonly RuleWord[],
): { readonly yaml: string; readonly cannot: readonly string[] } {
  const { policies } = parsePolicies([{ file: null, text }]);
  const [policy] = policies;
  if (policy === undefined || policies.length > 1) throw new Error('not one NetworkPolicy');
  const { documents, cannot } = RENDERERS[dialect]({ policy, words });
  const head = ['Not the same as the NetworkPolicy:', ...cannot.map(line => `- ${line}`)];
  const texts = documents.map((document, place) =>
    renderDocument(document, cannot.length === 0 || place > 0 ? {} : { document: head.join('\n') }),
  );
  return { yaml: texts.join('---\n'), cannot };
}
