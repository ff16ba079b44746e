import {
  assertAllowed,
  assertClusterInScope,
  assertEverything,
  assertWholeCluster,
  type Caller,
  isAllowed,
} from './access/caller.js';
import type { Wanted } from './access/record-audit.js';
import { Permission } from './access/role.js';
import type { Args, RootType } from './graphql/root-fields.js';
import type { UseCases } from './rooms.js';

const { IDENTIFY, READ, DRAFT, MANAGE, IMPORT, APPLY, ADMINISTER } = Permission;

type Fields = Readonly<Record<string, Permission>>;

/** What each root field of the API asks for. A field without an entry is refused when the schema is made. */
const ROOT_FIELDS: Readonly<Record<RootType, Fields>> = {
  Query: {
    alertFacets: READ,
    alertRules: READ,
    alerts: READ,
    auditExport: ADMINISTER,
    auditLog: IDENTIFY,
    auditVerification: ADMINISTER,
    baselineDecay: READ,
    baselineDiff: READ,
    baselineExport: READ,
    baselines: READ,
    baselineSettings: READ,
    cluster: READ,
    clusters: READ,
    deployment: READ,
    deploymentFacets: READ,
    deployments: READ,
    explain: READ,
    clusterNodes: READ,
    externalBlocks: READ,
    externalEntities: READ,
    flowFacets: READ,
    flowSeries: READ,
    flowsOutside: READ,
    flows: READ,
    jobs: READ,
    namespaces: READ,
    networkGraph: READ,
    networkGraphDiff: READ,
    node: READ,
    nodes: READ,
    notifiers: ADMINISTER,
    policies: READ,
    policyFacets: READ,
    policyProfiles: READ,
    policySet: READ,
    policySets: READ,
    search: READ,
    simulations: READ,
    tokens: ADMINISTER,
    viewer: IDENTIFY,
  },
  Mutation: {
    acceptAlerts: MANAGE,
    advanceBaselines: MANAGE,
    applyBaselineDecay: MANAGE,
    cancelJob: DRAFT,
    cancelJobs: DRAFT,
    commentOnAlert: DRAFT,
    confirmBaselineEntries: MANAGE,
    createAlertRule: MANAGE,
    createNotifier: ADMINISTER,
    createToken: ADMINISTER,
    deleteNotifier: ADMINISTER,
    deletePolicySets: DRAFT,
    deleteExternalBlocks: ADMINISTER,
    deleteSimulation: DRAFT,
    deleteSimulations: DRAFT,
    decideAlertAction: APPLY,
    deleteAlertRule: MANAGE,
    deleteCluster: ADMINISTER,
    deletePolicyProfile: MANAGE,
    forbidBaselineEntries: MANAGE,
    generateBaselines: MANAGE,
    generatePolicies: DRAFT,
    importBaselines: MANAGE,
    importExternalBlocks: ADMINISTER,
    importKnownBad: MANAGE,
    importInventory: IMPORT,
    ingestFlows: IMPORT,
    lockBaselines: MANAGE,
    putPolicyProfile: MANAGE,
    removeBaselineEntries: MANAGE,
    reopenAlerts: MANAGE,
    reopenBaselines: MANAGE,
    retryNotification: ADMINISTER,
    resolveAlert: MANAGE,
    resolveAlerts: MANAGE,
    revokeToken: ADMINISTER,
    setBaselineSettings: MANAGE,
    setClusterRanges: ADMINISTER,
    setRetention: ADMINISTER,
    setRollUp: ADMINISTER,
    simulatePolicies: DRAFT,
    snoozeAlerts: MANAGE,
    switchNotifier: ADMINISTER,
    testAlertRule: DRAFT,
    testNotifier: ADMINISTER,
    unlockBaselines: MANAGE,
    updateAlertRule: MANAGE,
    updateNotifier: ADMINISTER,
  },
  Subscription: {
    alertChanged: READ,
    flowsObserved: READ,
    jobChanged: READ,
    simulationChanged: READ,
  },
};

/** What a root field asks for; undefined: there is no such field. */
export const permissionOf = (type: RootType, name: string): Permission | undefined =>
  ROOT_FIELDS[type][name];

/** Tells the audit log more of what was done. */
type Note = (detail: string) => void;

/** Does something and writes down what came of it, as the caller's. */
export type Audited = <T>(wanted: Wanted, work: (note: Note) => Promise<T>) => Promise<T>;

