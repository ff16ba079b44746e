import type { EntityManager } from 'typeorm';
import type { Caller } from '../../../src/access/caller.js';
import { openFlowStore } from '../../../src/flows/directions/open-flow.store.js';
import { chunkStore } from '../../../src/flows/ingest/chunk.store.js';
import { endCountStore } from '../../../src/flows/ingest/end-count.store.js';
import type { HourKey } from '../../../src/flows/ingest/end-counts.js';
import { flowRecordStore } from '../../../src/flows/ingest/flow.store.js';
import { flowMergeStore } from '../../../src/flows/ingest/flow-merge.store.js';
import { partitionStore } from '../../../src/flows/ingest/partition.store.js';
import { recordIdStore } from '../../../src/flows/ingest/record-id.store.js';
import { ledgerOf } from '../../../src/flows/ledger/ledger.js';
import { ledgerStore } from '../../../src/flows/ledger/ledger.store.js';
import { seenHours } from '../../../src/flows/ledger/seen-hours.js';
import { dnsAnswerStore } from '../../../src/flows/names/dns-answer.store.js';
import { openEdgeStore } from '../../../src/flows/recognise/open-edge.store.js';
import { splitEdgeStore } from '../../../src/flows/recognise/split-edge.store.js';
import { retentionStore } from '../../../src/flows/retention/retention.store.js';
import { rollUpStore } from '../../../src/flows/retention/roll-up.store.js';
import { DEPLOYMENT, FLOW, LATER, NODE, NOW, OTHER } from './keys.js';

const COUNTS = { events: 1, connections: null, bytes: null } as const;

const SEEN = { firstSeen: Date.parse(NOW) * 1_000, lastSeen: Date.parse(NOW) * 1_000 } as const;

const EDGE = {
  id: FLOW,
  sourceId: DEPLOYMENT,
  destinationId: OTHER,
  port: 80,
  protocol: 'TCP',
  servicePort: null,
  trafficClass: 'app',
  ...SEEN,
  observedVerdict: 'ALLOWED',
  outcomes: 1,
  directionKnown: true,
  directionBasis: 'reported',
  open: null,
  policies: null,
  policiesAt: 0,
  ...COUNTS,
} as const;

const CHUNK = {
  key: 'chunk',
  contentHash: '',
  format: 'test',
  firstSeenAt: NOW,
  lastSeenAt: NOW,
  accepted: 1,
  skipped: {},
  rejected: {},
  lost: 0,
  clusterNames: null,
} as const;

const LEDGER = ledgerOf(
  [
    {
      source: 'test',
      duplicates: 0,
      lost: 0,
      sampling: null,
      skipped: { reply: 1 },
      rejected: {},
      firstSeenAt: NOW,
      hours: seenHours([SEEN]),
      counted: [{ hour: SEEN.firstSeen, accepted: 1, duplicates: 0, withoutId: 0, skipped: {} }],
    },
  ],
  NOW,
);

async function runEndCounts(manager: EntityManager, hour: HourKey): Promise<void> {
  const endCounts = endCountStore(manager);
  await endCounts.put(1, [{ ...hour, stored: [1, null, null, 2, null, 3] }]);
  await endCounts.known(1, [hour]);
  await endCounts.ofFlows(1, [hour.flowId]);
  await endCounts.correct(1, [{ ...hour, ...COUNTS, events: 0 }]);
}

async function runOpenFlows(manager: EntityManager): Promise<void> {
  const openFlows = openFlowStore(manager);
  const end = { peerId: OTHER, port: 80, protocol: 'TCP' };
  await openFlows.standing(1);
  await openFlows.learn(1, [end]);
  await openFlows.listening(1, [end]);
  await openFlows.at(1, [end]);
  await openFlows.ofPeers(1, [OTHER]);
  await openFlows.aside(1, [FLOW]);
  await openFlows.open(1, [FLOW]);
  await openFlows.proven(1, [FLOW]);
  await openFlows.putAside(1, [FLOW]);
  await openFlows.takeBack(1, [FLOW]);
  await openFlows.takeBackOf(1, [OTHER]);
  await openFlows.setDirections(1, [{ id: FLOW, isKnown: true, basis: 'pairing' }]);
  await openFlows.movePeers(1, []);
  await openFlows.forget(1, [OTHER]);
  await openFlows.closeOld();
}

