import type { PodFact } from '../facts.js';
import type { Policy } from '../policy.js';
import type { PortSet } from '../ports/port-set.js';
import type { Severity } from '../problem.js';
import type { Regions } from './containment.js';
import type { LintInput, Remark } from './finding.js';
import type { Inventory } from './inventory.js';
import type { Explain, Probe, ProbeAlone } from './probe.js';
import type { Reach } from './reach.js';
import { pathOfRule, type RuleSite } from './site.js';

/** What every rule is given: the input, and what was worked out of it once for all rules. */
export type LintContext = LintInput & {
  readonly inventory: Inventory;
  readonly regions: Regions;
  readonly probe: Probe;
  readonly explain: Explain;
  readonly probeAlone: ProbeAlone;
  /** The same in a cluster that has these pods too. */
  readonly probeWith: (pods: readonly PodFact[]) => Probe;
  readonly probeAloneWith: (pods: readonly PodFact[]) => ProbeAlone;
  /** Worked out when first asked for. */
  readonly reach: () => Reach;
  /** Ports on which two pods of a workload reach each other, of workloads that these pods stand for. */
  readonly amongOwn: (pods: readonly PodFact[]) => (pod: PodFact) => PortSet;
};

export type LintRule = {
  /** Stays the same for ever: users switch rules off by it. */
  readonly id: string;
  readonly severity: Severity;
  readonly description: string;
  /** It looks at each policy by itself: what it says of one does not depend on which others it is given. */
  readonly eachAlone?: boolean;
  readonly check: (context: LintContext) => readonly Remark[];
};

/** A remark on a rule, placed there. */
export const onRule = (site: RuleSite, remark: Omit<Remark, 'policy' | 'place'>): Remark => ({
  path: pathOfRule(site),
  ...remark,
  policy: site.policy,
  place: site.rule.place,
});

/** `NetworkPolicy shop/web`, in backticks. */
export const nameOfPolicy = ({ kind, namespace, name }: Policy): string =>
  `\`${kind} ${namespace === null ? '' : `${namespace}/`}${name}\``;

/** Row 17: in mode `nodes` no policy selects them. */
export const isSelectable = (context: LintContext, pod: PodFact): boolean =>
  !pod.hostNetwork || context.options.modes.hostNetwork === 'pods';
