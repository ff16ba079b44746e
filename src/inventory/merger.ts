import { deploymentKey, peerId } from './identity.js';
import { type Owner, ownerOfPodName } from './owner.js';
import { PeerKind } from './peer.js';
import type { SnapshotPod } from './workloads.js';

/** A peer that turned out to be another one, by ids. */
export type Merger = { readonly from: string; readonly to: string };

const idOf = (namespace: string, { kind, name }: Owner): string =>
  peerId(PeerKind.DEPLOYMENT, deploymentKey(namespace, kind, name));

/** What the pods' names alone would have been taken for, where a snapshot says something else. */
export function mergersTold(pods: readonly SnapshotPod[]): readonly Merger[] {
  const told = new Map<string, string>();
  for (const { namespace, name, labels, deploymentId } of pods) {
    const hash = labels['pod-template-hash'];
    const guesses = [ownerOfPodName(name), ownerOfPodName(name, hash ?? null)];
    for (const guess of guesses) {
      const from = idOf(namespace, guess);
      if (from !== deploymentId) told.set(from, deploymentId);
    }
  }
  return [...told].map(([from, to]) => ({ from, to }));
}

/** Follows mergers to their last end, so that none leads to one that is merged itself. */
export function settledMergers(mergers: readonly Merger[]): readonly Merger[] {
  const next = new Map(mergers.map(({ from, to }) => [from, to]));
  const endOf = (id: string): string => {
    const passed = new Set<string>();
    let end = id;
    for (let to = next.get(end); to !== undefined && !passed.has(to); to = next.get(end)) {
      passed.add(to);
      end = to;
    }
    return end;
  };
  return mergers
    .map(({ from }) => ({ from, to: endOf(from) }))
    .filter(({ from, to }) => from !== to);
}
