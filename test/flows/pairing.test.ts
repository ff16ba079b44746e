import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directionOf, type OpenFlow, oppositesOf } from '../../src/flows/directions/open-flow.js';
import { DirectionHint } from '../../src/flows/observation.js';

type Seen = Pick<OpenFlow, 'sourceId' | 'destinationId' | 'port' | 'sourcePorts' | 'hints'>;

const flow = (seen: Seen): OpenFlow => ({
  ...seen,
  id: `${seen.sourceId} ${seen.destinationId} ${seen.port}`,
  protocol: 'TCP',
});

/** What each of the flows is taken for, by all of them. */
const told = (flows: readonly OpenFlow[]) => {
  const shown = { listens: () => false, opposites: oppositesOf(flows) };
  return flows.map(one => directionOf(one, shown).isReply);
};

const asks = (destinationId: string, port: number, sourcePorts: readonly number[]): OpenFlow =>
  flow({ sourceId: 'web', destinationId, port, sourcePorts, hints: DirectionHint.PORTS_FORWARD });

const answers = (sourceId: string, sourcePorts: readonly number[], port: number): OpenFlow =>
  flow({ sourceId, destinationId: 'web', port, sourcePorts, hints: DirectionHint.PORTS_REPLY });

test('one port of a client that several servers answer is no server', () => {
  const several = [
    asks('api', 8080, [45_000]),
    asks('ledger', 5432, [45_000]),
    asks('cache', 6379, [45_000]),
    answers('queue', [5672], 45_000),
  ];
  assert.deepEqual(told(several), [false, false, false, true]);
});

test('several ports of one server that one port of a client asked are servers', () => {
  const ports = [9001, 9002, 9003];
  assert.deepEqual(told(ports.map(port => asks('api', port, [45_000]))), [false, false, false]);
  assert.deepEqual(told([answers('api', ports, 45_000)]), [true]);
});

test('a server at a port that systems give to clients is told by the ports of its clients', () => {
  const both = DirectionHint.PORTS_FORWARD | DirectionHint.PORTS_REPLY;
  const calls = flow({
    sourceId: 'web',
    destinationId: 'api',
    port: 40_000,
    sourcePorts: [45_000, 45_001, 45_002],
    hints: both,
  });
  assert.deepEqual(told([calls]), [false]);
});
