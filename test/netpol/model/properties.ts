import assert from 'node:assert/strict';
import {
  allowedBetween,
  connectivityMap,
  containsPort,
  type Facts,
  isNoPorts,
  type MapPeer,
  NO_PORTS,
  type PortSet,
  Protocol,
} from '../../../src/netpol/index.js';
import { parseAddress } from './address.js';
import type { SmallWorld } from './arbitrary-world.js';
import { askEngine, type Engine, engineOf, toEndpoint } from './engine.js';
import type { End, KubeObject, NetworkPolicy, Question } from './objects.js';
import { podEnds, questionsOf, randomFrom } from './questions.js';
import { askWorld, worldOf } from './verdict.js';

/** Both sides of every border that generated policies and pods can draw. */
const BORDERS = [1, 52, 53, 54, 80, 81, 443, 8080, 8081, 65535];

const isAdmin = ({ apiVersion }: KubeObject): boolean => apiVersion.startsWith('policy.');

/** The objects in another order; the admin tiers keep theirs, which decides between equal priorities. */
export const shuffled = (objects: readonly KubeObject[], seed: number): KubeObject[] => {
  const random = randomFrom(seed);
  const keyed = objects
    .filter(object => !isAdmin(object))
    .map(object => ({ object, at: random() }));
  const admins = objects.filter(isAdmin);
  const cut = Math.floor(random() * (keyed.length + 1));
  const others = keyed.sort((one, other) => one.at - other.at).map(({ object }) => object);
  return [...others.slice(0, cut), ...admins, ...others.slice(cut)];
};

/** Policies of every tier that no generated pod is selected by. */
export const selectingNothing = (): KubeObject[] => {
  const nobody = { matchLabels: { app: 'nobody at all' } };
  const order = { priority: 0, subject: { pods: { namespaceSelector: {}, podSelector: nobody } } };
  const metadata = { name: 'selects-nothing' };
  const networkPolicy: NetworkPolicy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { ...metadata, namespace: 'shop' },
    spec: { podSelector: nobody, policyTypes: ['Ingress', 'Egress'] },
  };
  return [
    networkPolicy,
    {
      apiVersion: 'policy.networking.k8s.io/v1alpha1',
      kind: 'AdminNetworkPolicy',
      metadata,
      spec: { ...order, ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }] },
    },
    {
      apiVersion: 'policy.networking.k8s.io/v1alpha2',
      kind: 'ClusterNetworkPolicy',
      metadata,
      spec: {
        tier: 'Baseline',
        ...order,
        egress: [{ action: 'Deny', to: [{ networks: ['0.0.0.0/0', '::/0'] }] }],
      },
    },
  ];
};

/** Fails where two engines answer one of `count` questions differently. */
export const assertSameAnswers = (
  world: SmallWorld,
  other: Engine,
  seed: number,
  count = 20,
): void => {
  const engine = engineOf(world.objects, world.modes, world.form);
  const next = questionsOf(world.objects, seed);
  for (let asked = 0; asked < count; asked += 1) {
    const question = next();
    const message = JSON.stringify(question);
    assert.deepEqual(askEngine(other, question), askEngine(engine, question), message);
  }
};

const eachPort = function* (source: End, destination: End): Generator<Question> {
  for (const protocol of Object.values(Protocol)) {
    for (const port of BORDERS) yield { source, destination, port, protocol };
  }
};

const isIn = (ports: PortSet, { protocol, port }: Question): boolean =>
  containsPort(ports, protocol as Protocol, port ?? 0);

/** `allowedBetween` tells exactly the ports on which `decide` says ALLOWED between two pods, and no pair without any. */
export const assertAllowedBetween = (world: SmallWorld): number => {
  const engine = engineOf(world.objects, world.modes, world.form);
  const ends = podEnds(world.objects);
  const { facts } = engine.reading;
  const keys = ends.map(end => keyOfEnd(facts, end));
  const told = new Map(
    [...allowedBetween(engine.compiled, keys)].map(({ source, destination, ports }) => {
      assert.ok(!isNoPorts(ports));
      return [`${source} ${destination}`, ports];
    }),
  );
  for (const [from, source] of ends.entries()) {
    for (const [to, destination] of ends.entries()) {
      const ports = told.get(`${from} ${to}`) ?? NO_PORTS;
      for (const question of eachPort(source, destination)) {
        const { verdict } = askEngine(engine, question);
        assert.equal(isIn(ports, question), verdict === 'ALLOWED', JSON.stringify(question));
      }
    }
  }
  return told.size;
};

const keyOfEnd = (facts: Facts, end: End): string => {
  const endpoint = toEndpoint(facts, end);
  if (endpoint.kind !== 'pod') throw new Error('no pod');
  return endpoint.key;
};

const isPeer = (peer: MapPeer, end: End): boolean => {
  if (peer.kind === 'workload' && end.kind === 'pod') {
    return peer.namespace === end.namespace && peer.name === end.name;
  }
  if (peer.kind !== 'range' || end.kind !== 'address') return false;
  const [from, to, asked] = [peer.from, peer.to, end.address].map(text => parseAddress(text));
  return (
    from?.family === asked?.family &&
    (from?.value ?? 1n) <= (asked?.value ?? 0n) &&
    (asked?.value ?? 1n) <= (to?.value ?? 0n)
  );
};

type Pair = readonly [source: End, destination: End];

/** Every pair that the map draws: workloads among themselves, and with outside addresses. */
const drawnPairs = (objects: readonly KubeObject[], outside: readonly string[]): Pair[] => {
  const workloads = podEnds(objects);
  const addresses = outside.map((address): End => ({ kind: 'address', address }));
  return workloads.flatMap(one => [
    ...workloads.filter(other => other !== one).map((other): Pair => [one, other]),
    ...addresses.flatMap((other): Pair[] => [
      [one, other],
      [other, one],
    ]),
  ]);
};

/**
 * The rows of the map are what the model allows with missing facts taken as no match, on both sides
 * of every border; and what `decide` says of one port at random, where no fact is missing.
 * Answers how many ports were compared.
 */
export const assertMap = (world: SmallWorld, seed: number, outside: readonly string[]): number => {
  const engine = engineOf(world.objects, world.modes, world.form);
  const model = worldOf(world.objects, world.modes, 'map');
  const rows = [...connectivityMap(engine.compiled)];
  const pairs = drawnPairs(world.objects, outside);
  const random = randomFrom(seed);
  for (const [source, destination] of pairs) {
    const title = JSON.stringify([source, destination]);
    const row = rows.filter(
      each => isPeer(each.source, source) && isPeer(each.destination, destination),
    );
    assert.ok(row.length < 2, `${title} is drawn twice`);
    const questions = [...eachPort(source, destination)];
    for (const question of questions) {
      const drawn = row.some(({ ports }) => isIn(ports, question));
      const { verdict } = askWorld(model, question);
      assert.equal(drawn, verdict === 'ALLOWED', `the model on ${JSON.stringify(question)}`);
    }
    const picked = questions[Math.floor(random() * questions.length)] as Question;
    const { verdict, basis } = askEngine(engine, picked);
    const drawn = row.some(({ ports }) => isIn(ports, picked));
    assert.ok(
      verdict === 'UNDECIDABLE' || basis === 'spec-exception' || drawn === (verdict === 'ALLOWED'),
      `decide on ${JSON.stringify(picked)}`,
    );
  }
  return pairs.length * 3 * BORDERS.length;
};
