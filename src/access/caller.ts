import { ApiError, ErrorCode } from '../query/api-error.js';
import type { LabelSelector } from '../query/label-selector.js';
import { leastRoleWith, PERMISSIONS, type Permission, Role } from './role.js';

/** Names, or everything. */
export type Names = 'ALL' | readonly string[];

/** Whose eyes a store serves. */
export type Caller = {
  /** For people: several may have one name. */
  readonly name: string;
  /** Who it is, for good: `token ID`; left out where the name tells. */
  readonly id?: string;
  readonly roles: readonly Role[];
  /** Names of clusters. */
  readonly clusters: Names;
  /** Names of namespaces, in each of `clusters`. */
  readonly namespaces: Names;
  /** On the labels that workloads have now, in each of `namespaces`; null: all of them. */
  readonly selector: LabelSelector | null;
};

/** Tells one caller from all others, also from those of the same name. */
export const principalOf = ({ id, name }: Pick<Caller, 'id' | 'name'>): string =>
  id ?? `name ${name}`;

/** Whether nothing of its clusters is hidden from a caller. */
export const seesWhole = ({
  namespaces,
  selector,
}: Pick<Caller, 'namespaces' | 'selector'>): boolean => namespaces === 'ALL' && selector === null;

/** Whether a caller sees all that is in a namespace; null stands for what is of the whole cluster. */
export const seesNamespace = (
  caller: Pick<Caller, 'namespaces' | 'selector'>,
  namespace: string | null,
): boolean => {
  if (seesWhole(caller)) return true;
  if (caller.selector !== null || namespace === null) return false;
  return holds(caller.namespaces, namespace);
};

/** Who asks on loopback while no token has been created, and what this program does for itself. */
export const LOCAL_CALLER: Caller = {
  name: 'local',
  roles: [Role.ADMIN],
  clusters: 'ALL',
  namespaces: 'ALL',
  selector: null,
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

export const seesEverything = (caller: Caller): boolean =>
  caller.clusters === 'ALL' && seesWhole(caller);

/** Who settles something for every cluster must see them all. */
export function assertEverything(caller: Caller): void {
  const { name } = caller;
  if (seesEverything(caller)) return;
  throw new ApiError(
    ErrorCode.FORBIDDEN,
    `what holds for every cluster is not within the scope of \`${name}\``,
  );
}

/** Who brings in facts of a cluster could move everything in it into the own scope. */
export function assertWholeCluster(caller: Caller, cluster: string): void {
  assertClusterInScope(caller, cluster);
  if (seesWhole(caller)) return;
  throw new ApiError(
    ErrorCode.FORBIDDEN,
    `whoever changes all of \`${cluster}\` must see all of it, and \`${caller.name}\` sees some workloads only`,
  );
}

const within = (part: Names, whole: Names): boolean =>
  whole === 'ALL' || (part !== 'ALL' && part.every(name => whole.includes(name)));

type Scope = Pick<Caller, 'clusters' | 'namespaces' | 'selector'>;

const sameSelector = (one: Scope, other: Scope): boolean =>
  JSON.stringify(one.selector) === JSON.stringify(other.selector);

/** Whether nothing of a scope is outside of the caller's own. */
export const coversScope = (caller: Scope, scope: Scope): boolean =>
  within(scope.clusters, caller.clusters) &&
  within(scope.namespaces, caller.namespaces) &&
  (caller.selector === null || sameSelector(caller, scope));
