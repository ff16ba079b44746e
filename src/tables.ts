import { AlertTable } from './alerts/alert.table.js';
import {
  BaselineEntryTable,
  BaselineRevisionTable,
  BaselineTable,
} from './baselines/baseline.table.js';
import { ChunkTable } from './flows/chunk.table.js';
import { FlowTable } from './flows/flow.table.js';
import { FlowHourTable } from './flows/flow-hour.table.js';
import { FlowBaselineTable, FlowVerdictTable } from './flows/flow-mark.table.js';
import {
  ClusterSettingTable,
  ClusterTable,
  InventoryImportTable,
} from './inventory/cluster.table.js';
import { NamespaceRevisionTable, NamespaceTable } from './inventory/namespace.table.js';
import { DeploymentRevisionTable, PeerTable } from './inventory/peer.table.js';
import { AddressBookTable, PodTable } from './inventory/pod.table.js';
import { ServiceTable } from './inventory/service.table.js';
import { PolicyRevisionTable, PolicyTable } from './policies/policy.table.js';
import { PolicySetItemTable, PolicySetTable } from './policies/policy-set.table.js';
import {
  ConnectivityChangeTable,
  SimulatedFlowTable,
  SimulationTable,
} from './policies/simulation.table.js';

/** Every table of the database; a test holds them against the migrations. */
export const tables = [
  AlertTable,
  BaselineTable,
  BaselineEntryTable,
  BaselineRevisionTable,
  ChunkTable,
  FlowHourTable,
  FlowVerdictTable,
  FlowBaselineTable,
  FlowTable,
  ClusterTable,
  ClusterSettingTable,
  InventoryImportTable,
  NamespaceTable,
  NamespaceRevisionTable,
  PeerTable,
  DeploymentRevisionTable,
  PodTable,
  AddressBookTable,
  ServiceTable,
  PolicySetTable,
  PolicySetItemTable,
  PolicyTable,
  PolicyRevisionTable,
  SimulationTable,
  SimulatedFlowTable,
  ConnectivityChangeTable,
];
