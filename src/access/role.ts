export const Role = {
  /** May read. */
  VIEWER: 'VIEWER',
  /** May also generate and simulate. */
  ANALYST: 'ANALYST',
  /** May also import, ingest, learn, lock and resolve. */
  OPERATOR: 'OPERATOR',
  /** May also give and take access, and change settings. */
  ADMIN: 'ADMIN',
  /** May ingest and import for its cluster, and nothing else. */
  SENSOR: 'SENSOR',
} as const;
export type Role = (typeof Role)[keyof typeof Role];

export const Permission = {
  /** To see who one is. */
  IDENTIFY: 'IDENTIFY',
  /** To read, subscribe, export, explain. */
  READ: 'READ',
  /** To generate and simulate, and to cancel that. */
  DRAFT: 'DRAFT',
  /** To learn and lock baselines, to resolve alerts. */
  MANAGE: 'MANAGE',
  /** To bring in inventories and flows of a whole cluster. */
  IMPORT: 'IMPORT',
  /** To change what is enforced in a cluster. */
  APPLY: 'APPLY',
  /** To give and take access, to change settings, to read the whole audit log. */
  ADMINISTER: 'ADMINISTER',
} as const;
export type Permission = (typeof Permission)[keyof typeof Permission];

const { IDENTIFY, READ, DRAFT, MANAGE, IMPORT, APPLY, ADMINISTER } = Permission;

/** What each role may do: the one place that says so. */
export const PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  VIEWER: [IDENTIFY, READ],
  ANALYST: [IDENTIFY, READ, DRAFT],
  OPERATOR: [IDENTIFY, READ, DRAFT, MANAGE, IMPORT, APPLY],
  ADMIN: [IDENTIFY, READ, DRAFT, MANAGE, IMPORT, APPLY, ADMINISTER],
  SENSOR: [IDENTIFY, IMPORT],
};

/** The least role that has a permission, as refusals name it. */
export const leastRoleWith = (permission: Permission): Role =>
  Object.values(Role).find(role => PERMISSIONS[role].includes(permission)) ?? Role.ADMIN;
