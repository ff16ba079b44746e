import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALERT_STATE } from '../../src/alerts/alert-row.js';
import { lines, record, workload } from '../flows/support/intake.js';
import { type Watching, withWatching } from './support/watching.js';

const from = (count: number, make: (place: number) => object): string =>
  lines(...Array.from({ length: count }, (_, place) => record(make(place))));

const at = (day: number, place: number): string =>
  `2026-11-${day}T${String(place % 24).padStart(2, '0')}:${String(place % 60).padStart(2, '0')}:00Z`;

async function lock({ useCases, rows }: Watching, cluster: string): Promise<void> {
  const [row] = await rows(`select id from cluster where name = '${cluster}'`);
  const scope = { clusterId: Number(row?.['id']), namespaces: null, deployments: null };
  await useCases.generateBaselines({ ...scope, since: null, until: null });
  await useCases.lockBaselines(scope);
}

const alertsOf = ({ rows }: Watching, cluster: string, which = 'a.lead_id is null') =>
  rows(`select a.rule, a.rules, a.group_kind, a.group_name, a.message, a.occurrences::int, a.passed::int,
      ${ALERT_STATE} as state, (select count(*)::int from alert_match m where m.cluster_id = a.cluster_id and m.alert_id = a.id) as flows,
      a.first_occurred_at, a.last_occurred_at
    from alert a join cluster c on c.id = a.cluster_id where c.name = '${cluster}' and ${which} order by a.rule, a.group_name`);

const named = (ip: string) => ({ destination: { ip, dnsName: 'api.example.com' }, port: 443 });

/** The client of a public port: another address each time. */
const client = (range: string, place: number, day: number) => ({
  source: { ip: `${range}.${place + 1}` },
  destination: workload('web'),
  port: 8080,
  time: at(day, place),
});

const probe = (place: number) => ({
  destination: workload(`target-${place}`),
  port: 5000,
  time: `2026-11-21T10:${String(place).padStart(2, '0')}:00Z`,
  verdict: 'DENIED',
});

async function publicPort(watching: Watching): Promise<void> {
  const { send, rows } = watching;
  const cluster = 'public';
  await send(
    from(60, place => client('198.51.100', place, 20)),
    { cluster },
  );
  await lock(watching, cluster);
  await send(
    from(60, place => client('203.0.113', place, 21)),
    { cluster },
  );
  assert.deepEqual(await alertsOf(watching, cluster), []);
  const marks =
    await rows(`select in_baseline, off_locked, count(*)::int from flow f join cluster c on c.id = f.cluster_id
    where c.name = '${cluster}' group by 1, 2`);
  assert.deepEqual(marks, [{ in_baseline: true, off_locked: false, count: 120 }]);
}

async function fewCallers(watching: Watching): Promise<void> {
  const { send } = watching;
  const cluster = 'private';
  await send(
    from(3, place => client('198.51.100', place, 20)),
    { cluster },
  );
  await lock(watching, cluster);
  await send(
    from(60, place => client('203.0.113', place, 21)),
    { cluster },
  );
  const [alert, ...others] = await alertsOf(watching, cluster);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [alert?.['rule'], alert?.['group_kind'], alert?.['occurrences'], alert?.['flows']],
    ['OFF_BASELINE', 'CLIENTS', 60, 60],
  );
}

async function rotatingName(watching: Watching): Promise<void> {
  const { send } = watching;
  const cluster = 'rotating';
  await send(
    from(3, place => ({ ...named(`198.51.100.${place + 1}`), time: at(20, place) })),
    { cluster },
  );
  await lock(watching, cluster);
  await send(
    from(40, place => ({ ...named(`203.0.113.${place + 1}`), time: at(21, place) })),
    { cluster },
  );
  assert.deepEqual(await alertsOf(watching, cluster), []);
  await send(
    from(40, place => ({
      destination: { ip: `192.0.2.${place + 1}`, dnsName: 'other.example.com' },
      port: 443,
      time: at(22, place),
    })),
    { cluster },
  );
  const alerts = await alertsOf(watching, cluster);
  assert.deepEqual(
    alerts.map(alert => [alert['group_kind'], alert['group_name'], alert['flows']]),
    [['NAME', 'other.example.com', 40]],
  );
}

