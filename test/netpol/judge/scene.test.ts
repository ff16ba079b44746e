import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Compiled,
  type Connection,
  decide,
  type Endpoint,
  type FlowColumns,
  judge,
  judgeAll,
  type Modes,
} from '../../../src/netpol/index.js';
import { judgeAlone, judgeHalves } from '../../../src/netpol/judge/judge.js';
import { ask, ENDS, sceneIn } from '../decide/scene.js';

const PORTS = [null, 0, -1, 1.5, 1, 53, 79, 80, 81, 8080, 30_081, 65_535, 65_536];
const PROTOCOLS = ['TCP', 'udp', 'SCTP', 'ICMP', 'GRE'];

const MODES: readonly Partial<Modes>[] = [
  {},
  { hostNetwork: 'pods' },
  { ipBlockPods: 'by-address' },
  { hostNetwork: 'pods', ipBlockPods: 'by-address' },
  { ingressController: { namespace: 'data', labels: { app: 'db' } } },
];

/** Some questions about every pair of ends, others of each pair in each mode. */
function questions(turn: number): readonly Connection[] {
  let next = turn;
  return ENDS.flatMap(source =>
    ENDS.flatMap(destination =>
      [0, 1, 2].map(() => {
        next += 7;
        return {
          ...ask(source, destination, 'TCP'),
          protocol: PROTOCOLS[next % PROTOCOLS.length] ?? '',
          port: PORTS[next % PORTS.length] ?? null,
        };
      }),
    ),
  );
}

const brief = (compiled: Compiled, connection: Connection) => {
  const { verdict, basis, governed } = decide(compiled, connection);
  return { verdict, basis, governed };
};

function columnsOf(connections: readonly Connection[]): FlowColumns {
  const endpoints = connections.flatMap(({ source, destination }): readonly Endpoint[] => [
    source,
    destination,
  ]);
  return {
    endpoints,
    sources: Int32Array.from(connections, (_, place) => place * 2),
    destinations: Int32Array.from(connections, (_, place) => place * 2 + 1),
    ports: Int32Array.from(connections, ({ port }) => (Number.isInteger(port) ? (port ?? 0) : 0)),
    protocols: Uint8Array.from(connections, ({ protocol }) =>
      Math.max(
        ['TCP', 'UDP', 'SCTP', 'ICMP'].indexOf(protocol.toUpperCase()),
        protocol === 'GRE' ? 3 : 0,
      ),
    ),
  };
}

for (const [turn, modes] of MODES.entries()) {
  test(`judge, judgeAll and decide say the same of all ends of the scene, in modes ${JSON.stringify(modes)}`, () => {
    const compiled = sceneIn(modes);
    const asked = questions(turn);
    const expected = asked.map(connection => brief(compiled, connection));
    assert.deepEqual(
      asked.map(connection => judge(compiled, connection)),
      expected,
    );
    for (const flows of [asked, columnsOf(asked)]) {
      // Of a set that has judged before, and of a new one.
      for (const set of [compiled, sceneIn(modes)]) {
        const all = judgeAll(set, flows);
        assert.equal(all.length, asked.length);
        assert.deepEqual(
          asked.map((_, flow) => all.at(flow)),
          expected,
        );
      }
    }
  });
}

test('each half is told with the verdict and basis that decide has for it', () => {
  for (const [turn, modes] of MODES.entries()) {
    const compiled = sceneIn(modes);
    for (const connection of questions(turn)) {
      const { verdict, basis, egress, ingress } = decide(compiled, connection);
      for (const judged of [judgeAlone, judgeHalves]) {
        assert.deepEqual(judged(compiled, connection), {
          whole: { verdict, basis },
          egress: { verdict: egress.verdict, basis: egress.basis },
          ingress: { verdict: ingress.verdict, basis: ingress.basis },
        });
      }
    }
  }
});

test('equal judgements have equal bytes', () => {
  const compiled = sceneIn();
  const all = judgeAll(compiled, questions(0));
  const texts = new Map([...all.codes].map((code, flow) => [code, JSON.stringify(all.at(flow))]));
  assert.equal(new Set(texts.values()).size, texts.size);
  assert.ok(texts.size > 8, `${texts.size} different judgements`);
});

test('a place that no endpoint has, and a flow that is not there, are errors', () => {
  const columns = columnsOf([ask('shop/web', 'shop/api', 'TCP 80')]);
  const astray = { ...columns, destinations: Int32Array.of(9) };
  assert.throws(() => judgeAll(sceneIn(), astray), {
    name: 'RangeError',
    message: 'no endpoint has the place 9',
  });
  assert.throws(() => judgeAll(sceneIn(), columns).at(1), {
    name: 'RangeError',
    message: 'no judgement has the code -1',
  });
});
