import type { EntityManager } from 'typeorm';
import {
  bool,
  float8,
  int4,
  int8,
  json,
  nullable,
  statement,
  text,
  uuid,
} from '../database/row.js';
import { CLUSTER, inTurns, slicesOf, unnest } from '../database/statement.js';
import type { EdgeHour } from '../flows/edge.js';
import type { AlertSeverity } from './alert.js';
import type { AlertRuleDefinition } from './alert-rule.js';
import { alertRuleStore } from './alert-rule.store.js';
import type { SuspectFlow } from './deviation.js';
import type { Raised } from './incident.js';
import { asHour, LET_THROUGH, type LetThrough } from './let-through.js';
import { RAISE, RAISE_MATCHES, RELINK, REOPEN_LEADS } from './raise-text.js';
import { PUT_SCAN_FLOWS, PUT_SCANS, SCANNING, SUM_SCANS } from './scan-text.js';
import { OUTSIDE_OF, suspectsText } from './suspects-text.js';
import { FLOWS_AFTER, HOUR_ROW, HOURS_OF, type HourRow, hourOf } from './window-hours.js';

/** What a cluster's flows are held against. */
export type Watched = {
  /** Name of the cluster. */
  readonly name: string;
  /** Whether any deployment of the cluster has a baseline. */
  readonly hasBaselines: boolean;
  /** Those that are enabled. */
  readonly rules: readonly AlertRuleDefinition[];
};

export type Looked = {
  readonly flows: readonly string[];
  /** Those of them that the dataplane is against. */
  readonly told: readonly string[];
  /** Ids of peers at known bad addresses. */
  readonly bad: readonly string[];
  /** Whether flows count that are permitted and in no baseline. */
  readonly unlearned: boolean;
};

/** A deployment that may scan, and the alert that this would be. */
export type Scanner = {
  readonly deploymentId: string;
  readonly alertId: string;
  readonly threshold: number;
  readonly rank: number;
  readonly ruleId: string;
  readonly severity: AlertSeverity;
  readonly category: string;
};

/** What ingestion does to alerts, in its own transaction, which holds the cluster's flows. */
export type RaiseStore = {
  watched(clusterId: number): Promise<Watched>;
  /** Peers outside at an end of the flows, each once, with their addresses or blocks; in no order. */
  outside(
    clusterId: number,
    flows: readonly string[],
  ): Promise<readonly { readonly id: string; readonly address: string }[]>;
  /** Those of the flows that may meet a rule; that an end is known to be bad is not told of them. */
  suspects(clusterId: number, looked: Looked): Promise<readonly SuspectFlow[]>;
  /**
   * What the dataplane let through of flows, or did not judge, as one hour each: no probe counts as denied by policies,
   * and what was one so far is counted when it is none any more.
   */
  letThrough(clusterId: number, flows: readonly string[]): Promise<readonly EdgeHour[]>;
  /**
   * Adds to the alerts and to their flows; a resolved one that occurs again is open again, a snoozed one sleeps on.
   * @param alerts unique by id
   * @param flows what each flow added to its alert
   */
  raise(clusterId: number, alerts: readonly Raised[], flows: readonly Raised[]): Promise<void>;
  /** Those who scanned in one of the hours (ISO text), or did before. */
  scanning(
    clusterId: number,
    scanners: readonly Scanner[],
    hours: readonly string[],
  ): Promise<readonly Scanner[]>;
  /** Writes their alerts, by the flows of these hours and of those before. */
  putScans(
    clusterId: number,
    scanners: readonly Scanner[],
    hours: readonly string[],
  ): Promise<void>;
  /** Ids of flows seen in a window, those after one of them; in the order of ids. */
  flowsAfter(
    clusterId: number,
    page: Window & { readonly after: string | null; readonly limit: number },
  ): Promise<readonly string[]>;
  /** What was counted of flows in the hours of a window. */
  hoursOf(
    clusterId: number,
    flows: readonly string[],
    window: Window,
  ): Promise<readonly EdgeHour[]>;
  /** Says anew which alerts of the deployments belong to a more telling one of the same deployment within a day. */
  relink(clusterId: number, deployments: readonly string[]): Promise<void>;
};

/** ISO text; since included, until excluded. */
type Window = { readonly since: string; readonly until: string };

const STATEMENTS = {
  watched: statement('alertRaises.watched', { name: text, hasBaselines: bool }),
  outside: statement('alertRaises.outside', { id: uuid, address: text }),
  suspects: statement<Omit<SuspectFlow, 'seen'>>('alertRaises.suspects', {
    id: uuid,
    port: nullable(int4),
    protocol: text,
    metadata: bool,
    policyDenied: bool,
    permitted: bool,
    source: json<SuspectFlow['source']>(),
    destination: json<SuspectFlow['destination']>(),
  }),
  letThrough: statement<LetThrough>('alertRaises.letThrough', {
    flowId: uuid,
    events: int8,
    firstSeen: float8,
    lastSeen: float8,
  }),
  flowsAfter: statement('alertRaises.flowsAfter', { id: uuid }),
  hoursOf: statement<HourRow>('alertRaises.hoursOf', HOUR_ROW),
  scanning: statement('alertRaises.scanning', { id: uuid }),
} as const;

