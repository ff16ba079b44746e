import { type Policy, type Problem, parsePolicies, render, type Source } from '../netpol/index.js';
import { type PolicyRecord, PolicySource, policyId, yamlHash } from './policy.js';
import type { PolicyStore } from './policy.store.js';

/** A parsed policy as a row, valid from a moment on. */
export function recordOf(
  clusterId: number,
  source: PolicySource,
  policy: Policy,
  validFrom: string,
): PolicyRecord {
  const yaml = render([policy]);
  const { kind, namespace, name, document } = policy;
  return {
    clusterId,
    id: policyId(source, policy),
    source,
    kind,
    namespace,
    name,
    document,
    yaml,
    contentHash: yamlHash(yaml),
    validFrom,
    endedAt: null,
  };
}

export type FoundPolicies = {
  readonly clusterId: number;
  readonly sources: readonly Source[];
  readonly mode: 'MERGE' | 'REPLACE';
  readonly observedAt: string;
};

export type StoredPolicies = {
  readonly policies: number;
  readonly changed: number;
  readonly ended: number;
  readonly problems: readonly Problem[];
};

/**
 * Keeps the policies that a snapshot shows as the cluster's LIVE ones. With REPLACE, live policies of the kinds
 * present that the snapshot lacks have ended. A refused document is a problem, and the rest goes on.
 */
export async function keepLivePolicies(
  { policies: store }: { readonly policies: PolicyStore },
  { clusterId, sources, mode, observedAt }: FoundPolicies,
): Promise<StoredPolicies> {
  const { policies, problems } = parsePolicies(sources);
  const rows = policies.map(policy => recordOf(clusterId, PolicySource.LIVE, policy, observedAt));
  const changed = rows.length === 0 ? [] : await store.put(clusterId, rows);
  const present = new Set(rows.map(({ id }) => id));
  const kinds = new Set(rows.map(({ kind }) => kind));
  const live = mode === 'REPLACE' ? await store.inForce(clusterId, PolicySource.LIVE, null) : [];
  const gone = live
    .filter(({ id, kind }) => kinds.has(kind) && !present.has(id))
    .map(({ id }) => id);
  const ended = gone.length === 0 ? [] : await store.end(clusterId, gone, observedAt);
  return { policies: rows.length, changed: changed.length, ended: ended.length, problems };
}
