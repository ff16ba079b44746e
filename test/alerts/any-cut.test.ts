import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lines, record, workload } from '../flows/support/intake.js';
import { lawRuns } from '../support/law-runs.js';
import { type Watching, withWatching } from './support/watching.js';

const RUNS = lawRuns();

const end = fc.constantFrom<object>(workload('web'), workload('api'), workload('db'), {
  ip: '203.0.113.9',
});

const VERDICTS = ['ALLOWED', 'DENIED', 'AUDIT', 'ERROR', undefined] as const;

/** Few edges, few hours: records meet in them. */
const observed = fc
  .record({
    ends: fc.tuple(end, end).filter(([one, other]) => one !== other),
    port: fc.constantFrom(80, 5432),
    minutes: fc.integer({ min: 0, max: 60 * 50 }),
    verdict: fc.constantFrom(...VERDICTS),
    events: fc.integer({ min: 1, max: 9 }),
    bytes: fc.option(fc.integer({ min: 0, max: 99 }), { nil: undefined }),
  })
  .map(({ ends: [source, destination], minutes, ...rest }) =>
    record({
      ...{ source, destination, ...rest },
      time: new Date(Date.UTC(2026, 10, 20) + minutes * 60_000).toISOString(),
    }),
  );

/** Records, the order in which they come the second time, and the place of each among the pieces. */
const cut = fc.array(observed, { minLength: 1, maxLength: 14 }).chain(records =>
  fc.record({
    records: fc.constant(records),
    order: fc.shuffledSubarray(
      records.map((_, place) => place),
      { minLength: records.length },
    ),
    pieces: fc.integer({ min: 1, max: 5 }),
  }),
);

const SHOWN = `query ($cluster: String!) { flows(first: 500, filter: { cluster: { eq: $cluster } }) { nodes {
  source { __typename ... on Deployment { name } } destination { __typename ... on Deployment { name } }
  port firstSeenAt lastSeenAt tags events connections bytes
  early: tags(until: "2026-11-21T00:00:00Z") earlyCounts: counts(until: "2026-11-21T00:00:00Z") { events denied failed }
  counts { events bytes allowed denied audited failed unknown } } }
  denied: flows(filter: { cluster: { eq: $cluster }, observedVerdict: DENIED, since: "2026-11-21T00:00:00Z" }) { totalCount }
  alerts(first: 500, filter: { cluster: { eq: $cluster } }) { nodes { rule severity state message occurrences firstOccurredAt lastOccurredAt
    deployment { name } flow { port } } } }`;

const sorted = (values: readonly unknown[]): readonly string[] =>
  values.map(value => JSON.stringify(value)).toSorted();

/** What clients see of a cluster, and what its baselines would learn. */
async function seen({ ask, useCases, rows }: Watching, cluster: string) {
  const { flows, alerts, denied } = await ask(SHOWN, { cluster });
  const [row] = await rows(`select id from cluster where name = '${cluster}'`);
  const clusterId = Number(row?.['id']);
  const scope = { clusterId, namespaces: null, deployments: null, since: null, until: null };
  await useCases.unlockBaselines(scope);
  const { problems } = await useCases.generateBaselines(scope);
  const entries =
    await rows(`select p.name as own, e.direction, o.name as peer, e.port, e.first_seen_at, e.last_seen_at,
    e.events, e.days from baseline_entry e join peer p on p.cluster_id = e.cluster_id and p.id = e.deployment_id
    join peer o on o.cluster_id = e.cluster_id and o.id = e.peer_id where e.cluster_id = ${clusterId}`);
  return {
    flows: sorted(flows.nodes),
    denied,
    alerts: sorted(alerts.nodes),
    entries: sorted(entries),
    problems,
  };
}

/** What is normal, locked. */
async function locked({ send, useCases, rows }: Watching, cluster: string): Promise<void> {
  await send(lines(record({ time: '2026-11-19T10:00:00Z', port: 80 })), { cluster });
  const [row] = await rows(`select id from cluster where name = '${cluster}'`);
  const scope = { clusterId: Number(row?.['id']), namespaces: null, deployments: null };
  await useCases.generateBaselines({ ...scope, since: null, until: null });
  await useCases.lockBaselines(scope);
}

/** The same records twice: as one text, and in pieces. */
type Cut = {
  readonly records: readonly object[];
  readonly order: readonly number[];
  readonly pieces: number;
};

async function sendPieces({ send }: Watching, cluster: string, { records, order, pieces }: Cut) {
  for (let piece = 0; piece < pieces; piece += 1) {
    const some = order.filter((_, place) => place % pieces === piece);
    const text = lines(...some.map(place => records[place] ?? {}));
    if (some.length > 0) await send(text, { cluster, key: `${piece}` });
  }
}

async function check(watching: Watching, run: number, given: Cut, isLocked: boolean) {
  const [whole, parts] = [`whole-${run}`, `parts-${run}`];
  for (const cluster of isLocked ? [whole, parts] : []) await locked(watching, cluster);
  await watching.send(lines(...given.records), { cluster: whole });
  await sendPieces(watching, parts, given);
  assert.deepEqual(await seen(watching, parts), await seen(watching, whole));
}

test('the same records in any cut and order are the same counts, tags, alerts and baselines', () =>
  withWatching(async watching => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(cut, fc.boolean(), (given, isLocked) => {
        run += 1;
        return check(watching, run, given, isLocked);
      }),
      { numRuns: RUNS },
    );
  }));
