import { type Problem, Severity } from '../../problem.js';
import { selectorText } from '../../selector-text.js';
import type { Remark } from '../finding.js';
import { listed } from '../probe.js';
import { type LintContext, type LintRule, nameOfPolicy } from '../rule.js';
import { holdsAnywhere, isUnseen, namesAsked } from '../shown.js';
import { peerSitesOf } from './selectors.js';

const remarkOf = ({ message, path, place, hint }: Problem): Remark => ({
  message,
  path,
  place,
  hint: hint ?? 'mend the document',
});

export const UNKNOWN_FIELD = 'UNKNOWN_FIELD';

/** The API server drops such a field, or refuses the document, as kubectl asks it to. */
export const unknownField: LintRule = {
  id: 'unknown-field',
  severity: Severity.WARNING,
  description: 'A field that the API does not know: the policy means what it says without it',
  check: ({ options }) =>
    (options.problems ?? []).filter(({ code }) => code === UNKNOWN_FIELD).map(remarkOf),
};

/** Those that have a rule of their own, or are none of a policy. */
const TOLD: ReadonlySet<string> = new Set([
  UNKNOWN_FIELD,
  'POLICY_DUPLICATE',
  'PRIORITY_EQUAL',
  // A file of values beside manifests is nobody’s fault.
  'NOT_A_KUBERNETES_OBJECT',
]);

export const inputWarning: LintRule = {
  id: 'input-warning',
  severity: Severity.WARNING,
  description:
    'Something in the input that is read otherwise than it may have been meant, or not at all',
  check: ({ options }) =>
    (options.problems ?? [])
      .filter(({ severity, code }) => severity === Severity.WARNING && !TOLD.has(code))
      .map(remarkOf),
};

/** What a peer asks for that the input does not show. */
function unseenOf(context: LintContext) {
  return peerSitesOf(context.policies).flatMap(({ site, peer }) => {
    if (peer.kind !== 'pods' || !isUnseen(context, site.policy, peer)) return [];
    const { namespaces } = peer;
    if (namespaces === null)
      return [{ site, name: `pods of namespace \`${site.policy.namespace}\`` }];
    if (holdsAnywhere(namespaces))
      return [{ site, name: `pods with \`${selectorText(peer.pods)}\` of other namespaces` }];
    const names = namesAsked(namespaces);
    if (names.length > 0) return names.map(name => ({ site, name: `namespace \`${name}\`` }));
    return [{ site, name: `the labels of namespaces, for \`${selectorText(namespaces)}\`` }];
  });
}

/** "What is not in the input is unknown, not absent" (row 46): said once, and not as a fault of the policies. */
export const notInInput: LintRule = {
  id: 'not-in-input',
  severity: Severity.INFO,
  description: 'What policies name and the input, which is of part of a cluster, does not show',
  check: context => {
    const found = unseenOf(context);
    const [first] = found;
    if (first === undefined) return [];
    const names = [...new Set(found.map(({ name }) => name))];
    const policies = [...new Set(found.map(({ site }) => nameOfPolicy(site.policy)))];
    return [
      {
        place: first.site.rule.place,
        message: `the input does not show ${names.join(', ')}, which ${listedPlain(policies)} ${policies.length === 1 ? 'names' : 'name'}: what is allowed there cannot be checked`,
        hint: 'add them to the input, or say `--complete` where they are not in the cluster',
      },
    ];
  },
};

const listedPlain = (names: readonly string[]): string =>
  listed(
    names.map(name => name.replaceAll('`', '')),
    3,
  );