/** All who write alerts lock them in this order. */
const inOrder = (rows: readonly Raised[]): readonly Raised[] =>
  rows.toSorted((one, other) => (one.id < other.id ? -1 : 1));

const raisedRows = (rows: readonly Raised[]) =>
  unnest(
    rows,
    'x',
    {
      id: ['uuid', row => row.id],
      rule: ['text', row => row.rule],
      category: ['text', row => row.category],
      severity: ['text', row => row.severity],
      deployment_id: ['uuid', row => row.deploymentId],
      peer_id: ['uuid', row => row.peerId],
      flow_id: ['uuid', row => row.flowId],
      message: ['text', row => row.line],
      occurrences: ['bigint', row => row.events],
      first_occurred_at: ['timestamptz', row => row.firstOccurredAt],
      last_occurred_at: ['timestamptz', row => row.lastOccurredAt],
      rank: ['smallint', row => row.rank],
      rules: ['jsonb', row => JSON.stringify(row.rules)],
      rule_ids: ['jsonb', row => JSON.stringify(row.ruleIds)],
      group_kind: ['text', row => row.groupKind],
      group_name: ['text', row => row.groupName],
      passed: ['bigint', row => row.passed],
      why: ['text', row => row.why],
    },
    2,
  );

/** Each has many flows, and each of these its hours. */
const SCANNERS_AT_ONCE = 250;

const scannerRows = (rows: readonly Scanner[]) =>
  unnest(
    rows,
    'o',
    {
      deployment_id: ['uuid', row => row.deploymentId],
      alert_id: ['uuid', row => row.alertId],
      threshold: ['int', row => row.threshold],
      rank: ['smallint', row => row.rank],
      rule_id: ['uuid', row => row.ruleId],
      severity: ['text', row => row.severity],
      category: ['text', row => row.category],
    },
    3,
  );

async function raise(
  manager: EntityManager,
  clusterId: number,
  alerts: readonly Raised[],
  flows: readonly Raised[],
): Promise<void> {
  await inTurns(inOrder(alerts), some => {
    const { from, values } = raisedRows(some);
    return manager.query(`/* alertRaises.raise */ ${RAISE(from)}`, [clusterId, ...values]);
  });
  await inTurns(inOrder(flows), some => {
    const { from, values } = raisedRows(some);
    return manager.query(`/* alertRaises.matches */ ${RAISE_MATCHES(from)}`, [
      clusterId,
      ...values,
    ]);
  });
}

export const alertRaiseStore = (manager: EntityManager): RaiseStore => ({
  watched: async clusterId => {
    const row = await STATEMENTS.watched.row(
      manager,
      `select name, exists (select from baseline where cluster_id = ${CLUSTER}) as "hasBaselines" from cluster where id = $1`,
      [clusterId],
    );
    const rules = await alertRuleStore(manager).all();
    return { ...row, rules: rules.filter(({ enabled }) => enabled) };
  },
  outside: async (clusterId, flows) => {
    const found = await inTurns(flows, some =>
      STATEMENTS.outside.rows(manager, OUTSIDE_OF, [clusterId, some]),
    );
    return [...new Map(found.map(peer => [peer.id, peer])).values()];
  },
  suspects: (clusterId, { flows, told, bad, unlearned }) =>
    inTurns(flows, some =>
      STATEMENTS.suspects.rows(manager, suspectsText, [clusterId, some, told, bad, unlearned]),
    ),
  letThrough: (clusterId, flows) =>
    inTurns(flows, async some =>
      (await STATEMENTS.letThrough.rows(manager, LET_THROUGH, [clusterId, some])).map(asHour),
    ),
  raise: (clusterId, alerts, flows) => raise(manager, clusterId, alerts, flows),
  scanning: async (clusterId, scanners, hours) => {
    const found = await inTurns(
      scanners,
      some => {
        const { from, values } = scannerRows(some);
        return STATEMENTS.scanning.rows(manager, SCANNING(from), [clusterId, hours, ...values]);
      },
      SCANNERS_AT_ONCE,
    );
    const ids = new Set(found.map(({ id }) => id));
    return scanners.filter(({ deploymentId }) => ids.has(deploymentId));
  },
  flowsAfter: async (clusterId, { since, until, after, limit }) => {
    const values = [clusterId, since, until, after, limit];
    return (await STATEMENTS.flowsAfter.rows(manager, FLOWS_AFTER, values)).map(({ id }) => id);
  },
  hoursOf: async (clusterId, flows, { since, until }) => {
    const values = [clusterId, flows, since, until];
    return (await STATEMENTS.hoursOf.rows(manager, HOURS_OF, values)).map(hourOf);
  },
  putScans: async (clusterId, scanners, hours) => {
    for (const some of slicesOf(scanners, SCANNERS_AT_ONCE)) {
      const { from, values } = scannerRows(some);
      for (const step of [PUT_SCANS, PUT_SCAN_FLOWS, SUM_SCANS])
        await manager.query(`/* alertRaises.putScans */ ${step(from)}`, [
          clusterId,
          hours,
          ...values,
        ]);
    }
  },
  relink: async (clusterId, deployments) => {
    for (const step of [RELINK, REOPEN_LEADS])
      await manager.query(`/* alertRaises.relink */ ${step}`, [clusterId, deployments]);
  },
});
