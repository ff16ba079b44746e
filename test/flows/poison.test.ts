import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, INGEST, labs } from '../support/lab.js';

const lab = labs();

const GREATEST = '9223372036854775807';
const COUNTS = `query ($filter: FlowFilter!) { flows(filter: $filter) { nodes { events bytes
  counts { events bytes } } } }`;

test('sums beyond 64 bits stop at the greatest number there is, and all is still read', async () => {
  const { call, ask, execute, cluster } = lab('greatest');
  const huge = { bytes: Number.MAX_SAFE_INTEGER, events: Number.MAX_SAFE_INTEGER };
  const upload = (minute: number) => {
    const time = `2026-11-22T10:0${minute}:00Z`;
    const records = [80, 81].map(port =>
      JSON.stringify(flow('shop/a', 'shop/b', port, { ...huge, time })),
    );
    return call(INGEST, { records: records.join('\n') });
  };
  const filter = { cluster: { eq: cluster } };
  assert.equal((await upload(0)).accepted, 2);
  // A thousand uploads of the greatest counts later.
  for (const table of ['flow', 'flow_hour'])
    await execute(
      `update ${table} t set events = ${GREATEST}, bytes = ${GREATEST} from cluster c where c.id = t.cluster_id and c.name = $1`,
      [cluster],
    );
  assert.equal((await upload(1)).accepted, 2);
  const { flows } = await ask(COUNTS, { filter });
  for (const { events, bytes, counts } of flows.nodes)
    assert.deepEqual([events, bytes, counts.events, counts.bytes], Array(4).fill(GREATEST));
});

test('lost events beyond what an Int holds are told, and kept whole', async () => {
  const { ask, cluster } = lab('lost');
  const record = JSON.stringify({ lost_events: { num_events_lost: 5_000_000_000 } });
  const { ingestFlows } = await ask(
    `mutation ($input: IngestFlowsInput!) { ingestFlows(input: $input) { lost problems { code } } }`,
    { input: { cluster, format: 'hubble', records: record } },
  );
  assert.deepEqual(ingestFlows, { lost: 2_147_483_647, problems: [] });
});

test('an inventory leaves out what no cluster can have, and takes the rest', async () => {
  const { call, cluster } = lab('names');
  const namespaces = ['good', '../../x', 'a\nb', '\u001b[2J', 'x'.repeat(9_000), 'half\ud800'];
  const manifests = namespaces
    .map(name => JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }))
    .join('\n---\n');
  const { problems } = await call(
    `mutation ($input: ImportInventoryInput!) { importInventory(input: $input) {
      cluster { namespaces { nodes { name } } } problems { code line message } } }`,
    { cluster, manifests },
  );
  assert.deepEqual(
    problems.map(({ code, line }: { code: string; line: number }) => [code, line]).toSorted(),
    [
      ['NAME_INVALID', 3],
      ['NAME_INVALID', 5],
      ['NAME_INVALID', 7],
      ['NAME_INVALID', 9],
      ['NUL_CHARACTER', 11],
    ],
  );
});

test('a snapshot from outside of all clocks is refused', async () => {
  const { call, cluster } = lab('clocks');
  for (const observedAt of ['9999-01-01T00:00:00Z', '0001-01-01T00:00:00Z']) {
    const { problems } = await call(
      'mutation ($input: ImportInventoryInput!) { importInventory(input: $input) { problems { code severity } } }',
      {
        cluster,
        observedAt,
        manifests: '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}}',
      },
    );
    assert.deepEqual(problems, [{ code: 'TIME_INVALID', severity: 'ERROR' }]);
  }
});

test('texts that cannot be stored are refused with their place', async () => {
  const { refused } = lab('texts');
  const document = `mutation ($input: SetRetentionInput!) { setRetention(input: $input) { problems { code } } }`;
  for (const cluster of ['a\0b', 'a\ud800']) {
    const { code, message } = await refused(document, { cluster, days: 7 });
    assert.equal(code, 'BAD_USER_INPUT');
    assert.match(message, /\$input\.cluster/);
  }
});
