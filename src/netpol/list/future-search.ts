import type { Compiled } from '../compile/compiled.js';
import type { CompiledRule } from '../compile/compiled-rule.js';
import type { PodClass } from '../compile/pod-classes.js';
import { NO_PROFILE } from '../compile/port-profile.js';
import { isOfAll, type Program } from '../compile/program.js';
import { selects } from '../compile/select.js';
import { type Matches, outcomeOfMatches } from '../decide/few-rules.js';
import { matchPeer, YES } from '../decide/match.js';
import type { ControllerPod, Party } from '../decide/party.js';
import { programFor, readingOf } from '../decide/side.js';
import {
  type Labels,
  METADATA_NAME,
  type Requirement,
  type Selector,
  SelectorOperator,
} from '../labels.js';
import { Action, Direction, type Protocol } from '../policy.js';
import {
  ALL_PORTS,
  containsPort,
  type PortSet,
  PROTOCOLS,
  subtractPorts,
} from '../ports/port-set.js';
import { EVERYTHING_ALLOWED, NOTHING, type TrafficId } from '../ports/traffic.js';
import { FRESH } from './future-labels.js';
import { rulePostings } from './rule-postings.js';

/** A peer as seen from no particular policy: `own` is the namespace of a peer without selector. */
export type Wanted = {
  readonly own: string | null;
  readonly namespaces: Selector;
  readonly pods: Selector;
};

/** More combinations of labels than this are not tried. */
const MOST_COMBINATIONS = 10_000;

/** What a rule asks of a label. `lowers`: a pod that meets it may be allowed less for it. */
type Condition = { readonly requirement: Requirement; readonly lowers: boolean };

const conditionsOf = (selector: Selector, lowers: boolean): readonly Condition[] =>
  selector.requirements.map(requirement => ({ requirement, lowers }));

const lowers = ({ action, pods }: CompiledRule): boolean =>
  action !== Action.ALLOW && pods.length > 0;

type Conditions = ReadonlyMap<string, readonly Condition[]>;

const byKey = (conditions: readonly Condition[]): Conditions =>
  Map.groupBy(conditions, ({ requirement }) => requirement.key);

/** What every question to a program needs, made once. */
const known = new WeakMap<Program, ReturnType<typeof readProgram>>();

function knownOf(program: Program) {
  const before = known.get(program);
  if (before !== undefined) return before;
  const made = readProgram(program);
  known.set(program, made);
  return made;
}

/** The conditions by which a program tells pods, and namespaces, apart, by keys; and the rules that may single some out. */
function readProgram({ rules }: Program) {
  const peers = rules.flatMap(({ action, pods }) =>
    pods.map(peer => ({ ...peer, lowers: action !== Action.ALLOW })),
  );
  return {
    pods: byKey(peers.flatMap(({ pods, lowers }) => conditionsOf(pods, lowers))),
    namespaces: byKey(
      peers.flatMap(({ namespaces, lowers }) =>
        namespaces === null ? [] : conditionsOf(namespaces, lowers),
      ),
    ),
    lowering: rules.filter(rule => lowers(rule) && !isOfAll(rule)),
    perhapsSelecting: rulePostings(rules),
  };
}

const telling = new WeakMap<readonly Condition[], readonly string[]>();

/** Values that Deny, Pass and NotIn list: once for the conditions of a program. */
function tellingOf(conditions: readonly Condition[]): readonly string[] {
  const before = telling.get(conditions);
  if (before !== undefined) return before;
  const values = conditions
    .filter(({ requirement, lowers }) => lowers || requirement.operator === SelectorOperator.NOT_IN)
    .flatMap(({ requirement }) => requirement.values);
  telling.set(conditions, values);
  return values;
}

/**
 * What one label can be as far as the conditions tell values apart. A value that only an Allow rule lists is left out: a
 * pod with any other value is allowed no more.
 */
