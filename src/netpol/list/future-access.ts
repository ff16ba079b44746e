import { compile } from '../compile/compile.js';
import type { Compiled } from '../compile/compiled.js';
import type { PodPeer } from '../compile/compiled-rule.js';
import type { PodClass } from '../compile/pod-classes.js';
import type { Program } from '../compile/program.js';
import { programFor, readingOf } from '../decide/side.js';
import type { Facts } from '../facts.js';
import { METADATA_NAME, type Selector, SelectorOperator } from '../labels.js';
import { formatMapPeer } from '../map/map-peer.js';
import { type Workload, workloadsByClass, workloadsOf } from '../map/workloads.js';
import { Direction, type Policy } from '../policy.js';
import { remembered } from '../remembered.js';
import type { Modes } from '../verdict.js';
import { goesBeyond, isClosed, type Open, openIn, openText } from './future-open.js';
import {
  type Cast,
  castOf,
  FUTURE_KIND,
  type Future,
  nameOf,
  subjectOf,
  wantedOf,
} from './future-pods.js';
import { ENTIRE_CLUSTER } from './row.js';

/** What somebody must be able to do to make such a pod. */
export const FutureClaim = {
  /** Make pods in a namespace that is there, with labels of their choice. */
  PODS: 'PODS',
  /** Make a namespace: none of this name is there. */
  NEW_NAMESPACE: 'NEW_NAMESPACE',
  /** Label a namespace, or make pods in one that has these labels. */
  NAMESPACE_LABELS: 'NAMESPACE_LABELS',
  /** Make pods in any namespace. */
  ANYWHERE: 'ANYWHERE',
} as const;

export type FutureClaim = (typeof FutureClaim)[keyof typeof FutureClaim];

/** A workload, such as `shop/api[Deployment]`, and ports, such as `TCP 8080`. */
export type FutureReach = { readonly deployment: string; readonly ports: string };

/** Pods that are not there yet and that a selector of a set means: what whoever makes one comes by. */
export type FuturePods = {
  /** `entire-cluster`, `shop/[pod with {app=web}]`, `[namespace with {team=a}]/[all pods]`. */
  readonly pods: string;
  readonly claim: FutureClaim;
  /** Policies of the set that select such a pod, as `namespace/name`, in their order. */
  readonly selectedBy: readonly string[];
  /** Policies of the set of which a rule names such pods. */
  readonly admittedBy: readonly string[];
  /** Workloads that are such pods today. */
  readonly today: readonly string[];
  /** Workloads that such a pod could connect to, beyond what every pod of the cluster can; by name, the first 100. */
  readonly reach: readonly FutureReach[];
  readonly reachCount: number;
  /** Workloads that could connect to it, likewise. */
  readonly reachedFrom: readonly FutureReach[];
  readonly reachedFromCount: number;
};

/** More workloads of one entry are counted only. */
const MOST_REACHED = 100;

/** More entries are not told. */
const MOST_FUTURES = 1_000;

const isByName = ({ requirements }: Selector): boolean =>
  requirements.length > 0 &&
  requirements.every(
    ({ key, operator }) => key === METADATA_NAME && operator === SelectorOperator.IN,
  );

function claimOf({ wanted: { own, namespaces } }: Future, { there }: Cast): FutureClaim {
  if (own === null && namespaces.requirements.length === 0) return FutureClaim.ANYWHERE;
  if (own === null && !isByName(namespaces)) return FutureClaim.NAMESPACE_LABELS;
  const names = own === null ? namespaces.requirements.flatMap(({ values }) => values) : [own];
  return names.every(name => there.has(name)) ? FutureClaim.PODS : FutureClaim.NEW_NAMESPACE;
}

const nameOfPolicy = ({ namespace, name }: Policy): string => `${namespace}/${name}`;

/** The classes of the pods that stand for each future, and back. */
function futureClasses({ engine }: Compiled, { futures }: Cast) {
  const { podOfKey, classes, classOf } = engine.index;
  const byClass = new Map<number, Future[]>();
  const byName = new Map<string, readonly PodClass[]>();
  for (const future of futures) {
    const own = future.pods.flatMap(({ key }) => classes[classOf[podOfKey(key) ?? -1] ?? -1] ?? []);
    byName.set(future.name, own);
    for (const { id } of new Set(own)) byClass.set(id, [...(byClass.get(id) ?? []), future]);
  }
  return { byClass, byName };
}

type Asked = {
  readonly compiled: Compiled;
  readonly cast: Cast;
  readonly own: ReadonlySet<Policy>;
  readonly classes: ReturnType<typeof futureClasses>;
};

/** The futures that some rule of a program means, once for each program: programs share their rules' classes. */
function meantBy({ classes: { byClass } }: Asked): (program: Program) => ReadonlySet<Future> {
  const among = remembered((classes: PodPeer['classes']) =>
    [...classes].flatMap(id => byClass.get(id) ?? []),
  );
  return remembered(
    ({ rules }) => new Set(rules.flatMap(({ pods }) => pods.flatMap(peer => among(peer.classes)))),
  );
}

type Reached = ReadonlyMap<string, readonly FutureReach[]>;

