import type { PodFact } from '../../facts.js';
import { Direction, type PortMatch } from '../../policy.js';
import { Severity } from '../../problem.js';
import type { Remark } from '../finding.js';
import { isSelectable, type LintContext, type LintRule, nameOfPolicy, onRule } from '../rule.js';
import { pathOfPort, type RuleSite, ruleSitesOf } from '../site.js';

type PortSite = { readonly site: RuleSite; readonly port: PortMatch; readonly index: number };

const portSitesOf = ({ policies }: LintContext): readonly PortSite[] =>
  policies
    .flatMap(ruleSitesOf)
    .flatMap(site => (site.rule.ports ?? []).map((port, index) => ({ site, port, index })));

/**
 * Pods that the rule's ports are opened on: the policy's own for ingress, its peers for egress.
 * Null where they cannot be listed (everybody).
 */
const destinationsOf = (context: LintContext, { policy, direction, rule }: RuleSite) => {
  const { inventory } = context;
  const pods =
    direction === Direction.INGRESS
      ? inventory.subjectsOf(policy)
      : (rule.peers?.flatMap(peer => inventory.podsOfPeer(policy, peer)) ?? null);
  return pods?.filter(pod => isSelectable(context, pod)) ?? null;
};

export const namedPortUnknown: LintRule = {
  id: 'named-port-unknown',
  severity: Severity.WARNING,
  description:
    'A port by name that no container of the destination pods declares: it matches nothing',
  eachAlone: true,
  check: context =>
    portSitesOf(context).flatMap(({ site, port, index }): readonly Remark[] => {
      if (port.kind !== 'named') return [];
      const pods = destinationsOf(context, site) ?? context.facts.pods;
      if (pods.length === 0 || pods.some(pod => bearsName(pod, port))) return [];
      return [
        onRule(site, {
          message: `port \`${port.name}\` in ${nameOfPolicy(site.policy)} is not named by any container of its ${pods.length === 1 ? 'pod' : `${pods.length} pods`}${port.protocol === null ? '' : ` for ${port.protocol}`}`,
          path: pathOfPort(site, index),
          hint: namedHint(pods, port),
        }),
      ];
    }),
};

type NamedPort = Extract<PortMatch, { kind: 'named' }>;

/** A name that the pods have for another protocol lacks that protocol in the rule. */
function namedHint(pods: readonly PodFact[], { name }: NamedPort): string {
  const other = pods.flatMap(({ ports }) => ports).find(port => port.name === name);
  return other === undefined
    ? 'name the containerPort, or write its number'
    : `write \`protocol: ${other.protocol}\`, for which the pods declare it`;
}

/** Row 13: by name and protocol. */
const bearsName = ({ ports }: PodFact, { name, protocol }: NamedPort): boolean =>
  ports.some(port => port.name === name && (protocol === null || port.protocol === protocol));

/** Longer ranges are opened on purpose for ports that are not known beforehand. */
const LONGEST_RANGE = 16;

export const portNotExposed: LintRule = {
  id: 'port-not-exposed',
  severity: Severity.INFO,
  description: 'A port by number that no container of the destination pods declares',
  eachAlone: true,
  check: context =>
    portSitesOf(context).flatMap(({ site, port, index }): readonly Remark[] => {
      if (port.kind !== 'range' || port.to - port.from >= LONGEST_RANGE) return [];
      const pods = destinationsOf(context, site) ?? [];
      const declaring = pods.filter(pod => pod.ports.length > 0);
      // A pod that declares nothing may still listen: nothing can be said.
      if (declaring.length === 0 || declaring.length < pods.length) return [];
      if (declaring.some(pod => exposes(pod, port))) return [];
      return [
        onRule(site, {
          message: `${port.protocol} ${port.from === port.to ? port.from : `${port.from}-${port.to}`} in ${nameOfPolicy(site.policy)} is exposed by no container of its pods`,
          path: pathOfPort(site, index),
          hint: 'policies see the pod’s port, not the Service’s: write the targetPort',
        }),
      ];
    }),
};

const exposes = (
  { ports }: PodFact,
  { protocol, from, to }: Extract<PortMatch, { kind: 'range' }>,
): boolean =>
  ports.some(port => port.protocol === protocol && port.port >= from && port.port <= to);
