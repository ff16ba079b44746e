import { ImportMode, type PoliciesTaken } from '../inventory/inventory-import.js';
import type { PoliciesFound } from '../inventory/snapshot.js';
import { type Policy, render } from '../netpol/index.js';
import { type PolicyName, type PolicyRecord, PolicySource, policyId, yamlHash } from './policy.js';
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

const nameOf = ({ kind, namespace, name }: PolicyName): string =>
  `${kind} ${namespace ?? ''}/${name}`;

/**
 * Keeps the policies that a snapshot shows as the cluster's LIVE ones. With REPLACE, live policies of the kinds
 * present that are missing from the snapshot have ended; one whose document was refused is still there.
 */
export async function keepLivePolicies(
  store: PolicyStore,
  clusterId: number,
  found: PoliciesFound,
  { mode, observedAt }: { readonly mode: ImportMode; readonly observedAt: string },
): Promise<PoliciesTaken> {
  const rows = found.policies.map(policy =>
    recordOf(clusterId, PolicySource.LIVE, policy, observedAt),
  );
  const changed = rows.length === 0 ? [] : await store.put(clusterId, rows);
  const present = new Set(found.present.map(nameOf));
  const kinds = new Set(found.present.map(({ kind }) => kind));
  const live =
    mode === ImportMode.REPLACE ? await store.inForce(clusterId, PolicySource.LIVE, null) : [];
  const gone = live
    .filter(row => kinds.has(row.kind) && !present.has(nameOf(row)))
    .map(({ id }) => id);
  const ended = gone.length === 0 ? [] : await store.end(clusterId, gone, observedAt);
  return {
    policies: rows.length,
    changed: changed.length + ended.length,
    ended: ended.length,
    problems: [],
  };
}
