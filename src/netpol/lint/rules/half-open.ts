import type { PodFact } from '../../facts.js';
import { workloadNameOf } from '../../peers/workload-name.js';
import { Direction, type Peer, Tier } from '../../policy.js';
import { Severity } from '../../problem.js';
import { remembered } from '../../remembered.js';
import { connectionOf, isAllowed, isDenied, listed, podEnd, type Target } from '../probe.js';
import { isSelectable, type LintContext, type LintRule, nameOfPolicy, onRule } from '../rule.js';
import { directionWord, type RuleSite, ruleSitesOf } from '../site.js';

/** A rule that opens this many pairs without a closed one is left alone. */
const MOST_PAIRS = 100;
const MOST_SHOWN = 3;

/**
 * "Both the egress policy on the source pod and the ingress policy on the destination pod need to
 * allow the traffic": a rule that opens one half only, for a peer that it names, opens nothing.
 */
export const halfOpen: LintRule = {
  id: 'half-open-pair',
  severity: Severity.WARNING,
  description: 'A rule that allows a pair in one direction, which the other end’s policies close',
  eachAlone: true,
  check: context => {
    const speakers = remembered(speakersIn(context));
    return context.policies
      .filter(({ tier }) => tier === Tier.NETWORK_POLICY)
      .flatMap(ruleSitesOf)
      .flatMap(site => {
        const closed = closedPairs(context, site, speakers);
        if (closed.length === 0) return [];
        const other = site.direction === Direction.EGRESS ? 'ingress' : 'egress';
        return onRule(site, {
          message: `this rule of ${nameOfPolicy(site.policy)} allows the ${directionWord(site.direction)} of ${listed(closed, MOST_SHOWN)}, but the ${other} of the other end is closed`,
          hint: `allow the ${other} there as well, or remove this rule`,
        });
      });
  },
};

const closedPairs = (
  context: LintContext,
  site: RuleSite,
  speakers: Speakers,
): readonly string[] => {
  const subjects = speakers(context.inventory.subjectsOf(site.policy));
  const pairs = (site.rule.peers ?? [])
    .filter(isNamed)
    .flatMap(peer =>
      speakers(context.inventory.podsOfPeer(site.policy, peer)).flatMap(pod =>
        subjects.filter(subject => subject !== pod).map(subject => [subject, pod] as const),
      ),
    );
  const closed: string[] = [];
  for (const [subject, peer] of pairs.slice(0, MOST_PAIRS)) {
    const [source, destination] =
      site.direction === Direction.EGRESS ? [subject, peer] : [peer, subject];
    const targets = closedTargets(context, site, source, destination);
    if (targets.length > 0) {
      closed.push(
        `${workloadNameOf(source)} => ${workloadNameOf(destination)} ${targets.join(',')}`,
      );
    }
    if (closed.length === MOST_SHOWN) break;
  }
  return closed;
};

/** A peer that names pods by some label; a whole namespace is allowed for those that will listen. */
const isNamed = (peer: Peer): boolean => peer.kind === 'pods' && peer.pods.requirements.length > 0;

/** One pod a workload. The inventory answers one list for one selector, which many policies have. */
type Speakers = (pods: readonly PodFact[]) => readonly PodFact[];

const speakersIn =
  (context: LintContext): Speakers =>
  pods => [
    ...new Map(
      pods
        .filter(pod => isSelectable(context, pod))
        .toReversed()
        .map(pod => [context.inventory.nameOf(pod), pod]),
    ).values(),
  ];

/** Every port that the rule opens is closed at the other end: texts as `TCP 80`, else none. */
const closedTargets = (
  { probeAlone }: LintContext,
  site: RuleSite,
  source: PodFact,
  destination: PodFact,
): readonly string[] => {
  const targets = targetsOf(site, destination);
  const areClosed = targets.every(target => {
    const connection = connectionOf(podEnd(source), podEnd(destination), target);
    const { egress, ingress, whole } = probeAlone(connection);
    if (!isDenied(whole)) return false;
    const [own, other] =
      site.direction === Direction.EGRESS ? [egress, ingress] : [ingress, egress];
    return isAllowed(own) && isDenied(other);
  });
  return areClosed ? targets.map(({ protocol, port }) => `${protocol} ${port}`) : [];
};

/** The rule's own ports as numbers on the destination; where it has none, those that are declared. */
const targetsOf = ({ rule }: RuleSite, { ports }: PodFact): readonly Target[] => {
  if (rule.ports === null) return ports;
  return rule.ports.flatMap(match =>
    match.kind === 'range'
      ? { port: match.from, protocol: match.protocol }
      : ports.filter(
          ({ name, protocol }) =>
            name === match.name && (match.protocol === null || match.protocol === protocol),
        ),
  );
};
