import type { Compiled } from '../compile/compiled.js';
import type { PodClass } from '../compile/pod-classes.js';
import type { Program } from '../compile/program.js';
import { selects } from '../compile/select.js';
import type { ControllerPod } from '../decide/party.js';
import { outcomeOf, programFor, readingOf } from '../decide/side.js';
import {
  type Labels,
  METADATA_NAME,
  type Requirement,
  type Selector,
  SelectorOperator,
} from '../labels.js';
import { Action, type Direction } from '../policy.js';
import type { PortSet } from '../ports/port-set.js';
import { EVERYTHING_ALLOWED, NOTHING, type TrafficId } from '../ports/traffic.js';
import { FRESH } from './future-labels.js';

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

/** The conditions by which a program tells pods, and namespaces, apart. */
function conditionsIn({ rules }: Program) {
  const peers = rules.flatMap(({ action, pods }) =>
    pods.map(peer => ({ ...peer, lowers: action !== Action.ALLOW })),
  );
  return {
    pods: peers.flatMap(({ pods, lowers }) => conditionsOf(pods, lowers)),
    namespaces: peers.flatMap(({ namespaces, lowers }) =>
      namespaces === null ? [] : conditionsOf(namespaces, lowers),
    ),
  };
}

/**
 * What one label can be as far as the conditions tell values apart. A value that only an Allow rule lists is left out: a
 * pod with any other value is allowed no more.
 */
function valuesOf(key: string, wanted: readonly Requirement[], conditions: readonly Condition[]) {
  const telling = conditions.filter(
    ({ requirement, lowers }) => lowers || requirement.operator === SelectorOperator.NOT_IN,
  );
  const values = [...wanted, ...telling.map(({ requirement }) => requirement)].flatMap(
    requirement => requirement.values,
  );
  const candidates: readonly Labels[] = [
    {},
    ...[FRESH, ...new Set(values)].map(value => ({ [key]: value })),
  ].filter(labels => selects({ requirements: wanted }, labels));
  // Namespaces that are there bear other labels than one of the future would.
  if (key === METADATA_NAME) return candidates;
  const lookOf = (labels: Labels): string =>
    conditions.map(({ requirement }) => selects({ requirements: [requirement] }, labels)).join();
  return [...new Map(candidates.map(labels => [lookOf(labels), labels])).values()];
}

/** Labels that meet the selector, one list for each way in which the conditions can see them. */
function labelsThat(selector: Selector, conditions: readonly Condition[]): readonly Labels[] {
  const known = Map.groupBy(conditions, ({ requirement }) => requirement.key);
  const wanted = Map.groupBy(selector.requirements, ({ key }) => key);
  const keys = [...new Set([...wanted.keys(), ...known.keys()])];
  return keys.reduce<readonly Labels[]>(
    (some, key) => {
      const values = valuesOf(key, wanted.get(key) ?? [], known.get(key) ?? []);
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
  conditions: readonly Condition[],
): readonly Place[] {
  if (own !== null && there.has(own)) return [placeOf(there, { [METADATA_NAME]: own })];
  const selector = own === null ? namespaces : nameSelector(own);
  return labelsThat(selector, conditions)
    .map(labels => placeOf(there, labels))
    .filter(({ namespaceLabels }) => selects(selector, namespaceLabels));
}

/**
 * The ports that the policies of `subject` leave open to every pod that meets `wanted`, whatever other labels it and its
 * namespace have; the policies of such a pod are not looked at. `there`: the namespaces that are there.
 */
export function openToAll(
  compiled: Compiled,
  direction: Direction,
  podClass: PodClass,
  { wanted, there }: { readonly wanted: Wanted; readonly there: Places },
): PortSet {
  const reading = readingOf(compiled);
  const { table } = compiled.engine;
  const conditions = conditionsIn(programFor(compiled, direction, podClass, reading));
  const subject = { kind: 'pod', pod: -1, podClass } as const;
  const allowed = (configured: ControllerPod): TrafficId => {
    const question = {
      subject,
      peer: { kind: 'controller', configured },
      direction,
      loop: false,
    } as const;
    return outcomeOf(compiled, question, reading, 'unmatched').allow;
  };
  const pods = labelsThat(wanted.pods, conditions.pods);
  let open: TrafficId = EVERYTHING_ALLOWED;
  for (const place of placesThat(there, wanted, conditions.namespaces)) {
    for (const labels of pods) {
      if (open === NOTHING) return table.at(open).ports;
      open = table.intersect(open, allowed({ ...place, labels }));
    }
  }
  return table.at(open).ports;
}
