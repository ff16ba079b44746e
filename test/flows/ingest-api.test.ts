import 'reflect-metadata';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type DatabaseFixture, withDatabase } from '../support/database.js';
import { openDoor } from './support/door.js';
import { flowStores, ingestDeps, lines, record } from './support/intake.js';
import { withRoute } from './support/route.js';

const INGEST = `mutation ($input: IngestFlowsInput!) { ingestFlows(input: $input) {
  accepted skipped rejected duplicates lost skippedReasons { reason count } rejectedReasons { reason count }
  problems { code severity message line path hint } } }`;

const NOTHING = {
  accepted: 0,
  skipped: 0,
  rejected: 0,
  duplicates: 0,
  lost: 0,
  skippedReasons: [],
  rejectedReasons: [],
  problems: [],
};

const door = (fixture: DatabaseFixture) =>
  openDoor(fixture, flowStores(fixture.source.manager), ingestDeps(fixture, flowStores));

test('ingestFlows takes text in a format, or records of our own form', () =>
  withDatabase(async fixture => {
    const { ask } = door(fixture);
    const flow = {
      time: '2026-11-22T10:00:00Z',
      source: { namespace: 'shop', pod: 'web-5c7d9-x2x8p', labels: { app: 'web' } },
      destination: { namespace: 'shop', workload: { kind: 'Deployment', name: 'api' } },
      port: 8080,
      protocol: 'TCP',
      verdict: 'ALLOWED',
      connections: 3,
      bytes: '5120',
    };
    const typed = await ask(INGEST, {
      input: {
        cluster: 'lab',
        flows: [flow, { ...flow, isReply: true }, { ...flow, protocol: 'ICMP' }],
      },
    });
    assert.deepEqual(typed.ingestFlows, {
      ...NOTHING,
      accepted: 1,
      skipped: 1,
      rejected: 1,
      skippedReasons: [{ reason: 'reply', count: 1 }],
      rejectedReasons: [{ reason: 'BAD_PORT', count: 1 }],
      problems: [
        {
          code: 'BAD_PORT',
          severity: 'WARNING',
          message: 'protocol `ICMP` has no ports, the record has `8080`',
          line: 3,
          path: 'port',
          hint: 'leave `port` out, or correct `protocol`',
        },
      ],
    });
    const { flows } = await ask(
      '{ flows { nodes { connections bytes source { ... on Deployment { name labels } } } } }',
    );
    assert.deepEqual(flows.nodes, [
      { connections: '3', bytes: '5120', source: { name: 'web', labels: { app: 'web' } } },
    ]);
  }));

test('a record with the character U+0000 is refused, and the rest of its chunk is stored', () =>
  withDatabase(async fixture => {
    const { ask } = door(fixture);
    const flow = {
      time: '2026-11-22T10:00:00Z',
      source: { namespace: 'shop', pod: 'web-5c7d9-x2x8p' },
      destination: { ip: '10.0.0.1' },
      port: 8080,
      protocol: 'TCP',
    };
    const spoilt = { ...flow, source: { namespace: 'shop', pod: 'web-\0' } };
    const { ingestFlows } = await ask(INGEST, { input: { cluster: 'lab', flows: [spoilt, flow] } });
    assert.equal(ingestFlows.accepted, 1);
    assert.deepEqual(ingestFlows.rejectedReasons, [{ reason: 'NUL_CHARACTER', count: 1 }]);
  }));

test('ingestFlows takes text in a named format once, and nothing that is not clear', () =>
  withDatabase(async fixture => {
    const { ask, refused } = door(fixture);
    const input = { cluster: 'lab', format: 'neutral', records: lines(record()) };
    assert.deepEqual((await ask(INGEST, { input })).ingestFlows, { ...NOTHING, accepted: 1 });
    assert.deepEqual((await ask(INGEST, { input })).ingestFlows, { ...NOTHING, duplicates: 1 });
    const found = { cluster: 'lab', records: lines(record({ port: 8081 })) };
    assert.deepEqual((await ask(INGEST, { input: found })).ingestFlows, {
      ...NOTHING,
      accepted: 1,
    });
    const unknown = await ask(INGEST, { input: { ...input, format: 'x' } });
    assert.deepEqual(
      unknown.ingestFlows.problems.map(({ code, severity }: { code: string; severity: string }) => [
        code,
        severity,
      ]),
      [['UNKNOWN_FORMAT', 'ERROR']],
    );
    for (const wrong of [
      { cluster: 'lab' },
      { cluster: 'lab', format: 'neutral', records: '', flows: [] },
      { cluster: 'lab', format: 'hubble', flows: [] },
    ]) {
      const [error] = await refused(INGEST, { input: wrong });
      assert.equal(error?.extensions?.['code'], 'BAD_USER_INPUT', JSON.stringify(wrong));
    }
  }));

test('what was taken in, and what was not, can be asked for', () =>
  withDatabase(async fixture => {
    const { ask, statementsOf } = door(fixture);
    const send = (cluster: string, records: string, key: string) =>
      ask(INGEST, { input: { cluster, format: 'neutral', records, key } });
    await send('lab', `${lines(record({ isReply: true }), record())}\nbad`, 'one');
    await send('other', 'bad', 'two');
    const TAKEN = `{ clusters { nodes { name ingestions(first: 5) { key format accepted lost firstSeenAt
      skipped { reason count } rejected { reason count } } } } }`;
    const { clusters } = await ask(TAKEN);
    const rejected = [{ reason: 'NOT_JSON', count: 1 }];
    const chunk = { format: 'neutral', lost: '0', rejected };
    assert.deepEqual(clusters.nodes, [
      {
        name: 'lab',
        ingestions: [
          {
            ...chunk,
            key: 'one/1',
            accepted: 1,
            firstSeenAt: '2026-11-22T10:00:00.000000Z',
            skipped: [{ reason: 'reply', count: 1 }],
          },
        ],
      },
      {
        name: 'other',
        ingestions: [{ ...chunk, key: 'two/1', accepted: 0, firstSeenAt: null, skipped: [] }],
      },
    ]);
    assert.deepEqual(await statementsOf(TAKEN), ['clusters.page', 'chunks.latest']);
  }));

