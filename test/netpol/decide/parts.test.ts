import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podParty } from '../../../src/netpol/decide/backends.js';
import { namesMatch } from '../../../src/netpol/decide/match.js';
import { UNGOVERNED } from '../../../src/netpol/decide/outcome.js';
import { startsOf, validPort } from '../../../src/netpol/decide/point.js';
import { outcomeOf, readingOf, type Side, sideOf } from '../../../src/netpol/decide/side.js';
import { Direction, formatPortSet } from '../../../src/netpol/index.js';
import { portSetOf } from '../../../src/netpol/ports/port-set.js';
import { EVERYTHING_ALLOWED, NOTHING } from '../../../src/netpol/ports/traffic.js';
import { block, networkPolicy, pod, tcp } from '../evaluation/build.js';
import { compiledFor } from '../evaluation/says.js';

test('a pattern of names stands for one label or more, and for no other letters', () => {
  assert.equal(namesMatch('*.example.com', 'a.b.Example.COM.'), true);
  assert.equal(namesMatch('*.example.com', 'example.com'), false);
  assert.equal(namesMatch('*.example.com', '.example.com'), false);
  assert.equal(namesMatch('straße.example', 'STRASSE.example'), false);
});

test('a port is a whole number from 1 to 65535', () => {
  const ports = [null, 0, 1, 1.5, 65_535, 65_536];
  assert.deepEqual(ports.map(validPort), [null, null, 1, null, 65_535, null]);
});

const web = pod('shop/web');
test('the stretches of ports on which sides say one thing are told in order', () => {
  const { table } = compiledFor({ facts: {}, policies: [] }).engine;
  const allows = (port: number): Side => ({
    ...UNGOVERNED,
    allow: table.numberOf(portSetOf([{ protocol: 'TCP', from: port, to: port }]), false),
    byDefault: NOTHING,
    byCni: NOTHING,
    byHost: NOTHING,
  });
  const sides = [1000, 65_535, 80].map(allows);
  assert.deepEqual(startsOf(table, sides, 'TCP'), [1, 80, 81, 1000, 1001, 65_535]);
  assert.deepEqual(startsOf(table, sides, 'UDP'), [1]);
});

test('whether a block holds a stranger depends on the reading, for the ports of its rule', () => {
  const compiled = compiledFor({
    facts: { pods: [web] },
    policies: [networkPolicy({ ingress: [{ peers: [block('10.0.0.0/8')], ports: [tcp(80)] }] })],
  });
  const { byCni } = sideOf(compiled, {
    subject: podParty(compiled, 0),
    peer: { kind: 'stranger' },
    direction: Direction.INGRESS,
    loop: false,
  });
  assert.equal(formatPortSet(compiled.engine.table.at(byCni).ports), 'TCP 80');
});

test('of a stranger any traffic may be allowed, and no protocol is undefined', () => {
  const compiled = compiledFor({
    facts: { pods: [web] },
    policies: [networkPolicy({ egress: [] })],
  });
  const stranger = { kind: 'stranger' } as const;
  const asked = { subject: stranger, peer: podParty(compiled, 0), loop: false };
  const outcome = (direction: Direction) =>
    outcomeOf(compiled, { ...asked, direction }, readingOf(compiled));
  const { allow, maybe, undefinedProtocol } = outcome(Direction.EGRESS);
  assert.deepEqual([allow, maybe, undefinedProtocol], [NOTHING, EVERYTHING_ALLOWED, false]);
  assert.deepEqual(outcome(Direction.INGRESS), UNGOVERNED);
});