/** Ordinary workloads that the set isolates in a direction, with what decides for them. */
function isolatedBy({ compiled, own }: Asked, direction: Direction) {
  return workloadsOf(compiled).flatMap(workload => {
    const { peer, podClass } = workload;
    if (peer.workloadKind === FUTURE_KIND || podClass.hostNetwork) return [];
    const program = programFor(compiled, direction, podClass, readingOf(compiled));
    return program.policies.some(({ policy }) => own.has(policy)) ? [{ workload, program }] : [];
  });
}

/** By future, what is open between it and the workloads that the set isolates in a direction. */
function reachedIn(asked: Asked, direction: Direction): Reached {
  const { compiled, cast } = asked;
  const openTo = openIn(compiled, cast, direction);
  const meant = meantBy(asked);
  const whole = cast.futures.find(({ name }) => name === ENTIRE_CLUSTER);
  const reached = new Map<string, FutureReach[]>();
  const add = (name: string, { peer }: Workload, open: Open): void => {
    const list = reached.get(name) ?? [];
    reached.set(name, list);
    list.push({ deployment: formatMapPeer(peer), ports: openText(open) });
  };
  for (const { workload, program } of isolatedBy(asked, direction)) {
    const toAll = openTo(workload, whole);
    if (!isClosed(toAll)) add(ENTIRE_CLUSTER, workload, toAll);
    for (const future of meant(program)) {
      const open = openTo(workload, future);
      if (goesBeyond(open, toAll)) add(future.name, workload, open);
    }
  }
  return reached;
}

function selecting({ compiled, own, classes }: Asked, { name }: Future): readonly string[] {
  const found = new Set(
    (classes.byName.get(name) ?? []).flatMap(podClass =>
      Object.values(Direction).flatMap(direction =>
        programFor(compiled, direction, podClass, readingOf(compiled)).policies.map(
          ({ policy }) => policy,
        ),
      ),
    ),
  );
  return [...own].filter(policy => found.has(policy)).map(nameOfPolicy);
}

/** In which policies each future stands as a peer. */
function namesOfRules(set: readonly Policy[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const policy of set)
    for (const wanted of wantedOf([policy])) {
      const name = nameOf(wanted);
      found.set(name, (found.get(name) ?? new Set()).add(nameOfPolicy(policy)));
    }
  return new Map([...found].map(([name, policies]) => [name, [...policies]]));
}

function todayOf({ compiled }: Asked, { wanted: { own, namespaces, pods } }: Future) {
  const { index } = compiled.engine;
  const byClass = workloadsByClass(compiled);
  const workloads = workloadsOf(compiled);
  const found = index.select(own === null ? namespaces : null, own ?? '', pods);
  return [...found]
    .flatMap(id => byClass[id] ?? [])
    .flatMap(place => workloads[place]?.peer ?? [])
    .filter(({ workloadKind }) => workloadKind !== FUTURE_KIND)
    .map(formatMapPeer)
    .toSorted();
}

const first = (reach: readonly FutureReach[]): readonly FutureReach[] =>
  reach
    .toSorted((one, other) => (one.deployment < other.deployment ? -1 : 1))
    .slice(0, MOST_REACHED);

/**
 * Which pods of the future the selectors of `set` mean: those of its policies, and those of their rules. What such a pod could
 * reach, and be reached from, is what both sides leave open to every one of them, whatever other labels it and its namespace
 * bear, with the policies `staying` beside the set in force. Only workloads that the set isolates in that direction count; what
 * every pod can stands once, under `entire-cluster`. In the order of `pods`, the cluster first; no more than 1,000.
 */
export function futurePodsOf(
  facts: Facts,
  { set, staying }: { readonly set: readonly Policy[]; readonly staying: readonly Policy[] },
  modes: Modes,
): readonly FuturePods[] {
  const cast = castOf(facts, set, set.map(subjectOf));
  const compiled = compile(cast.facts, [...set, ...staying], modes);
  const classes = futureClasses(compiled, cast);
  const asked: Asked = { compiled, cast, own: new Set(set), classes };
  const reach = reachedIn(asked, Direction.INGRESS);
  const reachedFrom = reachedIn(asked, Direction.EGRESS);
  const admitting = namesOfRules(set);
  const rankOf = ({ name }: Future): string => (name === ENTIRE_CLUSTER ? '' : name);
  return cast.futures
    .filter(({ name }) => name !== ENTIRE_CLUSTER || reach.has(name) || reachedFrom.has(name))
    .toSorted((one, other) => (rankOf(one) < rankOf(other) ? -1 : 1))
    .slice(0, MOST_FUTURES)
    .map(future => {
      const [to, from] = [reach.get(future.name) ?? [], reachedFrom.get(future.name) ?? []];
      return {
        pods: future.name,
        claim: claimOf(future, cast),
        selectedBy: selecting(asked, future),
        admittedBy: admitting.get(future.name) ?? [],
        today: future.name === ENTIRE_CLUSTER ? [] : todayOf(asked, future),
        reach: first(to),
        reachCount: to.length,
        reachedFrom: first(from),
        reachedFromCount: from.length,
      };
    });
}
