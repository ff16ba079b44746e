import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seenHours } from '../../src/flows/ledger/seen-hours.js';
import { HOUR } from '../../src/flows/time.js';
import { documents, flow } from '../support/lab.js';
import { type ServerFixture, withServer } from '../support/server.js';
import { lines, record } from './support/intake.js';

const INGEST = `mutation ($input: IngestFlowsInput!) { ingestFlows(input: $input) { accepted skipped rejected duplicates lost } }`;
const IMPORT = `mutation ($input: ImportInventoryInput!) { importInventory(input: $input) { problems { code } } }`;

const LEDGER = `sources { name received accepted rejected skipped duplicates lost sampling firstAt lastAt
  rejectedReasons { reason count } skippedReasons { reason count } gapCount gaps { since until } } unresolvedShare idleCronJobs firstSeenAt lastSeenAt`;

const hour = (at: number, minute = '00'): string =>
  `2026-11-22T${String(at).padStart(2, '0')}:${minute}:00Z`;
const stored = (text: string): string => text.replace('Z', '.000000Z');

const seen = (at: number, minute?: string, other: object = {}): object =>
  record({ time: hour(at, minute), ...other });

type Sending = { readonly format?: string; readonly key?: string };

const send = async (
  { ask }: ServerFixture,
  text: string,
  { format = 'neutral', key }: Sending = {},
) =>
  (await ask(INGEST, { input: { cluster: 'lab', format, records: text, key: key ?? null } }))
    .ingestFlows;

const completeness = async ({ ask }: ServerFixture, window = '') =>
  (await ask(`{ cluster(name: "lab") { completeness${window} { ${LEDGER} } } }`)).cluster
    .completeness;

test('the ledger counts what came of a source, and each record once', () =>
  withServer(async fixture => {
    const text = `${lines(
      seen(10, '05', { id: 'a' }),
      seen(10, '50', { id: 'b' }),
      seen(12, '00', { id: 'c' }),
      seen(12, '01', { id: 'r', isReply: true }),
    )}\nbad\n`;
    await send(fixture, text, { key: 'one' });
    const [first] = (await completeness(fixture)).sources;
    assert.deepEqual(first, {
      name: 'neutral',
      received: '5',
      accepted: '3',
      rejected: '1',
      skipped: '1',
      duplicates: '0',
      lost: '0',
      sampling: null,
      firstAt: stored(hour(10, '05')),
      lastAt: stored(hour(12)),
      rejectedReasons: [{ reason: 'NOT_JSON', count: '1' }],
      skippedReasons: [{ reason: 'reply', count: '1' }],
      gapCount: 1,
      gaps: [{ since: stored(hour(11)), until: stored(hour(12)) }],
    });
    await send(fixture, text, { key: 'one' });
    await send(fixture, lines(seen(10, '50', { id: 'b' }), seen(13, '00', { id: 'd' })));
    const [again] = (await completeness(fixture)).sources;
    assert.deepEqual(
      [again.received, again.accepted, again.rejected, again.duplicates, again.lastAt],
      ['12', '4', '1', '6', stored(hour(13))],
    );
  }));

test('each record counts in its own hour, whatever came in its chunk; what has no time, in the first', () =>
  withServer(async fixture => {
    const told = seen(11, '20', { id: 'twice' });
    const records = [seen(10), seen(11), told, told, seen(11, '30', { isReply: true }), seen(14)];
    const text = `${lines(...records)}\nbad\n`;
    await send(fixture, text);
    await send(fixture, text);
    const counts = async (since: number, until: number): Promise<readonly string[]> => {
      const window = `(since: "${hour(since)}", until: "${hour(until)}")`;
      const [{ accepted, skipped, rejected, duplicates }] = (await completeness(fixture, window))
        .sources;
      return [accepted, skipped, rejected, duplicates];
    };
    assert.deepEqual(await counts(10, 11), ['1', '0', '1', '2'], 'with what has no time');
    assert.deepEqual(await counts(11, 12), ['2', '1', '0', '5']);
    assert.deepEqual(await counts(14, 15), ['1', '0', '0', '1']);
  }));

test('gaps of a source are told as far as the window shows them', () =>
  withServer(async fixture => {
    await send(fixture, lines(seen(10), seen(11), seen(14)));
    const late = await completeness(fixture, `(since: "${hour(11)}", until: "${hour(13, '30')}")`);
    const [{ accepted, gaps, lastAt }] = late.sources;
    assert.deepEqual(
      [accepted, lastAt, gaps],
      ['1', stored(hour(11)), [{ since: stored(hour(12)), until: stored(hour(13, '30')) }]],
    );
    const inside = await completeness(
      fixture,
      `(since: "${hour(12, '15')}", until: "${hour(13)}")`,
    );
    assert.deepEqual(inside.sources[0].gaps, [
      { since: stored(hour(12, '15')), until: stored(hour(13)) },
    ]);
    const after = await completeness(fixture, `(since: "${hour(15)}")`);
    assert.deepEqual(after.sources, []);
  }));

test('a chunk without any observation counts in the hour of its receipt', () =>
  withServer(async fixture => {
    await send(fixture, 'bad');
    const { sources, unresolvedShare } = await completeness(fixture, '(since: "2h")');
    assert.deepEqual(
      sources.map(({ rejected, firstAt, gaps }: Record<string, unknown>) => [
        rejected,
        firstAt,
        gaps,
      ]),
      [['1', null, []]],
    );
    assert.equal(unresolvedShare, null);
  }));

