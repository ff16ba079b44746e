import type { EntityManager } from 'typeorm';
import { type Caller, seesNamespace, seesWhole } from '../access/caller.js';
import {
  bool,
  type Columns,
  int2,
  int4,
  int8,
  jsonb,
  nullable,
  oneOf,
  partly,
  type Statement,
  statement,
  text,
  uuid,
} from '../database/row.js';
import { plainArray } from '../database/statement.js';
import { Verdict } from '../netpol/index.js';
import {
  and,
  type Condition,
  condition,
  EVERYTHING,
  joined,
  sql,
  value,
} from '../query/condition.js';
import {
  COUNTED,
  countText,
  cursorColumn,
  KEYED,
  type Keyed,
  LARGEST_COUNT,
  UNSEEN_LIMIT,
} from '../query/page.js';
import { type ObservedPolicy, ObservedVerdict } from './flow.js';
import { EVERY_FLOW_COLUMN, FLOW_ROW, type FlowColumn, flowColumns } from './flow-columns.js';
import type { Window } from './flow-condition.js';
import { gathered, narrowed } from './flow-narrow.js';
import type { FlowPath } from './flow-order.js';
import { pathRows } from './flow-path.js';
import { ofPeer } from './flow-peers.js';
import { directionOf, type FlowQuery } from './flow-query.js';
import { ALL_FLOWS, seenFlows } from './flow-seen.js';
import type { FlowSelection } from './flow-selection.js';
import type { FlowView } from './flow-view.js';
import { windowCounts } from './flow-window-path.js';

export type FlowKey = { readonly clusterId: number; readonly id: string };

/** A page of flows: which, in what order, what of each; an order by counts is of those of the window. */
export type FlowPageQuery = FlowQuery & {
  readonly window: Window;
  readonly columns: readonly FlowColumn[];
};

export type FlowPageStore = {
  /** One page. What it shows of a flow is of all time, whatever the window. */
  page(query: FlowPageQuery): Promise<readonly (FlowView & Keyed)[]>;
  /** At most one more than `LARGEST_COUNT`. */
  count(selection: FlowSelection): Promise<number>;
  /** @param selection those of them that it finds; all when not given */
  byIds(keys: readonly FlowKey[], selection?: FlowSelection): Promise<readonly FlowView[]>;
  /**
   * One page of the flows from and to each deployment: one statement.
   * @returns `place`: that of the deployment among those asked for, from 1
   */
  ofDeployments(deployments: readonly FlowKey[], query: FlowPageQuery): Promise<readonly Placed[]>;
  countOfDeployments(
    deployments: readonly FlowKey[],
    selection: FlowSelection,
  ): Promise<readonly CountOfDeployment[]>;
};

/** The deployment that was asked for. */
type OfDeployment = { readonly clusterId: number; readonly deploymentId: string };

const VIEW: Columns<FlowView> = {
  clusterId: int4,
  id: uuid,
  sourceId: uuid,
  destinationId: uuid,
  port: nullable(int4),
  protocol: text,
  servicePort: nullable(int4),
  trafficClass: text,
  firstSeenAt: text,
  lastSeenAt: text,
  observedVerdict: oneOf(ObservedVerdict),
  outcomes: int2,
  directionKnown: bool,
  directionBasis: nullable(text),
  observedPolicies: nullable(jsonb<readonly ObservedPolicy[]>()),
  inBaseline: bool,
  offLocked: bool,
  governed: bool,
  policyVerdict: oneOf(Verdict),
  policyBasis: text,
  events: int8,
  connections: nullable(int8),
  bytes: nullable(int8),
  active: bool,
};

const PAGED: Columns<FlowView & Keyed> = { ...partly(VIEW), ...KEYED };

type Placed = FlowView & Keyed & { readonly place: number };
type CountOfDeployment = OfDeployment & { readonly count: number };

const STATEMENTS = {
  page: statement('flows.page', PAGED),
  count: statement('flows.count', COUNTED),
  byIds: statement('flows.byIds', VIEW),
  ofDeployments: statement<Placed>(
    'flows.ofDeployments',
    { ...PAGED, place: int4 },
    { keepsPlan: true },
  ),
  countOfDeployments: statement<CountOfDeployment>('flows.countOfDeployments', {
    clusterId: int4,
    deploymentId: uuid,
    ...COUNTED,
  }),
} as const;

