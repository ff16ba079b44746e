import type { EntityManager } from 'typeorm';
import { statement, text } from '../database/row.js';

/**
 * What a cluster's verdicts rest on, as of two versions: bigints as text. A version is never given twice, not even by
 * a transaction that was rolled back: it is later than the last one and not earlier than the clock.
 */
export type Versions = { readonly facts: string; readonly policies: string };

export type VersionStore = {
  /** As this transaction sees them. */
  of(clusterId: number): Promise<Versions>;
  /** Labels, namespaces, nodes or Services are others. Holds the cluster's row until the transaction ends. */
  factsChanged(clusterId: number): Promise<void>;
  /** Policies are others. Holds the cluster's row until the transaction ends. */
  policiesChanged(clusterId: number): Promise<void>;
  /** The verdicts of the cluster's flows are to be made anew. Holds the cluster's row. */
  verdictsDue(clusterId: number): Promise<void>;
};

const OF = statement<Versions>('versions.of', { facts: text, policies: text });

const next = (column: string): string =>
  `${column} = greatest(${column} + 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint)`;

export const versionStore = (manager: EntityManager): VersionStore => ({
  of: clusterId =>
    OF.row(
      manager,
      'select facts_version::text as facts, policies_version::text as policies from cluster where id = $1',
      [clusterId],
    ),
  factsChanged: async clusterId => {
    await manager.query(
      `/* versions.factsChanged */ update cluster set ${next('facts_version')} where id = $1`,
      [clusterId],
    );
  },
  policiesChanged: async clusterId => {
    await manager.query(
      `/* versions.policiesChanged */ update cluster set ${next('policies_version')} where id = $1`,
      [clusterId],
    );
  },
  verdictsDue: async clusterId => {
    await manager.query(
      '/* versions.verdictsDue */ update cluster set pending_epoch = verdict_epoch + 1 where id = $1',
      [clusterId],
    );
  },
});