const QUERY = '?cluster=lab&format=neutral';

test('POST /ingest/flows takes plain and packed streams, and answers counts and problems', () =>
  withRoute(async post => {
    const text = `${lines(record())}\nbad\n`;
    const plain = await post(QUERY, { body: text, headers: { 'idempotency-key': 'night' } });
    assert.equal(plain.status, 200);
    const { accepted, rejected, duplicates, lost, skippedReasons, problems } = plain.body;
    assert.deepEqual([accepted, rejected, duplicates, lost, skippedReasons], [1, 1, 0, 0, {}]);
    assert.deepEqual(
      problems?.map(({ code, line }) => [code, line]),
      [['NOT_JSON', 2]],
    );
    const packed = await post(QUERY, {
      body: gzipSync(text),
      headers: { 'idempotency-key': 'night', 'content-encoding': 'gzip' },
    });
    assert.deepEqual([packed.status, packed.body['duplicates']], [200, 2]);
    const zstd = await post('?cluster=lab', {
      body: zstdCompressSync(text),
      headers: { 'idempotency-key': 'night', 'content-encoding': 'zstd' },
    });
    assert.deepEqual([zstd.status, zstd.body['duplicates']], [200, 2], 'without a format, too');
    const other = await post(QUERY, {
      body: lines(record({ port: 1 })),
      headers: { 'idempotency-key': 'night' },
    });
    assert.deepEqual([other.status, other.body.problems?.[0]?.code], [409, 'KEY_REUSED']);
  }));

test('a packed body that nobody announced is known by its first bytes, and a torn one is refused', () =>
  withRoute(async post => {
    const text = lines(record());
    for (const body of [gzipSync(text), zstdCompressSync(text)]) {
      const { status, body: answer } = await post(QUERY, { body });
      assert.deepEqual(
        [status, Number(answer['accepted']) + Number(answer['duplicates'])],
        [200, 1],
      );
    }
    const torn = await post(QUERY, { body: gzipSync(text).subarray(0, 20) });
    assert.deepEqual([torn.status, torn.body.error?.code], [400, 'BROKEN_GZIP']);
    for (const body of ['', '{', Buffer.from([0x1f])])
      assert.equal((await post(QUERY, { body })).status, 200, 'too short to be packed');
  }));

test('a small body that unpacks to very much is refused, and what packs well is taken', () =>
  withRoute(async post => {
    const MIB = 2 ** 20;
    const packed = (size: number) => zstdCompressSync(Buffer.alloc(size * MIB, '\n'));
    const bomb = await post(QUERY, { body: packed(65) });
    assert.deepEqual([bomb.status, bomb.body.error?.code], [413, 'BODY_TOO_DENSE']);
    const text = Buffer.concat([Buffer.alloc(63 * MIB, '\n'), Buffer.from('{')]);
    const { status, body } = await post(QUERY, { body: zstdCompressSync(text) });
    assert.equal(status, 200);
    assert.match(
      JSON.stringify(body.problems),
      new RegExp(`"line":${63 * MIB + 1},`),
      'lines are counted',
    );
  }));

test('POST /ingest/flows says what is missing, what is unknown, and what is known', () =>
  withRoute(async post => {
    const unknown = await post('?cluster=lab&format=netflow', { body: 'x' });
    assert.deepEqual([unknown.status, unknown.body.problems?.[0]?.code], [400, 'UNKNOWN_FORMAT']);
    assert.match(String(unknown.body.problems?.[0]?.hint), /auto, .*hubble, .*neutral/);
    const nowhere = await post('?format=neutral', { body: 'x' });
    assert.deepEqual([nowhere.status, nowhere.body.error?.code], [400, 'BAD_USER_INPUT']);
    assert.match(String(nowhere.body.error?.message), /`cluster` is missing/);
    const broken = await post(QUERY, { body: 'plain', headers: { 'content-encoding': 'gzip' } });
    assert.deepEqual([broken.status, broken.body.error?.code], [400, 'BROKEN_GZIP']);
    const torn = await post(QUERY, { body: 'plain', headers: { 'content-encoding': 'zstd' } });
    assert.deepEqual([torn.status, torn.body.error?.code], [400, 'BROKEN_ZSTD']);
    const odd = await post(QUERY, { body: 'plain', headers: { 'content-encoding': 'br' } });
    assert.deepEqual([odd.status, odd.body.error?.code], [415, 'UNSUPPORTED_ENCODING']);
  }));

test('a body past the limit is answered 413, and one too many at a time 429, with the reason', () =>
  withRoute(
    async post => {
      const long = await post(QUERY, { body: lines(record(), record()) });
      assert.deepEqual([long.status, long.body.error?.code], [413, 'BODY_TOO_LARGE']);
      const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
      const slow = new ReadableStream({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode(`${lines(record())}\n`));
          await held;
          controller.close();
        },
      });
      const first = post(QUERY, { body: slow, duplex: 'half' } as RequestInit);
      let second = await post(QUERY, { body: '' });
      while (second.status === 200) second = await post(QUERY, { body: '' });
      assert.deepEqual([second.status, second.body.error?.code], [429, 'RATE_LIMITED']);
      letGo();
      assert.equal((await first).body['accepted'], 1);
    },
    { bytes: 300, uploads: 1 },
  ));
