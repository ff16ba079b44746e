import type { PodFact } from '../facts.js';
import { Direction } from '../policy.js';
import type { Problem } from '../problem.js';
import { ALL_NAMESPACES } from './dns.js';
import { type PeerDraft, portKey, type RuleDraft, RuleOrigin, tidyPorts } from './draft.js';
import type { Entrance } from './entrances.js';
import { IngressSources } from './options.js';
import { blockPeer, compareAddresses, peersOfPod, type Surroundings } from './surroundings.js';
import { warning } from './warning.js';

/** Pods of ingress controllers as peers; those in the host network by the addresses of nodes. */
function controllerPeers(subject: PodFact, around: Surroundings): readonly PeerDraft[] {
  const peers = around.controllers.flatMap(pod =>
    peersOfPod(subject, pod, around, Direction.INGRESS),
  );
  return [...new Map(peers.map(peer => [JSON.stringify(peer), peer])).values()];
}

type Choice = { readonly peers: readonly PeerDraft[]; readonly who: string };

const blocksOf = ({ options: { ingressBlocks } }: Surroundings): readonly PeerDraft[] =>
  ingressBlocks.toSorted(compareAddresses).map(blockPeer);

/** Who is let in where many clients come from outside and no entrance shows; null: those that were seen. */
export function clientsOf(around: Surroundings): readonly PeerDraft[] | null {
  switch (around.options.ingressSources) {
    case IngressSources.ANYWHERE:
      return around.everybody;
    case IngressSources.BLOCKS:
      return blocksOf(around);
    default:
      return null;
  }
}

/**
 * Who carries the traffic of an entrance: nobody but the clients themselves, or the controller; one that is not known may be
 * any pod, or outside the cluster.
 */
function carriers(
  entrance: Entrance,
  subject: PodFact,
  around: Surroundings,
): readonly PeerDraft[] {
  if (entrance.from === 'clients') return [];
  const known = controllerPeers(subject, around);
  return known.length > 0 ? known : [ALL_NAMESPACES];
}

/** Whom an entrance lets in; no peer: only who was seen. */
function choiceFor(entrance: Entrance, subject: PodFact, around: Surroundings): Choice {
  const { ingressSources } = around.options;
  const through = carriers(entrance, subject, around);
  switch (ingressSources) {
    case IngressSources.OBSERVED:
      return {
        peers: [],
        who:
          entrance.hidesClients === true
            ? 'clients that were seen, unless a node has put its address in their place (`externalTrafficPolicy: Cluster`)'
            : 'clients that were seen',
      };
    case IngressSources.ANYWHERE:
      return { peers: [...through, ...around.everybody], who: 'everybody' };
    case IngressSources.BLOCKS: {
      const blocks = blocksOf(around);
      if (entrance.hidesClients !== true)
        return { peers: [...through, ...blocks], who: 'the blocks given' };
      return {
        peers: [...through, ...blocks, ...around.nodes[Direction.INGRESS]],
        who: 'the blocks given, and the addresses of nodes, which clients may have by then: whoever is to be kept out is kept out by the load balancer, or by `externalTrafficPolicy: Local`',
      };
    }
    case IngressSources.CONTROLLER: {
      const isKnown = through.length > 0 && !through.includes(ALL_NAMESPACES);
      return isKnown
        ? { peers: through, who: 'the ingress controller' }
        : {
            peers: [...through, ...around.everybody],
            who:
              through.length === 0
                ? 'everybody'
                : 'everybody, all pods among them, since nothing shows the ingress controller',
          };
    }
  }
}

const OTHERWISE: Readonly<Record<IngressSources, string>> = {
  CONTROLLER:
    'choose another `ingressSources`: BLOCKS with `ingressBlocks`, or OBSERVED for the clients that were seen',
  ANYWHERE: 'choose BLOCKS or CONTROLLER as `ingressSources` to let in fewer',
  BLOCKS: 'change `ingressBlocks` to let in others',
  OBSERVED: 'choose ANYWHERE, BLOCKS or CONTROLLER as `ingressSources` to let in others',
};

const portsText = ({ ports }: Pick<Entrance, 'ports'>): string =>
  tidyPorts(ports)
    .map(({ protocol, port }) => `${protocol} ${port}`)
    .join(', ');

