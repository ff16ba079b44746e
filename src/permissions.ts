import {
  assertAllowed,
  assertClusterInScope,
  assertWholeCluster,
  type Caller,
} from './access/caller.js';
import { Permission } from './access/role.js';
import type { RootFieldCheck, RootType } from './graphql/root-fields.js';
import type { UseCases } from './rooms.js';

const { IDENTIFY, READ, DRAFT, MANAGE, IMPORT, ADMINISTER } = Permission;

type Fields = Readonly<Record<string, Permission>>;

/** What each root field of the API asks for. A field without an entry is refused when the schema is made. */
const ROOT_FIELDS: Readonly<Record<RootType, Fields>> = {
  Query: {
    alerts: READ,
    baseline: READ,
    cluster: READ,
    clusters: READ,
    deployment: READ,
    deployments: READ,
    explain: READ,
    flows: READ,
    jobs: READ,
    networkGraph: READ,
    networkGraphDiff: READ,
    node: READ,
    nodes: READ,
    policies: READ,
    policySet: READ,
    tokens: ADMINISTER,
    viewer: IDENTIFY,
  },
  Mutation: {
    cancelJob: DRAFT,
    createToken: ADMINISTER,
    generateBaselines: MANAGE,
    generatePolicies: DRAFT,
    importInventory: IMPORT,
    ingestFlows: IMPORT,
    lockBaselines: MANAGE,
    resolveAlert: MANAGE,
    revokeToken: ADMINISTER,
    setClusterRanges: ADMINISTER,
    setRetention: ADMINISTER,
    simulatePolicies: DRAFT,
    unlockBaselines: MANAGE,
  },
  Subscription: {},
};

/** What a root field asks for; undefined: there is no such field. */
export const permissionOf = (type: RootType, name: string): Permission | undefined =>
  ROOT_FIELDS[type][name];

type Asking = { readonly caller: Caller };

/** Name of the cluster that a mutation is about, as its input says. */
function clusterIn(args: Readonly<Record<string, unknown>>): string | null {
  const input = args['input'];
  if (typeof input !== 'object' || input === null || !('cluster' in input)) return null;
  return typeof input.cluster === 'string' ? input.cluster : null;
}

/** What a root field checks before it does anything. @throws Error for a field that the table does not know */
export function checkOf(type: RootType, name: string): RootFieldCheck<Asking> {
  const permission = permissionOf(type, name);
  if (permission === undefined)
    throw new Error(`\`${type}.${name}\` has no permission in \`src/permissions.ts\``);
  return ({ caller }, args) => {
    assertAllowed(caller, permission, name);
    const cluster = type === 'Mutation' ? clusterIn(args) : null;
    if (cluster !== null) assertClusterInScope(caller, cluster);
  };
}

/** Use cases that routes beside GraphQL lead to as well: whoever brings in facts must see the whole cluster. */
const OF_WHOLE_CLUSTERS = ['takeUpload', 'importInventory'] as const;

/** The use cases of a caller; those that bring in facts ask first whether the caller may. */
export function guarded(caller: Caller, useCases: UseCases): UseCases {
  const { takeUpload, importInventory } = useCases;
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
    importInventory: async input => {
      check('importInventory', input.cluster);
      return importInventory(input);
    },
  };
}
