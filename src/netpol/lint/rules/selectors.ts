import { EVERYTHING, type Selector } from '../../labels.js';
import { workloadNameOf } from '../../peers/workload-name.js';
import type { Peer, Policy } from '../../policy.js';
import { Severity } from '../../problem.js';
import { selectorText } from '../../selector-text.js';
import type { Remark } from '../finding.js';
import { nearMiss } from '../near-miss.js';
import { listed } from '../probe.js';
import { isSelectable, type LintContext, type LintRule, nameOfPolicy, onRule } from '../rule.js';
import { isUnseen, mayBeElsewhere } from '../shown.js';
import { pathOfPeer, type RuleSite, ruleSitesOf } from '../site.js';

type PeerSite = { readonly site: RuleSite; readonly peer: Peer; readonly index: number };

export const peerSitesOf = (policies: readonly Policy[]): readonly PeerSite[] =>
  policies
    .flatMap(ruleSitesOf)
    .flatMap(site => (site.rule.peers ?? []).map((peer, index) => ({ site, peer, index })));

export const isEmpty = (selector: Selector | null): boolean => selector?.requirements.length === 0;

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
  { facts, inventory }: LintContext,
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
    message: near === null ? message : `${message}: ${near.text}`,
    hint: near?.hint ?? comparing(facts.partial === true),
  };
}

/** To remove what may be there is no advice. */
const comparing = (isPartial: boolean): string =>
  `compare its selectors with the labels of the pods there${isPartial ? ', unless they are deployed from elsewhere' : ', or remove the peer'}`;

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
          .map(({ key, values }) => ({
            message: `${nameOfPolicy(policy)} selects namespaces by label \`${key}\`, which no namespace${ofInput(context)} has`,
            hint: labelHint(
              key,
              values.filter(value => inventory.namespaces.has(value)),
            ),
            ...where,
          })),
      ),
    );
  },
};

const ofInput = ({ facts }: LintContext): string => (facts.partial === true ? ' of the input' : '');

/** `name: monitoring` is mostly meant for the namespace of that name. */
const labelHint = (key: string, named: readonly string[]): string => {
  const [name] = named;
  return name === undefined
    ? `label the namespaces with \`${key}\`, or select by \`kubernetes.io/metadata.name\``
    : `select namespace \`${name}\` by \`kubernetes.io/metadata.name: ${name}\`, or label it with \`${key}\``;
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
