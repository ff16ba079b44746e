import { hash } from 'node:crypto';
import { stableId } from '../inventory/identity.js';

export const PolicySource = {
  /** In force in the cluster: a snapshot or the sensor showed it. */
  LIVE: 'LIVE',
  GITOPS: 'GITOPS',
  GENERATED: 'GENERATED',
  DRAFT: 'DRAFT',
} as const;
export type PolicySource = (typeof PolicySource)[keyof typeof PolicySource];

/** A row of `policy`. Times are ISO text. */
export type PolicyRecord = {
  readonly clusterId: number;
  readonly id: string;
  readonly source: PolicySource;
  readonly kind: string;
  /** Null for cluster-scoped kinds. */
  readonly namespace: string | null;
  readonly name: string;
  /** As written, JSON values. */
  readonly document: unknown;
  readonly yaml: string;
  readonly contentHash: string;
  readonly validFrom: string;
  readonly endedAt: string | null;
};

export type PolicyName = {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
};

export const policyId = (source: PolicySource, { kind, namespace, name }: PolicyName): string =>
  stableId(`policy ${source} ${kind} ${namespace ?? ''} ${name}`);

/** @param scope that it was made under; empty: the whole cluster */
export const policySetId = (name: string, version: number, scope: string): string =>
  stableId(`policy set ${name} ${version}${scope === '' ? '' : ` ${scope}`}`);

export const yamlHash = (yaml: string): string => hash('sha256', yaml, 'hex');