function valuesOf(key: string, wanted: readonly Requirement[], conditions: readonly Condition[]) {
  const values = [...wanted.flatMap(requirement => requirement.values), ...tellingOf(conditions)];
  const candidates: readonly Labels[] = [
    {},
    ...[FRESH, ...new Set(values)].map(value => ({ [key]: value })),
  ].filter(labels => selects({ requirements: wanted }, labels));
  // Namespaces that are there bear other labels than one of the future would.
  if (key === METADATA_NAME || candidates.length < 2) return candidates;
  const lookOf = (labels: Labels): string =>
    conditions.map(({ requirement }) => selects({ requirements: [requirement] }, labels)).join();
  return [...new Map(candidates.map(labels => [lookOf(labels), labels])).values()];
}

const unasked = new WeakMap<readonly Condition[], readonly Labels[]>();

/** The same for a label that nothing is asked of: once for the conditions of a program. */
function anyValuesOf(key: string, conditions: readonly Condition[]): readonly Labels[] {
  const before = unasked.get(conditions);
  if (before !== undefined) return before;
  const values = valuesOf(key, [], conditions);
  unasked.set(conditions, values);
  return values;
}

/** Labels that meet the selector, one list for each way in which the conditions can see them. */
function labelsThat(selector: Selector, known: Conditions): readonly Labels[] {
  const wanted = Map.groupBy(selector.requirements, ({ key }) => key);
  const keys = [...new Set([...wanted.keys(), ...known.keys()])];
  return keys.reduce<readonly Labels[]>(
    (some, key) => {
      const [asked, conditions] = [wanted.get(key), known.get(key) ?? []];
      const values =
        asked === undefined ? anyValuesOf(key, conditions) : valuesOf(key, asked, conditions);
      if (values.length === 1 && Object.keys(values[0] ?? {}).length === 0) return some;
      return some
        .flatMap(labels => values.map(value => ({ ...labels, ...value })))
        .slice(0, MOST_COMBINATIONS);
    },
    [{}],
  );
}

type Place = Pick<ControllerPod, 'namespace' | 'namespaceLabels'>;

/** Labels of namespaces, by name. */
export type Places = ReadonlyMap<string, Labels>;

/** A namespace with these labels, or the one that is there with this name and its own labels. */
function placeOf(there: Places, labels: Labels): Place {
  const namespace = labels[METADATA_NAME] ?? FRESH;
  const namespaceLabels = there.get(namespace) ?? { ...labels, [METADATA_NAME]: namespace };
  return { namespace, namespaceLabels };
}

const nameSelector = (name: string): Selector => ({
  requirements: [{ key: METADATA_NAME, operator: SelectorOperator.IN, values: [name] }],
});

function placesThat(
  there: Places,
  { own, namespaces }: Wanted,
  conditions: Conditions,
): readonly Place[] {
  if (own !== null && there.has(own)) return [placeOf(there, { [METADATA_NAME]: own })];
  const selector = own === null ? namespaces : nameSelector(own);
  return labelsThat(selector, conditions)
    .map(labels => placeOf(there, labels))
    .filter(({ namespaceLabels }) => selects(selector, namespaceLabels));
}

/** What the policies of a pod leave open to those of the future that a peer means. */
export type Opening = {
  readonly ports: PortSet;
  /** Ports by their names on a pod of the future, which can be any number. */
  readonly names: readonly OpenName[];
  /** Deny and Pass rules that single out some of these pods: what is said of the others does not hold for them. */
  readonly exceptions: readonly CompiledRule[];
};

export type OpenName = { readonly protocol: Protocol; readonly name: string };

type Asked = {
  readonly compiled: Compiled;
  readonly direction: Direction;
  readonly subject: Extract<Party, { kind: 'pod' }>;
  readonly program: Program;
};

/** Pods of the future, one for each way in which the rules can see them. */
function seenAs({ program }: Asked, { wanted, there }: Sought): readonly ControllerPod[] {
  const conditions = knownOf(program);
  const pods = labelsThat(wanted.pods, conditions.pods);
  return placesThat(there, wanted, conditions.namespaces).flatMap(place =>
    pods.map(labels => ({ ...place, labels })),
  );
}

type Sought = { readonly wanted: Wanted; readonly there: Places };

