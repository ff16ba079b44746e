import type { Labels } from '../labels.js';
import { Direction, type Protocol } from '../policy.js';
import { type Evidence, least, together } from './evidence.js';

/** The peer of a rule before it is written. */
export type PeerDraft =
  | {
      readonly kind: 'pods';
      /** Null: the policy's own namespace. */
      readonly namespaceLabels: Labels | null;
      readonly podLabels: Labels;
    }
  /** All pods of the namespaces with these labels; of all namespaces where there are none. */
  | { readonly kind: 'namespace'; readonly namespaceLabels: Labels }
  | { readonly kind: 'block'; readonly cidr: string };

/** `port` null: every port of the protocol. `endPort`: the last of a range. */
export type PortDraft = {
  readonly protocol: Protocol;
  readonly port: number | null;
  readonly endPort?: number;
};

/** Why there is a rule. */
export const RuleOrigin = {
  OBSERVED: 'OBSERVED',
  DNS: 'DNS',
  /** Who serves DNS is open to all. */
  DNS_SERVER: 'DNS_SERVER',
  ENTRANCE: 'ENTRANCE',
  API_SERVER: 'API_SERVER',
  /** A monitor or an annotation asks for it. */
  SCRAPE: 'SCRAPE',
  PROFILE: 'PROFILE',
} as const;
export type RuleOrigin = (typeof RuleOrigin)[keyof typeof RuleOrigin];

export type RuleDraft = {
  readonly direction: Direction;
  readonly origin: RuleOrigin;
  /** What people read: `shop/api`, `EXTERNAL:203.0.113.10`, `DNS`. */
  readonly title: string;
  readonly peers: readonly PeerDraft[];
  readonly ports: readonly PortDraft[];
  /** Of these, the ports of DNS that were seen over the other protocol only; left out: none. */
  readonly unseen?: readonly PortDraft[];
  /** Null: a rule that no flow asked for (DNS where none was seen). */
  readonly evidence: Evidence | null;
};

const texts = new WeakMap<PeerDraft, string>();

/** The text of a peer, made once: a workload is the peer of many rules. */
function peerText(peer: PeerDraft): string {
  const text = texts.get(peer) ?? JSON.stringify(peer);
  texts.set(peer, text);
  return text;
}

/** Equal for equal peers in one order. */
export const peersText = (peers: readonly PeerDraft[]): string => `[${peers.map(peerText).join()}]`;

/** A port as text, in an order that is the order of numbers. */
export const portKey = ({ protocol, port, endPort }: PortDraft): string =>
  `${protocol} ${String(port ?? 0).padStart(5, '0')}${endPort === undefined ? '' : `-${endPort}`}`;

/** Ports in a stable order, each once; every port of a protocol swallows its single ports. */
export function tidyPorts(ports: readonly PortDraft[]): readonly PortDraft[] {
  if (ports.length === 1) return ports;
  const whole = new Set(ports.filter(({ port }) => port === null).map(({ protocol }) => protocol));
  const kept = ports.filter(({ protocol, port }) => port === null || !whole.has(protocol));
  const byKey = new Map(kept.map(port => [portKey(port), port]));
  return [...byKey.entries()]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, port]) => port);
}

/** What people call the other end: of several names of one address, the same one in every order. */
const titleOf = (drafts: readonly RuleDraft[]): string =>
  drafts.map(({ title }) => title).reduce(least);

/** A draft as `joined` leaves it where nothing joins it. */
function alone(draft: RuleDraft): RuleDraft {
  const { ports, evidence } = draft;
  const isTidy = ports.length <= 1 && (evidence === null || evidence.days.length <= 1);
  return isTidy ? draft : { ...draft, ports: tidyPorts(ports), evidence: together([evidence]) };
}

/** Ports that none of the flows behind these drafts used, and that are open for DNS. */
function unseenOf(drafts: readonly RuleDraft[]): Pick<RuleDraft, 'unseen'> {
  const open = drafts.flatMap(({ unseen = [] }) => unseen);
  if (open.length === 0) return {};
  const seen = new Set(
    drafts
      .filter(({ evidence }) => evidence !== null)
      .flatMap(({ ports, unseen = [] }) => {
        const without = new Set(unseen.map(portKey));
        return ports.map(portKey).filter(key => !without.has(key));
      }),
  );
  return { unseen: tidyPorts(open).filter(port => !seen.has(portKey(port))) };
}

/** Several drafts as one, which allows what each of them does and no more where their peers or their ports are equal. */
export const joined = (drafts: readonly [RuleDraft, ...RuleDraft[]]): RuleDraft => {
  const [first, second] = drafts;
  if (second === undefined) return alone(first);
  return {
    ...first,
    title: titleOf(drafts),
    ports: tidyPorts(drafts.flatMap(({ ports }) => ports)),
    ...unseenOf(drafts),
    evidence: together(drafts.map(({ evidence }) => evidence)),
  };
};

/** Drafts with the same key become one, at the place of the first of them. */
export function joinedBy(
  drafts: readonly RuleDraft[],
  keyOf: (draft: RuleDraft) => string,
  join: (same: readonly [RuleDraft, ...RuleDraft[]]) => RuleDraft,
): readonly RuleDraft[] {
  return [...Map.groupBy(drafts, keyOf).values()].map(([first, ...others]) => {
    if (first === undefined) throw new Error('a group has members');
    return join([first, ...others]);
  });
}

/** One draft for each set of peers, direction and origin, with all its ports. */
export const mergeDrafts = (drafts: readonly RuleDraft[]): readonly RuleDraft[] =>
  joinedBy(
    drafts,
    ({ direction, origin, peers }) => `${direction} ${origin} ${peersText(peers)}`,
    joined,
  );

const ORIGIN_ORDER = Object.values(RuleOrigin);

/** Kept rules first among those of a direction, then observed ones. */
const rankOf = ({ origin }: RuleDraft): number =>
  origin === RuleOrigin.OBSERVED ? ORIGIN_ORDER.length : ORIGIN_ORDER.indexOf(origin);

const placeOf = (draft: RuleDraft): string =>
  `${draft.direction === Direction.INGRESS ? 0 : 1} ${rankOf(draft)} ${draft.title} ${peersText(draft.peers)} ${JSON.stringify(draft.ports)}`;

/** Ingress before egress, what is kept on purpose first, then by title; drafts of one title differ in their peers. */
export const inOrder = (drafts: readonly RuleDraft[]): readonly RuleDraft[] =>
  drafts
    .map(draft => ({ draft, place: placeOf(draft) }))
    .sort((one, other) => (one.place < other.place ? -1 : 1))
    .map(({ draft }) => draft);
