import { ImportMode, type PoliciesTaken } from '../inventory/inventory-import.js';
import type { PoliciesFound } from '../inventory/snapshot.js';
import { type Policy, render } from '../netpol/index.js';
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

/** So many at once make another table, of which Postgres knows nothing until some later minute. */
const LARGE = 1_000;

/** A policy that an import found otherwise than it was known. */
export type ChangedPolicy = {
  /** Null: it was not in force. */
  readonly before: PolicyRecord | null;
  /** Null: it is not in force any more. */
  readonly after: PolicyRecord | null;
};

export type LivePoliciesTaken = PoliciesTaken & {
  /** Empty where none was known before. */
  readonly changes: readonly ChangedPolicy[];
};

/**
 * Keeps the policies that a snapshot shows as the cluster's LIVE ones. With REPLACE, live policies of the kinds
 * present that are missing from the snapshot have ended; one whose document was refused is still there.
 */
export async function keepLivePolicies(
  store: PolicyStore,
  clusterId: number,
  found: PoliciesFound,
  { mode, observedAt }: { readonly mode: ImportMode; readonly observedAt: string },
): Promise<LivePoliciesTaken> {
  const rows = found.policies.map(policy =>
    recordOf(clusterId, PolicySource.LIVE, policy, observedAt),
  );
  const live = await store.hashesInForce(clusterId, PolicySource.LIVE);
  const hashes = new Map(live.map(({ id, hash }) => [id, hash]));
  const others = rows.filter(({ id, contentHash }) => hashes.get(id) !== contentHash);
  const known = live.length === 0 ? [] : others.map(({ id }) => id);
  const before = new Map(
    (await store.bearing(clusterId, known)).map(policy => [policy.id, policy]),
  );
  const changed = others.length === 0 ? [] : await store.put(clusterId, others);
  if (changed.length >= LARGE) await store.analyze();
  const present = new Set(found.present.map(one => policyId(PolicySource.LIVE, one)));
  const kinds = new Set(found.present.map(({ kind }) => kind));
  const gone =
    mode === ImportMode.REPLACE
      ? live.filter(({ id, kind }) => kinds.has(kind) && !present.has(id)).map(({ id }) => id)
      : [];
  const ended = gone.length === 0 ? [] : await store.end(clusterId, gone, observedAt);
  const inForce = (id: string): PolicyRecord | null => {
    const policy = before.get(id);
    return policy === undefined || policy.endedAt !== null ? null : policy;
  };
  return {
    policies: rows.length,
    changed: changed.length + ended.length,
    ended: ended.length,
    problems: [],
    changes: [
      ...(live.length === 0 ? [] : others.map(after => ({ before: inForce(after.id), after }))),
      ...(await store.bearing(clusterId, ended)).map(one => ({ before: one, after: null })),
    ],
  };
}
