import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withServer } from '../support/server.js';

const INGEST = `mutation ($input: IngestFlowsInput!) { ingestFlows(input: $input) { accepted } }`;
const FLOWS = `query ($filter: FlowFilter) {
  flows(filter: $filter) { nodes { destination { ... on ExternalEntity { name } } } } }`;

const call = (ip: string, time: string): string =>
  JSON.stringify({
    time,
    source: { namespace: 'shop', workload: { kind: 'Deployment', name: 'web' } },
    destination: { ip },
    port: 443,
    protocol: 'TCP',
  });

test('flows are filtered by the block of an external end and by when they were seen', () =>
  withServer(async ({ ask }) => {
    const records = [
      call('203.0.113.10', '2026-11-20T10:00:00Z'),
      call('198.51.100.7', '2026-11-21T10:00:00Z'),
    ].join('\n');
    await ask(INGEST, { input: { cluster: 'kind', format: 'neutral', records } });
    const named = async (filter: object): Promise<readonly string[]> => {
      const { flows } = await ask(FLOWS, { filter });
      return flows.nodes.map((flow: { destination: { name: string } }) => flow.destination.name);
    };
    assert.deepEqual(await named({ destinationAddress: { within: '203.0.113.0/24' } }), [
      '203.0.113.10',
    ]);
    assert.deepEqual(await named({ destinationAddress: { overlaps: '198.51.100.7/32' } }), [
      '198.51.100.7',
    ]);
    assert.deepEqual(await named({ lastSeenAt: { gte: '2026-11-21T00:00:00Z' } }), [
      '198.51.100.7',
    ]);
    assert.deepEqual(await named({ firstSeenAt: { lt: '2026-11-21T00:00:00Z' } }), [
      '203.0.113.10',
    ]);
  }));
