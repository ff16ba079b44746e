import { EVERYTHING, type Selector } from '../../labels.js';
import { workloadNameOf } from '../../peers/workload-name.js';
import { type Peer, type Policy, Tier } from '../../policy.js';
import { Severity } from '../../problem.js';
import { selectorText } from '../../selector-text.js';
import type { Remark } from '../finding.js';
import { nearMiss } from '../near-miss.js';
import { listed } from '../probe.js';
import { isSelectable, type LintContext, type LintRule, nameOfPolicy, onRule } from '../rule.js';
import { isUnseen, mayBeElsewhere } from '../shown.js';
import { pathOfPeer, pathOfRule, type RuleSite, ruleSitesOf } from '../site.js';

type PeerSite = { readonly site: RuleSite; readonly peer: Peer; readonly index: number };

export const peerSitesOf = (policies: readonly Policy[]): readonly PeerSite[] =>
  policies
    .flatMap(ruleSitesOf)
    .flatMap(site => (site.rule.peers ?? []).map((peer, index) => ({ site, peer, index })));

const isEmpty = (selector: Selector | null): boolean => selector?.requirements.length === 0;

export const namespacesMatchNothing: LintRule = {
  id: 'peer-namespaces-match-nothing',
  severity: Severity.WARNING,
  description: 'A peer whose namespace selector matches no namespace of the input',
  check: context =>
    peerSitesOf(context.policies).flatMap(({ site, peer, index }) =>
      peer.kind === 'pods' &&
      peer.namespaces !== null &&
      context.inventory.namespacesMatching(peer.namespaces).length === 0 &&
      !isUnseen(context, site.policy, peer)
        ? onRule(site, {
            message: `a peer of ${nameOfPolicy(site.policy)} selects namespaces, and none of the input has these labels`,
            path: pathOfPeer(site, index),
            hint: 'compare the selector with the labels of the namespaces; `kubernetes.io/metadata.name` holds a namespace’s name',
          })
        : [],
    ),
};

export const podsMatchNothing: LintRule = {
  id: 'peer-pods-match-nothing',
  severity: Severity.WARNING,
  description: 'A peer that names pods, and no pod of the input is one of them',
  check: context =>
    peerSitesOf(context.policies).flatMap(({ site, peer, index }) =>
      isDeadPodPeer(context, site.policy, peer)
        ? onRule(site, { path: pathOfPeer(site, index), ...matchingNothing(context, site, peer) })
        : [],
    ),
};

/** The advice fits the cause: pods of another namespace, a label that is nearly right, or nothing at all. */
function matchingNothing(
  { inventory }: LintContext,
  { policy }: RuleSite,
  peer: Peer,
): Pick<Remark, 'message' | 'hint'> {
  const message = `a peer of ${nameOfPolicy(policy)} matches no pod`;
  if (peer.kind !== 'pods') return { message, hint: 'remove the peer' };
  const everywhere = { kind: 'pods', namespaces: EVERYTHING, pods: peer.pods } as const;
  const elsewhere = [
    ...new Set(inventory.podsOfPeer(policy, everywhere).map(({ namespace }) => namespace)),
  ];
  if (peer.namespaces === null && elsewhere.length > 0) {
    return {
      message: `${message}: a podSelector alone means namespace \`${policy.namespace}\`, and pods with \`${selectorText(peer.pods)}\` are in ${listed(elsewhere)}`,
      hint: `put a namespaceSelector for \`${elsewhere[0]}\` beside the podSelector, in the same item`,
    };
  }
  const near = nearMiss(inventory, policy.namespace, peer);
  return {
    message: near === null ? message : `${message}: ${near}`,
    hint:
      near === null
        ? 'compare its selectors with the labels of the pods there, or remove the peer'
        : 'write the label that the pods have',
  };
}

