import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../src/netpol/index.js';
import { judgeOf } from '../../../src/netpol/judge/judge.js';
import { type Seat, seatOf } from '../../../src/netpol/judge/seat.js';
import { facts, labelled, networkPolicy, pod, tcp } from '../evaluation/build.js';

/** Each pod is open on one port of its own, so that each has a side of its own. */
const PORTS = Array.from({ length: 300 }, (_, place) => 1_000 + place);
const TARGETS = PORTS.map(port => pod(`shop/p${port}`));
const POLICIES = PORTS.map(port =>
  networkPolicy({
    name: `p${port}`,
    pods: labelled({ app: `p${port}` }),
    ingress: [{ ports: [tcp(port)] }],
  }),
);

test('a side is answered from its own stretches of ports, however many sides there are and when it is first asked', () => {
  const client = pod('shop/client');
  const compiled = compile(facts({ pods: [client, ...TARGETS] }), POLICIES);
  const seat = (key: string): Seat => seatOf(compiled, { kind: 'pod', key });
  const answer = judgeOf(compiled);
  const from = seat(client.key);
  const codes = TARGETS.map(({ key }, place) => {
    const to = seat(key);
    return [1, 0].map(more => answer(from, to, 0, (PORTS[place] ?? 0) + more)).join();
  });
  assert.equal(new Set(codes).size, 1);
  const [first = ''] = codes;
  assert.equal(new Set(first.split(',')).size, 2);
});
