import type { MigrationInterface } from 'typeorm';
import { Inventory1764000001000 } from '../../migrations/1764000001000-inventory.js';
import { Flows1764000002000 } from '../../migrations/1764000002000-flows.js';
import { Baselines1764000003000 } from '../../migrations/1764000003000-baselines.js';
import { Policies1764000004000 } from '../../migrations/1764000004000-policies.js';
import { Alerts1764000005000 } from '../../migrations/1764000005000-alerts.js';
import { FlowMarks1764000006000 } from '../../migrations/1764000006000-flow-marks.js';
import { Jobs1764000007000 } from '../../migrations/1764000007000-jobs.js';
import { Versions1764000008000 } from '../../migrations/1764000008000-versions.js';
import { SimulatedFlows1764000009000 } from '../../migrations/1764000009000-simulated-flows.js';
import { SimulatedChunks1764000010000 } from '../../migrations/1764000010000-simulated-chunks.js';
import { ClusterRanges1764000012000 } from '../../migrations/1764000012000-cluster-ranges.js';
import { Outcomes1764000014000 } from '../../migrations/1764000014000-outcomes.js';
import { Access1764000015000 } from '../../migrations/1764000015000-access.js';
import { RecordIds1764000016000 } from '../../migrations/1764000016000-record-ids.js';
import { WhoseWhen1764000018000 } from '../../migrations/1764000018000-whose-when.js';
import { Audit1764000019000 } from '../../migrations/1764000019000-audit.js';
import { EndCounts1764000021000 } from '../../migrations/1764000021000-end-counts.js';
import { Direction1764000022000 } from '../../migrations/1764000022000-direction.js';
import { ObservedPolicies1764000023000 } from '../../migrations/1764000023000-observed-policies.js';
import { Ledger1764000024000 } from '../../migrations/1764000024000-ledger.js';
import { HoursOfAWindow1764000026000 } from '../../migrations/1764000026000-hours-of-a-window.js';
import { LabelSets1764000028000 } from '../../migrations/1764000028000-label-sets.js';
import { ExternalBlocks1764000029000 } from '../../migrations/1764000029000-external-blocks.js';
import { ProtocolBeforePort1764000030000 } from '../../migrations/1764000030000-protocol-before-port.js';
import { OpenDirections1764000031000 } from '../../migrations/1764000031000-open-directions.js';
import { ClusterNames1764000032000 } from '../../migrations/1764000032000-cluster-names.js';
import { PoliciesAsText1764000033000 } from '../../migrations/1764000033000-policies-as-text.js';
import { ListsOverClusters1764000033100 } from '../../migrations/1764000033100-lists-over-clusters.js';
import { Scopes1764000035000 } from '../../migrations/1764000035000-scopes.js';
import { SimulatedSpans1764000041000 } from '../../migrations/1764000041000-simulated-spans.js';
import { SimulationLists1764000041100 } from '../../migrations/1764000041100-simulation-lists.js';
import { ForeignPolicies1764000041200 } from '../../migrations/1764000041200-foreign-policies.js';
import { Incidents1764000043000 } from '../../migrations/1764000043000-incidents.js';
import { AlertRules1764000043500 } from '../../migrations/1764000043500-alert-rules.js';
import { Told1764000044000 } from '../../migrations/1764000044000-told.js';
import { Notifiers1764000044500 } from '../../migrations/1764000044500-notifiers.js';
import { FlowsWithoutForeignKeys1764000045000 } from '../../migrations/1764000045000-flows-without-foreign-keys.js';
import { ExternalName1764000046000 } from '../../migrations/1764000046000-external-name.js';
import { ToldLabelSets1764000046100 } from '../../migrations/1764000046100-told-label-sets.js';
import { WithoutId1764000046200 } from '../../migrations/1764000046200-without-id.js';
import { RollUp1764000046300 } from '../../migrations/1764000046300-roll-up.js';
import { AuditCheckpoints1764000047000 } from '../../migrations/1764000047000-audit-checkpoints.js';
import { PolicySetLists1764000049000 } from '../../migrations/1764000049000-policy-set-lists.js';
import { OtherPeers1764000049100 } from '../../migrations/1764000049100-other-peers.js';
import { Search1764000049200 } from '../../migrations/1764000049200-search.js';
import { BaselinesMature1764000050000 } from '../../migrations/1764000050000-baselines-mature.js';
import { DeletedClusters1764000056000 } from '../../migrations/1764000056000-deleted-clusters.js';
import { HostPorts1764000059000 } from '../../migrations/1764000059000-host-ports.js';
import { TurnsOfJobs1764000060000 } from '../../migrations/1764000060000-turns-of-jobs.js';
import { RateCounts1764000060100 } from '../../migrations/1764000060100-rate-counts.js';
import { Declarations1764000061000 } from '../../migrations/1764000061000-declarations.js';
import { MutationKeys1764000062000 } from '../../migrations/1764000062000-mutation-keys.js';
import { Notified1764000064000 } from '../../migrations/1764000064000-notified.js';
import { Slots1764000070000 } from '../../migrations/1764000070000-slots.js';
import { HoursBySlot1764000070100 } from '../../migrations/1764000070100-hours-by-slot.js';
import { PolicyProfiles1764000074000 } from '../../migrations/1764000074000-policy-profiles.js';
import { VersionsOfSettings1764000075000 } from '../../migrations/1764000075000-versions-of-settings.js';
import { DeletedSets1764000075100 } from '../../migrations/1764000075100-deleted-sets.js';
import { AlertsOfClusters1764000076000 } from '../../migrations/1764000076000-alerts-of-clusters.js';
import { NamesOfRules1764000076100 } from '../../migrations/1764000076100-names-of-rules.js';
import { ListsByIndex1764000077200 } from '../../migrations/1764000077200-lists-by-index.js';
import { DnsAnswers1764000077300 } from '../../migrations/1764000077300-dns-answers.js';
import { FlowNews1764000077600 } from '../../migrations/1764000077600-flow-news.js';
import { LeaseHolders1764000077610 } from '../../migrations/1764000077610-lease-holders.js';
import { LeadsByRank1764000077700 } from '../../migrations/1764000077700-leads-by-rank.js';
import { BalancerHostnames1764000077710 } from '../../migrations/1764000077710-balancer-hostnames.js';
import { ForgottenUntil1764000078100 } from '../../migrations/1764000078100-forgotten-until.js';

