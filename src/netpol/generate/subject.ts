import type { PodFact } from '../facts.js';
import { Direction } from '../policy.js';
import type { Problem } from '../problem.js';
import { isInternet, zoneOf } from './companions.js';
import { dnsDrafts, dnsServerDraft } from './dns.js';
import { inOrder, mergeDrafts, peersText, portKey, type RuleDraft, RuleOrigin } from './draft.js';
import {
  clientsOf,
  entranceDrafts,
  openEntrances,
  routedDrafts,
  throughEntrances,
} from './entrance-rule.js';
import type { ObservedFlow } from './evidence.js';
import { type Grouping, groupExternals } from './external.js';
import { type Drafted, draftOf } from './flow-rule.js';
import { foldPorts, isOneJob } from './fold.js';
import { fewest } from './minimise.js';
import { withNodesTold } from './nodes-title.js';
import { Directions } from './options.js';
import type { Zone } from './profile.js';
import { scrapedDrafts, scrapingDrafts } from './scrape-rule.js';
import type { Surroundings } from './surroundings.js';
import { enumerated, warning } from './warning.js';
import { webhookDrafts } from './webhook-rule.js';

/** A workload with the flows that it is an end of. */
export type Subject = { readonly pod: PodFact; readonly flows: readonly ObservedFlow[] };

/** What is the same for all subjects of one generation. */
export type Setting = {
  readonly around: Surroundings;
  /** Resolvers at addresses of their own. */
  readonly resolvers: readonly string[];
  readonly grouping: Grouping;
};

export type Rules = {
  readonly directions: ReadonlySet<Direction>;
  readonly drafts: readonly RuleDraft[];
  readonly problems: readonly Problem[];
};

const isPod = (endpoint: ObservedFlow['source'], key: string): boolean =>
  endpoint.kind === 'pod' && endpoint.key === key;

type Seen = { readonly direction: Direction; readonly flow: ObservedFlow; readonly made: Drafted };

function seenOf({ pod, flows }: Subject, around: Surroundings): readonly Seen[] {
  const side = (flow: ObservedFlow, direction: Direction): Seen => ({
    direction,
    flow,
    made: draftOf(flow, { subject: pod, direction }, around),
  });
  return flows.flatMap(flow => [
    ...(isPod(flow.destination, pod.key) ? [side(flow, Direction.INGRESS)] : []),
    ...(isPod(flow.source, pod.key) ? [side(flow, Direction.EGRESS)] : []),
  ]);
}

const ASKED: Readonly<Record<Directions, readonly Direction[]>> = {
  OBSERVED: [],
  BOTH: [Direction.INGRESS, Direction.EGRESS],
  INGRESS: [Direction.INGRESS],
  EGRESS: [Direction.EGRESS],
};

/**
 * Silence of a direction is no reason to close it: nobody may have looked. What is left out on purpose is no silence, and a
 * direction that the zone closes needs its entrances and DNS all the more.
 */
function directionsOf(
  seen: readonly Seen[],
  asked: Directions,
  closed: readonly Direction[],
): ReadonlySet<Direction> {
  if (asked !== Directions.OBSERVED) return new Set([...ASKED[asked], ...closed]);
  const shown = seen.filter(({ made }) => 'draft' in made || made.refused === true);
  return new Set([...shown.map(({ direction }) => direction), ...closed]);
}

const asEvidence = (rule: RuleDraft, { evidence, unseen = [] }: RuleDraft): RuleDraft => ({
  ...rule,
  evidence,
  ...(unseen.length > 0 && { unseen }),
});

/** What was seen of a rule that is kept anyway, for all of its peers and ports, is its evidence, and no rule beside it. */
function asPartOf(drafts: readonly RuleDraft[], kept: readonly RuleDraft[]): readonly RuleDraft[] {
  const keysOf = ({ direction, peers, ports }: RuleDraft): readonly string[] =>
    peers.flatMap(peer => ports.map(port => `${direction} ${peersText([peer])} ${portKey(port)}`));
  const ruleOf = new Map(kept.flatMap(rule => keysOf(rule).map(key => [key, rule] as const)));
  return drafts.map(draft => {
    const [rule, ...others] = keysOf(draft).map(key => ruleOf.get(key));
    const isPart = rule !== undefined && others.every(other => other === rule);
    return isPart ? asEvidence(rule, draft) : draft;
  });
}

/** Queries that pods were seen to make of the subject need no rules beside the one for everybody. */
function asServer(drafts: readonly RuleDraft[], server: RuleDraft | null): readonly RuleDraft[] {
  if (server === null) return drafts;
  const ports = new Set(server.ports.map(portKey));
  return drafts.map(draft => {
    const isQuery =
      draft.direction === Direction.INGRESS &&
      draft.ports.every(port => ports.has(portKey(port))) &&
      draft.peers.every(({ kind }) => kind !== 'block');
    return isQuery ? asEvidence(server, draft) : draft;
  });
}

type Kept = { readonly drafts: readonly RuleDraft[]; readonly problems: readonly Problem[] };

const NOTHING: Kept = { drafts: [], problems: [] };

/** Rules that no flow need have asked for. */
function keptIngress(pod: PodFact, own: string, { around }: Setting) {
  const entrances = entranceDrafts(pod, own, around);
  const webhooks = webhookDrafts(pod, own, around);
  const scraped = scrapedDrafts(pod, own, around);
  const server = around.dns.includes(pod) ? dnsServerDraft(pod, around) : null;
  return {
    entrances,
    kept: {
      drafts: [...webhooks.drafts, ...scraped.drafts],
      problems: [...webhooks.problems, ...scraped.problems],
    },
    server,
  };
}

