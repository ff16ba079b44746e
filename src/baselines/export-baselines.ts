import type { Peer } from '../inventory/peer.js';
import type { PeerStore } from '../inventory/peer.store.js';
import { peerName } from '../inventory/peer-label.js';
import { counted, type Problem, Severity } from '../netpol/index.js';
import { type Baseline, BaselineState, EntryStatus } from './baseline.js';
import type { BaselineStore, EntryOf } from './baseline.store.js';
import { type BaselineScope, chosenIn, type ScopeStores } from './chosen.js';

export type ExportStores = ScopeStores & {
  readonly baselines: Pick<BaselineStore, 'ofDeployments' | 'entriesOf'>;
  readonly peers: Pick<PeerStore, 'byIds'>;
};

export type BaselineExport = {
  readonly text: string;
  readonly baselines: number;
  readonly entries: number;
  readonly problems: readonly Problem[];
};

export const EXPORT_KIND = 'WeirgateBaselines';
export const EXPORT_VERSION = 1;

type Line = {
  readonly direction: string;
  readonly peer: string;
  readonly port: number | null;
  readonly protocol: string;
  readonly reason?: string;
  readonly status: EntryStatus;
};

const orderOf = ({ direction, peer, protocol, port }: Line): string =>
  `${direction} ${peer} ${protocol} ${String(port ?? '').padStart(5, '0')}`;

/** No evidence: it changes with each hour, and a file for Git should change when what is normal does. */
function lineOf(entry: EntryOf, peer: Peer): Line {
  const { direction, port, protocol, reason, status } = entry;
  return {
    ...{ direction, peer: peerName(peer), port, protocol },
    ...(reason !== null && { reason }),
    status,
  };
}

const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function baselineOf(
  { deploymentId, state }: Baseline,
  lines: readonly Line[],
  peers: ReadonlyMap<string, Peer>,
) {
  const own = peers.get(deploymentId);
  return own === undefined
    ? []
    : [
        {
          deployment: peerName(own),
          entries: lines.toSorted((one, other) => byText(orderOf(one), orderOf(other))),
          kind: own.workloadKind ?? '',
          locked: state === BaselineState.LOCKED,
        },
      ];
}

const hiddenOnes = (count: number): readonly Problem[] =>
  count === 0
    ? []
    : [
        {
          code: 'SCOPE_HIDES',
          severity: Severity.WARNING,
          message: `${counted(count, 'entry is', 'entries are')} left out, whose peer is outside of your scope`,
          path: null,
          place: null,
          hint: 'let somebody export who sees the whole cluster',
        },
      ];

/** The baselines of a scope as JSON: the same for the same baselines, byte by byte, with sorted keys and lists. */
export async function exportBaselines(
  stores: ExportStores,
  scope: BaselineScope,
): Promise<BaselineExport> {
  const { clusterId } = scope;
  const { chosen, problems } = await chosenIn(stores, scope);
  const keys = chosen.map(({ id }) => ({ clusterId, id }));
  const held = await stores.baselines.ofDeployments(keys);
  const entries = (await stores.baselines.entriesOf(keys)).filter(
    ({ status }) => status !== EntryStatus.REMOVED,
  );
  const ids = new Set([
    ...held.map(({ deploymentId }) => deploymentId),
    ...entries.map(({ peerId }) => peerId),
  ]);
  const found = await stores.peers.byIds([...ids].map(id => ({ clusterId, id })));
  const seen = found.filter(({ kind }) => kind !== 'MASKED');
  const peers = new Map<string, Peer>(seen.map(peer => [peer.askedId, peer]));
  const lines = Map.groupBy(
    entries.filter(({ peerId }) => peers.has(peerId)),
    ({ deploymentId }) => deploymentId,
  );
  const baselines = held
    .flatMap(one =>
      baselineOf(
        one,
        (lines.get(one.deploymentId) ?? []).flatMap(entry => {
          const peer = peers.get(entry.peerId);
          return peer === undefined ? [] : [lineOf(entry, peer)];
        }),
        peers,
      ),
    )
    .toSorted((one, other) =>
      byText(`${one.deployment} ${one.kind}`, `${other.deployment} ${other.kind}`),
    );
  const written = baselines.reduce((sum, one) => sum + one.entries.length, 0);
  const text = JSON.stringify({ baselines, kind: EXPORT_KIND, version: EXPORT_VERSION }, null, 2);
  return {
    text: `${text}\n`,
    baselines: baselines.length,
    entries: written,
    problems: [...problems, ...hiddenOnes(entries.length - written)],
  };
}
