import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { madeWithin } from '../access/visible.js';
import { int4, statement, uuid } from '../database/row.js';
import { and, type Condition, condition, sql, value } from '../query/condition.js';
import { countText, cursorColumn, KEYED, type Keyed, type PageRequest } from '../query/page.js';
import type { Simulation } from './simulation.js';
import { COLUMNS, OF_JOB, SIMULATION } from './simulation.store.js';

type DeploymentKey = { readonly clusterId: number; readonly id: string };

/** With the place of its deployment among those that were asked for, from 1. */
type Placed = Simulation & Keyed & { readonly place: number };

/** Simulations that change something for deployments: one statement for all. */
export type DeploymentSimulationStore = {
  /** A page of each deployment. */
  pages(deployments: readonly DeploymentKey[], request: PageRequest): Promise<readonly Placed[]>;
  counts(
    deployments: readonly DeploymentKey[],
  ): Promise<readonly (DeploymentKey & { readonly count: number })[]>;
};

const STATEMENTS = {
  pages: statement<Placed>('deploymentSimulations.pages', {
    ...SIMULATION,
    ...KEYED,
    place: int4,
  }),
  counts: statement('deploymentSimulations.counts', { clusterId: int4, id: uuid, count: int4 }),
} as const;

const keysTable = (keys: readonly DeploymentKey[]): Condition =>
  sql`unnest(${value(
    'int[]',
    keys.map(({ clusterId }) => clusterId),
  )}, ${value(
    'uuid[]',
    keys.map(({ id }) => id),
  )}) with ordinality k (cluster_id, id, place)`;

const CONCERNED = condition('s.cluster_id = k.cluster_id and k.id = any(s.concerned)');

export const deploymentSimulationStore = (
  manager: EntityManager,
  caller: Caller,
): DeploymentSimulationStore => {
  const seen = madeWithin(caller, { clusterId: 's.cluster_id', scope: 's.scope' });
  return {
    pages: (deployments, request) =>
      STATEMENTS.pages.ask(
        manager,
        sql`select x.*, k.place::int from ${keysTable(deployments)} cross join lateral (
          select ${COLUMNS}${cursorColumn(request)} from simulation s ${OF_JOB}
          where ${and([CONCERNED, seen, ...request.conditions])} ${request.orderBy} limit ${String(request.fetch)}) x`,
      ),
    counts: deployments => {
      const { sql: text, values } = and([CONCERNED, seen]);
      const counted = { sql: countText(`from simulation s where ${text}`), values };
      return STATEMENTS.counts.ask(
        manager,
        sql`select k.cluster_id as "clusterId", k.id, x.count from ${keysTable(deployments)} cross join lateral (${counted}) x`,
      );
    },
  };
};
