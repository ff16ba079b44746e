import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BaselinesOutcome } from '../../src/baselines/generate.js';
import { lines, record, workload } from '../flows/support/intake.js';
import { type Learning, withLearning } from './support/learning.js';

const ALL = { clusterId: 1, namespaces: null, deployments: null, since: null, until: null };

/** Two days of a shop, so that no window is too short. */
const twoDays = (...records: readonly object[]): string =>
  lines(record({ time: '2026-11-20T10:00:00Z' }), record(), ...records);

const codesOf = ({ problems }: BaselinesOutcome): readonly string[] =>
  problems.map(({ code }) => code);

const marks = ({ rows }: Learning) =>
  rows(`select port, in_baseline as "inBaseline", off_locked as "offLocked"
    from flow order by port`);

test('a baseline holds each flow of the window at both of its ends, with the evidence', () =>
  withLearning(async ({ send, useCases, stores, ask }) => {
    await send(
      twoDays(record({ events: 5 }), record({ destination: { ip: '203.0.113.9' }, port: 443 })),
    );
    const outcome = await useCases.generateBaselines(ALL);
    assert.deepEqual(codesOf(outcome), []);
    assert.deepEqual(
      outcome.baselines.map(({ state, version, learnedSince, lockedAt }) => [
        state,
        version,
        learnedSince,
        lockedAt,
      ]),
      [
        ['LEARNING', 1, null, null],
        ['LEARNING', 1, null, null],
      ],
    );
    const { deployments } =
      await ask(`{ deployments { nodes { name baseline { state version deployment { name }
      entries { nodes { direction port protocol firstSeenAt lastSeenAt events days
        peer { ... on Deployment { name } ... on ExternalEntity { address } } } } } } } }`);
    const time = {
      firstSeenAt: '2026-11-20T10:00:00.000000Z',
      lastSeenAt: '2026-11-22T10:00:00.000000Z',
    };
    const inside = { port: 8080, protocol: 'TCP', ...time, events: '7', days: 2 };
    const outside = {
      direction: 'EGRESS',
      peer: { address: '203.0.113.9' },
      port: 443,
      protocol: 'TCP',
      firstSeenAt: '2026-11-22T10:00:00.000000Z',
      lastSeenAt: '2026-11-22T10:00:00.000000Z',
      events: '1',
      days: 1,
    };
    const [api, web] = deployments.nodes;
    assert.deepEqual(api.baseline, {
      state: 'LEARNING',
      version: 1,
      deployment: { name: 'api' },
      entries: { nodes: [{ direction: 'INGRESS', peer: { name: 'web' }, ...inside }] },
    });
    const byPort = (one: { port: number }, other: { port: number }): number =>
      one.port - other.port;
    assert.deepEqual(web.baseline.entries.nodes.toSorted(byPort), [
      outside,
      { direction: 'EGRESS', peer: { name: 'api' }, ...inside },
    ]);
    assert.equal((await stores.baselines.entriesOf([])).length, 0);
  }));

test('what is learned is the window that was asked for, by whole hours', () =>
  withLearning(async ({ send, useCases, rows }) => {
    await send(
      lines(
        ...['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22'].map((day, n) =>
          record({ time: `${day}T10:00:00Z`, port: n + 1 }),
        ),
      ),
    );
    const window = { since: '2026-11-20T00:00:00.000000Z', until: '2026-11-22T10:00:00.000000Z' };
    const { baselines, problems } = await useCases.generateBaselines({ ...ALL, ...window });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      [baselines[0]?.learnedSince, baselines[0]?.learnedUntil],
      [window.since, window.until],
    );
    assert.deepEqual(
      await rows(`select port from baseline_entry where direction = 'EGRESS' order by 1`),
      [{ port: 2 }, { port: 3 }],
    );
  }));

test('metadata, denied and failed flows are never learned, and a WARNING names them', () =>
  withLearning(async ({ send, useCases, rows }) => {
    await send(
      twoDays(
        record({ destination: { ip: '169.254.169.254' }, port: 80 }),
        record({ destination: workload('db'), port: 5432, verdict: 'DENIED' }),
        record({ destination: workload('cache'), port: 6379, verdict: 'ERROR' }),
      ),
    );
    const { problems } = await useCases.generateBaselines(ALL);
    assert.deepEqual(
      problems.map(({ code, severity, message }) => [code, severity, message]),
      [
        [
          'NO_FLOWS',
          'WARNING',
          'nothing could be learned for 2 deployments without a flow to learn from in the window: `shop/cache`, `shop/db`',
        ],
        ...[
          ['it calls the cloud metadata service', 'shop/web -> EXTERNAL:169.254.169.254 (TCP 80)'],
          ['it failed', 'shop/web -> shop/cache (TCP 6379)'],
          ['the dataplane denied it', 'shop/web -> shop/db (TCP 5432)'],
        ].map(([why, flow]) => [
          'FLOWS_NOT_LEARNED',
          'WARNING',
          `1 flow is not learned, because ${why}: \`${flow}\``,
        ]),
      ],
    );
    assert.deepEqual(await rows('select distinct port from baseline_entry'), [{ port: 8080 }]);
  }));

