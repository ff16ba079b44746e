import { liesWithin } from '../addresses/canonical.js';
import type { NamespaceFact } from '../facts.js';
import type { Labels } from '../labels.js';
import { Direction } from '../policy.js';
import type { Problem } from '../problem.js';
import { dnsDrafts } from './dns.js';
import { type NetworkPolicyDocument, policyDocument } from './document.js';
import { inOrder, type PeerDraft, type RuleDraft, RuleOrigin } from './draft.js';
import type { Profile, Zone, ZonePeer, ZoneRule } from './profile.js';
import { blockPeer, compareAddresses, type Surroundings } from './surroundings.js';
import { enumerated, warning } from './warning.js';

/** A policy for all pods of a namespace. */
export type Companion = {
  readonly namespace: string;
  readonly name: string;
  readonly document: NetworkPolicyDocument;
  readonly drafts: readonly RuleDraft[];
};

const matches = (labels: Labels, { labels: own }: NamespaceFact): boolean =>
  Object.entries(labels).every(([key, value]) => own[key] === value);

/** The first zone whose labels the namespace has; null: none. */
export const zoneOf = (profile: Profile, namespace: NamespaceFact): Zone | null =>
  profile.zones.find(zone => matches(zone.labels, namespace)) ?? null;

/** Addresses that no host of the internet has. */
const PRIVATE = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fe80::/10',
];

export const isInternet = (peer: PeerDraft): boolean =>
  peer.kind === 'block' && !liesWithin(peer.cidr.split('/')[0] ?? '', PRIVATE);

function peersOf(peer: ZonePeer, profile: Profile): readonly PeerDraft[] {
  switch (peer.kind) {
    case 'namespace':
      return [{ kind: 'pods', namespaceLabels: null, podLabels: {} }];
    case 'zone': {
      const zone = profile.zones.find(({ name }) => name === peer.zone);
      return zone === undefined ? [] : [{ kind: 'namespace', namespaceLabels: zone.labels }];
    }
    case 'blocks':
      return peer.cidrs.toSorted(compareAddresses).map(blockPeer);
  }
}

const titleOf = (peer: ZonePeer): string => {
  switch (peer.kind) {
    case 'namespace':
      return 'all pods of the namespace';
    case 'zone':
      return `zone ${peer.zone}`;
    case 'blocks':
      return 'blocks of the profile';
  }
};

const draftOf = ({ direction, peer, ports }: ZoneRule, profile: Profile): RuleDraft => ({
  direction,
  origin: RuleOrigin.PROFILE,
  title: titleOf(peer),
  peers: peersOf(peer, profile),
  ports,
  evidence: null,
});

type Place = { readonly namespace: string; readonly around: Surroundings };

function companion(
  { namespace, around }: Place,
  name: string,
  directions: readonly Direction[],
  drafts: readonly RuleDraft[],
): Companion {
  const { key, value } = around.options.label;
  const head = { namespace, name, labels: { [key]: value }, matchLabels: {} };
  const ordered = inOrder(drafts);
  return {
    namespace,
    name,
    document: policyDocument(head, new Set(directions), ordered),
    drafts: ordered,
  };
}

/** `default-deny`, `allow-dns`, and `zone-NAME` with the rules of the zone, as far as the zone has them. */
function companionsOf(zone: Zone, profile: Profile, place: Place, resolvers: readonly string[]) {
  const [pod] = place.around.facts.pods.filter(({ namespace }) => namespace === place.namespace);
  const isClosed = zone.deny.includes(Direction.EGRESS);
  const dns = pod === undefined || !isClosed ? null : dnsDrafts(pod, resolvers, place.around);
  const rules = zone.rules
    .map(rule => draftOf(rule, profile))
    .filter(({ peers }) => peers.length > 0);
  const directions = [...new Set(rules.map(({ direction }) => direction))];
  return [
    ...(zone.deny.length > 0 ? [companion(place, 'default-deny', zone.deny, [])] : []),
    ...(dns === null ? [] : [companion(place, 'allow-dns', [Direction.EGRESS], dns.drafts)]),
    ...(rules.length > 0 ? [companion(place, `zone-${zone.name}`, directions, rules)] : []),
  ];
}

/**
 * The policies of a profile for these namespaces, in the order of names, each for all pods of its namespace. A namespace
 * of no zone gets none, with a WARNING.
 */
export function companions(
  profile: Profile,
  namespaces: readonly string[],
  resolvers: readonly string[],
  around: Surroundings,
): { readonly companions: readonly Companion[]; readonly problems: readonly Problem[] } {
  const zones = namespaces.map(name => {
    const fact = around.namespace(name);
    return { name, zone: fact === undefined ? null : zoneOf(profile, fact) };
  });
  const lost = zones.filter(({ zone }) => zone === null).map(({ name }) => name);
  return {
    companions: zones.flatMap(({ name, zone }) =>
      zone === null ? [] : companionsOf(zone, profile, { namespace: name, around }, resolvers),
    ),
    problems:
      lost.length === 0
        ? []
        : [
            warning(
              'NO_ZONE',
              `the profile \`${profile.name}\` has no zone for ${enumerated(lost)}: no label of the namespace is one of a zone`,
              `label the namespace, as with ${Object.entries(profile.zones[0]?.labels ?? {})
                .map(([key, value]) => `\`${key}=${value}\``)
                .join(', ')}`,
            ),
          ],
  };
}