/** In mode `nodes` no policy sees hostNetwork pods (row 17). */
export const hostNetworkPeer: LintRule = {
  id: 'peer-selects-host-network',
  severity: Severity.WARNING,
  description: 'A peer that selects pods on the host network only, which no policy sees as pods',
  check: context =>
    peerSitesOf(context.policies).flatMap(({ site, peer, index }) => {
      const pods = context.inventory.podsOfPeer(site.policy, peer);
      if (pods.length === 0 || pods.some(pod => isSelectable(context, pod))) return [];
      const names = [...new Set(pods.map(workloadNameOf))];
      return onRule(site, {
        message: `a peer of ${nameOfPolicy(site.policy)} selects ${listed(names)} only, on the host network: it matches nothing`,
        path: pathOfPeer(site, index),
        hint: 'allow the addresses of the nodes by an ipBlock',
      });
    }),
};

/** Namespaces that match nothing have a finding of their own. */
const isDeadPodPeer = (context: LintContext, policy: Policy, peer: Peer): boolean => {
  const { inventory } = context;
  if (peer.kind !== 'pods' || inventory.podsOfPeer(policy, peer).length > 0) return false;
  if (isUnseen(context, policy, peer)) return false;
  return peer.namespaces === null || inventory.namespacesMatching(peer.namespaces).length > 0;
};

const namespaceSelectorsOf = (
  policy: Policy,
): readonly (readonly [Selector, Partial<Remark>])[] => [
  ...(policy.subject.namespaces === null
    ? []
    : [[policy.subject.namespaces, { policy, path: 'spec.subject' }] as const]),
  ...peerSitesOf([policy]).flatMap(({ site, peer, index }) =>
    peer.kind === 'pods' && peer.namespaces !== null
      ? [
          [
            peer.namespaces,
            { policy, place: site.rule.place, path: pathOfPeer(site, index) },
          ] as const,
        ]
      : [],
  ),
];

export const unknownNamespaceLabel: LintRule = {
  id: 'namespace-label-unknown',
  severity: Severity.WARNING,
  description: 'A namespace selector that asks for a label which no namespace has',
  check: context => {
    const { policies, inventory } = context;
    const known = new Set([...inventory.namespaces.values()].flatMap(Object.keys));
    return policies.flatMap(policy =>
      namespaceSelectorsOf(policy).flatMap(([selector, where]) =>
        selector.requirements
          .filter(({ key }) => !known.has(key))
          .filter(() => context.facts.partial !== true || !mayBeElsewhere(context, selector))
          .map(({ key }) => ({
            message: `${nameOfPolicy(policy)} selects namespaces by label \`${key}\`, which no namespace has`,
            hint: `label the namespaces with \`${key}\`, or select by \`kubernetes.io/metadata.name\``,
            ...where,
          })),
      ),
    );
  },
};

export const allNamespaces: LintRule = {
  id: 'peer-all-namespaces',
  severity: Severity.WARNING,
  description: 'An allowing rule whose peer is every pod of every namespace',
  check: ({ policies }) =>
    peerSitesOf(policies).flatMap(({ site, peer, index }) =>
      site.rule.action === 'ALLOW' &&
      peer.kind === 'pods' &&
      isEmpty(peer.namespaces) &&
      isEmpty(peer.pods)
        ? onRule(site, {
            message: `a peer of ${nameOfPolicy(site.policy)} is every pod of every namespace`,
            path: pathOfPeer(site, index),
            hint: 'name the namespaces that need it',
          })
        : [],
    ),
};

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

const isTornApart = (one: Peer, next: Peer | undefined): boolean => {
  if (one.kind !== 'pods' || next?.kind !== 'pods') return false;
  return (isWholeNamespaces(one) && isOwnPods(next)) || (isOwnPods(one) && isWholeNamespaces(next));
};

type PodsPeer = Extract<Peer, { kind: 'pods' }>;

const isWholeNamespaces = ({ namespaces, pods }: PodsPeer): boolean =>
  namespaces !== null && !isEmpty(namespaces) && isEmpty(pods);

const isOwnPods = ({ namespaces, pods }: PodsPeer): boolean =>
  namespaces === null && !isEmpty(pods);
