import type { Modes } from './verdict.js';

/** Something that a policy may use and that network plugins treat in ways of their own. */
export const CniFeature = {
  ANY_POLICY: 'any policy',
  /** BaselineAdminNetworkPolicy too. */
  V1ALPHA1_TIERS: 'the AdminNetworkPolicy API',
  CLUSTER_POLICY: 'the ClusterNetworkPolicy API',
  SCTP: 'SCTP',
  END_PORT: '`endPort`',
  NAMED_PORT: 'a named port',
  BLOCK_EXCEPT: 'an ipBlock with `except`',
  BLOCK_ON_NODES: 'an ipBlock on nodes',
  BLOCK_ON_PODS: 'an ipBlock on pods',
  SERVICE_PORT: 'a Service whose port is not its target port',
} as const;
export type CniFeature = (typeof CniFeature)[keyof typeof CniFeature];

export const CniTreatment = {
  /** As the plugin is installed by default, the policy does not hold as it is written. */
  IGNORES: 'ignores',
  /** It holds, in a way in which plugins or their versions differ. */
  DIFFERS: 'differs',
  /** No source says what happens. */
  UNKNOWN: 'unknown',
} as const;
export type CniTreatment = (typeof CniTreatment)[keyof typeof CniTreatment];

export type CniDifference = {
  readonly feature: CniFeature;
  readonly treatment: CniTreatment;
  /** What happens there, as the end of "…: "; where that is not known, what is. */
  readonly effect: string;
  /** Who says so: the project, and the page, issue or file. */
  readonly source: string;
};

/** What a network plugin does where the API leaves it open, or does not do. */
export type Cni = {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Whether an ipBlock matches pods by their address (row 11), as the plugin is installed by default. */
  readonly ipBlockPods: Modes['ipBlockPods'];
  readonly differences: readonly CniDifference[];
};

export type Told = (feature: CniFeature, effect: string, source: string) => CniDifference;

const told =
  (treatment: CniTreatment): Told =>
  (feature, effect, source) => ({ feature, treatment, effect, source });

export const ignores = told(CniTreatment.IGNORES);
export const differs = told(CniTreatment.DIFFERS);
export const unknown = told(CniTreatment.UNKNOWN);

export const byAddress = (source: string): CniDifference =>
  differs(CniFeature.BLOCK_ON_PODS, 'pods in the block are matched by their address', source);

/** Both generations of the admin tiers alike. */
export const tiers = (tell: Told, effect: string, source: string): readonly CniDifference[] => [
  tell(CniFeature.V1ALPHA1_TIERS, effect, source),
  tell(CniFeature.CLUSTER_POLICY, effect, source),
];