const endOf = (end: 'source' | 'destination', alias: string): Condition =>
  condition(
    `cross join lateral (select * from peer where cluster_id = f.cluster_id and id = f.${end}_id offset 0) ${alias}`,
  );

/** What the order's expressions need beside `f`. */
function orderTables(path: FlowPath, window: Window): Condition {
  if (path.kind === 'WINDOW') return windowCounts(window);
  if (path.kind !== 'LABEL') return condition('');
  return endOf(path.end, path.end === 'source' ? 's' : 'd');
}

/** What is shown of the rows `f` of a page, which are few. */
function shown(rows: Condition, query: FlowPageQuery): Condition {
  const { path, window, request, columns } = query;
  const cluster = columns.includes('active') ? 'join k c on c.id = f.cluster_id' : '';
  return sql`select ${flowColumns(columns)}${cursorColumn(request)} from (${rows}) f ${cluster}
    ${orderTables(path, window)} ${request.orderBy}`;
}

/** Rows of a part of the filter, those of the next one when they are too many, and at last those of the order's index. */
function found(query: FlowPageQuery): {
  readonly tables: readonly Condition[];
  readonly rows: Condition;
} {
  const { selection, request, path, window } = query;
  const parts = gathered(query);
  const branches: Condition[] = [];
  let before = 'true';
  for (const { overflows, rows } of parts) {
    branches.push(
      sql`select ${FLOW_ROW} from ${rows} f join k c on c.id = f.cluster_id ${orderTables(path, window)}
        where ${before} and not ${overflows} and ${and([selection.rows, ...request.conditions])}`,
    );
    before += ` and ${overflows}`;
  }
  branches.push(
    sql`select ${FLOW_ROW} from k c cross join lateral (${pathRows(query)}) f where ${before}`,
  );
  return { tables: parts.flatMap(({ tables }) => tables), rows: joined(branches, ' union all ') };
}

function pageStatement(query: FlowPageQuery, clusters: Condition): Condition {
  const { request, path, window } = query;
  const { tables, rows } = found(query);
  const windowed = path.kind === 'WINDOW' ? and(request.conditions) : EVERYTHING;
  const page = sql`select ${FLOW_ROW} from (${rows}) f ${orderTables(path, window)} where ${windowed}
    ${request.orderBy} limit ${String(request.fetch)}`;
  return sql`with ${joined([clusters, ...tables], ', ')} ${shown(page, query)}`;
}

const countStatement = (selection: FlowSelection, clusters: Condition): Condition =>
  sql`with ${clusters}
    select count(*)::int as count from (select from ${narrowed(selection)} where ${selection.rows}
      limit ${String(LARGEST_COUNT + 1)}) counted`;

const keysTable = (keys: readonly FlowKey[]): Condition =>
  sql`unnest(${value(
    'int[]',
    plainArray(keys, ({ clusterId }) => clusterId),
  )}, ${value(
    'uuid[]',
    plainArray(keys, ({ id }) => id),
  )}) with ordinality o (cluster_id, id, place)`;

/** The flows of the deployment `o` at one end; one from it to itself is its source's. */
function ofDeployment(
  end: 'source' | 'destination',
  query: FlowPageQuery | null,
  rows: Condition,
): Condition {
  const others = end === 'source' ? EVERYTHING : condition('f.source_id <> o.id');
  const asked = and([others, rows, ...(query?.request.conditions ?? [])]);
  const ordered = query?.path.kind === 'SEEN' && query.path.column === 'last_seen_at';
  const direction = query === null ? 'desc' : directionOf(query.request).toLowerCase();
  const flows = `(select * from flow where cluster_id = o.cluster_id and ${ofPeer(`${end}_id`, 'o.id')}
    order by last_seen_at ${direction} ${UNSEEN_LIMIT}) f`;
  const latest = ordered
    ? `order by f.last_seen_at ${direction} fetch first ${query.request.fetch} rows with ties`
    : '';
  const tables = query === null ? condition('') : orderTables(query.path, query.window);
  return sql`(select ${FLOW_ROW} from ${flows} cross join (select o.cluster_id as id, o.name, o.newest_observation_at) c ${tables}
    where ${asked} ${latest})`;
}

