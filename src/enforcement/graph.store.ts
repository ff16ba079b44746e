import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { visible } from '../access/visible.js';
import { ANOMALOUS_SQL, FLOW_TABLES } from '../flows/flow-condition.js';
import { buildWhere, type Condition, condition } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import type { GraphEdge } from './graph.js';

export type GraphStore = {
  /**
   * The edges of the flows that the filter takes, at most `limit`, those seen latest first.
   * @param filter over `FLOW_TABLES`
   */
  edges(filter: Condition, limit: number): Promise<readonly GraphEdge[]>;
};

const PORT = `json_build_object('flowId', f.id, 'port', f.port, 'protocol', f.protocol, 'events', f.events::text,
  'lastSeenAt', ${dateTimeText('f.last_seen_at')}, 'governed', f.governed,
  'anomalous', ${ANOMALOUS_SQL}, 'inBaseline', f.in_baseline)`;

export const graphStore = (manager: EntityManager, caller: Caller): GraphStore => {
  const end = (alias: string): string =>
    visible(caller, { clusterId: 'f.cluster_id', namespace: `${alias}.namespace` });
  const seen = condition(`(${end('s')} or ${end('d')})`);
  return {
    edges: (filter, limit) => {
      const { sql, values } = buildWhere([filter, seen]);
      return manager.query(
        `/* graph.edges */
        select f.source_id as "sourceId", f.destination_id as "destinationId",
          json_agg(${PORT} order by f.protocol, f.port) as ports
        from ${FLOW_TABLES} ${sql}
        group by f.cluster_id, f.source_id, f.destination_id
        order by max(f.last_seen_at) desc, f.source_id, f.destination_id
        limit ${Math.trunc(limit)}`,
        [...values],
      );
    },
  };
};
