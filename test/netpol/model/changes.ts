import assert from 'node:assert/strict';
import {
  type Change,
  type Compiled,
  compareSets,
  compile,
  connectivityMap,
  formatMapPeer,
  formatPortSet,
  type MapPeer,
  type Policy,
  type PortSet,
  readManifests,
  subtractPorts,
  withChange,
} from '../../../src/netpol/index.js';
import { parseAddress } from './address.js';
import type { SmallWorld } from './arbitrary-world.js';
import { askEngine, askJudge, engineOf, written } from './engine.js';
import { questionsOf, randomFrom } from './questions.js';

/** The rows of a map as sorted text, equal for equal maps. */
export const mapText = (compiled: Compiled): string[] =>
  [...connectivityMap(compiled)]
    .map(
      ({ source, destination, ports }) =>
        `${formatMapPeer(source)} => ${formatMapPeer(destination)} : ${formatPortSet(ports)}`,
    )
    .sort();

const titleOf = ({ kind, namespace, name }: Pick<Policy, 'kind' | 'namespace' | 'name'>): string =>
  `${kind} ${namespace} ${name}`;

/** "What is put replaces its namesake in its place, or else comes last." */
const changedPolicies = (policies: readonly Policy[], { policies: change }: Change): Policy[] => {
  const put = change?.put ?? [];
  const removed = (change?.remove ?? []).map(titleOf);
  const kept = policies.filter(policy => !removed.includes(titleOf(policy)));
  const replaced = kept.map(
    policy => put.find(other => titleOf(other) === titleOf(policy)) ?? policy,
  );
  const names = kept.map(titleOf);
  return [...replaced, ...put.filter(policy => !names.includes(titleOf(policy)))];
};

/** Removes some of the policies in force, and puts those of another world one by one or all at once. */
const changesOf = (policies: readonly Policy[], others: readonly Policy[], seed: number) => {
  const random = randomFrom(seed);
  const putTitles = others.map(titleOf);
  const removable = policies.filter(policy => !putTitles.includes(titleOf(policy)));
  const remove = removable.filter(() => random() < 0.3);
  const single = others.map((policy): Change => ({ policies: { put: [policy] } }));
  const atOnce: Change = { policies: { put: others, remove } };
  return random() < 0.5 ? [atOnce] : [...single, { policies: { remove } }];
};

type Step = { readonly before: Compiled; readonly after: Compiled; readonly whole: Compiled };

/** Each change carried out on what the one before left, beside a full compilation of the same policies. */
export const stepsOf = (world: SmallWorld, other: SmallWorld, seed: number): Step[] => {
  const { reading, compiled } = engineOf(world.objects, world.modes, world.form);
  const { facts } = reading;
  const others = readManifests(written(other.objects, other.form)).policies;
  let before = compiled;
  let policies = reading.policies;
  return changesOf(policies, others, seed).map(change => {
    policies = changedPolicies(policies, change);
    const step = {
      before,
      after: withChange(before, change),
      whole: compile(facts, policies, world.modes),
    };
    before = step.after;
    return step;
  });
};

/** The changed engine answers as a full compilation does, by every way to an answer. */
export const assertChange = (world: SmallWorld, { after, whole }: Step, seed: number): void => {
  const { reading } = engineOf(world.objects, world.modes, world.form);
  assert.deepEqual(after.policies.map(titleOf), whole.policies.map(titleOf));
  assert.deepEqual(mapText(after), mapText(whole));
  const next = questionsOf(world.objects, seed);
  for (let asked = 0; asked < 20; asked += 1) {
    const question = next();
    const [one, other] = [after, whole].map(compiled => ({ reading, compiled }));
    if (one === undefined || other === undefined) throw new Error('two engines are asked');
    const message = JSON.stringify(question);
    assert.deepEqual(askEngine(one, question), askEngine(other, question), message);
    assert.deepEqual(askJudge(one, question), askEngine(other, question), message);
  }
};

type Cells = Map<string, PortSet>;

const isInside = (peer: MapPeer): boolean => peer.kind !== 'range';

