import { Direction, type Policy, Tier } from '../../policy.js';
import { type Problem, Severity } from '../../problem.js';
import { emptyPeersOf, member } from '../../written.js';
import type { Remark } from '../finding.js';
import { type LintRule, nameOfPolicy, onRule } from '../rule.js';
import {
  DIRECTIONS,
  directionWord,
  pathOfPort,
  pathOfRule,
  type RuleSite,
  ruleSitesOf,
} from '../site.js';

const specOf = (policy: Policy): unknown => member(policy.document, 'spec');

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const networkPolicies = (policies: readonly Policy[]): readonly Policy[] =>
  policies.filter(policy => policy.tier === Tier.NETWORK_POLICY);

/**
 * "If this field is not specified, it will default based on the existence of ingress or egress
 * rules; policies that contain an egress section are assumed to affect egress, and all policies
 * (whether or not they contain an ingress section) are assumed to affect ingress."
 */
export const policyTypesMissing: LintRule = {
  id: 'policy-types-missing',
  severity: Severity.INFO,
  description:
    'A NetworkPolicy without policyTypes: what it isolates follows from what it happens to contain',
  check: ({ policies }) =>
    networkPolicies(policies).flatMap(policy => {
      const spec = specOf(policy);
      if (listOf(member(spec, 'policyTypes')).length > 0) return [];
      const onlyEgress =
        listOf(member(spec, 'egress')).length > 0 && member(spec, 'ingress') === undefined;
      return {
        message: onlyEgress
          ? `${nameOfPolicy(policy)} has only egress rules and no policyTypes: it denies all ingress as well`
          : `${nameOfPolicy(policy)} has no policyTypes`,
        policy,
        path: 'spec.policyTypes',
        hint: `write \`policyTypes: [${typesOf(policy).join(', ')}]\`, or only what is meant`,
        ...(onlyEgress ? { severity: Severity.WARNING } : {}),
      };
    }),
};

const typesOf = (policy: Policy): readonly string[] => [
  ...(policy.ingress === null ? [] : ['Ingress']),
  ...(policy.egress === null ? [] : ['Egress']),
];

export const policyTypesContradict: LintRule = {
  id: 'policy-types-contradict',
  severity: Severity.ERROR,
  description: 'Rules of a direction that policyTypes does not name: they are ignored',
  check: ({ policies }) =>
    networkPolicies(policies).flatMap(policy =>
      DIRECTIONS.flatMap(direction => {
        const word = directionWord(direction);
        const ignored =
          (direction === Direction.INGRESS ? policy.ingress : policy.egress) === null &&
          listOf(member(specOf(policy), word)).length > 0;
        return ignored
          ? {
              message: `${nameOfPolicy(policy)} has ${word} rules that its policyTypes leave out: they are ignored`,
              policy,
              path: 'spec.policyTypes',
              hint: `add ${direction === Direction.INGRESS ? 'Ingress' : 'Egress'} to policyTypes, or remove the rules`,
            }
          : [];
      }),
    ),
};

export const peersEmpty: LintRule = {
  id: 'peers-empty',
  severity: Severity.WARNING,
  description: 'A rule with an empty list of peers: it admits everybody, not nobody',
  check: ({ policies }) =>
    policies.flatMap(ruleSitesOf).flatMap(site => {
      const list = emptyPeersOf(site.policy, site.direction, site.rule.index);
      if (list === null) return [];
      return onRule(site, {
        message: `\`${list}: []\` of ${nameOfPolicy(site.policy)} admits everybody, as if it was left out`,
        path: `${pathOfRule(site)}.${list}`,
        hint: `remove the rule if nobody was meant, or \`${list}\` if everybody was`,
      });
    }),
};

export const protocolMissing: LintRule = {
  id: 'protocol-missing',
  severity: Severity.INFO,
  description: 'A port without protocol: it means TCP alone',
  check: ({ policies }) =>
    networkPolicies(policies)
      .flatMap(ruleSitesOf)
      .flatMap(site =>
        writtenPorts(site).flatMap((port, index): readonly Remark[] =>
          member(port, 'protocol') == null
            ? [
                onRule(site, {
                  message: `a port of ${nameOfPolicy(site.policy)} has no protocol: it means TCP alone`,
                  path: pathOfPort(site, index),
                  hint: 'write `protocol: TCP`, or another item for UDP',
                }),
              ]
            : [],
        ),
      ),
};

const writtenPorts = ({ policy, direction, rule }: RuleSite): readonly unknown[] =>
  listOf(member(member(member(specOf(policy), directionWord(direction)), rule.index), 'ports'));

export const duplicateName: LintRule = {
  id: 'duplicate-name',
  severity: Severity.ERROR,
  description: 'Two policies of one kind with one name: only one of them can be in a cluster',
  check: ({ policies, options }) => [
    ...(options.problems ?? []).filter(({ code }) => code === DUPLICATE).map(remarkOf),
    ...[...Map.groupBy(policies, nameOfPolicy)].flatMap(([name, [first, ...others]]) =>
      others.map(policy => ({
        message: `${name} is defined more than once; the first is at ${placeText(first)}`,
        policy,
        path: 'metadata.name',
        hint: 'give each policy a name of its own, or remove the one that is out of date',
      })),
    ),
  ],
};

/** The reader keeps only the last of equal names, and says so. */
const DUPLICATE = 'POLICY_DUPLICATE';

const remarkOf = ({ message, path, place, hint }: Problem): Remark => ({
  message,
  path,
  place,
  hint: hint ?? 'mend the document',
});

export const invalidDocument: LintRule = {
  id: 'invalid-document',
  severity: Severity.ERROR,
  description: 'A document that cannot be used: what it allows or denies is left out',
  check: ({ options }) =>
    (options.problems ?? [])
      .filter(({ severity, code }) => severity === Severity.ERROR && code !== DUPLICATE)
      .map(remarkOf),
};

const placeText = (policy: Policy | undefined): string =>
  policy === undefined
    ? 'another place'
    : `\`${policy.place.file ?? 'input'}:${policy.place.line}\``;