test('less than a day of traffic is learned with a WARNING', () =>
  withLearning(async ({ send, useCases }) => {
    await send(lines(record({ time: '2026-11-21T11:00:00Z' }), record()));
    const short = await useCases.generateBaselines(ALL);
    assert.deepEqual(
      short.problems.map(({ code, message }) => [code, message]),
      [['SHORT_WINDOW', 'only 23 hours of traffic were learned from']],
    );
    await send(lines(record({ time: '2026-11-22T11:00:00Z' })));
    assert.deepEqual(codesOf(await useCases.generateBaselines(ALL)), []);
    const since = '2026-11-22T10:30:00.000000Z';
    const half = await useCases.generateBaselines({ ...ALL, since });
    assert.match(String(half.problems[0]?.message), /only 30 minutes/);
  }));

test('learning does not absorb; generating again makes the next version, and the history stays', () =>
  withLearning(async ({ send, useCases, rows }) => {
    await send(twoDays());
    await useCases.generateBaselines(ALL);
    await send(lines(record({ port: 9090 })));
    const count = 'select count(*)::int from baseline_entry';
    assert.deepEqual(await rows(count), [{ count: 2 }]);
    const { baselines } = await useCases.generateBaselines(ALL);
    assert.deepEqual(
      baselines.map(({ version }) => version),
      [2, 2],
    );
    assert.deepEqual(await rows(count), [{ count: 4 }]);
    assert.deepEqual(
      await rows(`select version, valid_to is null as current, jsonb_array_length(entries) as entries, source
        from baseline_revision order by version, deployment_id`),
      [1, 1, 2, 2].map(version => ({
        version,
        current: version === 2,
        entries: version,
        source: 'generateBaselines',
      })),
    );
  }));

test('a locked baseline marks what it does not hold, whenever that was seen; unlocking takes the mark away', () =>
  withLearning(async learning => {
    const { send, useCases } = learning;
    await send(twoDays());
    await useCases.generateBaselines(ALL);
    await send(lines(record({ port: 8081 })));
    assert.deepEqual(await marks(learning), [
      { port: 8080, inBaseline: true, offLocked: false },
      { port: 8081, inBaseline: false, offLocked: false },
    ]);
    const locked = await useCases.lockBaselines({ ...ALL, deployments: ['shop/web'] });
    assert.deepEqual(
      locked.baselines.map(({ state, version }) => [state, version]),
      [['LOCKED', 2]],
    );
    await send(lines(record({ port: 8082 }), record({ source: workload('new'), port: 8083 })));
    assert.deepEqual(await marks(learning), [
      { port: 8080, inBaseline: true, offLocked: false },
      { port: 8081, inBaseline: false, offLocked: true },
      { port: 8082, inBaseline: false, offLocked: true },
      { port: 8083, inBaseline: false, offLocked: false },
    ]);
    const again = await useCases.generateBaselines({
      ...ALL,
      namespaces: ['shop'],
      deployments: ['web', 'api'],
    });
    assert.deepEqual(codesOf(again), ['BASELINE_LOCKED']);
    assert.match(String(again.problems[0]?.message), /`shop\/web`/);
    assert.match(String(again.problems[0]?.hint), /`unlockBaselines`/);
    const open = await useCases.unlockBaselines(ALL);
    assert.deepEqual(
      open.baselines.map(({ state }) => state),
      ['LEARNING', 'LEARNING'],
    );
    assert.ok((await marks(learning)).every(({ offLocked }) => offLocked === false));
  }));

test('locking what is locked changes nothing; what has no baseline is named', () =>
  withLearning(async ({ send, useCases, rows }) => {
    await send(twoDays(record({ destination: workload('db'), verdict: 'DENIED', port: 5432 })));
    await useCases.generateBaselines(ALL);
    const first = await useCases.lockBaselines(ALL);
    assert.deepEqual(
      first.problems.map(({ code, message }) => [code, message]),
      [['NO_BASELINE', '1 deployment has no baseline: `shop/db`']],
    );
    const history = 'select * from baseline_revision order by deployment_id, version';
    const before = await rows(history);
    const second = await useCases.lockBaselines(ALL);
    assert.deepEqual(second.baselines, first.baselines);
    assert.deepEqual(await rows(history), before);
  }));

test('names that are nobody’s are told, and the rest goes on', () =>
  withLearning(async ({ send, useCases }) => {
    await send(twoDays());
    const outcome = await useCases.generateBaselines({
      ...ALL,
      namespaces: ['shop', 'nowhere'],
      deployments: ['shop/web', 'nobody'],
    });
    assert.equal(outcome.baselines.length, 1);
    assert.deepEqual(
      outcome.problems.map(({ code, message }) => [code, message]),
      [
        ['NOT_FOUND', 'namespace `nowhere` has no deployment'],
        ['NOT_FOUND', 'deployment `nobody` is not known'],
      ],
    );
  }));

test('generating at the same time waits, and each makes a version of its own', () =>
  withLearning(async ({ send, useCases, rows }) => {
    await send(twoDays());
    await Promise.all([1, 2, 3].map(() => useCases.generateBaselines(ALL)));
    assert.deepEqual(
      await rows('select max(version)::int as version, count(*)::int from baseline_revision'),
      [{ version: 3, count: 6 }],
    );
  }));

test('all of it is stored or nothing is', () =>
  withLearning(async ({ send, useCases, rows, execute }) => {
    await send(twoDays());
    await execute('alter table flow add check (not in_baseline)');
    await assert.rejects(useCases.generateBaselines(ALL), /violates check/);
    assert.deepEqual(
      await rows(
        'select (select count(*)::int from baseline) as baselines, (select count(*)::int from baseline_revision) as revisions',
      ),
      [{ baselines: 0, revisions: 0 }],
    );
  }));
