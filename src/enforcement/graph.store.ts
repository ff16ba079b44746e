import type { EntityManager } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { json, statement, uuid } from '../database/row.js';
import { ANOMALOUS_SQL } from '../flows/flow-condition.js';
import { narrowed } from '../flows/flow-narrow.js';
import { seenFlows } from '../flows/flow-seen.js';
import type { FlowSelection } from '../flows/flow-selection.js';
import { sql } from '../query/condition.js';
import { dateTimeText } from '../query/date-time.js';
import type { GraphEdge, GraphPort } from './graph.js';

export type GraphStore = {
  /** The edges of the flows that are asked for, at most `limit`, those seen latest first. */
  edges(selection: FlowSelection, limit: number): Promise<readonly GraphEdge[]>;
};

const EDGES = statement<GraphEdge>('graph.edges', {
  sourceId: uuid,
  destinationId: uuid,
  ports: json<readonly GraphPort[]>(),
});

const PORT = `json_build_object('flowId', f.id, 'port', f.port, 'protocol', f.protocol, 'events', f.events::text,
  'lastSeenAt', ${dateTimeText('f.last_seen_at')}, 'governed', f.governed,
  'anomalous', ${ANOMALOUS_SQL}, 'inBaseline', f.in_baseline)`;

export const graphStore = (manager: EntityManager, caller: Caller): GraphStore => ({
  edges: (asked, limit) => {
    const { selection, clusters } = seenFlows(caller, asked);
    const { sql: text, values } = sql`with ${clusters}
      select f.source_id as "sourceId", f.destination_id as "destinationId",
        json_agg(${PORT} order by f.protocol, f.port) as ports
      from ${narrowed(selection)} where ${selection.rows}
      group by f.cluster_id, f.source_id, f.destination_id
      order by max(f.last_seen_at) desc, f.source_id, f.destination_id
      limit ${String(Math.trunc(limit))}`;
    return EDGES.rows(manager, text, values);
  },
});
