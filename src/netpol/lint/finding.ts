import type { Compiled } from '../compile/compiled.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import type { Place, Problem, Severity } from '../problem.js';
import type { Connection, Modes } from '../verdict.js';
import type { Named, Places } from './on.js';

/** Something in a cluster or its policies that somebody should look at. No packet was sent for it. */
export type Finding = {
  /** The rule's id, such as `rule-contained`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Lowercase, no final period, input in backticks. */
  readonly message: string;
  readonly policy: PolicyReference | null;
  readonly place: Place | null;
  /** Inside the policy, as `spec.ingress[0].from[1]`. */
  readonly path: string | null;
  /** What to do about it. */
  readonly hint: string;
};

type PolicyReference = {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
};

export type LintOptions = {
  readonly modes: Modes;
  /** Of the policies given those whose findings are wanted, beside the findings on no policy; all where not given. */
  readonly only?: ReadonlySet<Policy>;
  /** Findings of severity ERROR alone: the rules that make none are not run. */
  readonly errorsOnly?: boolean;
  /** These policies over these pods, with or without twins, where somebody has compiled them: with `errorsOnly` they are asked. */
  readonly compiled?: Compiled;
  /** Flows that were observed; without them the rules on flows say nothing. */
  readonly flows?: readonly Connection[];
  /** The network plugin's name, as `flannel`; without it nothing is said of what it ignores. */
  readonly cni?: string;
  /** Keys of the pods that serve DNS; found by their usual labels where not given. */
  readonly dns?: readonly string[];
  /** What the reader said of the input: documents that it refused are findings. */
  readonly problems?: readonly Problem[];
  /** Where the objects stand that findings on no policy are about. */
  readonly places?: Places;
};

/** What a rule says; the registry adds the rule's id. `severity` replaces the rule's own, and is never graver. */
export type Remark = {
  readonly message: string;
  readonly policy?: Policy;
  /** The policy's place where not given. */
  readonly place?: Place | null;
  /** What it is about where it is about no policy: it stands at the first of them that is in the input. */
  readonly on?: readonly Named[];
  readonly path?: string | null;
  readonly hint: string;
  readonly severity?: Severity;
};

export type LintInput = {
  readonly facts: Facts;
  readonly policies: readonly Policy[];
  readonly options: LintOptions;
};
