const Role = {
  /** May do everything. */
  ADMIN: 'ADMIN',
  /** May import, ingest, learn, generate, simulate and resolve. */
  OPERATOR: 'OPERATOR',
  /** May read. */
  VIEWER: 'VIEWER',
} as const;
type Role = (typeof Role)[keyof typeof Role];

/** Whose eyes a store serves. */
export type Caller = {
  readonly name: string;
  readonly role: Role;
  /** Names of clusters. */
  readonly clusters: 'ALL' | readonly string[];
  /** Names of namespaces, in each of `clusters`. Rows that have no namespace stay visible. */
  readonly namespaces: 'ALL' | readonly string[];
};

/** Who asks on loopback while no token has been created. */
export const LOCAL_CALLER: Caller = {
  name: 'local',
  role: Role.ADMIN,
  clusters: 'ALL',
  namespaces: 'ALL',
};
