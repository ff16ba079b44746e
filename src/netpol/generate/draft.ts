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
  | { readonly kind: 'namespace'; readonly namespaceLabels: Labels }
  | { readonly kind: 'block'; readonly cidr: string };

/** `port` null: every port of the protocol. */
export type PortDraft = { readonly protocol: Protocol; readonly port: number | null };

export type RuleDraft = {
  readonly direction: Direction;
  /** What people read: `shop/api`, `EXTERNAL:203.0.113.10`, `DNS`. */
  readonly title: string;
  readonly peers: readonly PeerDraft[];
  readonly ports: readonly PortDraft[];
  /** Null: a rule that no flow asked for (DNS where none was seen). */
  readonly evidence: Evidence | null;
};

const portKey = ({ protocol, port }: PortDraft): string =>
  `${protocol} ${String(port ?? 0).padStart(5, '0')}`;

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

const draftKey = (draft: RuleDraft): string => `${draft.direction} ${JSON.stringify(draft.peers)}`;

function joined(drafts: readonly [RuleDraft, ...RuleDraft[]]): RuleDraft {
  const [first] = drafts;
  const evidence = drafts.flatMap(draft => draft.evidence ?? []);
  return {
    ...first,
    // Several names may stand for one address: whichever flow comes first, one of them is the title.
    title: drafts.map(({ title }) => title).reduce(least),
    ports: tidyPorts(drafts.flatMap(({ ports }) => ports)),
    evidence: together(evidence),
  };
}

/** One draft a peer and direction, with all its ports. */
export function mergeDrafts(drafts: readonly RuleDraft[]): readonly RuleDraft[] {
  const merged = new Map<string, [RuleDraft, ...RuleDraft[]]>();
  for (const draft of drafts) {
    const key = draftKey(draft);
    const known = merged.get(key);
    if (known === undefined) merged.set(key, [draft]);
    else known.push(draft);
  }
  return [...merged.values()].map(joined);
}

/** Dynamic ports of one peer from this many on become every port of the protocol. */
const DYNAMIC_PORTS = 5;
const LOWEST_DYNAMIC = 1024;

/**
 * A peer that uses many undeclared ports (NCCL, RPC portmappers) uses whatever port comes next too.
 * Such ports become all ports of the protocol; `declared` ports do not count.
 */
export function foldDynamicPorts(
  draft: RuleDraft,
  declared: ReadonlySet<string>,
): { readonly draft: RuleDraft; readonly folded: readonly Protocol[] } {
  const dynamic = draft.ports.filter(
    port => port.port !== null && port.port >= LOWEST_DYNAMIC && !declared.has(portKey(port)),
  );
  const protocols = [...new Set(dynamic.map(({ protocol }) => protocol))];
  const folded = protocols.filter(
    protocol => dynamic.filter(port => port.protocol === protocol).length >= DYNAMIC_PORTS,
  );
  if (folded.length === 0) return { draft, folded };
  const whole = folded.map(protocol => ({ protocol, port: null }));
  return { draft: { ...draft, ports: tidyPorts([...draft.ports, ...whole]) }, folded };
}

/** The form in which `foldDynamicPorts` wants declared ports. */
export const declaredPort = portKey;

const placeOf = ({ direction, title, peers }: RuleDraft): string =>
  `${direction === Direction.INGRESS ? 0 : 1} ${title === 'DNS' ? 0 : 1} ${title} ${JSON.stringify(peers)}`;

/** Ingress before egress, DNS first, then by title; merged drafts of one title differ in their peers. */
export const inOrder = (drafts: readonly RuleDraft[]): readonly RuleDraft[] =>
  drafts
    .map(draft => ({ draft, place: placeOf(draft) }))
    .sort((one, other) => (one.place < other.place ? -1 : 1))
    .map(({ draft }) => draft);
