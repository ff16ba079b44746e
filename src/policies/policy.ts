import { hash } from 'node:crypto';

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

const uuidOf = (text: string): string =>
  hash('sha256', text, 'hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

export type PolicyName = {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
};

export const policyId = (source: PolicySource, { kind, namespace, name }: PolicyName): string =>
  uuidOf(`policy ${source} ${kind} ${namespace ?? ''} ${name}`);

export const policySetId = (name: string, version: number): string =>
  uuidOf(`policy set ${name} ${version}`);

export const yamlHash = (yaml: string): string => hash('sha256', yaml, 'hex');