function keptEgress(pod: PodFact, own: string, around: Surroundings): Kept {
  const routed = routedDrafts(pod, own, around);
  return { ...routed, drafts: [...routed.drafts, ...scrapingDrafts(pod, around)] };
}

/** Titles of the workloads that are part of the subject's own training job, the subject among them. */
function jobTitles({ pod, flows }: Subject, around: Surroundings): ReadonlySet<string> {
  const titles = new Set<string>();
  for (const { source, destination, names } of flows) {
    const [end, title] = isPod(source, pod.key)
      ? [destination, names.destination]
      : [source, names.source];
    const other = end.kind === 'pod' ? around.pod(end.key) : undefined;
    if (other !== undefined && isOneJob(pod, other)) titles.add(title);
  }
  return titles;
}

function folded(
  drafts: readonly RuleDraft[],
  own: string,
  subject: Subject,
  around: Surroundings,
): Kept {
  const peers = subject.flows.flatMap(({ source, destination }) =>
    [source, destination].map(end => (end.kind === 'pod' ? around.pod(end.key) : undefined)),
  );
  const known = [...new Set([...peers, ...around.dns, subject.pod])];
  const declared = new Set(known.flatMap(pod => (pod ? [...around.declared(pod)] : [])));
  const jobs = jobTitles(subject, around);
  const made = drafts.map(draft =>
    foldPorts(draft, own, { declared, isJob: jobs.has(draft.title) }),
  );
  return {
    drafts: made.map(({ draft }) => draft),
    problems: made.flatMap(({ problems }) => problems),
  };
}

/** The zone of a namespace; null where there is no profile, or none of its zones is the namespace's. */
export const zoneFor = (
  namespace: string,
  { options, namespace: find }: Surroundings,
): Zone | null => {
  const fact = find(namespace);
  return options.profile === null || fact === undefined ? null : zoneOf(options.profile, fact);
};

/** In a zone without internet what was seen of it becomes no rule. */
function withoutInternet(
  drafts: readonly RuleDraft[],
  own: string,
  zone: Zone | null,
): { readonly wanted: readonly RuleDraft[]; readonly problems: readonly Problem[] } {
  if (zone === null || zone.internet) return { wanted: drafts, problems: [] };
  const isOut = ({ peers }: RuleDraft): boolean => peers.some(isInternet);
  const left = drafts.filter(isOut);
  const told = warning(
    'ZONE_WITHOUT_INTERNET',
    `\`${own}\` is in the zone \`${zone.name}\`, which has no internet: no rule for ${enumerated(left.map(({ title }) => title))}`,
    'move what needs it to another zone, or let the zone have `internet`',
  );
  return {
    wanted: drafts.filter(draft => !isOut(draft)),
    problems: left.length > 0 ? [told] : [],
  };
}

/** The rules of one workload's policy, ingress and egress, in the order in which they are written. */
export function rulesFor(subject: Subject, own: string, setting: Setting): Rules {
  const { around, resolvers, grouping } = setting;
  const { pod } = subject;
  const zone = zoneFor(pod.namespace, around);
  const seen = seenOf(subject, around);
  const directions = directionsOf(seen, around.options.directions, zone?.deny ?? []);
  const isIngress = directions.has(Direction.INGRESS);
  const ingress = isIngress ? keptIngress(pod, own, setting) : null;
  const dns = directions.has(Direction.EGRESS) ? dnsDrafts(pod, resolvers, around) : NOTHING;
  const entrances = ingress?.entrances ?? NOTHING;
  const open = isIngress ? [] : openEntrances(pod, own, around);
  const server = ingress?.server ?? null;
  const usable = seen.flatMap(({ direction, made }) =>
    'draft' in made && directions.has(direction) ? [made.draft] : [],
  );
  const { wanted, problems: inZone } = withoutInternet(usable, own, zone);
  const calling = directions.has(Direction.EGRESS) ? keptEgress(pod, own, around) : NOTHING;
  const called = ingress?.kept ?? NOTHING;
  const kept = [...called.drafts, ...calling.drafts];
  const parts = asPartOf(wanted, [...dns.drafts, ...entrances.drafts, ...kept]);
  const observed = throughEntrances(asServer(parts, server), entrances.drafts);
  const throughDoor = new Set(
    wanted.filter((_, at) => observed[at]?.origin === RuleOrigin.ENTRANCE),
  );
  const merged = mergeDrafts([
    ...dns.drafts,
    ...(server === null ? [] : [server]),
    ...entrances.drafts,
    ...kept,
    ...observed,
  ]);
  const ported = folded(merged, own, subject, around);
  const nodesTold = withNodesTold(ported.drafts, around);
  const grouped = groupExternals(own, nodesTold, { ...grouping, clients: clientsOf(around) });
  return {
    directions,
    drafts: inOrder(around.options.minimise ? fewest(grouped.drafts) : grouped.drafts),
    problems: [
      ...dns.problems,
      ...entrances.problems,
      ...open,
      ...inZone,
      ...called.problems,
      ...calling.problems,
      ...seen.flatMap(({ made }) =>
        'draft' in made && throughDoor.has(made.draft) ? [] : (made.problem ?? []),
      ),
      ...ported.problems,
      ...grouped.problems,
    ],
  };
}
