import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BlastChange, blastTable } from '../../../src/cli/api/blast-radius.js';
import type { SimulatedFlow } from '../../../src/cli/api/simulated.js';
import {
  flowLines,
  lineConnection,
  lineDays,
  lineEvents,
} from '../../../src/cli/api/simulation-lines.js';
import { inOrder } from '../../../src/cli/api/simulation-order.js';

const deployment = (name: string) => ({
  __typename: 'Deployment' as const,
  name,
  namespace: { name: 'shop' },
});

const seen = (
  destination: string,
  port: number | null,
  {
    protocol = 'TCP',
    seenDays = 3,
  }: { readonly protocol?: string; readonly seenDays?: number } = {},
): SimulatedFlow =>
  ({
    class: 'NEWLY_BLOCKED',
    notes: [],
    seenDays,
    observedDays: 15,
    spans: [],
    flow: {
      source: deployment('web'),
      destination: deployment(destination),
      port,
      protocol,
      events: '9007199254740993',
    },
  }) as unknown as SimulatedFlow;

const shown = (flows: readonly SimulatedFlow[], whyOf = (): string => 'closed') =>
  flowLines(inOrder(flows), whyOf).map(line => [
    lineConnection(line),
    lineEvents(line),
    lineDays(line),
  ]);

const many = [9, 10, 1000, 200, 30, 4].map(port => seen('api', port));

test('flows that differ in the port alone are one line, with all that was counted of them', () => {
  const cases: readonly (readonly [readonly SimulatedFlow[], readonly string[]])[] = [
    [[seen('api', 80)], ['shop/web -> shop/api (TCP 80)', '9007199254740993', '3']],
    [
      [seen('api', null, { protocol: 'ICMP' })],
      ['shop/web -> shop/api (ICMP)', '9007199254740993', '3'],
    ],
    [
      [seen('api', 443, { seenDays: 7 }), seen('api', 80)],
      ['shop/web -> shop/api (TCP 80, 443)', '18014398509481986', '3 to 7'],
    ],
    [many, ['shop/web -> shop/api (TCP 6 ports from 4 to 1000)', '54043195528445958', '3']],
  ];
  for (const [flows, line] of cases) assert.deepEqual(shown(flows), [line]);
});

test('flows to other ends, of other protocols or closed for another reason have lines of their own', () => {
  assert.equal(shown([seen('api', 80), seen('db', 80)]).length, 2);
  assert.equal(shown([seen('api', 53), seen('api', 53, { protocol: 'UDP' })]).length, 2);
  let closed = 0;
  assert.equal(shown([seen('api', 80), seen('api', 81)], () => `by ${closed++}`).length, 2);
});

test('lines are in the order of ends, protocols and ports', () => {
  const flows = [
    seen('db', 80),
    seen('api', 443),
    seen('api', 80),
    seen('api', 53, { protocol: 'SCTP' }),
  ];
  assert.deepEqual(
    inOrder(flows).map(({ flow }) => [flow.destination.name, flow.protocol, flow.port]),
    [
      ['api', 'SCTP', 53],
      ['api', 'TCP', 80],
      ['api', 'TCP', 443],
      ['db', 'TCP', 80],
    ],
  );
});

test('labels that no pod has are told in the table of how far one gets, and a deployment is told by its steps', () => {
  const reach = (sensitive: BlastChange['before']['sensitive']) => ({
    pairs: 9,
    exposed: ['shop/web'],
    exposedCount: 1,
    reachableFromExposed: 3,
    reachableFromCompromised: null,
    sensitive,
  });
  const rowsOf = (sensitive: BlastChange['before']['sensitive']) =>
    blastTable(
      { before: reach(sensitive), after: reach([]) },
      { compromised: null, sensitive: 'app=db' },
    ).rows.slice(3);
  assert.deepEqual(rowsOf([]), [['to pods with app=db', 'no such pod', 'no such pod']]);
  const db = { workload: 'shop/db', hopsFromExposed: 2, hopsFromCompromised: null };
  assert.deepEqual(rowsOf([db]), [['from outside to shop/db', '2 steps', 'no way']]);
});