/** The ports of each pair of workloads. */
const cellsOf = (compiled: Compiled): Cells =>
  new Map(
    [...connectivityMap(compiled)]
      .filter(({ source, destination }) => isInside(source) && isInside(destination))
      .map(({ source, destination, ports }) => [
        `${formatMapPeer(source)} => ${formatMapPeer(destination)}`,
        ports,
      ]),
  );

const NONE: PortSet = { TCP: [], UDP: [], SCTP: [] };

/** `compareSets` tells of workloads exactly what the two maps tell apart. */
export const assertDifference = ({ before, after }: Step): number => {
  const [was, is] = [cellsOf(before), cellsOf(after)];
  const expected = [...new Set([...was.keys(), ...is.keys()])].flatMap(pair => {
    const [one, other] = [was.get(pair) ?? NONE, is.get(pair) ?? NONE];
    if (formatPortSet(one) === formatPortSet(other)) return [];
    const allowed = formatPortSet(subtractPorts(other, one));
    const blocked = formatPortSet(subtractPorts(one, other));
    return [`${pair}: + ${allowed}, - ${blocked}`];
  });
  const told = compareSets(before, after)
    .pairs.filter(({ source, destination }) => isInside(source) && isInside(destination))
    .map(
      ({ source, destination, newlyAllowed, newlyBlocked }) =>
        `${formatMapPeer(source)} => ${formatMapPeer(destination)}: + ${formatPortSet(newlyAllowed)}, - ${formatPortSet(newlyBlocked)}`,
    );
  assert.deepEqual(told.sort(), expected.sort());
  return told.length;
};

/** No block of the generated worlds is cut between these and their neighbours. */
const OUTSIDE = ['0.0.0.0', '8.8.8.7', '8.8.8.8', '10.0.0.200', '192.168.0.77', '255.255.255.255'];

const holds = (peer: MapPeer, address: string): boolean => {
  if (peer.kind !== 'range') return false;
  const [from, to, asked] = [peer.from, peer.to, address].map(text => parseAddress(text));
  if (!from || !to || !asked || from.family !== asked.family) return false;
  return from.value <= asked.value && asked.value <= to.value;
};

type Drawn = { readonly source: MapPeer; readonly destination: MapPeer };

/** The rows that concern `address`, by their other end and the way. */
const rowsAt = <Row extends Drawn>(rows: Iterable<Row>, address: string): Map<string, Row> => {
  const found = new Map<string, Row>();
  for (const row of rows) {
    if (holds(row.source, address)) found.set(`to ${formatMapPeer(row.destination)}`, row);
    if (holds(row.destination, address)) found.set(`from ${formatMapPeer(row.source)}`, row);
  }
  return found;
};

/** `compareSets` tells of outside addresses what the two maps tell apart. */
export const assertOutsideDifference = ({ before, after }: Step): void => {
  const maps = [before, after].map(compiled => [...connectivityMap(compiled)]);
  const { pairs } = compareSets(before, after);
  for (const address of OUTSIDE) {
    const [was, is] = maps.map(rows => rowsAt(rows, address));
    const told = rowsAt(pairs, address);
    for (const way of new Set([...(was?.keys() ?? []), ...(is?.keys() ?? []), ...told.keys()])) {
      const one = was?.get(way)?.ports ?? NONE;
      const other = is?.get(way)?.ports ?? NONE;
      const { newlyAllowed, newlyBlocked } = told.get(way) ?? {};
      const title = `${address} ${way}`;
      const text = (ports: PortSet | undefined) => formatPortSet(ports ?? NONE);
      assert.equal(text(newlyAllowed), text(subtractPorts(other, one)), title);
      assert.equal(text(newlyBlocked), text(subtractPorts(one, other)), title);
    }
  }
};

/** A state does not differ from itself. */
export const assertNoDifference = (world: SmallWorld): void => {
  const one = engineOf(world.objects, world.modes, world.form).compiled;
  const other = engineOf(world.objects, world.modes, 'json list').compiled;
  for (const pair of [compareSets(one, one), compareSets(one, other)]) {
    assert.deepEqual(pair, { pairs: [], addedWorkloads: [], removedWorkloads: [] });
  }
};
