import { randomUUID } from 'node:crypto';
import { DEFAULT_MODES } from '../../src/netpol/index.js';
import type { Simulation } from '../../src/simulation/simulation.js';
import { closing, policiesInForce } from '../data/edge-policies.js';
import type { AtWork, Cost } from './at-work.js';

/** The cluster of `seedEdges`, and its 30 days. */
const CLUSTER = { id: 1, name: 'prod' };
const SINCE = '2026-01-30T00:00:00Z';

export async function bringPoliciesIn({ database }: AtWork, deployments: number): Promise<void> {
  await database.useCases.importInventory({
    cluster: CLUSTER.name,
    sources: [{ file: null, text: policiesInForce(deployments) }],
    mode: 'MERGE',
    observedAt: null,
    key: null,
  });
}

const ROWS = `select f.id, f.source_id as "sourceId", f.destination_id as "destinationId", f.port, f.protocol,
    f.traffic_class as "trafficClass"
  from flow f where f.cluster_id = $1 and f.last_seen_at >= $2 and f.id > $3 order by f.id limit 20000`;

const FIRST = '00000000-0000-0000-0000-000000000000';

/** Reads what a simulation reads, 20,000 rows at a time, and does nothing with it. */
export async function readRows({ source, costOf }: AtWork): Promise<readonly [Cost, number]> {
  return costOf(async () => {
    let [after, rows]: [string | null, number] = [FIRST, 0];
    while (after !== null) {
      const page: readonly { readonly id: string }[] = await source.query(ROWS, [
        CLUSTER.id,
        SINCE,
        after,
      ]);
      rows += page.length;
      after = page.at(-1)?.id ?? null;
    }
    return rows;
  });
}

/** Simulates that some namespaces are closed. */
export async function replay(
  { database, costOf }: AtWork,
  namespaces: number,
): Promise<readonly [Cost, Simulation]> {
  const input = {
    clusterId: CLUSTER.id,
    sources: [{ file: null, text: closing(namespaces) }],
    remove: [],
    window: { since: SINCE, until: null },
    modes: DEFAULT_MODES,
    request: {},
  };
  const [cost, { simulation }] = await costOf(() =>
    database.useCases.simulate(input, randomUUID(), () => {}),
  );
  if (simulation?.summary == null) throw new Error('nothing was simulated');
  return [cost, simulation];
}