async function runRecordIds(manager: EntityManager): Promise<void> {
  const dnsAnswers = dnsAnswerStore(manager);
  await dnsAnswers.hasAny(1);
  const told = { clientId: DEPLOYMENT, address: '192.0.2.9', name: 'api.example.com' };
  await dnsAnswers.learn(1, [{ ...told, from: NOW, until: NOW }]);
  await dnsAnswers.moveClients(1, []);
  await dnsAnswers.nameOutside(1, [{ clientId: DEPLOYMENT, outsideId: OTHER }]);
  const recordIds = recordIdStore(manager);
  const set = { id: FLOW, firstSeenAt: NOW, lastSeenAt: NOW, ids: Float64Array.of(1, 2) };
  await recordIds.hold(1);
  await recordIds.remember(1, [set]);
  await recordIds.overlapping(1, [set]);
  await recordIds.idsOf(1, [set.id]);
  await recordIds.bound(1, 1_000);
}

export async function runIngestion(manager: EntityManager, caller: Caller): Promise<void> {
  const chunks = chunkStore(manager, caller);
  await chunks.claim(1, [CHUNK], NOW);
  await chunks.byKeys(1, [CHUNK]);
  await chunks.giveBack(1, [{ key: 'other', format: 'test' }]);
  await chunks.setAccepted(1, [CHUNK]);
  await chunks.latest([1], 1);
  await chunks.versionOf(1);
  await chunks.touchCluster(1, NOW, NOW);
  await runRecordIds(manager);
  const partitions = partitionStore(manager);
  await partitions.ensureDay('2026-11-22');
  await partitions.days();
  const flows = flowRecordStore(manager);
  await flows.recordEdges(1, [EDGE], new Map());
  const hour = {
    flowId: FLOW,
    hour: SEEN.firstSeen,
    verdict: 'ALLOWED',
    ...SEEN,
    ...COUNTS,
    ends: null,
  } as const;
  await flows.recordHours(1, [hour]);
  const ledger = ledgerStore(manager, caller);
  await ledger.add(1, LEDGER);
  await ledger.add(1, LEDGER);
  await ledger.ofWindow(1, { since: NOW, until: LATER });
  await ledger.ofWindow(1, { since: null, until: null });
  await runEndCounts(manager, hour);
  await runOpenFlows(manager);
  const merges = flowMergeStore(manager);
  await merges.edgesOf(1, [OTHER]);
  await merges.move(1, []);
  const open = openEdgeStore(manager);
  await open.peers(1, { api: ['10.0.0.1'], doors: [30080], isBlank: false });
  await open.edges(1, { peers: [OTHER], nodes: [NODE], doors: [30080] });
  await open.balancerNames(1, [OTHER]);
  await open.isBalancerCalled(1);
  const split = splitEdgeStore(manager);
  await split.times(1, [OTHER]);
  await split.split(1, [{ from: OTHER, id: NODE, slots: [1] }]);
}

/** The last of all: a day and what was seen on it may go. */
export async function runRetention(manager: EntityManager, caller: Caller): Promise<void> {
  const retention = retentionStore(manager);
  await partitionStore(manager).ensureDay('2026-01-01');
  await retention.setDays(1, 7);
  await retention.forgottenTo(1, '2026-01-01T00:00:00Z');
  const rollUps = rollUpStore(manager);
  await rollUps.setRollUpDays(1, 7);
  await rollUps.rollingUp();
  await rollUps.rollUpBound(1);
  await rollUps.daysWithHours(1, NOW);
  await rollUps.rollUp(1, '2026-01-01T00:00:00Z');
  await rollUps.rolledUpTo(1, '2026-01-01T00:00:00Z');
  await retention.forgetting();
  await retention.boundOf(1);
  await ledgerStore(manager, caller).forget(1, NOW);
  await retention.forgetHours(1, NOW, 10);
  await retention.forgetFlows(1, NOW, 10);
  await retention.dropDays();
  await retention.forgetKeys();
  await retention.forgetRecordIds();
  await retention.forgetDnsAnswers();
}
