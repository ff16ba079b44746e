import { stringify } from 'yaml';
import type { SmallWorld } from './arbitrary-world.js';
import { count, countWorld, type Tally } from './coverage.js';
import { askEngine, askJudge, type Engine, engineOf } from './engine.js';
import type { AdminPolicy, AdminRule, Answer, KubeObject, Question } from './objects.js';
import { questionsOf } from './questions.js';
import { askWorld, worldOf } from './verdict.js';

/** The first question that engine and model answer differently. */
export type Disagreement = {
  readonly world: SmallWorld;
  readonly question: Question;
  readonly model: Answer;
  readonly engine: Answer;
};

const isSame = (one: Answer, other: Answer): boolean =>
  one.verdict === other.verdict && one.basis === other.basis;

/** Asks `count` questions of one world. Null: all answers agree in verdict and basis. */
export const trial = (
  world: SmallWorld,
  seed: number,
  verdicts: number,
  tally: Tally,
): Disagreement | null => {
  const model = worldOf(world.objects, world.modes);
  const engine: Engine = engineOf(world.objects, world.modes, world.form);
  const next = questionsOf(world.objects, seed);
  countWorld(tally, world);
  for (let asked = 0; asked < verdicts; asked += 1) {
    const question = next();
    const expected = askWorld(model, question, point => count(tally, point));
    const said = [askEngine(engine, question), askJudge(engine, question)];
    const wrong = said.find(answer => !isSame(expected, answer));
    if (wrong !== undefined) return { world, question, model: expected, engine: wrong };
  }
  return null;
};

const disagrees = (world: SmallWorld, question: Question): Disagreement | null => {
  try {
    const model = askWorld(worldOf(world.objects, world.modes), question);
    const engine = engineOf(world.objects, world.modes, world.form);
    const said = [askEngine(engine, question), askJudge(engine, question)];
    const wrong = said.find(answer => !isSame(model, answer));
    return wrong === undefined ? null : { world, question, model, engine: wrong };
  } catch {
    // Leaving out a pod or node that the question names is no smaller case.
    return null;
  }
};

type Json = unknown;

/** The list with one item left out or made smaller. */
function* smallerList(list: readonly Json[]): Generator<Json> {
  for (const index of list.keys()) yield list.filter((_, place) => place !== index);
  for (const [index, item] of list.entries()) {
    for (const less of smaller(item))
      yield list.map((old, place) => (place === index ? less : old));
  }
}

/** The object with one field left out or made smaller. */
function* smallerObject(object: object): Generator<Json> {
  const entries = Object.entries(object);
  for (const [key] of entries) {
    yield Object.fromEntries(entries.filter(([name]) => name !== key));
  }
  for (const [key, item] of entries) {
    for (const less of smaller(item)) yield { ...object, [key]: less };
  }
}

function* smaller(value: Json): Generator<Json> {
  if (Array.isArray(value)) yield* smallerList(value);
  else if (typeof value === 'object' && value !== null) yield* smallerObject(value);
}

const hasAll = (object: object, ...keys: string[]): boolean =>
  keys.every(key => Object.hasOwn(object, key));

const isFilled = (list: readonly unknown[] | null | undefined): boolean =>
  list === undefined || (list ?? []).length > 0;

const isWholeRule = (rule: AdminRule): boolean => {
  const peers = rule.from ?? rule.to ?? [];
  const matches = [...(rule.ports ?? []), ...(rule.protocols ?? [])];
  return (
    hasAll(rule, 'action') &&
    peers.length > 0 &&
    [rule.ports, rule.protocols].every(isFilled) &&
    matches.every(match => !/\{\}/.test(JSON.stringify(match)) || 'tcp' in match) &&
    matches.every(match => !/"(start|end)"/.test(JSON.stringify(match)) || isRange(match)) &&
    peers.every(({ pods, networks, domainNames }) => {
      if (pods && !hasAll(pods, 'namespaceSelector', 'podSelector')) return false;
      return isFilled(networks) && isFilled(domainNames);
    })
  );
};

const isRange = (match: object): boolean => /"start".*"end"/.test(JSON.stringify(match));

const isWholePolicy = ({ kind, spec }: AdminPolicy): boolean => {
  if (!spec?.subject) return false;
  const { pods, namespaces } = spec.subject;
  const ordered = kind === 'BaselineAdminNetworkPolicy' || hasAll(spec, 'priority');
  const tiered = kind !== 'ClusterNetworkPolicy' || hasAll(spec, 'tier');
  const chosen = pods ? hasAll(pods, 'namespaceSelector', 'podSelector') : Boolean(namespaces);
  const rules = [...(spec.ingress ?? []), ...(spec.egress ?? [])];
  return ordered && tiered && chosen && rules.every(isWholeRule);
};

/** Small cases stay valid manifests, so that they show the fault and no other. */
const isWhole = (object: KubeObject): boolean => {
  if (!hasAll(object, 'apiVersion', 'kind', 'metadata') || !object.metadata.name) return false;
  switch (object.kind) {
    case 'AdminNetworkPolicy':
    case 'BaselineAdminNetworkPolicy':
    case 'ClusterNetworkPolicy':
      return isWholePolicy(object);
    case 'Namespace':
    case 'Node':
      return true;
    case 'Pod':
      return Boolean(object.spec?.containers?.length);
    default:
      return hasAll(object, 'spec');
  }
};

/** Leaves out whatever can go while the two still differ over the question. */
export const shrink = (found: Disagreement): Disagreement => {
  for (const objects of smaller(found.world.objects)) {
    if (!(objects as KubeObject[]).every(isWhole)) continue;
    const world = { ...found.world, objects: objects as KubeObject[] };
    const less = disagrees(world, found.question);
    if (less !== null) return shrink(less);
  }
  return found;
};

/** A case to read: the world as YAML, the question, and both answers. */
export const described = ({ world, question, model, engine }: Disagreement): string =>
  [
    ...world.objects.map(object => stringify(object).trimEnd()),
    stringify({ modes: world.modes, form: world.form, question }).trimEnd(),
    `model:  ${model.verdict} ${model.basis}`,
    `engine: ${engine.verdict} ${engine.basis}`,
  ].join('\n---\n');

/** Shares in percent of the three verdicts, for the report. */
export const shares = (tally: Tally): string => {
  const names = ['ALLOWED', 'DENIED', 'UNDECIDABLE'];
  const counts = names.map(name => tally.get(`verdict ${name}`) ?? 0);
  const all = counts.reduce((sum, each) => sum + each, 0);
  return names
    .map((name, at) => `${name} ${((100 * (counts[at] ?? 0)) / all).toFixed(1)} %`)
    .join(', ');
};
