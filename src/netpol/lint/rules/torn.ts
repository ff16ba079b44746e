import { Direction, type Peer, Tier } from '../../policy.js';
import { Severity } from '../../problem.js';
import { type LintRule, nameOfPolicy, onRule } from '../rule.js';
import { pathOfRule, type RuleSite, ruleSitesOf } from '../site.js';
import { isEmpty } from './selectors.js';

/**
 * "This policy contains two elements in the from array, and allows connections from Pods in the
 * local namespace with the label role=client, *or* from any Pod in any namespace with the label
 * user=alice": the documentation's own warning.
 */
export const accidentalOr: LintRule = {
  id: 'accidental-or',
  severity: Severity.WARNING,
  description: 'Two peers, a namespace selector and a pod selector, that look like one with both',
  check: ({ policies }) =>
    policies
      .filter(policy => policy.tier === Tier.NETWORK_POLICY)
      .flatMap(ruleSitesOf)
      .flatMap(site => {
        const peers = site.rule.peers ?? [];
        const index = peers.findIndex((peer, at) => isTornApart(peer, peers[at + 1]));
        return index < 0
          ? []
          : onRule(site, {
              message: `two peers of ${nameOfPolicy(site.policy)} are alternatives: all pods of the namespaces, or these pods of \`${site.policy.namespace}\``,
              path: pathOfRule(site),
              hint: `if both were meant, write namespaceSelector and podSelector in one item of the list (at item ${index})`,
            });
      }),
};

/** A dash before `ports` makes a rule of its own: everybody at these ports, and the peers before it at every port. */
export const tornRule: LintRule = {
  id: 'accidental-or-of-rules',
  severity: Severity.WARNING,
  description: 'A rule with peers alone and a rule with ports alone, that look like one with both',
  check: ({ policies }) =>
    policies
      .filter(policy => policy.tier === Tier.NETWORK_POLICY)
      .flatMap(policy => {
        const sites = ruleSitesOf(policy);
        return sites.flatMap((site, place) => {
          const before = sites[place - 1];
          return before !== undefined && isTornRule(before, site)
            ? onRule(site, {
                message: `this rule of ${nameOfPolicy(policy)} names ports and no peer, so that it is for everybody; the one before it names peers and no port`,
                path: pathOfRule(site),
                hint: `if both were meant, write \`${site.direction === Direction.INGRESS ? 'from' : 'to'}\` and \`ports\` in one item of the list`,
              })
            : [];
        });
      }),
};

const isTornRule = (before: RuleSite, { direction, rule }: RuleSite): boolean => {
  const isOpen = (list: readonly unknown[] | null): boolean => list === null || list.length === 0;
  return (
    before.direction === direction &&
    before.rule.index === rule.index - 1 &&
    !isOpen(before.rule.peers) &&
    isOpen(before.rule.ports) &&
    isOpen(rule.peers) &&
    !isOpen(rule.ports) &&
    !isOfDns(rule)
  );
};

/** "To everybody at port 53" is how many let DNS through, after a rule that needs no port. */
const isOfDns = ({ ports }: RuleSite['rule']): boolean =>
  ports?.every(
    port => port.kind === 'range' && port.from === port.to && [53, 5353].includes(port.from),
  ) === true;

const isTornApart = (one: Peer, next: Peer | undefined): boolean => {
  if (one.kind !== 'pods' || next?.kind !== 'pods') return false;
  return (isWholeNamespaces(one) && isOwnPods(next)) || (isOwnPods(one) && isWholeNamespaces(next));
};

type PodsPeer = Extract<Peer, { kind: 'pods' }>;

const isWholeNamespaces = ({ namespaces, pods }: PodsPeer): boolean =>
  namespaces !== null && !isEmpty(namespaces) && isEmpty(pods);

const isOwnPods = ({ namespaces, pods }: PodsPeer): boolean =>
  namespaces === null && !isEmpty(pods);
