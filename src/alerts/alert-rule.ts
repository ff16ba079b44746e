import { stableId } from '../inventory/identity.js';
import type { Labels } from '../inventory/labels.js';
import type { LabelSelector } from '../query/label-selector.js';
import { AlertRule, AlertSeverity, ANOMALOUS_ACTIVITY } from './alert.js';

/** What is asked for when a rule is met. INFORM: an alert, and nothing else. */
export const AlertEnforcement = {
  INFORM: 'INFORM',
  KILL_POD: 'KILL_POD',
  QUARANTINE: 'QUARANTINE',
} as const;
export type AlertEnforcement = (typeof AlertEnforcement)[keyof typeof AlertEnforcement];

/** Whose flows a rule is about; null: all. The lists within it must all hold. */
export type AlertRuleScope = {
  readonly clusters: readonly string[] | null;
  readonly namespaces: readonly string[] | null;
  /** Labels that the deployment has. */
  readonly labels: Labels | null;
  /** Selects the pods of the deployment by their labels; left out or null: all. */
  readonly podSelector?: LabelSelector | null;
  /** Selects the namespace of the deployment by its labels; left out or null: all. */
  readonly namespaceSelector?: LabelSelector | null;
};

/** Flows that a rule is not about: what is given must all hold. */
export type AlertRuleExclusion = {
  readonly namespace: string | null;
  readonly deployment: string | null;
  /** A name as lists show it, without what stands before the colon: `shop/db`, `api.example.com`, `203.0.113.0/24`. */
  readonly peer: string | null;
  readonly port: number | null;
  readonly podSelector?: LabelSelector | null;
  readonly namespaceSelector?: LabelSelector | null;
};

/** An address or block that is known to be bad for a time. Times are ISO text, until excluded; null: without a bound. */
export type Indicator = {
  readonly address: string;
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  /** As the list calls it; null: it gives no name. */
  readonly name: string | null;
};

export type AlertRuleParameters = {
  /** LATERAL_SCAN: so many peers and ports within an hour. */
  readonly threshold?: number;
  /** EXFILTRATION: below so many within an hour nothing is unusual; 10^6 bytes each. */
  readonly megabytes?: number;
  /** KNOWN_BAD: addresses and blocks. */
  readonly addresses?: readonly string[];
  /** KNOWN_BAD: what a list of indicators names, each for its time. */
  readonly indicators?: readonly Indicator[];
  /** INGESTION_GAP: so many minutes without anything are a gap. */
  readonly silentMinutes?: number;
  /** OFF_BASELINE: it is about stable baselines as well, with this severity. */
  readonly stableSeverity?: AlertSeverity;
};

/** A rule as data. Times are ISO text. */
export type AlertRuleDefinition = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly criterion: AlertRule;
  readonly severity: AlertSeverity;
  readonly categories: readonly string[];
  readonly parameters: AlertRuleParameters;
  readonly scope: AlertRuleScope;
  readonly exclusions: readonly AlertRuleExclusion[];
  readonly enabled: boolean;
  readonly enforcement: AlertEnforcement;
  /** Whether it comes with the program. */
  readonly shipped: boolean;
  /** 0: as it is shipped; goes up with every change. */
  readonly version: number;
  /** Null: as it is shipped. */
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
};

/** What somebody gives of a rule. */
export type AlertRuleDraft = Omit<
  AlertRuleDefinition,
  'id' | 'shipped' | 'version' | 'updatedAt' | 'updatedBy'
>;

export const EVERYWHERE: AlertRuleScope = { clusters: null, namespaces: null, labels: null };

export const DEFAULT_SCAN_THRESHOLD = 10;

/** Megabytes an hour below which nothing is unusual. */
export const DEFAULT_MEGABYTES = 1_000;

/** Minutes in which nothing comes of a source that came steadily. */
export const DEFAULT_SILENT_MINUTES = 120;

const DEFAULTS: Readonly<Partial<Record<AlertRule, AlertRuleParameters>>> = {
  LATERAL_SCAN: { threshold: DEFAULT_SCAN_THRESHOLD },
  EXFILTRATION: { megabytes: DEFAULT_MEGABYTES },
  KNOWN_BAD: { addresses: [] },
  INGESTION_GAP: { silentMinutes: DEFAULT_SILENT_MINUTES },
};