async function scanned(watching: Watching): Promise<void> {
  const { send } = watching;
  const PROBES = 12;
  for (const cluster of ['scan-whole', 'scan-pieces']) {
    await send(lines(record({ time: '2026-11-20T10:00:00Z' })), { cluster });
    await lock(watching, cluster);
  }
  await send(from(PROBES, probe), { cluster: 'scan-whole' });
  for (let place = PROBES - 1; place >= 0; place -= 1)
    await send(lines(record(probe(place))), { cluster: 'scan-pieces', key: `${place}` });
  const [alert, ...others] = await alertsOf(watching, 'scan-whole');
  assert.deepEqual(others, []);
  assert.deepEqual(
    [alert?.['rule'], alert?.['occurrences'], alert?.['flows'], alert?.['state']],
    ['LATERAL_SCAN', PROBES, PROBES, 'ATTEMPTED'],
  );
  assert.equal(alert?.['message'], '`shop/web` -> 12 peers and ports');
  assert.equal((await alertsOf(watching, 'scan-whole', 'a.lead_id is not null')).length, PROBES);
  for (const which of ['a.lead_id is null', 'true'])
    assert.deepEqual(
      await alertsOf(watching, 'scan-pieces', which),
      await alertsOf(watching, 'scan-whole', which),
    );
}

async function slowlyScanned(watching: Watching): Promise<void> {
  const { send } = watching;
  const PROBES = 20;
  const slow = (place: number) => ({ ...probe(place), time: at(21, place) });
  for (const cluster of ['slow-whole', 'slow-pieces']) {
    await send(lines(record({ time: '2026-11-20T10:00:00Z' })), { cluster });
    await lock(watching, cluster);
  }
  await send(from(PROBES, slow), { cluster: 'slow-whole' });
  for (let place = 0; place < PROBES; place += 1)
    await send(lines(record(slow(place))), { cluster: 'slow-pieces', key: `${place}` });
  const [alert, ...others] = await alertsOf(watching, 'slow-whole');
  assert.deepEqual(
    [others, alert?.['rule'], alert?.['message']],
    [[], 'LATERAL_SCAN', '`shop/web` -> 20 peers and ports'],
  );
  for (const which of ['a.lead_id is null', 'true'])
    assert.deepEqual(
      await alertsOf(watching, 'slow-pieces', which),
      await alertsOf(watching, 'slow-whole', which),
    );
  const fewer = 'slow-fewer';
  await send(lines(record({ time: '2026-11-20T10:00:00Z' })), { cluster: fewer });
  await lock(watching, fewer);
  await send(from(PROBES - 1, slow), { cluster: fewer });
  assert.equal((await alertsOf(watching, fewer)).length, PROBES - 1);
}

async function taken(watching: Watching): Promise<void> {
  const { send } = watching;
  const cluster = 'taken';
  await send(lines(record({ time: '2026-11-20T10:00:00Z' })), { cluster });
  await lock(watching, cluster);
  await send(
    lines(
      record({
        destination: { ip: '169.254.169.254' },
        port: 80,
        time: '2026-11-21T10:00:00Z',
      }),
      record({
        destination: { ip: '203.0.113.66' },
        port: 4444,
        time: '2026-11-21T12:00:00Z',
      }),
      record({
        destination: workload('db'),
        port: 5432,
        time: '2026-11-21T13:00:00Z',
        verdict: 'DENIED',
      }),
      record({ destination: workload('cache'), port: 6379, time: '2026-11-25T13:00:00Z' }),
    ),
    { cluster },
  );
  const alerts = await alertsOf(watching, cluster);
  assert.deepEqual(
    alerts.map(alert => [alert['rule'], alert['group_name']]),
    [
      ['METADATA', 'cloud metadata service'],
      ['OFF_BASELINE', 'shop/cache'],
    ],
  );
  const linked = await alertsOf(watching, cluster, 'a.lead_id is not null');
  assert.deepEqual(
    linked.map(alert => [alert['group_name'], alert['state']]),
    [
      ['addresses outside', 'ACTIVE'],
      ['shop/db', 'ATTEMPTED'],
    ],
  );
}

const CASES: readonly (readonly [string, (watching: Watching) => Promise<void>])[] = [
  ['who calls a port that many strangers call is no deviation', publicPort],
  ['strangers at a port that few have called are one alert', fewCallers],
  [
    'another address of a name or block that was learned is no deviation, another name is one',
    rotatingName,
  ],
  ['a scan is one alert that all it tried belongs to, however the records come', scanned],
  ['a scan of one try an hour is a scan after a day of them', slowlyScanned],
  ['what a taken deployment does within a day belongs to the call that tells it', taken],
];

test('one incident is one alert', t =>
  withWatching(async watching => {
    for (const [title, check] of CASES) await t.test(title, () => check(watching));
  }));
