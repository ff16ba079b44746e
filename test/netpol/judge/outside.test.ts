import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClassId } from '../../../src/netpol/compile/class-id.js';
import {
  compile,
  DEFAULT_MODES,
  decide,
  type Endpoint,
  judgeAll,
  type Modes,
} from '../../../src/netpol/index.js';
import { outsideSides } from '../../../src/netpol/judge/outside-sides.js';
import { UNKNOWN_SIDE } from '../../../src/netpol/judge/side-matrix.js';
import { sidesOf } from '../../../src/netpol/judge/sides.js';
import { block, facts, labelled, networkPolicy, pod, tcp } from '../evaluation/build.js';

const COUNT = 40;
const names = Array.from({ length: COUNT }, (_, place) => `p${place}`);

/** Each pod may reach two networks that are its own, and one may be reached from a third; one is hostNetwork. */
const scene = (modes: Partial<Modes> = {}) =>
  compile(
    facts({
      pods: [...names.map(name => pod(`shop/${name}`)), pod('shop/h', { hostNetwork: true })],
    }),
    [...names, 'h'].flatMap((name, place) => [
      networkPolicy({
        name,
        pods: labelled({ app: name }),
        egress: [
          { peers: [block(`203.0.${place}.0/25`)], ports: [tcp(443)] },
          { peers: [block(`198.51.${place}.4/30`), block('2001:db8::/32')] },
        ],
      }),
      networkPolicy({
        name: `${name}-in`,
        pods: labelled({ app: name }),
        ingress: [{ peers: [block(`192.0.${place}.0/31`)], ports: [tcp(8080)] }],
      }),
    ]),
    { ...DEFAULT_MODES, ...modes },
  );

const ADDRESSES = [0, 1, 7, COUNT].flatMap(place => [
  `203.0.${place}.0`,
  `203.0.${place}.127`,
  `203.0.${place}.128`,
  `198.51.${place}.3`,
  `198.51.${place}.4`,
  `198.51.${place}.7`,
  `198.51.${place}.8`,
  `192.0.${place}.0`,
  `192.0.${place}.1`,
  `192.0.${place}.2`,
]);
const OTHERS = ['0.0.0.0', '255.255.255.255', '2001:db8::1', '2001:db9::'];

const outsiders = [...ADDRESSES, ...OTHERS].map(
  (address): Endpoint => ({ kind: 'address', address }),
);
const insiders = [...names, 'h'].map((name): Endpoint => ({ kind: 'pod', key: `shop/${name}` }));

for (const hostNetwork of ['nodes', 'pods'] as const) {
  test(`flows with outside addresses have the verdicts of decide, hostNetwork as ${hostNetwork}`, () => {
    const flows = insiders.flatMap(inside =>
      outsiders.flatMap(outside =>
        [443, 8080].flatMap(port => [
          { source: inside, destination: outside, protocol: 'TCP', port },
          { source: outside, destination: inside, protocol: 'TCP', port },
        ]),
      ),
    );
    const all = judgeAll(scene({ hostNetwork }), flows);
    const law = scene({ hostNetwork });
    const expected = flows.map(flow => {
      const { verdict, basis, governed } = decide(law, flow);
      return { verdict, basis, governed };
    });
    assert.deepEqual(
      flows.map((_, flow) => all.at(flow)),
      expected,
    );
    assert.equal(new Set(expected.map(({ verdict }) => verdict)).has('ALLOWED'), true);
  });
}

test('flows between two outside addresses are allowed, as no policy selects either', () => {
  const [source, destination] = [outsiders[0], outsiders[1]];
  if (!source || !destination) throw new Error('no ends');
  const all = judgeAll(scene(), [{ source, destination, protocol: 'TCP', port: 443 }]);
  assert.equal(all.at(0).verdict, 'ALLOWED');
  assert.equal(all.at(0).governed, false);
});

test('the side of a hostNetwork class is not in the table; those of others are, in any order of asking', () => {
  const compiled = scene();
  const { classes } = compiled.engine.index;
  const sides = sidesOf(compiled);
  const address = 203 * 2 ** 24 + 3 * 2 ** 8;
  const table = outsideSides(sides, 'EGRESS', classes);
  for (const one of classes.toReversed()) {
    const expected = one.hostNetwork ? UNKNOWN_SIDE : sides.towardsAddress('EGRESS', one, address);
    assert.equal(table(one.id, address), expected, one.labels['app']);
    assert.equal(table(one.id, address), expected, 'asked again');
  }
  assert.throws(() => table(classes.length as ClassId, address), /no class has the number/);
});