const shipped = (
  criterion: AlertRule,
  name: string,
  severity: AlertSeverity,
  [enabled, description]: readonly [enabled: boolean, description: string],
): AlertRuleDefinition => ({
  id: stableId(`alert-rule ${criterion}`),
  name,
  description,
  criterion,
  severity,
  categories: [ANOMALOUS_ACTIVITY],
  parameters: DEFAULTS[criterion] ?? {},
  scope: EVERYWHERE,
  exclusions: [],
  enabled,
  enforcement: AlertEnforcement.INFORM,
  shipped: true,
  version: 0,
  updatedAt: null,
  updatedBy: null,
});

const { CRITICAL, HIGH, MEDIUM, LOW } = AlertSeverity;

/** The rules of a new installation; each says why it is on or off. */
export const SHIPPED_RULES: readonly AlertRuleDefinition[] = [
  shipped(AlertRule.KNOWN_BAD, 'Known bad address', CRITICAL, [
    true,
    'A call to or from an address on the list of this rule. On: it is silent until addresses are given, and whoever gives them wants to know.',
  ]),
  shipped(AlertRule.METADATA, 'Cloud metadata service', HIGH, [
    true,
    'A call to a cloud metadata service, which hands out credentials. On: few workloads need it, and stolen ones always try.',
  ]),
  shipped(AlertRule.EXFILTRATION, 'Unusual volume', HIGH, [
    true,
    'A deployment moved more bytes to or from peers outside within an hour than is usual for the two: more than `megabytes`, more than three times the median of the hours of the last 14 days, and more than six deviations over it. On: it is silent before a baseline is learned, and where the source tells no bytes.',
  ]),
  shipped(AlertRule.LATERAL_SCAN, 'Lateral scan', HIGH, [
    true,
    'A deployment tried many peers and ports within an hour, or twice as many within a day, none of which is normal for it. On: one release adds a few peers, a scan adds dozens.',
  ]),
  shipped(AlertRule.FORBIDDEN, 'Forbidden flow', HIGH, [
    true,
    'A flow that somebody forbade in the baseline of an end, whatever the state of that baseline. On: somebody has said that it must not be.',
  ]),
  shipped(AlertRule.OFF_BASELINE, 'Unexpected flow', HIGH, [
    true,
    'A flow that the locked baseline of an end does not hold. On: whoever locks a baseline wants to hear of what is off it. Give `stableSeverity` to hear of stable ones too.',
  ]),
  shipped(AlertRule.NEW_EXTERNAL, 'New external destination', MEDIUM, [
    true,
    'A destination outside of the cluster that the baseline of the deployment does not hold by address, name or block. On: before a baseline is learned it is silent.',
  ]),
  shipped(AlertRule.DRIFT, 'Policy drift', MEDIUM, [
    true,
    'Policies of a stored set that an import once found in force as a whole are other now, or gone. On: it is silent until a set was in force, and from then on somebody has undone it. It settles when the set, or a later version of it, is in force.',
  ]),
  shipped(AlertRule.POLICY_CHANGED, 'Policy changed outside', LOW, [
    false,
    'An import finds that a policy was made, changed or deleted, and no stored set has it so. Off: where policies come from elsewhere, such as from Git, each release raises it; drift tells of the sets that are in force. It settles when the policy is again as it was, or as a stored set has it.',
  ]),
  shipped(AlertRule.DENIED, 'Denied by policy', MEDIUM, [
    true,
    'A flow that the policies in force deny, or that the dataplane denied by policy. On: either somebody tries what is forbidden, or a policy breaks something.',
  ]),
  shipped(AlertRule.AUDITED, 'Would be denied', LOW, [
    true,
    'A flow that the dataplane let through in audit mode, and would deny were the policy enforced. On: audit mode is there to find these.',
  ]),
  shipped(AlertRule.NEW_PORT, 'New listening port', LOW, [
    false,
    'A deployment was called on a port on which its baseline knows no caller. Off: every release that opens a port raises it; locked baselines tell more.',
  ]),
  shipped(AlertRule.UNLEARNED, 'Permitted but not learned', LOW, [
    false,
    'Policies permit a flow that no baseline of its ends holds. Off: while baselines are being learned nearly everything is new.',
  ]),
  shipped(AlertRule.INGESTION_GAP, 'Ingestion gap', MEDIUM, [
    true,
    'Nothing came of a source for `silentMinutes` of covered time, and for three times as long as it usually pauses. On: while a source is silent nothing else here can be raised of what it would show. A source that is imported by hand, or from files of the past, is none that came steadily. It settles when the source shows something new.',
  ]),
];
