import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowLine, flowRows, type ListedFlow } from '../../../src/cli/api/flow-row.js';
import { listText } from '../../../src/cli/api/network-flow.js';
import { peerName } from '../../../src/cli/api/peer-name.js';
import { PLAIN } from '../../../src/cli/print/terminal.js';

const deployment = (namespace: string, name: string): ListedFlow['source'] => ({
  __typename: 'Deployment',
  name,
  kind: 'Deployment',
  namespace: { name: namespace },
});

const external = (name: string): ListedFlow['source'] => ({ __typename: 'ExternalEntity', name });

const flow = (
  source: ListedFlow['source'],
  destination: ListedFlow['source'],
  more: Partial<ListedFlow> = {},
): ListedFlow => ({
  source,
  destination,
  port: 8080,
  protocol: 'TCP',
  tags: ['ACTIVE'],
  observedVerdict: 'ALLOWED',
  policyVerdict: 'ALLOWED',
  firstSeenAt: '2026-11-20T00:00:00.000000Z',
  lastSeenAt: '2026-11-22T00:00:00.000000Z',
  events: '3',
  connections: null,
  bytes: null,
  ...more,
});

const NAMES: readonly (readonly [ListedFlow['source'], string | null, string])[] = [
  [deployment('shop', 'web'), 'shop', 'web'],
  [deployment('shop', 'web'), null, 'shop/web'],
  [deployment('dns', 'web'), 'shop', 'dns/web'],
  [external('api.stripe.example'), 'shop', 'EXTERNAL:api.stripe.example'],
  [{ __typename: 'ClusterNode', name: 'node-1' }, 'shop', 'NODE:node-1'],
  [{ __typename: 'UnresolvedPeer', name: '10.0.0.9' }, null, 'UNRESOLVED:10.0.0.9'],
];

for (const [peer, home, name] of NAMES) {
  test(`a ${peer.__typename} looked at from ${home ?? 'everywhere'} is named ${name}`, () => {
    assert.equal(peerName(peer, home), name);
  });
}

test('a line is written as the recipe shows it', () => {
  const [row] = flowRows(
    [
      flow(deployment('my-app', 'frontend'), deployment('my-app', 'backend'), {
        tags: ['ACTIVE', 'BASELINE', 'ALLOWED'],
      }),
    ],
    'my-app',
  );
  assert.ok(row !== undefined);
  assert.equal(flowLine(row, PLAIN), 'frontend -> backend (TCP 8080) [ACTIVE, BASELINE, ALLOWED]');
});

test('a flow without port or tags has neither brackets nor a number', () => {
  const rows = flowRows(
    [flow(external('a'), external('b'), { port: null, protocol: 'ICMP', tags: [] })],
    null,
  );
  assert.equal(listText(rows, 'table', PLAIN), 'EXTERNAL:a -> EXTERNAL:b (ICMP)\n');
});

test('peers of one name make one row: all tags, the whole span, all events', () => {
  const web = deployment('shop', 'web');
  const rows = flowRows(
    [
      flow(web, external('api.example'), { events: '9007199254740993' }),
      flow(web, external('api.example'), {
        tags: ['ANOMALOUS'],
        firstSeenAt: '2026-11-01T00:00:00.000000Z',
        lastSeenAt: '2026-11-02T00:00:00.000000Z',
      }),
    ],
    null,
  );
  assert.equal(rows.length, 1);
  assert.deepEqual(rows[0]?.tags, ['ACTIVE', 'ANOMALOUS']);
  assert.equal(rows[0]?.firstSeen, '2026-11-01T00:00:00.000000Z');
  assert.equal(rows[0]?.lastSeen, '2026-11-22T00:00:00.000000Z');
  assert.equal(rows[0]?.events, '9007199254740996');
});

test('rows stand in the order of source, destination, protocol and port, whatever order they came in', () => {
  const [a, b] = [deployment('shop', 'a'), deployment('shop', 'b')];
  const flows = [
    flow(b, a),
    flow(a, b, { port: 10_000 }),
    flow(a, b, { port: 443 }),
    flow(a, b, { port: 53, protocol: 'UDP' }),
    flow(a, b, { port: null, protocol: 'ICMP' }),
  ];
  const lines = listText(flowRows(flows, 'shop'), 'table', PLAIN);
  assert.equal(
    lines,
    [
      'a -> b (ICMP) [ACTIVE]',
      'a -> b (TCP 443) [ACTIVE]',
      'a -> b (TCP 10000) [ACTIVE]',
      'a -> b (UDP 53) [ACTIVE]',
      'b -> a (TCP 8080) [ACTIVE]',
      '',
    ].join('\n'),
  );
  assert.equal(listText(flowRows(flows.toReversed(), 'shop'), 'table', PLAIN), lines);
});

test('on a terminal what is anomalous is red, and what is allowed green', () => {
  const screen = { columns: 80, colors: true };
  const [a, b] = [deployment('shop', 'a'), deployment('shop', 'b')];
  const line = (tags: ListedFlow['tags']) =>
    listText(flowRows([flow(a, b, { tags })], null), 'table', screen);
  assert.ok(line(['ALLOWED', 'ANOMALOUS']).startsWith('\u001b[31m'));
  assert.ok(line(['ALLOWED']).startsWith('\u001b[32m'));
  assert.ok(line(['ACTIVE']).startsWith('shop/a'));
});
