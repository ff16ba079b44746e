import type { Labels } from './labels.js';

/** A row of `namespace`. */
export type Namespace = {
  readonly clusterId: number;
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  /** True when no snapshot has shown it: implied by what is in it. */
  readonly inferred: boolean;
  readonly endedAt: string | null;
};

/** Kubernetes sets it on every namespace: "the value of the label is the namespace name". */
const NAME_LABEL = 'kubernetes.io/metadata.name';

export const namespaceLabels = (name: string, labels: Labels): Labels =>
  Object.fromEntries(
    Object.entries({ [NAME_LABEL]: name, ...labels }).toSorted(([one], [other]) =>
      one < other ? -1 : 1,
    ),
  );

/** Labels of a namespace or a deployment within a half-open interval. */
export type Revision = {
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly labels: Labels;
  /** What told it. */
  readonly source: RevisionSource;
};

export const RevisionSource = {
  /** A running pod. */
  POD: 'POD',
  /** The template of a workload, or the object itself. */
  TEMPLATE: 'TEMPLATE',
} as const;
export type RevisionSource = (typeof RevisionSource)[keyof typeof RevisionSource];
