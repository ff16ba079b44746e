import { and, type Condition, condition, EVERYTHING } from '../query/condition.js';
import { type Combined, combined, type StringFilter, stringCondition } from '../query/filter.js';
import { type LabelSelector, labelCondition } from '../query/label-selector.js';

export const Isolation = {
  INGRESS: 'INGRESS',
  EGRESS: 'EGRESS',
  BOTH: 'BOTH',
  NONE: 'NONE',
} as const;
/** For which directions policies in force select a deployment's pods. */
export type Isolation = (typeof Isolation)[keyof typeof Isolation];

/** An interface, so that it can name itself. */
export interface DeploymentFilter extends Combined<DeploymentFilter> {
  readonly cluster?: StringFilter | null;
  readonly namespace?: StringFilter | null;
  readonly name?: StringFilter | null;
  readonly kind?: StringFilter | null;
  readonly labels?: LabelSelector | null;
  readonly isolation?: Isolation | null;
  /** True: also those that ended. Counts in the outermost filter only. */
  readonly ended?: boolean | null;
}

type Keys = readonly { readonly clusterId: number; readonly id: string }[];
type Isolated = (isolation: Isolation) => Keys;

const among = (keys: Keys): Condition =>
  condition(
    '(p.cluster_id, p.id) in (select * from unnest($1::int[], $2::uuid[]))',
    keys.map(({ clusterId }) => clusterId),
    keys.map(({ id }) => id),
  );

/** One cluster by name becomes its id first, so that the indexes that begin with `cluster_id` serve. */
const clusterCondition = (filter: DeploymentFilter['cluster']): Condition =>
  typeof filter?.eq === 'string'
    ? and([
        condition('p.cluster_id = (select id from cluster where name = $1)', filter.eq),
        stringCondition('c.name', filter),
      ])
    : stringCondition('c.name', filter);

/** What a filter asks of a `peer` row `p` with its cluster `c`. `isolated`: what the room of policies knows. */
export const deploymentCondition = (
  filter: DeploymentFilter | null | undefined,
  isolated: Isolated,
): Condition => {
  const asked = combined(filter, ({ cluster, namespace, name, kind, labels, isolation }) =>
    and([
      clusterCondition(cluster),
      stringCondition('p.namespace', namespace),
      stringCondition('p.name', name),
      stringCondition('p.workload_kind', kind),
      labelCondition(`coalesce(p.labels, '{}')`, labels),
      isolation ? among(isolated(isolation)) : EVERYTHING,
    ]),
  );
  return and([filter?.ended === true ? EVERYTHING : condition('p.ended_at is null'), asked]);
};

/** Every isolation that a filter asks for, however deep. */
export const isolationsIn = (filter: DeploymentFilter | null | undefined): readonly Isolation[] =>
  filter === null || filter === undefined
    ? []
    : [
        ...(filter.isolation ? [filter.isolation] : []),
        ...[filter.not, ...(filter.and ?? []), ...(filter.or ?? [])].flatMap(isolationsIn),
      ];
