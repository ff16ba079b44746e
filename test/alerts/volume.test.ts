import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHIPPED_RULES } from '../../src/alerts/alert-rule.js';
import { testAlertRule } from '../../src/alerts/try-rule.js';
import { bytesText, unusualHours } from '../../src/alerts/volume-hours.js';
import { lines, record } from '../flows/support/intake.js';
import { type Watching, withWatching } from './support/watching.js';

const hoursOf = (all: readonly number[]) =>
  all.map((bytes, place) => ({ hour: `h${place}`, bytes }));

/** Bytes by the hour, in hundreds; the floor is 10; places of the hours that are unusual. */
const VOLUMES: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[], []],
  [[9], []],
  [[10], [0]],
  [[5, 5, 5, 5, 14], []],
  [[5, 5, 5, 5, 16], [4]],
  [[20, 20, 20, 20, 59], [0]],
  [
    [20, 20, 20, 20, 61],
    [0, 4],
  ],
  // Hours that go up and down by much are held against how much they do.
  [
    [1, 30, 2, 40, 1, 35, 90],
    [1, 3, 5],
  ],
  // One large hour does not make the next one usual.
  [
    [5, 5, 5, 90, 90, 5],
    [3, 4],
  ],
  // Of two hours that differ much nothing is known to be usual.
  [[5, 90, 90, 90, 90, 90, 90], [1]],
];

test('an hour is unusual by the hours before it, their spread, and a floor', () => {
  for (const [hours, wanted] of VOLUMES)
    assert.deepEqual(
      unusualHours(hoursOf(hours), 10).map(({ hour }) => Number(hour.slice(1))),
      wanted,
      hours.join(' '),
    );
  assert.deepEqual([0, 999, 1_000, 9.06e9, 5e18].map(bytesText), [
    '0 B',
    '999 B',
    '1.0 kB',
    '9.1 GB',
    '5000.0 PB',
  ]);
});

const sent = (hour: number, address: number, bytes: number | null) =>
  record({
    destination: { ip: `198.51.100.${address}`, dnsName: 'api.example.com' },
    port: 443,
    time: `2026-11-21T${String(hour).padStart(2, '0')}:${String(address).padStart(2, '0')}:00Z`,
    ...(bytes !== null && { bytes }),
  });

const learn = async ({ useCases, rows }: Watching, cluster: string) => {
  const [row] = await rows(`select id from cluster where name = '${cluster}'`);
  const scope = { clusterId: Number(row?.['id']), namespaces: null, deployments: null };
  await useCases.generateBaselines({ ...scope, since: null, until: null });
  return scope.clusterId;
};

const alertsOf = ({ rows }: Watching, cluster: string) =>
  rows(`select a.rule, a.group_kind, a.group_name, a.message, a.why, a.state, a.severity, a.occurrences::int, a.passed::int,
      (select count(*)::int from alert_match m where m.cluster_id = a.cluster_id and m.alert_id = a.id) as flows,
      a.first_occurred_at, a.last_occurred_at
    from alert a join cluster c on c.id = a.cluster_id where c.name = '${cluster}' order by a.rule, a.group_name`);

const USUAL = Array.from({ length: 10 }, (_, hour) => sent(hour, hour, 1e8));
const MUCH = [1, 2, 3, 4].map(address => sent(12, address, 6e8));

test('what is sent to a known name over many addresses is one alert, however the records are cut', () =>
  withWatching(async watching => {
    await watching.send(lines(...USUAL), { cluster: 'whole' });
    await learn(watching, 'whole');
    await watching.send(lines(...MUCH), { cluster: 'whole' });
    const [alert, ...others] = await alertsOf(watching, 'whole');
    assert.equal(others.length, 0);
    assert.deepEqual(
      [alert?.['rule'], alert?.['group_name'], alert?.['state'], alert?.['flows']],
      ['EXFILTRATION', 'api.example.com', 'OPEN', 4],
    );
    assert.equal(alert?.['why'], '2.4 GB were moved within an hour, and usual is 100.0 MB');
    await watching.send(lines(...USUAL), { cluster: 'cut' });
    await learn(watching, 'cut');
    for (const one of MUCH.toReversed()) await watching.send(lines(one), { cluster: 'cut' });
    assert.deepEqual(await alertsOf(watching, 'cut'), [alert]);
    const [row] = await watching.rows(`select id from cluster where name = 'cut'`);
    const rule = SHIPPED_RULES.find(({ criterion }) => criterion === 'EXFILTRATION');
    assert.ok(rule);
    const clusters = [{ id: Number(row?.['id']), name: 'cut' }];
    const window = { since: '2026-11-01T00:00:00Z', until: '2026-12-01T00:00:00Z' };
    const raised = await testAlertRule(watching.stores, { clusters, rule, ...window });
    assert.deepEqual(
      raised.alerts.map(({ why, groupName }) => [why, groupName]),
      [[alert?.['why'], 'api.example.com']],
    );
    const tight = { ...rule, parameters: { megabytes: 3_000 } };
    const none = await testAlertRule(watching.stores, { clusters, rule: tight, ...window });
    assert.deepEqual(none.alerts, []);
  }));

test('before a baseline is learned, and where the source tells no bytes, nothing is unusual', () =>
  withWatching(async watching => {
    await watching.send(lines(...USUAL, ...MUCH), { cluster: 'new' });
    await watching.send(lines(sent(1, 1, null)), { cluster: 'silent' });
    await learn(watching, 'silent');
    await watching.send(lines(sent(12, 1, null)), { cluster: 'silent' });
    assert.deepEqual(
      [await alertsOf(watching, 'new'), await alertsOf(watching, 'silent')],
      [[], []],
    );
  }));
