import type { Window } from '../flows/flow-condition.js';
import type { FlowWindowStore, WindowFlow } from '../flows/flow-window.store.js';
import type { PeerStore } from '../inventory/peer.store.js';
import { peerName } from '../inventory/peer-label.js';
import { type DeploymentScope, inScope } from '../inventory/scope.js';
import type { ScopedDeployment, ScopeStore } from '../inventory/scope.store.js';
import { type Problem, Severity } from '../netpol/index.js';
import {
  type Baseline,
  type BaselineEntry,
  BaselineState,
  learn,
  unlearnable,
} from './baseline.js';
import type { BaselineStore } from './baseline.store.js';
import { counted, named } from './named.js';

/** All in one transaction. */
type GenerateBaselineStores = {
  readonly scopes: ScopeStore;
  readonly flowWindows: Pick<FlowWindowStore, 'inWindow'>;
  readonly peers: Pick<PeerStore, 'byIds'>;
  readonly baselines: BaselineStore;
};

export type GenerateBaselinesDeps = {
  readonly transaction: <T>(work: (stores: GenerateBaselineStores) => Promise<T>) => Promise<T>;
  /** ISO text. */
  readonly now: () => string;
};

export type GenerateBaselinesInput = DeploymentScope & Window & { readonly clusterId: number };

export type BaselinesOutcome = {
  readonly baselines: readonly Baseline[];
  readonly problems: readonly Problem[];
};

const warning = (code: string, message: string, hint: string): Problem => ({
  code,
  severity: Severity.WARNING,
  message,
  path: null,
  place: null,
  hint,
});

export const nameOf = ({ namespace, name }: ScopedDeployment): string => `${namespace}/${name}`;

const locked = (deployments: readonly ScopedDeployment[]): readonly Problem[] =>
  deployments.length === 0
    ? []
    : [
        warning(
          'BASELINE_LOCKED',
          `${counted(deployments.length, 'locked baseline stays as it is', 'locked baselines stay as they are')}: ${named(deployments.map(nameOf))}`,
          'unlock them with `unlockBaselines` first',
        ),
      ];

const silent = (deployments: readonly ScopedDeployment[]): readonly Problem[] =>
  deployments.length === 0
    ? []
    : [
        warning(
          'NO_FLOWS',
          `nothing could be learned for ${counted(deployments.length, 'deployment', 'deployments')} without a flow to learn from in the window: ${named(deployments.map(nameOf))}`,
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

function short(flows: readonly WindowFlow[], window: Window): readonly Problem[] {
  if (flows.length === 0) return [];
  const span = observedSpan(flows, window);
  if (span >= SHORTEST) return [];
  const minutes = Math.round(span / 60_000);
  const length = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
  return [
    warning(
      'SHORT_WINDOW',
      `only ${length} of traffic were learned from`,
      'observe at least 24-48 hours before you lock: nightly jobs and rare calls are not in it yet',
    ),
  ];
}

/** Those that were left out, by reason and by name. */
async function notLearned(
  { peers }: Pick<GenerateBaselineStores, 'peers'>,
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
      warning(
        'FLOWS_NOT_LEARNED',
        `${counted(some.length, 'flow is', 'flows are')} not learned, because ${reason}: ${named(some.map(line).toSorted())}`,
        'look into them; what should be normal can be allowed by a policy',
      ),
    );
}

type Learned = {
  readonly deployments: readonly ScopedDeployment[];
  readonly entries: ReadonlyMap<string, readonly BaselineEntry[]>;
};

/** Writes the next version of each deployment's baseline, with its history and the marks of its flows. */
async function put(
  { baselines }: Pick<GenerateBaselineStores, 'baselines'>,
  input: GenerateBaselinesInput,
  { deployments, entries }: Learned,
  { before, now }: { readonly before: ReadonlyMap<string, Baseline>; readonly now: string },
): Promise<readonly Baseline[]> {
  const { clusterId, since, until } = input;
  const next = deployments.map(
    ({ id }): Baseline => ({
      clusterId,
      deploymentId: id,
      state: BaselineState.LEARNING,
      version: (before.get(id)?.version ?? 0) + 1,
      learnedSince: since,
      learnedUntil: until,
      generatedAt: now,
      lockedAt: null,
    }),
  );
  const rows = deployments.flatMap(({ id }) =>
    (entries.get(id) ?? []).map(entry => ({ ...entry, deploymentId: id })),
  );
  const ids = deployments.map(({ id }) => id);
  await baselines.put(next, rows);
  await baselines.keepRevision(clusterId, ids, now, 'generateBaselines');
  await baselines.markFlows(clusterId, ids);
  return next;
}

async function generate(
  stores: GenerateBaselineStores,
  input: GenerateBaselinesInput,
  now: string,
): Promise<BaselinesOutcome> {
  const { clusterId, since, until } = input;
  await stores.baselines.lockCluster(clusterId);
  const all = await stores.scopes.deployments(clusterId);
  const { chosen, problems } = inScope(all, one => one, input);
  const held = await stores.baselines.ofDeployments(chosen.map(({ id }) => ({ clusterId, id })));
  const before = new Map(held.map(baseline => [baseline.deploymentId, baseline]));
  const isLocked = ({ id }: ScopedDeployment): boolean => before.get(id)?.state === 'LOCKED';
  const open = chosen.filter(one => !isLocked(one));
  const ids = open.map(({ id }) => id);
  const scope = { clusterId, namespaces: null, deployments: ids };
  const flows = await stores.flowWindows.inWindow(scope, { since, until });
  const entries = learn(flows, new Set(ids));
  const isSilent = ({ id }: ScopedDeployment): boolean => entries.get(id)?.length === 0;
  const deployments = open.filter(one => !isSilent(one));
  const baselines = await put(stores, input, { deployments, entries }, { before, now });
  return {
    baselines,
    problems: [
      ...problems,
      ...locked(chosen.filter(isLocked)),
      ...silent(open.filter(isSilent)),
      ...(await notLearned(stores, clusterId, flows)),
      ...short(flows, input),
    ],
  };
}

/**
 * Learns what is normal for deployments from the flows of a window: the next version of each baseline. LOCKED ones
 * and those without anything to learn from stay as they are, with a WARNING.
 */
export const generateBaselines = (
  { transaction, now }: GenerateBaselinesDeps,
  input: GenerateBaselinesInput,
): Promise<BaselinesOutcome> => transaction(stores => generate(stores, input, now()));
