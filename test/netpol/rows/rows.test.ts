import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClassId } from '../../../src/netpol/compile/class-id.js';
import {
  type Compiled,
  compile,
  Direction,
  type Peer,
  type PodFact,
} from '../../../src/netpol/index.js';
import { type OutcomeId, outcomeTable } from '../../../src/netpol/rows/outcome-table.js';
import { type Row, rowAt } from '../../../src/netpol/rows/row.js';
import { blocksReachPods, outcomesOf, rowFor, segmentsFor } from '../../../src/netpol/rows/rows.js';
import {
  anyPod,
  block,
  facts,
  networkPolicy,
  pod,
  podsLabelled,
  portNamed,
  tcp,
} from '../evaluation/build.js';

const WEB = pod('shop/web', { addresses: ['10.0.0.1'] });
const BARE = pod('shop/bare');
const HOW = [{ byAddress: false, hostsAsPods: false }, 'undecided'] as const;

/** All pods of `shop` may send to these peers. */
const opens = (pods: readonly PodFact[], ...peers: readonly Peer[]): Compiled =>
  compile(facts({ pods: [...pods] }), [
    networkPolicy({ egress: peers.map(peer => ({ peers: [peer], ports: [tcp(80)] })) }),
  ]);

function first({ engine }: Compiled) {
  const [podClass] = engine.index.classes;
  if (podClass === undefined) throw new Error('no class');
  return podClass;
}

const rowOfFirst = (compiled: Compiled): Row =>
  rowFor(compiled, Direction.EGRESS, first(compiled), HOW);

const reach = (pods: readonly PodFact[], ...peers: readonly Peer[]): boolean => {
  const { engine } = opens(pods, ...peers);
  return blocksReachPods(
    engine,
    engine.lists.EGRESS.program(engine.listOf.EGRESS[0] ?? assert.fail()),
  );
};

test('blocks reach pods where one of them has a pod in it, or may have', () => {
  const far = block('203.0.113.0/24');
  assert.equal(reach([WEB], podsLabelled({ app: 'web' })), false);
  assert.equal(reach([WEB, BARE], podsLabelled({ app: 'web' })), false);
  assert.equal(reach([WEB], far), false);
  assert.equal(reach([WEB], far, block('10.0.0.0/8')), true);
  assert.equal(reach([WEB, BARE], far), true);
});

test('a row holds outcomes of hostNetwork pods apart, and of no others', () => {
  const host = pod('shop/host', { hostNetwork: true });
  const compiled = opens([WEB, BARE, host], podsLabelled({ app: 'bare' }));
  const row = rowOfFirst(compiled);
  for (const id of [0, 1, 2] as ClassId[]) rowAt(compiled.engine, outcomesOf(compiled), row, id);
  assert.deepEqual([...row.hosts.keys()], [2]);
  assert.deepEqual([...row.touched], [1]);
});

test('a rule that means every pod tells none from the rest, whatever else it names', () => {
  const compiled = compile(facts({ pods: [WEB, BARE] }), [
    networkPolicy({ egress: [{ peers: [anyPod, podsLabelled({ app: 'bare' })] }] }),
  ]);
  const row = rowOfFirst(compiled);
  assert.deepEqual([...row.touched], []);
  assert.equal(
    rowAt(compiled.engine, outcomesOf(compiled), row, 0 as ClassId),
    rowAt(compiled.engine, outcomesOf(compiled), row, 1 as ClassId),
  );
});

const http = (port: number) => [{ name: 'http', port, protocol: 'TCP' as const }];
/** No two of them have the same named ports. */
const NAMING = [WEB, pod('shop/api', { ports: http(80) }), pod('shop/db', { ports: http(81) })];
const ALL_NAMED = [{ peers: [anyPod], ports: [portNamed('http')] }];

const rowsIn = (direction: Direction, parts: Parameters<typeof networkPolicy>[0]) => {
  const compiled = compile(facts({ pods: NAMING }), [networkPolicy(parts)]);
  return (subject: number, ...how: Parameters<typeof rowFor>[3]): Row => {
    const podClass = compiled.engine.index.classes[subject];
    if (podClass === undefined) throw new Error('no class');
    return rowFor(compiled, direction, podClass, how);
  };
};

test('the rest has one outcome unless a rule of all pods names ports of the peer', () => {
  const width = (direction: Direction, parts: Parameters<typeof networkPolicy>[0]): number =>
    rowsIn(direction, parts)(1, ...HOW).rest.length;
  assert.equal(width(Direction.EGRESS, { egress: ALL_NAMED }), 3);
  assert.equal(width(Direction.INGRESS, { ingress: ALL_NAMED }), 1);
  const oneNamed = { peers: [podsLabelled({ app: 'api' })], ports: [portNamed('http')] };
  const egress = [{ peers: [anyPod], ports: [tcp(80)] }, oneNamed];
  assert.equal(width(Direction.EGRESS, { egress }), 1);
  assert.equal(width(Direction.EGRESS, { egress: [{}] }), 1);
});

test('subjects and readings share a row where no rule can tell them apart', () => {
  const rules = [{ peers: [podsLabelled({ app: 'api' })], ports: [tcp(80)] }];
  for (const direction of [Direction.INGRESS, Direction.EGRESS]) {
    const rowAsked = rowsIn(direction, { ingress: rules, egress: rules });
    const row = rowAsked(0, ...HOW);
    assert.equal(rowAsked(1, ...HOW), row);
    assert.equal(rowAsked(2, { byAddress: true, hostsAsPods: false }, 'undecided'), row);
    assert.equal(rowAsked(0, { byAddress: false, hostsAsPods: true }, 'undecided'), row);
    assert.equal(rowAsked(0, { byAddress: false, hostsAsPods: false }, 'unmatched'), row);
  }
});

test('subjects share a row unless a rule names ports of theirs', () => {
  const sending = rowsIn(Direction.EGRESS, { egress: ALL_NAMED });
  assert.equal(sending(1, ...HOW), sending(2, ...HOW));
  const receiving = rowsIn(Direction.INGRESS, { ingress: ALL_NAMED });
  assert.notEqual(receiving(1, ...HOW), receiving(2, ...HOW));
});

test('outside the cluster a stretch of addresses ends only where the outcome changes', () => {
  const compiled = opens([WEB], block('0.0.0.0/2'), block('64.0.0.0/2'));
  const { v4, v4Outcomes, v6 } = segmentsFor(compiled, Direction.EGRESS, first(compiled), HOW);
  assert.deepEqual([...v4], [0, 2 ** 31]);
  assert.notEqual(v4Outcomes[0], v4Outcomes[1]);
  assert.deepEqual(v6, [0n]);
});

test('no outcome has a number that the table did not give', () => {
  const table = outcomeTable();
  assert.equal(table.numberOf(table.at(0 as OutcomeId)), 0);
  assert.throws(() => table.at(1 as OutcomeId), new RangeError('no outcome has the number 1'));
});