test('the greatest sampling factor and lost events are told as the source tells them', () =>
  withServer(async fixture => {
    const sampled = (factor: number): object => ({
      ...{
        SrcAddr: '10.0.0.1',
        DstAddr: '10.0.0.2',
        SrcPort: 40_000 + factor,
        DstPort: 80,
        Proto: 6,
      },
      ...{ TimeFlowStartMs: 1_780_000_000_000, TimeFlowEndMs: 1_780_000_000_000, Sampling: factor },
    });
    await send(fixture, lines(sampled(50), sampled(400)), { format: 'netobserv' });
    await send(fixture, lines(sampled(10)), { format: 'netobserv' });
    const lost = { lost_events: { source: 'PERF_EVENT_RING_BUFFER', num_events_lost: '17' } };
    await send(fixture, lines(lost), { format: 'hubble' });
    const { sources, unresolvedShare } = await completeness(fixture);
    assert.deepEqual(
      sources.map(({ name, sampling, lost }: Record<string, unknown>) => [name, sampling, lost]),
      [
        ['hubble', null, '17'],
        ['netobserv', 400, '0'],
      ],
    );
    assert.equal(unresolvedShare, 1);
  }));

test('CronJobs that never ran in the window are named, in generated policies too', () =>
  withServer(async fixture => {
    const cronJob = (name: string, creationTimestamp?: string): object => ({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { namespace: 'shop', name, creationTimestamp },
      spec: {
        schedule: '0 3 * * *',
        jobTemplate: {
          spec: {
            template: {
              metadata: { labels: { app: name } },
              spec: { restartPolicy: 'Never', containers: [{ name: 'x', image: 'x' }] },
            },
          },
        },
      },
    });
    const ran = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        namespace: 'shop',
        name: 'ran-29300460-x2x8p',
        labels: { app: 'ran' },
        creationTimestamp: hour(10),
        ownerReferences: [{ kind: 'Job', name: 'ran-29300460', controller: true }],
      },
      spec: { containers: [{ name: 'x', image: 'x' }] },
      status: { phase: 'Running', podIP: '10.0.0.9', startTime: hour(10) },
    };
    const manifests = documents(
      ...[cronJob('ran'), cronJob('never'), cronJob('new', hour(10, '30')), ran],
    );
    await fixture.ask(IMPORT, { input: { cluster: 'lab', manifests } });
    await send(fixture, lines(flow('shop/web', 'shop/api', 80)));
    assert.deepEqual((await completeness(fixture)).idleCronJobs, ['shop/never', 'shop/new']);
    const early = await completeness(fixture, `(until: "${hour(9)}")`);
    assert.deepEqual(
      early.idleCronJobs,
      ['shop/never'],
      'nothing shows that the others were there',
    );
    assert.equal(early.firstSeenAt, null, 'nothing was seen in it');
    const generated = await fixture.ask(
      `mutation ($input: GeneratePoliciesInput!) { generatePolicies(input: $input) {
        completeness { ${LEDGER} } } }`,
      { input: { cluster: 'lab' } },
    );
    assert.deepEqual(generated.generatePolicies.completeness, await completeness(fixture));
  }));

test('what is older than a cluster keeps leaves the ledger', () =>
  withServer(
    async fixture => {
      await send(fixture, lines(seen(10, '00', { time: '2020-01-01T10:00:00Z' }), seen(10)));
      const input = { cluster: 'lab', days: 1 };
      await fixture.ask(
        `mutation ($input: SetRetentionInput!) { setRetention(input: $input) { job { id } } }`,
        { input },
      );
      const kept = () => fixture.execute('select count(*)::int as hours from ingest_ledger');
      for (let tries = 0; tries < 200; tries++) {
        const [{ hours }] = (await kept()) as [{ hours: number }];
        if (hours === 1) return;
        await new Promise(resolve => setTimeout(resolve, 50));
      }
      assert.deepEqual(await kept(), [{ hours: 1 }]);
    },
    { worker: true },
  ));

test('a record of a window shows each of its hours, cut to them', () => {
  const at = 400_000 * HOUR;
  assert.deepEqual(
    seenHours([
      { firstSeen: at + 5, lastSeen: at + 2 * HOUR },
      { firstSeen: at + 3, lastSeen: at + 4 },
    ]),
    [
      { hour: at, first: at + 3, last: at + HOUR - 1 },
      { hour: at + HOUR, first: at + HOUR, last: at + 2 * HOUR - 1 },
      { hour: at + 2 * HOUR, first: at + 2 * HOUR, last: at + 2 * HOUR },
    ],
  );
});

test('a source that falls silent while another goes on has a gap from then on, until it comes back', () =>
  withServer(async fixture => {
    const hubble = (at: number) => ({
      time: hour(at),
      flow: {
        time: hour(at),
        verdict: 'FORWARDED',
        IP: { source: '10.0.0.1', destination: '10.0.0.2' },
        l4: { TCP: { source_port: 40_000, destination_port: 80, flags: { SYN: true } } },
        is_reply: false,
      },
    });
    await send(fixture, lines(hubble(8), hubble(9)), { format: 'hubble' });
    await send(fixture, lines(seen(8), seen(9), seen(12), seen(13)));
    const gapsOf = async (window = '') =>
      (await completeness(fixture, window)).sources.map(
        ({ name, gaps }: { name: string; gaps: readonly { since: string; until: string }[] }) => [
          name,
          gaps.map(({ since, until }) => `${since.slice(11, 13)}-${until.slice(11, 13)}`),
        ],
      );
    assert.deepEqual(await gapsOf(), [
      ['hubble', ['10-14']],
      ['neutral', ['10-12']],
    ]);
    assert.deepEqual(await gapsOf(`(since: "${hour(12)}", until: "${hour(13)}")`), [
      ['hubble', ['12-13']],
      ['neutral', []],
    ]);
    await send(fixture, lines(hubble(13)), { format: 'hubble' });
    assert.deepEqual((await gapsOf())[0], ['hubble', ['10-13']]);
  }));
