import {
  and,
  type Condition,
  condition,
  EVERYTHING,
  NOTHING,
  sql,
  value,
} from '../query/condition.js';
import { labelCondition } from '../query/label-selector.js';
import { type Caller, seesWhole } from './caller.js';
import { scopeKey } from './scope.js';

/*
 * The one place where scopes become SQL. Names and labels are parameters, never text of a statement.
 */

/** A cluster that is being deleted has no name that a scope could hold. */
const notDeleted = (clusterId: string): Condition =>
  condition(
    `${clusterId} not in (select gone.id from cluster gone where gone.deleted_at is not null)`,
  );

/** Of a row of a cluster, whoever in it the row is about. */
export const inClusters = ({ clusters }: Pick<Caller, 'clusters'>, clusterId: string): Condition =>
  clusters === 'ALL'
    ? notDeleted(clusterId)
    : sql`${clusterId} in (select seen.id from cluster seen where seen.name = any(${value('text[]', clusters)}))`;

/** Of a row about a cluster as a whole, such as its ranges: only who sees all of the cluster sees it. */
export const wholly = (caller: Caller, clusterId: string): Condition =>
  seesWhole(caller) ? inClusters(caller, clusterId) : NOTHING;

/** SQL expressions that give a row's cluster and namespace; a row whose namespace is null is about the whole cluster. */
export type ScopedColumns = { readonly clusterId: string; readonly namespace: string };

const inNamespaces = ({ namespaces }: Caller, namespace: string): Condition =>
  namespaces === 'ALL'
    ? condition(`${namespace} is not null`)
    : sql`(${namespace} = any(${value('text[]', namespaces)})) is true`;

/** Of a row about all that is in a namespace, such as a policy: who sees some workloads of it only does not see the row. */
export const visible = (caller: Caller, { clusterId, namespace }: ScopedColumns): Condition => {
  if (seesWhole(caller)) return inClusters(caller, clusterId);
  if (caller.selector !== null) return NOTHING;
  return and([inClusters(caller, clusterId), inNamespaces(caller, namespace)]);
};

/** Of a row of `peer`: a workload in the scope, by its namespace and the labels that it has now. */
export const visibleWorkload = (caller: Caller, alias: string): Condition => {
  const within = inClusters(caller, `${alias}.cluster_id`);
  if (seesWhole(caller)) return within;
  const labelled =
    caller.selector === null
      ? EVERYTHING
      : and([
          condition(`${alias}.labels is not null`),
          labelCondition(`${alias}.labels`, caller.selector),
        ]);
  return and([within, inNamespaces(caller, `${alias}.namespace`), labelled]);
};

/** Of a namespace `alias`: it is in the scope, and where the scope is by labels, some workload of it is. */
export const visibleNamespace = (caller: Caller, alias: string): Condition => {
  const within = inClusters(caller, `${alias}.cluster_id`);
  if (seesWhole(caller)) return within;
  if (caller.selector === null) return and([within, inNamespaces(caller, `${alias}.name`)]);
  return sql`exists (select from peer inside where inside.cluster_id = ${`${alias}.cluster_id`}
    and inside.namespace = ${`${alias}.name`} and ${visibleWorkload(caller, 'inside')})`;
};

/**
 * Of a row that was computed for somebody, as a simulation: who sees the whole cluster sees it, and else who has the
 * very scope that it was made under.
 */
export const madeWithin = (
  caller: Caller,
  { clusterId, scope }: { readonly clusterId: string; readonly scope: string },
): Condition => {
  const within = inClusters(caller, clusterId);
  return seesWhole(caller)
    ? within
    : and([within, sql`${scope} = ${value('text', scopeKey(caller))}`]);
};
