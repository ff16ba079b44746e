import type { Window } from '../flows/flow-condition.js';
import type { WindowFlow } from '../flows/flow-window.store.js';
import type { PeerStore } from '../inventory/peer.store.js';
import { peerName } from '../inventory/peer-label.js';
import type { ScopedDeployment } from '../inventory/scope.store.js';
import type { Problem } from '../netpol/index.js';
import { counted } from '../netpol/index.js';
import { warningAt } from '../query/problem.js';
import { unlearnable } from './baseline.js';
import { named } from './named.js';

export const nameOf = ({ namespace, name }: ScopedDeployment): string => `${namespace}/${name}`;

export const locked = (deployments: readonly ScopedDeployment[]): readonly Problem[] =>
  deployments.length === 0
    ? []
    : [
        warningAt(
          'BASELINE_LOCKED',
          null,
          `${counted(deployments.length, 'locked baseline stays as it is', 'locked baselines stay as they are')}: ${named(deployments.map(nameOf))}`,
          'unlock them with `unlockBaselines` first',
        ),
      ];

export const silent = (deployments: readonly ScopedDeployment[]): readonly Problem[] =>
  deployments.length === 0
    ? []
    : [
        warningAt(
          'NO_FLOWS',
          null,
          `nothing could be learned for ${counted(deployments.length, 'deployment')} without a flow to learn from in the window: ${named(deployments.map(nameOf))}`,
          'observe longer, or give a wider window; a baseline that they have already stays',
        ),
      ];

/** "observe at least 24-48 hours": daily jobs show within a day. */
const SHORTEST = 24 * 60 * 60 * 1000;

/** The observed part of the window, in milliseconds. */
function observedSpan(flows: readonly WindowFlow[], { since, until }: Window): number {
  const first = flows.reduce(
    (least, flow) => Math.min(least, Date.parse(flow.firstSeenAt)),
    Infinity,
  );
  const last = flows.reduce((most, flow) => Math.max(most, Date.parse(flow.lastSeenAt)), -Infinity);
  const from = since === null ? first : Math.max(first, Date.parse(since));
  const to = until === null ? last : Math.min(last, Date.parse(until));
  return to - from;
}

export function short(flows: readonly WindowFlow[], window: Window): readonly Problem[] {
  if (flows.length === 0) return [];
  const span = observedSpan(flows, window);
  if (span >= SHORTEST) return [];
  const minutes = Math.round(span / 60_000);
  const length =
    minutes < 120 ? counted(minutes, 'minute') : counted(Math.round(minutes / 60), 'hour');
  return [
    warningAt(
      'SHORT_WINDOW',
      null,
      `only ${length} of traffic were learned from`,
      'observe at least 24-48 hours before you lock: nightly jobs and rare calls are not in it yet',
    ),
  ];
}

/** Those that were left out, by reason and by name. */
export async function notLearned(
  { peers }: { readonly peers: Pick<PeerStore, 'byIds'> },
  clusterId: number,
  flows: readonly WindowFlow[],
): Promise<readonly Problem[]> {
  const left = flows.filter(flow => unlearnable(flow) !== null);
  if (left.length === 0) return [];
  const ids = new Set(left.flatMap(({ sourceId, destinationId }) => [sourceId, destinationId]));
  const found = await peers.byIds([...ids].map(id => ({ clusterId, id })));
  const names = new Map(found.map(peer => [peer.askedId, peerName(peer)]));
  const line = ({ sourceId, destinationId, protocol, port }: WindowFlow): string =>
    `${names.get(sourceId)} -> ${names.get(destinationId)} (${protocol} ${port ?? '-'})`;
  const byReason = [...Map.groupBy(left, flow => unlearnable(flow) ?? '')];
  return byReason
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([reason, some]) =>
      warningAt(
        'FLOWS_NOT_LEARNED',
        null,
        `${counted(some.length, 'flow is', 'flows are')} not learned, because ${reason}: ${named(some.map(line).toSorted())}`,
        'look into them; what should be normal can be allowed by a policy',
      ),
    );
}
