/** How zones of a cluster are kept apart, as its user wrote it. */
export type PolicyProfile = {
  readonly clusterId: number;
  readonly name: string;
  /** From 1; each change is one more. */
  readonly version: number;
  /** What `parseProfile` takes. */
  readonly definition: unknown;
  readonly updatedAt: string;
  /** Name of who changed it last. */
  readonly updatedBy: string;
};
