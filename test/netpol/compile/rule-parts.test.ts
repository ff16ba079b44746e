import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Compiled,
  compile,
  judge,
  type Peer,
  type PortMatch,
} from '../../../src/netpol/index.js';
import {
  adminPolicy,
  block,
  connection,
  facts,
  networkPolicy,
  networks,
  pod,
  tcp,
} from '../evaluation/build.js';

const world = facts({
  pods: [
    pod('shop/web'),
    pod('shop/ten', { addresses: ['10.0.0.1'] }),
    pod('shop/eleven', { addresses: ['11.2.3.1'] }),
    pod('shop/one', { addresses: ['1.2.3.1'] }),
  ],
});

const namesIn = ({ engine }: Compiled, classes: ArrayLike<number>): readonly string[] =>
  Array.from(classes, id => engine.index.classes[id]?.labels['app'] ?? '');

/** The pods that the networks or the block of each rule hold, by their label. */
function heldBy(...peers: readonly Peer[]): readonly (readonly string[])[] {
  const compiled = compile(world, [
    adminPolicy({ egress: peers.map(peer => ({ peers: [peer] })) }),
  ]);
  const rules = compiled.engine.policies[0]?.rules.EGRESS ?? [];
  return rules.map(({ networks: blocks, ipBlocks }) =>
    [...blocks, ...ipBlocks].flatMap(({ classes }) => namesIn(compiled, classes)),
  );
}

// `10.0.0.0/1` and `11.2.3.0/24`, written without a blank between them, read like the other two.
const ONE = ['10.0.0.0/1', '11.2.3.0/24'];
const OTHER = ['10.0.0.0/11', '1.2.3.0/24'];

test('networks that would be one text without blanks are told apart', () => {
  const found = heldBy(networks(...ONE), networks(...OTHER), networks(...ONE));
  assert.deepEqual(found, [
    ['ten', 'eleven', 'one'],
    ['ten', 'one'],
    ['ten', 'eleven', 'one'],
  ]);
});

test('exceptions that would be one text without blanks are told apart', () => {
  const found = heldBy(block('0.0.0.0/0', ...OTHER), block('0.0.0.0/0', ...ONE));
  assert.deepEqual(found, [['eleven'], []]);
});

/** Whether a rule with these ports, the only one, allows a connection of a protocol. */
function allows(ports: readonly PortMatch[] | null, protocol: string): boolean {
  const compiled = compile(world, [networkPolicy({ ingress: [{ ports }] })]);
  return judge(compiled, connection(`shop/ten -> shop/web ${protocol}`)).verdict === 'ALLOWED';
}

test('a rule with an empty list of ports allows all ports, as one without a list', () => {
  for (const protocol of ['TCP 80', 'UDP 53', 'SCTP 1', 'TCP 65535']) {
    assert.deepEqual([allows(null, protocol), allows([], protocol)], [true, true]);
  }
  assert.deepEqual([allows([tcp(80)], 'TCP 80'), allows([tcp(80)], 'TCP 81')], [true, false]);
});