function told(own: string, entrance: Entrance, choice: Choice, around: Surroundings): Problem {
  const way = `\`${own}\` is reached through ${entrance.name}`;
  const hint = OTHERWISE[around.options.ingressSources];
  return choice.peers.length === 0
    ? warning(
        'ENTRANCE_CLOSED',
        `${way}: its policy lets in on ${portsText(entrance)} only ${choice.who}`,
        hint,
      )
    : warning(
        'ENTRANCE_OPEN',
        `${way}: its policy lets in ${choice.who} on ${portsText(entrance)}`,
        hint,
      );
}

/** A draft for each entrance of a workload, and a word on who is let in by it. */
export function entranceDrafts(
  subject: PodFact,
  own: string,
  around: Surroundings,
): { readonly drafts: readonly RuleDraft[]; readonly problems: readonly Problem[] } {
  const chosen = around
    .entrances(subject)
    .map(entrance => ({ entrance, choice: choiceFor(entrance, subject, around) }));
  return {
    drafts: chosen
      .filter(({ choice }) => choice.peers.length > 0)
      .map(({ entrance, choice }) => ({
        direction: Direction.INGRESS,
        origin: RuleOrigin.ENTRANCE,
        title: entrance.name,
        peers: choice.peers,
        ports: tidyPorts(entrance.ports),
        evidence: null,
      })),
    problems: chosen.map(({ entrance, choice }) => told(own, entrance, choice, around)),
  };
}

/** A workload whose ingress stays open, since nobody was seen to come in: not even through its entrances. */
export const openEntrances = (
  subject: PodFact,
  own: string,
  around: Surroundings,
): readonly Problem[] =>
  around
    .entrances(subject)
    .map(entrance =>
      warning(
        'ENTRANCE_UNSEEN',
        `\`${own}\` is reached through ${entrance.name} on ${portsText(entrance)}, and nobody was seen to come in: its ingress stays open`,
        'find out why the sources do not show its clients; `directions: BOTH` closes its ingress but for the entrance',
      ),
    );

/** An ingress controller reaches the backends of all routes that the inventory shows, whichever of them were called in the window. */
export function routedDrafts(
  subject: PodFact,
  own: string,
  around: Surroundings,
): { readonly drafts: readonly RuleDraft[]; readonly problems: readonly Problem[] } {
  if (!around.controllers.includes(subject)) return { drafts: [], problems: [] };
  const drafts = around
    .routed()
    .filter(({ pod }) => pod.key !== subject.key)
    .map(({ pod, ports }) => ({
      direction: Direction.EGRESS,
      origin: RuleOrigin.ENTRANCE,
      title: `${pod.namespace}/${pod.workload.name}`,
      peers: peersOfPod(subject, pod, around, Direction.EGRESS),
      ports: tidyPorts(ports),
      evidence: null,
    }))
    .filter(({ peers }) => peers.length > 0);
  const later = warning(
    'ROUTES_LATER',
    `\`${own}\` is an ingress controller, whose policy leads to the backends of the routes that the inventory shows: those of a later route are blocked, solvers of ACME challenges among them`,
    'generate again with each new route, or leave its egress open by `directions: INGRESS`',
  );
  return { drafts, problems: [later] };
}

/**
 * Clients that were seen at a port which an entrance opens to everybody anyway are evidence of the entrance's rule, and
 * no rule of their own.
 */
export function throughEntrances(
  observed: readonly RuleDraft[],
  entrances: readonly RuleDraft[],
): readonly RuleDraft[] {
  const open = new Map(
    entrances
      .filter(({ direction }) => direction === Direction.INGRESS)
      .filter(({ peers }) => peers.some(peer => peer.kind === 'block' && /\/0$/.test(peer.cidr)))
      .flatMap(entrance => entrance.ports.map(port => [portKey(port), entrance] as const)),
  );
  return observed.map(draft => {
    const [port] = draft.ports;
    const isOutside = draft.peers.every(({ kind }) => kind === 'block');
    if (draft.direction !== Direction.INGRESS || !isOutside || port === undefined) return draft;
    const entrance = open.get(portKey(port));
    return entrance === undefined ? draft : { ...entrance, evidence: draft.evidence };
  });
}
