import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sameFamily, unionOf } from '../../../src/netpol/compare/union.js';
import {
  type Compiled,
  compareSets,
  compile,
  formatMapPeer,
  formatPortSet,
  type PodFact,
  type Policy,
  withChange,
} from '../../../src/netpol/index.js';
import { facts, labelled, networkPolicy, pod, podsLabelled, tcp } from '../evaluation/build.js';

const ALL = 'All Connections';
const NONE = 'No Connections';
const V4 = '0.0.0.0-255.255.255.255';

const short = (text: string): string => text.replace('shop/', '').replace('[Deployment]', '');

const told = (before: Compiled, after: Compiled): readonly string[] =>
  compareSets(before, after)
    .pairs.map(
      ({ source, destination, ...sets }) =>
        `${short(formatMapPeer(source))} => ${short(formatMapPeer(destination))}: ${formatPortSet(sets.before)} to ${formatPortSet(sets.after)}`,
    )
    .toSorted();

/** A pod whose address is known: what comes and goes of such pods leaves the rows of all others as they are. */
const known = (name: string, app: string): PodFact =>
  pod(`shop/${name}`, { labels: { app }, addresses: ['192.0.2.1'] });

const members = [known('log-1', 'log'), known('log-2', 'log'), known('web', 'web')];
const shut = (rules: Pick<Parameters<typeof networkPolicy>[0], 'ingress' | 'egress'>): Policy =>
  networkPolicy({ name: 'shut', pods: labelled({ app: 'web' }), ...rules });

/** `log-2` goes over to the pods that `policy` selects; those of its old kind stay. */
function goingOver(policy: Policy): readonly [Compiled, Compiled] {
  const before = compile(facts({ pods: members }), [policy]);
  const after = withChange(before, { pods: { put: [known('log-2', 'web')] } });
  assert.equal(sameFamily(before, after), true);
  return [before, after];
}

test('a pod that goes over to pods which may send nothing loses what it sent, outside the cluster too', () => {
  const [before, after] = goingOver(shut({ egress: [] }));
  assert.deepEqual(told(before, after), [
    `log-2 => ${V4}: ${ALL} to ${NONE}`,
    `log-2 => log-1: ${ALL} to ${NONE}`,
    `log-2 => web: ${ALL} to ${NONE}`,
  ]);
  assert.deepEqual(told(after, before), [
    `log-2 => ${V4}: ${NONE} to ${ALL}`,
    `log-2 => log-1: ${NONE} to ${ALL}`,
    `log-2 => web: ${NONE} to ${ALL}`,
  ]);
});

test('a pod that goes over to pods which nobody may reach loses what all others sent to it', () => {
  const [before, after] = goingOver(shut({ ingress: [] }));
  assert.deepEqual(told(before, after), [
    `${V4} => log-2: ${ALL} to ${NONE}`,
    `log-1 => log-2: ${ALL} to ${NONE}`,
    `web => log-2: ${ALL} to ${NONE}`,
  ]);
});

test('pods that come are told with what they may do outside the cluster and among each other', () => {
  const before = compile(facts({ pods: members }), [networkPolicy({ ingress: [], egress: [] })]);
  const far = ['one', 'two'].map(name => pod(`far/${name}`, { addresses: ['192.0.2.1'] }));
  const after = withChange(before, { pods: { put: far } });
  assert.equal(sameFamily(before, after), true);
  const expected = [
    ['far/one', 'far/two'],
    ['far/two', 'far/one'],
    ['far/one', V4],
    ['far/two', V4],
    [V4, 'far/one'],
    [V4, 'far/two'],
  ].map(ends => ends.join(' => '));
  assert.deepEqual(
    told(before, after),
    expected.map(pair => `${pair}: ${NONE} to ${ALL}`).toSorted(),
  );
  assert.deepEqual(
    told(after, before),
    expected.map(pair => `${pair}: ${ALL} to ${NONE}`).toSorted(),
  );
});

test('a policy that changes together with the pods is told by what it says in either state', () => {
  const lets = (port: number): Policy =>
    networkPolicy({
      pods: labelled({ app: 'api' }),
      ingress: [{ peers: [podsLabelled({ app: 'web' })], ports: [tcp(port)] }],
    });
  const before = compile(facts({ pods: [pod('shop/web'), pod('shop/api')] }), [lets(80)]);
  // The newcomer's address is not known, so that rows are made anew.
  const after = withChange(before, {
    pods: { put: [pod('shop/log')] },
    policies: { put: [lets(90)] },
  });
  assert.equal(sameFamily(before, after), false);
  assert.deepEqual(
    told(before, after).filter(text => text.startsWith('web => api:')),
    ['web => api: TCP 80 to TCP 90'],
  );
});

test('two states of the same facts share their workloads, place by place', () => {
  const before = compile(facts({ pods: members }), []);
  const after = withChange(before, { policies: { put: [shut({ ingress: [] })] } });
  const union = unionOf(before, after);
  assert.deepEqual([...union.before.inward], [0, 1, 2]);
  assert.equal(union.before.inward, union.after.inward);
  assert.equal(union.before.outward, union.after.outward);
  const anew = unionOf(before, compile(after.facts, after.policies));
  assert.deepEqual(anew.peers, union.peers);
  assert.notEqual(anew.before.inward, anew.after.inward);
});