/** Every migration, oldest first. */
export const migrations: readonly (new () => MigrationInterface)[] = [
  Inventory1764000001000,
  Flows1764000002000,
  Baselines1764000003000,
  Policies1764000004000,
  Alerts1764000005000,
  FlowMarks1764000006000,
  Jobs1764000007000,
  Versions1764000008000,
  SimulatedFlows1764000009000,
  SimulatedChunks1764000010000,
  ClusterRanges1764000012000,
  Outcomes1764000014000,
  Access1764000015000,
  RecordIds1764000016000,
  WhoseWhen1764000018000,
  Audit1764000019000,
  EndCounts1764000021000,
  Direction1764000022000,
  ObservedPolicies1764000023000,
  Ledger1764000024000,
  HoursOfAWindow1764000026000,
  LabelSets1764000028000,
  ExternalBlocks1764000029000,
  ProtocolBeforePort1764000030000,
  OpenDirections1764000031000,
  ClusterNames1764000032000,
  PoliciesAsText1764000033000,
  ListsOverClusters1764000033100,
  Scopes1764000035000,
  SimulatedSpans1764000041000,
  SimulationLists1764000041100,
  ForeignPolicies1764000041200,
  Incidents1764000043000,
  AlertRules1764000043500,
  Told1764000044000,
  Notifiers1764000044500,
  FlowsWithoutForeignKeys1764000045000,
  ExternalName1764000046000,
  ToldLabelSets1764000046100,
  WithoutId1764000046200,
  RollUp1764000046300,
  AuditCheckpoints1764000047000,
  PolicySetLists1764000049000,
  OtherPeers1764000049100,
  Search1764000049200,
  BaselinesMature1764000050000,
  DeletedClusters1764000056000,
  HostPorts1764000059000,
  TurnsOfJobs1764000060000,
  RateCounts1764000060100,
  Declarations1764000061000,
  MutationKeys1764000062000,
  Notified1764000064000,
  Slots1764000070000,
  HoursBySlot1764000070100,
  PolicyProfiles1764000074000,
  VersionsOfSettings1764000075000,
  DeletedSets1764000075100,
  AlertsOfClusters1764000076000,
  NamesOfRules1764000076100,
  ListsByIndex1764000077200,
  DnsAnswers1764000077300,
  FlowNews1764000077600,
  LeaseHolders1764000077610,
  LeadsByRank1764000077700,
  BalancerHostnames1764000077710,
  ForgottenUntil1764000078100,
];