/** Refuses by what `refuse` throws. */
export type Refused = (action: string, refuse: () => void) => Promise<void>;

/** Queries that take a whole record away: who did is written down, as for mutations. */
const EXPORTS: ReadonlySet<string> = new Set(['auditExport']);

/** Name of the cluster that a mutation is about, as its input says. */
function clusterIn(args: Readonly<Record<string, unknown>>): string | null {
  const input = args['input'];
  if (typeof input !== 'object' || input === null || !('cluster' in input)) return null;
  return typeof input.cluster === 'string' ? input.cluster : null;
}

/** What an input names, for the audit log: never more of it. */
function targetOf(args: Readonly<Record<string, unknown>>): string | null {
  const { input } = args;
  if (typeof input !== 'object' || input === null) return null;
  const named = ['cluster', 'id', 'name'].flatMap(key => {
    const value = (input as Record<string, unknown>)[key];
    return typeof value === 'string' ? [`${key} ${value.slice(0, 200)}`] : [];
  });
  return named.length === 0 ? null : named.join(', ');
}

type Asking = {
  readonly caller: Caller;
  readonly audited: Audited;
  /** Writes down that somebody asked for what is not theirs, seldom where they go on asking. */
  readonly refused: Refused;
};

/** Lets the work be done, or throws where the caller may not ask for it with these arguments. */
export type Guard = (asking: Asking, args: Args, work: (note: Note) => unknown) => unknown;

const UNWRITTEN: Note = () => {};

/** What stands around a root field. @throws Error for a field that the table does not know */
export function guardOf(type: RootType, name: string): Guard {
  const permission = permissionOf(type, name);
  if (permission === undefined)
    throw new Error(`\`${type}.${name}\` has no permission in \`src/permissions.ts\``);
  if (type !== 'Mutation' && !EXPORTS.has(name))
    return ({ caller, refused }, _args, work) =>
      isAllowed(caller, permission)
        ? work(UNWRITTEN)
        : refused(name, () => assertAllowed(caller, permission, name));
  return ({ caller, audited }, args, work) =>
    audited({ action: name, target: targetOf(args) }, async note => {
      assertAllowed(caller, permission, name);
      const cluster = clusterIn(args);
      if (cluster !== null) assertClusterInScope(caller, cluster);
      if (cluster !== null && OF_ALL.has(name)) assertWholeCluster(caller, cluster);
      return work(note);
    });
}

/** Mutations that change something for all of a cluster: who sees some workloads of it only may not. */
const OF_ALL: ReadonlySet<string> = new Set([
  'deleteCluster',
  'deletePolicyProfile',
  'importInventory',
  'ingestFlows',
  'putPolicyProfile',
  'setClusterRanges',
  'setRetention',
  'setRollUp',
]);

/** Use cases that routes beside GraphQL lead to as well: whoever brings in facts must see the whole cluster. */
const OF_WHOLE_CLUSTERS = ['takeUpload', 'importInventory'] as const;

/** The use cases of a caller; those that bring in facts ask first whether the caller may. */
export function guarded(caller: Caller, useCases: UseCases): UseCases {
  const { takeUpload, importInventory, importExternalBlocks } = useCases;
  const check = (name: (typeof OF_WHOLE_CLUSTERS)[number], cluster: string): void => {
    assertAllowed(caller, IMPORT, name);
    assertWholeCluster(caller, cluster);
  };
  return {
    ...useCases,
    takeUpload: async (upload, at) => {
      check('takeUpload', upload.cluster);
      return takeUpload(upload, at);
    },
    importExternalBlocks: async input => {
      if (input.cluster === null) assertEverything(caller);
      else assertWholeCluster(caller, input.cluster);
      return importExternalBlocks(input);
    },
    importInventory: async input => {
      check('importInventory', input.cluster);
      return importInventory(input);
    },
  };
}

/** The same for a route beside GraphQL, which no root field stands around. */
export const auditedUseCases = (audited: Audited, useCases: UseCases): UseCases => ({
  ...useCases,
  takeUpload: (upload, at) =>
    audited({ action: 'POST /ingest/flows', target: `cluster ${upload.cluster}` }, () =>
      useCases.takeUpload(upload, at),
    ),
  importInventory: input =>
    audited({ action: 'POST /ingest/inventory', target: `cluster ${input.cluster}` }, () =>
      useCases.importInventory(input),
    ),
});
