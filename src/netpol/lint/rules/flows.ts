import type { PodFact } from '../../facts.js';
import { formatPeerText } from '../../peers/peer-text.js';
import { workloadNameOf } from '../../peers/workload-name.js';
import { Severity } from '../../problem.js';
import type { Connection, Decision, Endpoint, Reason } from '../../verdict.js';
import { ofPod } from '../on.js';
import { type LintContext, type LintRule, nameOfPolicy, onRule } from '../rule.js';
import { type RuleSite, ruleSitesOf } from '../site.js';

const decisionsOf = ({ options, explain }: LintContext): readonly Decided[] =>
  (options.flows ?? []).map(flow => ({ flow, decision: explain(flow) }));

type Decided = { readonly flow: Connection; readonly decision: Decision };

const reasonsOf = ({ decision }: Decided): readonly Reason[] => [
  ...decision.egress.reasons,
  ...decision.ingress.reasons,
];

const hitKey = ({ direction, policy, rule }: Reason): string =>
  [policy.kind, policy.namespace ?? '', policy.name, direction, rule?.index ?? ''].join(' ');

const siteKey = ({ direction, policy, rule }: RuleSite): string =>
  [policy.kind, policy.namespace ?? '', policy.name, direction, rule.index].join(' ');

export const ruleNeverHit: LintRule = {
  id: 'rule-never-hit',
  severity: Severity.INFO,
  description: 'A rule that decided no observed flow',
  check: context => {
    const decided = decisionsOf(context);
    if (decided.length === 0) return [];
    const hit = new Set(decided.flatMap(reasonsOf).map(hitKey));
    return context.policies
      .flatMap(ruleSitesOf)
      .filter(site => !hit.has(siteKey(site)))
      .map(site =>
        onRule(site, {
          message: `none of the ${decided.length} observed flows needs this rule of ${nameOfPolicy(site.policy)}`,
          hint: 'remove it if the observation was long enough',
        }),
      );
  },
};

export const flowUncovered: LintRule = {
  id: 'flow-without-rule',
  severity: Severity.WARNING,
  description: 'An observed flow that no rule speaks of',
  check: context => {
    const pods = new Map(context.facts.pods.map(pod => [pod.key, pod]));
    const names = new Map([...pods].map(([key, pod]) => [key, workloadNameOf(pod)]));
    const told = decisionsOf(context)
      .filter(each => reasonsOf(each).every(({ rule }) => rule === null))
      .map(({ flow, decision }) => ({
        text: `${flowText(flow, names)} ${decision.verdict}`,
        on: [flow.source, flow.destination].flatMap(end => podAt(pods, end)).map(ofPod),
      }));
    return [...new Map(told.map(each => [each.text, each])).values()].map(({ text, on }) => ({
      on,
      message: `no rule covers the observed flow \`${text}\``,
      hint: 'write a rule that allows it, or find out why it is there',
    }));
  },
};

const podAt = (pods: ReadonlyMap<string, PodFact>, end: Endpoint): readonly PodFact[] => {
  const pod = end.kind === 'pod' ? pods.get(end.key) : undefined;
  return pod === undefined ? [] : [pod];
};

const flowText = (flow: Connection, names: ReadonlyMap<string, string>): string =>
  `${endText(flow.source, names)} => ${endText(flow.destination, names)} ${flow.protocol}${flow.port === null ? '' : ` ${flow.port}`}`;

const endText = (end: Endpoint, names: ReadonlyMap<string, string>): string => {
  switch (end.kind) {
    case 'pod':
      return names.get(end.key) ?? end.key;
    case 'unresolved':
      return `unresolved (${end.reason})`;
    case 'api-server':
      return 'the API server';
    default:
      return formatPeerText(end);
  }
};
