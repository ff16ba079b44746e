import { ApiError, ErrorCode } from '../query/api-error.js';
import { leastRoleWith, PERMISSIONS, type Permission, Role } from './role.js';

/** Names, or everything. */
export type Names = 'ALL' | readonly string[];

/** Whose eyes a store serves. */
export type Caller = {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Names of clusters. */
  readonly clusters: Names;
  /** Names of namespaces, in each of `clusters`. Rows that have no namespace stay visible. */
  readonly namespaces: Names;
};

/** Who asks on loopback while no token has been created, and what this program does for itself. */
export const LOCAL_CALLER: Caller = {
  name: 'local',
  roles: [Role.ADMIN],
  clusters: 'ALL',
  namespaces: 'ALL',
};

export const isAllowed = ({ roles }: Pick<Caller, 'roles'>, permission: Permission): boolean =>
  roles.some(role => PERMISSIONS[role].includes(permission));

/** @param what the field or command that asks for it */
export function assertAllowed(caller: Caller, permission: Permission, what: string): void {
  if (isAllowed(caller, permission)) return;
  const roles = caller.roles.length === 0 ? 'no role' : caller.roles.join(', ');
  throw new ApiError(
    ErrorCode.FORBIDDEN,
    `\`${what}\` needs the role ${leastRoleWith(permission)}, and \`${caller.name}\` has ${roles}`,
  );
}

const holds = (names: Names, name: string): boolean => names === 'ALL' || names.includes(name);

/** Says the same of a cluster that does not exist: nobody learns which there are. */
export function assertClusterInScope(caller: Caller, cluster: string): void {
  if (holds(caller.clusters, cluster)) return;
  throw new ApiError(
    ErrorCode.FORBIDDEN,
    `the cluster \`${cluster}\` is not within the scope of \`${caller.name}\``,
  );
}

/** Who settles something for every cluster must see them all. */
export function assertEveryCluster({ name, clusters }: Caller): void {
  if (clusters === 'ALL') return;
  throw new ApiError(
    ErrorCode.FORBIDDEN,
    `what holds for every cluster is not within the scope of \`${name}\``,
  );
}

/** Who brings in facts of a cluster could move everything in it into the own scope. */
export function assertWholeCluster(caller: Caller, cluster: string): void {
  assertClusterInScope(caller, cluster);
  if (caller.namespaces === 'ALL') return;
  throw new ApiError(
    ErrorCode.FORBIDDEN,
    `whoever imports into \`${cluster}\` must see all of it, and \`${caller.name}\` sees some namespaces only`,
  );
}

const within = (part: Names, whole: Names): boolean =>
  whole === 'ALL' || (part !== 'ALL' && part.every(name => whole.includes(name)));

/** Whether nothing of a scope is outside of the caller's own. */
export const coversScope = (
  caller: Pick<Caller, 'clusters' | 'namespaces'>,
  scope: Pick<Caller, 'clusters' | 'namespaces'>,
): boolean =>
  within(scope.clusters, caller.clusters) && within(scope.namespaces, caller.namespaces);