const bothEnds = (query: FlowPageQuery | null, rows: Condition): Condition =>
  sql`${ofDeployment('source', query, rows)} union all ${ofDeployment('destination', query, rows)}`;

/** The deployments `o` with their clusters: a table of its own, so that each one's rows stay together and in order. */
const deploymentsOf = (keys: readonly FlowKey[]): Condition =>
  sql`(select o.cluster_id, o.id, o.place::int, c.name, c.newest_observation_at from ${keysTable(keys)} join k c on c.id = o.cluster_id offset 0) o`;

function ofDeploymentsStatement(
  deployments: readonly FlowKey[],
  query: FlowPageQuery,
  clusters: Condition,
): Condition {
  const { selection, request, path, window } = query;
  const page = sql`select ${FLOW_ROW} from (${bothEnds(query, selection.rows)}) f ${orderTables(path, window)}
    ${request.orderBy} limit ${String(request.fetch)}`;
  return sql`with ${clusters}
    select o.place, x.* from ${deploymentsOf(deployments)} cross join lateral (${shown(page, query)}) x`;
}

const countOfDeploymentsStatement = (
  deployments: readonly FlowKey[],
  selection: FlowSelection,
  clusters: Condition,
): Condition =>
  sql`with ${clusters}
    select o.cluster_id as "clusterId", o.id as "deploymentId", x.count from ${deploymentsOf(deployments)}
    cross join lateral (${countOf(bothEnds(null, selection.rows))}) x`;

const countOf = (rows: Condition): Condition => {
  const { sql: text, values } = rows;
  return { sql: countText(`from (${text}) counted`), values };
};

const byIdsStatement = (
  keys: readonly FlowKey[],
  rows: Condition,
  clusters: Condition,
): Condition =>
  sql`with ${clusters}
    select ${flowColumns(EVERY_FLOW_COLUMN)}
    from ${keysTable(keys)} join k c on c.id = o.cluster_id
    cross join lateral (select * from flow where cluster_id = o.cluster_id and id = o.id offset 0) f where ${rows}`;

/** Of the policies that the dataplane named, those of namespaces of the caller's scope. */
function ownPolicies<Row extends Partial<FlowView>>(caller: Caller, row: Row): Row {
  if (seesWhole(caller) || !row.observedPolicies) return row;
  const seen = row.observedPolicies.filter(({ namespace }) => seesNamespace(caller, namespace));
  return { ...row, observedPolicies: seen };
}

export const flowPageStore = (manager: EntityManager, caller: Caller): FlowPageStore => {
  const run = async <Row extends Partial<FlowView>>(asked: Statement<Row>, text: Condition) =>
    (await asked.ask(manager, text)).map(row => ownPolicies(caller, row));
  const seen = (selection: FlowSelection) => seenFlows(caller, selection);
  return {
    page: query => {
      const { selection, clusters } = seen(query.selection);
      return run(STATEMENTS.page, pageStatement({ ...query, selection }, clusters));
    },
    count: async asked => {
      const { selection, clusters } = seen(asked);
      const { sql: text, values } = countStatement(selection, clusters);
      return (await STATEMENTS.count.row(manager, text, values)).count;
    },
    ofDeployments: (deployments, query) => {
      const { selection, clusters } = seen(query.selection);
      return run(
        STATEMENTS.ofDeployments,
        ofDeploymentsStatement(deployments, { ...query, selection }, clusters),
      );
    },
    countOfDeployments: (deployments, asked) => {
      const { selection, clusters } = seen(asked);
      const text = countOfDeploymentsStatement(deployments, selection, clusters);
      return STATEMENTS.countOfDeployments.ask(manager, text);
    },
    byIds: (keys, asked = ALL_FLOWS) => {
      const { selection, clusters } = seen(asked);
      return run(STATEMENTS.byIds, byIdsStatement(keys, selection.rows, clusters));
    },
  };
};