/** A rule that means some of the pods and not all of them makes an exception of those. */
function exceptionsAmong({ compiled, program }: Asked, pods: readonly ControllerPod[]) {
  const { lowering } = knownOf(program);
  if (lowering.length === 0) return { exceptions: [], others: pods };
  const reading = readingOf(compiled);
  const nodes = compiled.engine.index.nodes.all;
  const means = (rule: CompiledRule, configured: ControllerPod): boolean =>
    matchPeer(rule, { kind: 'controller', configured }, reading, nodes) === YES;
  const narrow = lowering
    .map(rule => ({ rule, meant: pods.filter(pod => means(rule, pod)) }))
    .filter(({ meant }) => meant.length > 0 && meant.length < pods.length);
  const apart = new Set(narrow.flatMap(({ meant }) => meant));
  return {
    exceptions: narrow.map(({ rule }) => rule),
    others: apart.size === 0 ? pods : pods.filter(pod => !apart.has(pod)),
  };
}

/** The same as `outcomeOf` has with what is not known as unmatched, of the few rules that can select such a pod. */
function allowedTo(asked: Asked, configured: ControllerPod): TrafficId {
  const { compiled, direction, subject, program } = asked;
  const { table, index } = compiled.engine;
  const peer = { kind: 'controller', configured } as const;
  const reading = readingOf(compiled);
  const { hostNetwork, profile } = subject.podClass;
  const question = {
    program,
    direction,
    profile: hostNetwork && !reading.hostsAsPods ? NO_PROFILE : profile,
    peer,
    reading,
    unknowns: 'unmatched',
  } as const;
  const matches = knownOf(program)
    .perhapsSelecting(configured)
    .flatMap((place): Matches => {
      const rule = program.rules[place];
      const selects = rule && matchPeer(rule, peer, reading, index.nodes.all) === YES;
      return selects === true ? [[place, YES]] : [];
    });
  return outcomeOfMatches(table, question, matches).allow;
}

function allowedToEach(asked: Asked, pods: readonly ControllerPod[]): TrafficId {
  const { table } = asked.compiled.engine;
  let open: TrafficId = pods.length === 0 ? NOTHING : EVERYTHING_ALLOWED;
  for (const pod of pods) {
    if (open === NOTHING) return open;
    open = table.intersect(open, allowedTo(asked, pod));
  }
  return open;
}

const firstClosed = (ports: PortSet, protocol: Protocol): number | null =>
  subtractPorts(ALL_PORTS, ports)[protocol][0]?.from ?? null;

/** A name is open where a pod is reached at the port that bears it, which is closed by its number. */
function namesOpen(
  asked: Asked,
  pods: readonly ControllerPod[],
  open: PortSet,
): readonly OpenName[] {
  const { compiled, direction, program } = asked;
  if (direction === Direction.INGRESS || !program.usesNames || pods.length === 0) return [];
  const { table, index } = compiled.engine;
  const named = program.rules.flatMap(rule => rule.named);
  const each = named.flatMap(({ name, protocol }) =>
    (protocol === null ? PROTOCOLS : [protocol]).map(one => ({ protocol: one, name })),
  );
  const once = [...new Map(each.map(one => [`${one.protocol} ${one.name}`, one])).values()];
  return once.filter(({ protocol, name }) => {
    const port = firstClosed(open, protocol);
    if (port === null) return false;
    const profile = index.registry.profileOf([{ name, port, protocol }]);
    const reached = allowedToEach(
      asked,
      pods.map(pod => ({ ...pod, profile })),
    );
    return containsPort(table.at(reached).ports, protocol, port);
  });
}

/**
 * The ports that the policies of `podClass` leave open to every pod that is sought, whatever other labels it and its
 * namespace have, but for those that a Deny or Pass rule singles out; the policies of such a pod are not looked at.
 */
export function openToAll(
  compiled: Compiled,
  direction: Direction,
  podClass: PodClass,
  sought: Sought,
): Opening {
  const program = programFor(compiled, direction, podClass, readingOf(compiled));
  const subject = { kind: 'pod', pod: -1, podClass } as const;
  const asked = { compiled, direction, subject, program };
  const { others, exceptions } = exceptionsAmong(asked, seenAs(asked, sought));
  const { ports } = compiled.engine.table.at(allowedToEach(asked, others));
  return { ports, names: namesOpen(asked, others, ports), exceptions };
}
