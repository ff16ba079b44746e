/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Of which alerts the flows are normal, and why. */
export type AcceptAlertsInput = {
  /** Those that it finds, at most 5,000 at once; either this or `ids` */
  readonly filter?: AlertFilter | null | undefined;
  /** Ids of alerts, at most 500; either these or `filter` */
  readonly ids?: ReadonlyArray<string | number> | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Why, for those who look at them later */
  readonly reason?: string | null | undefined;
};

/** Of which cluster. */
export type AdvanceBaselinesInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** What was decided about an action. */
export type AlertActionState =
  /** A sensor may carry it out */
  | 'APPROVED'
  /** Nobody decided within a day, or before the alert was resolved: it is not carried out */
  | 'EXPIRED'
  /** It is not carried out */
  | 'REJECTED'
  /** Nothing was decided yet */
  | 'REQUESTED';

/** What a rule asks for when it is met. */
export type AlertEnforcement =
  /** An alert, and nothing else */
  | 'INFORM'
  /** That the pod is ended, once somebody approves */
  | 'KILL_POD'
  /** That the pod is cut off, once somebody approves */
  | 'QUARANTINE';

/** All given fields must hold. */
export type AlertFilter = {
  /** All of these hold as well */
  readonly and?: ReadonlyArray<AlertFilter> | null | undefined;
  /** Such as `Anomalous Activity`; one of these */
  readonly category?: ReadonlyArray<string> | null | undefined;
  /** Name of the cluster */
  readonly cluster?: StringFilter | null | undefined;
  /** Name of the deployment, or of the other end */
  readonly deployment?: StringFilter | null | undefined;
  /** What belongs to the alert of this id; in the outermost filter `linked` need not be given then */
  readonly lead?: string | number | null | undefined;
  /** True: also alerts that belong to a more telling one. Default false. Counts in the outermost filter only */
  readonly linked?: boolean | null | undefined;
  /** Namespace of the deployment, of the other end, or of the policy */
  readonly namespace?: StringFilter | null | undefined;
  /** This does not hold */
  readonly not?: AlertFilter | null | undefined;
  /** At least one of these holds as well; an empty list matches nothing */
  readonly or?: ReadonlyArray<AlertFilter> | null | undefined;
  /** A rule that its flows met, or those of alerts that belong to it; one of these */
  readonly rule?: ReadonlyArray<AlertRule> | null | undefined;
  /** How severe it is; one of these */
  readonly severity?: ReadonlyArray<AlertSeverity> | null | undefined;
  /** Last occurred at this moment or later */
  readonly since?: string | null | undefined;
  /** Whether somebody has to look at it; one of these */
  readonly state?: ReadonlyArray<AlertState> | null | undefined;
  /** Last occurred before this moment */
  readonly until?: string | null | undefined;
};

/** What the other ends of an alert have in common. */
export type AlertPeerGroup =
  /** They lie in one named block of addresses */
  | 'BLOCK'
  /** They call from outside, and have no name */
  | 'CLIENTS'
  /** They are the cloud metadata service */
  | 'METADATA'
  /** They have one DNS name, whatever the addresses */
  | 'NAME'
  /** They are nodes of the cluster */
  | 'NODES'
  /** They are called outside, and have no name */
  | 'OUTSIDE'
  /** They are one deployment */
  | 'PEER'
  /** There are none: it is about a policy, which `groupName` names */
  | 'POLICY'
  /** There are none: it is about a stored set of policies */
  | 'POLICY_SET'
  /** They are all that a scan tried */
  | 'SCAN'
  /** There are none: it is about a source of flows */
  | 'SOURCE'
  /** Nobody knows whose addresses they are */
  | 'UNRESOLVED'
  /** They are outside, and much was moved to or from them */
  | 'VOLUME';

/** What an alert can be about, the most telling first. */
export type AlertRule =
  /** A flow that the dataplane let through, and of which it said that policy would deny it were it enforced */
  | 'AUDITED'
  /** A flow that the policies in force deny, or that the dataplane denied by policy; it counts what was denied. What failed for another reason is none */
  | 'DENIED'
  /** Policies of a stored set that was in force as a whole are other now, or gone */
  | 'DRIFT'
  /** A deployment moved more bytes to or from peers outside within an hour than is usual for them; silent where the source tells no bytes */
  | 'EXFILTRATION'
  /** A flow that somebody forbade in the baseline of an end */
  | 'FORBIDDEN'
  /** A source of flows that came steadily is silent, by the time in which this server looked */
  | 'INGESTION_GAP'
  /** A call to or from an address on a list of known bad ones */
  | 'KNOWN_BAD'
  /** A deployment tried many peers and ports within an hour, or twice as many within a day, each of which met another rule */
  | 'LATERAL_SCAN'
  /** A call to a cloud metadata service, which hands out credentials */
  | 'METADATA'
  /** A destination outside of the cluster that the deployment's baseline does not hold, by address, name or block */
  | 'NEW_EXTERNAL'
  /** A deployment was called on a port on which its baseline knows no caller */
  | 'NEW_PORT'
  /** A flow that the locked baseline of an end does not hold, or the stable one where the rule asks for that */
  | 'OFF_BASELINE'
  /** A policy was made, changed or deleted in the cluster, and no stored set has it as it is */
  | 'POLICY_CHANGED'
  /** Policies permit a flow that no baseline of its ends holds */
  | 'UNLEARNED';

/** All that is given must hold. */
export type AlertRuleExclusionInput = {
  /** Name of the deployment */
  readonly deployment?: string | null | undefined;
  /** Namespace of the deployment */
  readonly namespace?: string | null | undefined;
  /** Selects the namespace of the deployment by its labels; where these are not known it selects none */
  readonly namespaceSelector?: LabelSelector | null | undefined;
  /** Other end: `namespace/name`, a DNS name, an address, or the name of a block */
  readonly peer?: string | null | undefined;
  /** Selects the pods of the deployment by their labels; where these are not known it selects none */
  readonly podSelector?: LabelSelector | null | undefined;
  /** Port of the destination */
  readonly port?: number | null | undefined;
};

/** Whose flows a rule is about; null is all. */
export type AlertRuleScopeInput = {
  /** Names of clusters */
  readonly clusters?: ReadonlyArray<string> | null | undefined;
  /** Labels that the deployment has, as an object */
  readonly labels?: unknown;
  /** Selects the namespace of the deployment by its labels; where these are not known it selects none */
  readonly namespaceSelector?: LabelSelector | null | undefined;
  /** Namespaces of the deployment */
  readonly namespaces?: ReadonlyArray<string> | null | undefined;
  /** Selects the pods of the deployment by their labels; where these are not known it selects none */
  readonly podSelector?: LabelSelector | null | undefined;
};

/** How severe an alert is. */
export type AlertSeverity =
  /** Wake somebody up */
  | 'CRITICAL'
  /** Look at it now */
  | 'HIGH'
  /** Worth knowing, at some time */
  | 'LOW'
  /** Worth a look soon */
  | 'MEDIUM';

/** Whether somebody has to look at an alert. */
export type AlertState =
  /** Somebody has to look: it occurred and was not, or not always, blocked */
  | 'ACTIVE'
  /** Somebody has to look: it was tried, and all of it was blocked */
  | 'ATTEMPTED'
  /** In filters: ACTIVE or ATTEMPTED. No alert has it */
  | 'OPEN'
  /** Somebody resolved it, or its cause went, and it did not occur again */
  | 'RESOLVED'
  /** Nobody wants to hear of it until a moment; then it is open again */
  | 'SNOOZED';

/** From whose baselines to take it out. */
export type ApplyBaselineDecayInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Deployments, as `namespace/name` or `name`; all of the namespaces when not given */
  readonly deployments?: ReadonlyArray<string> | null | undefined;
  /** Version of the one baseline of the scope, 0 where there is none yet: where it is another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Only deployments whose labels are selected */
  readonly labels?: LabelSelector | null | undefined;
  /** Namespaces; all of them when not given */
  readonly namespaces?: ReadonlyArray<string> | null | undefined;
  /** Why, for the history */
  readonly reason?: string | null | undefined;
};

/** What an assertion was held against. */
export type AssertionBasis =
  /** Flows of the window, whatever policies said of them */
  | 'HISTORY'
  /** What the policies that would be in force allow */
  | 'POLICIES';

/** All given fields must hold. */
export type AuditFilter = {
  /** What was asked for */
  readonly action?: StringFilter | null | undefined;
  /** Name of the caller */
  readonly actor?: StringFilter | null | undefined;
  /** When it was asked for */
  readonly at?: TimeFilter | null | undefined;
  /** What came of it */
  readonly result?: AuditResult | null | undefined;
};

/** What came of something that somebody asked for. */
export type AuditResult =
  /** It was done */
  | 'DONE'
  /** Something broke in the server */
  | 'FAILED'
  /** The caller may not do that, or nobody knows who it is */
  | 'REFUSED'
  /** Nothing was done: the input has a fault */
  | 'REJECTED'
  /** The server ended before it could say */
  | 'UNKNOWN';

/** Whose baselines to look at. */
export type BaselineDecayScope = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Deployments, as `namespace/name` or `name`; all of the namespaces when not given */
  readonly deployments?: ReadonlyArray<string> | null | undefined;
  /** Only deployments whose labels are selected */
  readonly labels?: LabelSelector | null | undefined;
  /** Namespaces; all of them when not given */
  readonly namespaces?: ReadonlyArray<string> | null | undefined;
};

/** Whether the deployment is called, or calls. */
export type BaselineDirection =
  /** The deployment calls the peer */
  | 'EGRESS'
  /** The peer calls the deployment */
  | 'INGRESS';

/** Which entries of baselines: what is given must hold; nothing given is all of them. */
export type BaselineEntryMatch = {
  /** Whether the deployment is called, or calls */
  readonly direction?: BaselineDirection | null | undefined;
  /** The other end, as lists show it: `namespace/name`, `EXTERNAL:NAME`, an address, a DNS name, or the name of a block */
  readonly peer?: string | null | undefined;
  /** Port of the end that is called */
  readonly port?: number | null | undefined;
  /** The protocol above IP */
  readonly protocol?: Protocol | null | undefined;
};

/** What is held of an entry. OBSERVED and CONFIRMED ones are normal. */
export type BaselineEntryStatus =
  /** Somebody said that it is normal: it stays, whatever is learned */
  | 'CONFIRMED'
  /** Somebody said that it must not be: never learned again, and its flows are anomalous and raise alerts, locked or not */
  | 'FORBIDDEN'
  /** Learned from flows */
  | 'OBSERVED'
  /** Taken out: it is learned again when it is seen again */
  | 'REMOVED';

/** Whether a baseline learns by itself. */
export type BaselineLearning =
  /** Flows are learned as they come, until the baseline is STABLE */
  | 'CONTINUOUS'
  /** `generateBaselines` learns, and nothing else */
  | 'ON_DEMAND';

/** A version of a baseline: by its number, or by a time at which it held. */
export type BaselineMoment = {
  /** When it held */
  readonly at?: string | null | undefined;
  /** Number of the version */
  readonly version?: number | null | undefined;
};

/** What a deviation from a baseline means. */
export type BaselineState =
  /** Too little was seen yet, and not binding: deviations are not anomalous */
  | 'LEARNING'
  /** Binding: what it does not hold is anomalous, and raises an alert */
  | 'LOCKED'
  /** Enough was seen, and nothing new for a while; not binding yet: deviations are not anomalous */
  | 'STABLE';

/** Which job. */
export type CancelJobInput = {
  /** Id of the job */
  readonly id: string | number;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** Which jobs. */
export type CancelJobsInput = {
  /** Those that it finds and that have not ended, at most 500 at once */
  readonly filter: JobFilter;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** All given fields must hold. */
export type CidrFilter = {
  /** Shares an address with this block */
  readonly overlaps?: string | null | undefined;
  /** Lies in this block, or is it */
  readonly within?: string | null | undefined;
};

/** A comment on an alert. */
export type CommentOnAlertInput = {
  /** Id of the alert */
  readonly id: string | number;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** The comment, at most 4,000 characters */
  readonly text: string;
};

/** Which entries are normal. */
export type ConfirmBaselineEntriesInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Deployments, as `namespace/name` or `name`; all of the namespaces when not given */
  readonly deployments?: ReadonlyArray<string> | null | undefined;
  /** Which entries of them, at least one */
  readonly entries: ReadonlyArray<BaselineEntryMatch>;
  /** Version of the one baseline of the scope, 0 where there is none yet: where it is another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Only deployments whose labels are selected */
  readonly labels?: LabelSelector | null | undefined;
  /** Namespaces; all of them when not given */
  readonly namespaces?: ReadonlyArray<string> | null | undefined;
  /** Why, for the history */
  readonly reason?: string | null | undefined;
};

/** A new rule. */
export type CreateAlertRuleInput = {
  /** KNOWN_BAD: addresses and blocks */
  readonly addresses?: ReadonlyArray<string> | null | undefined;
  /** Categories of its alerts, the first of which they show; of a new rule `Anomalous Activity` where they are left out */
  readonly categories?: ReadonlyArray<string> | null | undefined;
  /** What it is about */
  readonly criterion: AlertRule;
  /** What it is for */
  readonly description?: string | null | undefined;
  /** Whether it raises alerts; a new rule does where this is left out */
  readonly enabled?: boolean | null | undefined;
  /** What it asks for when it is met; of a new rule INFORM where it is left out */
  readonly enforcement?: AlertEnforcement | null | undefined;
  /** Flows that it is not about */
  readonly exclusions?: ReadonlyArray<AlertRuleExclusionInput> | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** EXFILTRATION: nothing is unusual below so many megabytes (10^6 bytes) within an hour */
  readonly megabytes?: number | null | undefined;
  /** Unique among the rules of the same clusters and namespaces, whatever its case */
  readonly name: string;
  /** Whose flows it is about */
  readonly scope?: AlertRuleScopeInput | null | undefined;
  /** Severity of the alerts that it raises; of a new rule MEDIUM where it is left out */
  readonly severity?: AlertSeverity | null | undefined;
  /** INGESTION_GAP: a source that shows nothing new for so many minutes, and for three times as long as it usually pauses, is silent; at least 5 */
  readonly silentMinutes?: number | null | undefined;
  /** OFF_BASELINE: raises alerts off stable baselines as well, of this severity; off locked ones alone without it. Null takes it back */
  readonly stableSeverity?: AlertSeverity | null | undefined;
  /** LATERAL_SCAN: so many peers and ports within an hour, or twice as many within a day */
  readonly threshold?: number | null | undefined;
};

/** A place where alerts are sent. */
export type CreateNotifierInput = {
  /** Alerts of these clusters; null: of all */
  readonly clusters?: ReadonlyArray<string> | null | undefined;
  /** Whether more than three messages in five minutes become one; SLACK, TEAMS, EMAIL and JIRA alone can, and new ones do where it is left out */
  readonly digest?: boolean | null | undefined;
  /** JIRA: e-mail address of the account whose API token the secret is */
  readonly email?: string | null | undefined;
  /** Whether it sends anything */
  readonly enabled?: boolean;
  /** EMAIL: the address of the sender */
  readonly from?: string | null | undefined;
  /** JIRA: type of the issues; `Task` where none was given */
  readonly issueType?: string | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** What it sends to */
  readonly kind: NotifierKind;
  /** At most so many messages per hour; what is more waits, or goes into a digest. Of a new notifier of SLACK, TEAMS, EMAIL or JIRA 20 where it is left out. Null: no limit */
  readonly maxPerHour?: number | null | undefined;
  /** Alerts of this severity and above */
  readonly minSeverity?: AlertSeverity;
  /** Its name, unique whatever its case */
  readonly name: string;
  /** JIRA: key of the project */
  readonly project?: string | null | undefined;
  /** Alerts of these rules; null: of all */
  readonly rules?: ReadonlyArray<AlertRule> | null | undefined;
  /** Kept encrypted, and never told again. A WEBHOOK without one gets one; for EMAIL it is `USER:PASSWORD`; `NotifierKind` says what it is for the others */
  readonly secret?: string | null | undefined;
  /** EMAIL: whom it is sent to, several with commas between them */
  readonly to?: string | null | undefined;
  /** Where it sends: an http or https address, for EMAIL `smtp://HOST:PORT` or `smtps://HOST`, for SYSLOG `tls://HOST:PORT` or `tcp://HOST:PORT`. SLACK and TEAMS have none: their address is the secret */
  readonly url?: string | null | undefined;
};

/** What a new token is good for. */
export type CreateTokenInput = {
  /** Names of clusters; null: every cluster, those to come among them */
  readonly clusters?: ReadonlyArray<string> | null | undefined;
  /** Days from now after which it ends by itself, from 1 to 365 */
  readonly expiresInDays?: number;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** By which people know it */
  readonly name: string;
  /** Names of namespaces in each of them; null: every namespace */
  readonly namespaces?: ReadonlyArray<string> | null | undefined;
  /** What may be done with it */
  readonly roles: ReadonlyArray<Role>;
  /** On the labels that workloads of them have now; null: every workload */
  readonly selector?: LabelSelector | null | undefined;
};

/** Which action, and whether to do it. */
export type DecideAlertActionInput = {
  /** False rejects it */
  readonly approve: boolean;
  /** Id of the action */
  readonly id: string | number;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** Which rule. */
export type DeleteAlertRuleInput = {
  /** Version that it has: where it has another one, the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Id of the rule */
  readonly id: string | number;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** Which cluster. */
export type DeleteClusterInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** Which NetworkPolicies in force the set stands instead of. They are listed, never deleted. */
export type DeleteExisting =
  /** All that select no deployment but those of the scope */
  | 'ALL'
  /** Those with the label of generated policies */
  | 'GENERATED_ONLY'
  /** None: the set comes beside them */
  | 'NONE';

/** Which named blocks. */
export type DeleteExternalBlocksInput = {
  /** Those that it finds, by name, at most 1000 at once; either this or `ids` */
  readonly filter?: ExternalBlockFilter | null | undefined;
  /** Ids of blocks, at most 500; either these or `filter` */
  readonly ids?: ReadonlyArray<string | number> | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** Which profile. */
export type DeletePolicyProfileInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Its version: where it is another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Name of the profile */
  readonly name: string;
};

/** Which versions of policy sets. */
export type DeletePolicySetsInput = {
  /** Those that it finds, at most 100 at once: the latest version of each name, unless it asks for `allVersions`; either this or `ids` */
  readonly filter?: PolicySetFilter | null | undefined;
  /** Ids of policy sets, each of one version, at most 500; either these or `filter` */
  readonly ids?: ReadonlyArray<string | number> | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** Which simulation. */
export type DeleteSimulationInput = {
  /** Id of the simulation */
  readonly id: string | number;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** Which simulations. */
export type DeleteSimulationsInput = {
  /** Those that it finds and that have ended, the newest first, at most 100 at once */
  readonly filter: SimulationFilter;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** All given fields must hold. */
export type DeploymentFilter = {
  /** All of these hold as well */
  readonly and?: ReadonlyArray<DeploymentFilter> | null | undefined;
  /** Name of the cluster */
  readonly cluster?: StringFilter | null | undefined;
  /** True: also those that ended. Default false. Counts in the outermost filter only */
  readonly ended?: boolean | null | undefined;
  /** Whether policies in force select it; one of these */
  readonly isolation?: ReadonlyArray<Isolation> | null | undefined;
  /** Kind, such as `StatefulSet` */
  readonly kind?: StringFilter | null | undefined;
  /** Labels of its pods */
  readonly labels?: LabelSelector | null | undefined;
  /** Name of the deployment */
  readonly name?: StringFilter | null | undefined;
  /** Name of the namespace */
  readonly namespace?: StringFilter | null | undefined;
  /** This does not hold */
  readonly not?: DeploymentFilter | null | undefined;
  /** At least one of these holds as well; an empty list matches nothing */
  readonly or?: ReadonlyArray<DeploymentFilter> | null | undefined;
};

/** The side of a connection that a rule is about. */
export type Direction =
  /** Out of the pods */
  | 'EGRESS'
  /** Into the pods */
  | 'INGRESS';

/** Where the rule for DNS leads, beside resolvers at addresses of their own. */
export type DnsPeers =
  /** All pods of all namespaces */
  | 'ALL_NAMESPACES'
  /** All pods of their namespaces */
  | 'NAMESPACE'
  /** The pods that answer DNS */
  | 'PODS';

/** The colour of an edge. */
export type EdgeState =
  /** Green: policies govern and permit it */
  | 'ALLOWED'
  /** Red: denied, off a locked baseline, or a call to a metadata service */
  | 'ANOMALOUS'
  /** Gray: no policy governs it */
  | 'NO_POLICY';

/** One connection of a cluster. */
export type ExplainInput = {
  /** Policies and labels as they were then; not given: now */
  readonly at?: string | null | undefined;
  /** Name of the cluster */
  readonly cluster: string;
  /** Written like `source` */
  readonly destination: string;
  /** Policies that replace live ones of the same name, or add to them */
  readonly policies?: string | null | undefined;
  /** The pod's port; not given: every port */
  readonly port?: number | null | undefined;
  /** `TCP`, `UDP`, `SCTP` or another name; default `TCP` */
  readonly protocol?: string | null | undefined;
  /** `namespace/name`, `namespace/name[Kind]`, `svc:namespace/name`, `ns:namespace` for all of its workloads, `NODE:name`, `EXTERNAL:name` (also of a block that `importExternalBlocks` named), an address, a CIDR, a DNS name or `{ingress-controller}`; `namespace/kind/name` is taken too */
  readonly source: string;
};

/** All given fields must hold. */
export type ExternalBlockFilter = {
  /** All of these hold as well */
  readonly and?: ReadonlyArray<ExternalBlockFilter> | null | undefined;
  /** Where the block lies */
  readonly cidr?: CidrFilter | null | undefined;
  /** Name of the cluster that it was named for; blocks of every cluster have none */
  readonly cluster?: StringFilter | null | undefined;
  /** The name of the block */
  readonly name?: StringFilter | null | undefined;
  /** This does not hold */
  readonly not?: ExternalBlockFilter | null | undefined;
  /** At least one of these holds as well; an empty list matches nothing */
  readonly or?: ReadonlyArray<ExternalBlockFilter> | null | undefined;
};

/** Blocks of addresses that go by one name. */
export type ExternalBlockInput = {
  /** The blocks, such as `203.0.113.0/24` */
  readonly cidrs: ReadonlyArray<string>;
  /** The name, such as `office` or `payment-provider` */
  readonly name: string;
};

/** How addresses outside are put together in rules. */
export type ExternalGrouping =
  /** Exactly the addresses that were seen */
  | 'ADDRESS'
  /** The named block (`externalBlocks`) that an address lies in */
  | 'BLOCK'
  /** All addresses of a name, on all ports of any of them */
  | 'NAME'
  /** All blocks of that name */
  | 'PROVIDER';

/** What a candidate does to an observed flow. */
export type FlowClass =
  /** Yellow: denied before, allowed after */
  | 'NEWLY_ALLOWED'
  /** Red: allowed before, denied after */
  | 'NEWLY_BLOCKED'
  /** Green: allowed before and after */
  | 'STILL_ALLOWED'
  /** Denied before and after, by policies or, in the window, by the dataplane: it is not the candidate that blocks it */
  | 'STILL_BLOCKED'
  /** One of the two verdicts cannot be given; the explanation names the missing fact */
  | 'UNDECIDABLE';

/** All given fields must hold. `since` and `until` also bound what `observedVerdict`, the tags ACTIVE and ANOMALOUS and an order by counts ask of a flow. */
export type FlowFilter = {
  /** All of these hold as well */
  readonly and?: ReadonlyArray<FlowFilter> | null | undefined;
  /** Name of the cluster */
  readonly cluster?: StringFilter | null | undefined;
  /** Name of the deployment at either end */
  readonly deployment?: StringFilter | null | undefined;
  /** The destination as `namespace/name`, `EXTERNAL:name`, `NODE:name` or `UNRESOLVED:name` */
  readonly destination?: StringFilter | null | undefined;
  /** Address or block of a destination outside the cluster */
  readonly destinationAddress?: CidrFilter | null | undefined;
  /** When it was first observed */
  readonly firstSeenAt?: TimeFilter | null | undefined;
  /** When it was last observed */
  readonly lastSeenAt?: TimeFilter | null | undefined;
  /** Namespace of either end */
  readonly namespace?: StringFilter | null | undefined;
  /** This does not hold */
  readonly not?: FlowFilter | null | undefined;
  /** One of these: what the dataplane said at least once in the whole hours of the window of `since` and `until`, else ever */
  readonly observedVerdict?: ReadonlyArray<ObservedVerdict> | null | undefined;
  /** At least one of these holds as well; an empty list matches nothing */
  readonly or?: ReadonlyArray<FlowFilter> | null | undefined;
  /** What the policies in force say; one of these */
  readonly policyVerdict?: ReadonlyArray<Verdict> | null | undefined;
  /** The destination pod's port; one of these */
  readonly port?: ReadonlyArray<number> | null | undefined;
  /** The protocol above IP; one of these */
  readonly protocol?: ReadonlyArray<Protocol> | null | undefined;
  /** Seen at this moment or later; verdicts and counts are of whole hours, from the hour it lies in */
  readonly since?: string | null | undefined;
  /** The source as `namespace/name`, `EXTERNAL:name`, `NODE:name` or `UNRESOLVED:name` */
  readonly source?: StringFilter | null | undefined;
  /** Address or block of a source outside the cluster */
  readonly sourceAddress?: CidrFilter | null | undefined;
  /** Has at least one of these tags */
  readonly tags?: ReadonlyArray<FlowTag> | null | undefined;
  /** Seen before this moment; verdicts and counts are of whole hours, to the hour it lies in */
  readonly until?: string | null | undefined;
};

/** What can be said of a flow at a glance. */
export type FlowTag =
  /** Seen in the window asked for; without a window, in the 24 hours before the cluster's newest observation */
  | 'ACTIVE'
  /** Some policy in force governs it, and the policies permit it */
  | 'ALLOWED'
  /** Denied by the policies in force, or by the dataplane in the window asked for (without one: ever), off a locked baseline, or towards a cloud metadata service */
  | 'ANOMALOUS'
  /** The baseline of either end holds it */
  | 'BASELINE';

/** Which entries must not be. */
export type ForbidBaselineEntriesInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Deployments, as `namespace/name` or `name`; all of the namespaces when not given */
  readonly deployments?: ReadonlyArray<string> | null | undefined;
  /** Which entries of them, at least one */
  readonly entries: ReadonlyArray<BaselineEntryMatch>;
  /** Version of the one baseline of the scope, 0 where there is none yet: where it is another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Only deployments whose labels are selected */
  readonly labels?: LabelSelector | null | undefined;
  /** Namespaces; all of them when not given */
  readonly namespaces?: ReadonlyArray<string> | null | undefined;
  /** Why, for the history */
  readonly reason?: string | null | undefined;
};

/** What somebody must be able to do to make pods that a selector means. */
export type FutureClaim =
  /** Make pods in any namespace */
  | 'ANYWHERE'
  /** Label a namespace, or make pods in one that has these labels */
  | 'NAMESPACE_LABELS'
  /** Make a namespace: none of this name is there */
  | 'NEW_NAMESPACE'
  /** Make pods in a namespace that is there, with labels of their choice */
  | 'PODS';

/** Whose baselines to learn, and from which window of observed flows. */
export type GenerateBaselinesInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Deployments, as `namespace/name` or `name`; all of the namespaces when not given */
  readonly deployments?: ReadonlyArray<string> | null | undefined;
  /** Version of the one baseline of the scope, 0 where there is none yet: where it is another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Only deployments whose labels are selected */
  readonly labels?: LabelSelector | null | undefined;
  /** Namespaces; all of them when not given */
  readonly namespaces?: ReadonlyArray<string> | null | undefined;
  /** Flows seen from here on */
  readonly since?: string | null | undefined;
  /** Flows seen before this */
  readonly until?: string | null | undefined;
};

/** What policies are generated from. */
export type GenerateFrom =
  /** What the baselines of the deployments hold */
  | 'BASELINES'
  /** What was observed in the window */
  | 'FLOWS';

/** How policies are generated. */
export type GenerateOptionsInput = {
  /** Whether observed calls to the cloud metadata service become rules; default false */
  readonly allowMetadata?: boolean | null | undefined;
  /** Whether comments in the YAML name the peer of each rule, when and how often it was seen, how sure the rule is, and what the window did not show; default true */
  readonly comments?: boolean | null | undefined;
  /** Which NetworkPolicies in force the set stands instead of; default NONE */
  readonly deleteExisting?: DeleteExisting | null | undefined;
  /** For which directions deployments are isolated; default OBSERVED */
  readonly directions?: PolicyDirections | null | undefined;
  /** Further resolvers, which all policies open on port 53; at most 500 */
  readonly dnsBlocks?: ReadonlyArray<string> | null | undefined;
  /** Where the rule for DNS leads; default PODS */
  readonly dnsPeers?: DnsPeers | null | undefined;
  /** How addresses outside are put together; default ADDRESS */
  readonly external?: ExternalGrouping | null | undefined;
  /** Whom entrances let in, with `ingressSources: BLOCKS`; at most 500 */
  readonly ingressBlocks?: ReadonlyArray<string> | null | undefined;
  /** Whom entrances let in; default CONTROLLER */
  readonly ingressSources?: IngressSources | null | undefined;
  /** Key of the label that every policy carries; default `network-policy-generator.stackrox.io/generated` */
  readonly labelKey?: string | null | undefined;
  /** Value of that label; default `true` */
  readonly labelValue?: string | null | undefined;
  /** Whether rules, ports and blocks are merged where the engine proves that every pair is allowed exactly the same; default false */
  readonly minimise?: boolean | null | undefined;
  /** Where nodes are and may come to be, instead of the addresses of those that are known; at most 500 */
  readonly nodeBlocks?: ReadonlyArray<string> | null | undefined;
  /** Zones of namespaces, which get policies for all of their pods: the name of a profile that comes with the program (`gpu`) or of a stored one (`putPolicyProfile`), or a profile: `{name, zones: [{name, labels, deny: [INGRESS|EGRESS], internet, rules: [{direction, zone|blocks, ports: [{protocol, port}]}]}]}`. A rule without `zone` and `blocks` is about all pods of the namespace */
  readonly profile?: unknown;
  /** Namespaces without policies unless `namespaces` names them; default `kube-system`, `kube-public`, `kube-node-lease`; at most 500 */
  readonly protectedNamespaces?: ReadonlyArray<string> | null | undefined;
  /** Whether deployments get a policy for which somebody wrote one that is in force; default false: they are left alone */
  readonly replaceHandWritten?: boolean | null | undefined;
};

/** What to generate policies for, and from what. */
export type GeneratePoliciesInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Deployments, as `namespace/name` or `name`; all of the namespaces when not given */
  readonly deployments?: ReadonlyArray<string> | null | undefined;
  /** Latest version of the policy set, 0 where there is none yet: where it is another one, no set is stored, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** What to generate from; default FLOWS */
  readonly from?: GenerateFrom | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Name of the policy set; by default one for the scope: `generated` for the whole cluster, `generated-shop` for a namespace, `generated-shop:web` for a deployment */
  readonly name?: string | null | undefined;
  /** Namespaces; all of them when not given */
  readonly namespaces?: ReadonlyArray<string> | null | undefined;
  /** How to generate */
  readonly options?: GenerateOptionsInput | null | undefined;
  /** Flows from here on; with FLOWS only */
  readonly since?: string | null | undefined;
  /** Flows before this; with FLOWS only */
  readonly until?: string | null | undefined;
};

/** What became of an edge or a port from one window to another. */
export type GraphChange =
  /** Seen in the later window only */
  | 'CAME'
  /** Seen in both: of a port, let through, denied or audited in one of them alone; of an edge, some port came, went or changed so */
  | 'CHANGED'
  /** Seen in both */
  | 'STAYED'
  /** Seen in one; what the other had of it is forgotten, or is counted by day alone where the window begins or ends within the day */
  | 'UNKNOWN'
  /** Seen in the earlier window only */
  | 'WENT';

/** What the nodes of a graph are. */
export type GraphLevel =
  /** Deployments and other peers */
  | 'DEPLOYMENT'
  /** Namespaces, and peers that are in none */
  | 'NAMESPACE';

/** From one moment to before another one. */
export type GraphWindow = {
  /** Seen at or after this */
  readonly since?: string | null | undefined;
  /** Seen before this */
  readonly until?: string | null | undefined;
};

/** What external ends of a graph are put together by. */
export type GroupExternal =
  /** Each stays alone */
  | 'ADDRESS'
  /** The named block that their address lies in (`externalBlocks`); others stay alone */
  | 'BLOCK'
  /** The DNS name that they were looked up by; others stay alone */
  | 'NAME';

/** How long each step of a history is. */
export type HistoryStep =
  /** A day of UTC */
  | 'DAY'
  /** An hour, from its start */
  | 'HOUR';

/** What was exported, of this cluster or another. */
export type ImportBaselinesInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Tells what would be done, and does nothing */
  readonly dryRun?: boolean;
  /** Version of the one baseline that the text names, 0 where there is none yet: where it is another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Why, for the history */
  readonly reason?: string | null | undefined;
  /** What `baselineExport` wrote, edited or not */
  readonly text: string;
};

/** Names for addresses outside, of one cluster or of all. */
export type ImportExternalBlocksInput = {
  /** The blocks, by name */
  readonly blocks: ReadonlyArray<ExternalBlockInput>;
  /** Name of the cluster; null: they hold for every cluster */
  readonly cluster?: string | null | undefined;
  /** `Cluster.settingsVersion` as it was when the blocks were decided on: with another one nothing is done, and the problem is CONFLICT. Only with `cluster` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** What becomes of blocks of the same cluster, or of every cluster, that are not in it */
  readonly mode?: ImportMode;
};

/** A snapshot of a cluster: either `manifests` or `files`. */
export type ImportInventoryInput = {
  /** Name of the cluster; its first import creates it */
  readonly cluster: string;
  /** The same, file by file */
  readonly files?: ReadonlyArray<ManifestFile> | null | undefined;
  /** Idempotency key: the same key with the same content is answered as the first time, with other content it is an ERROR */
  readonly key?: string | null | undefined;
  /** What `kubectl get … -o json` or `-o yaml` prints, or manifests; JSON or YAML */
  readonly manifests?: string | null | undefined;
  /** What becomes of objects that are not in it */
  readonly mode?: ImportMode;
  /** When it was taken. Default: now */
  readonly observedAt?: string | null | undefined;
};

/** A list of known bad addresses. */
export type ImportKnownBadInput = {
  /** Refuses the change where the rule has another version */
  readonly expectedVersion?: number | null | undefined;
  /** How it is written */
  readonly format: KnownBadFormat;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** REPLACE: the rule knows this list and nothing else. MERGE: it is added, what is over or revoked in it goes */
  readonly mode?: ImportMode;
  /** Id of the rule that it is for; the one that comes with the program by default */
  readonly rule?: string | number | null | undefined;
  /** The list */
  readonly text: string;
};

/** What becomes of objects that a snapshot does not show. */
export type ImportMode =
  /** They stay as they are */
  | 'MERGE'
  /** Those of the kinds that the snapshot holds have ended */
  | 'REPLACE';

/** Who is let in through an entrance: a LoadBalancer, NodePort, Ingress, Gateway or Route that the inventory shows. */
export type IngressSources =
  /** Everybody: `0.0.0.0/0`, and `::/0` where the cluster has IPv6 */
  | 'ANYWHERE'
  /** The addresses of `ingressBlocks` */
  | 'BLOCKS'
  /** Through routes the pods of the ingress controller where they are known; everybody through all others */
  | 'CONTROLLER'
  /** Clients that were seen, and nobody else */
  | 'OBSERVED';

/** For which directions policies in force select a deployment's pods. */
export type Isolation =
  /** For ingress and for egress */
  | 'BOTH'
  /** For egress, not for ingress */
  | 'EGRESS'
  /** For ingress, not for egress */
  | 'INGRESS'
  /** For neither direction */
  | 'NONE'
  /** Some of its pods for more than others: their label sets differ */
  | 'PARTIAL';

/** All given fields must hold. */
export type JobFilter = {
  /** All of these hold as well */
  readonly and?: ReadonlyArray<JobFilter> | null | undefined;
  /** Name of the cluster */
  readonly cluster?: StringFilter | null | undefined;
  /** When it was asked for */
  readonly createdAt?: TimeFilter | null | undefined;
  /** What it does */
  readonly kind?: StringFilter | null | undefined;
  /** This does not hold */
  readonly not?: JobFilter | null | undefined;
  /** At least one of these holds as well; an empty list matches nothing */
  readonly or?: ReadonlyArray<JobFilter> | null | undefined;
  /** How it stands; one of these */
  readonly status?: ReadonlyArray<JobStatus> | null | undefined;
};

/** How a job stands. */
export type JobStatus =
  /** Somebody cancelled it before it ended */
  | 'CANCELLED'
  /** It ended, and its result is there */
  | 'DONE'
  /** It was given up; `error` says why */
  | 'FAILED'
  /** It waits for a worker, for the first time or again */
  | 'PENDING'
  /** A worker is at it */
  | 'RUNNING';

/** How a list of known bad addresses is written. */
export type KnownBadFormat =
  /** An address or block in each line; what follows `#` or `;` is a comment */
  | 'PLAIN'
  /** STIX 2.1 as JSON: a bundle, a page of TAXII 2.1, or an array. Taken are indicators whose patterns compare `ipv4-addr:value` or `ipv6-addr:value` by `=`, `IN` or `ISSUBSET`, joined by OR, each for its time */
  | 'STIX';

/** The operators of Kubernetes' label selectors, as they are written there */
export type LabelOperator =
  /** The label is not there */
  | 'DoesNotExist'
  /** The label is there, with any value */
  | 'Exists'
  /** The label is there, with one of the values */
  | 'In'
  /** The label is not there, or has none of the values */
  | 'NotIn';

/** Kubernetes' own: both parts must hold; an empty selector matches everything. */
export type LabelSelector = {
  /** All of these must hold */
  readonly matchExpressions?: ReadonlyArray<LabelSelectorRequirement> | null | undefined;
  /** An object of strings */
  readonly matchLabels?: unknown;
};

/** One condition on a label. */
export type LabelSelectorRequirement = {
  /** Key of the label */
  readonly key: string;
  /** How the label is compared */
  readonly operator: LabelOperator;
  /** For In and NotIn: at least one */
  readonly values?: ReadonlyArray<string> | null | undefined;
};

/** Whose baselines to lock. */
export type LockBaselinesInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Deployments, as `namespace/name` or `name`; all of the namespaces when not given */
  readonly deployments?: ReadonlyArray<string> | null | undefined;
  /** Version of the one baseline of the scope, 0 where there is none yet: where it is another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Only deployments whose labels are selected */
  readonly labels?: LabelSelector | null | undefined;
  /** Namespaces; all of them when not given */
  readonly namespaces?: ReadonlyArray<string> | null | undefined;
  /** Why, for the history */
  readonly reason?: string | null | undefined;
};

/** A file, named so that problems can say where they are. */
export type ManifestFile = {
  /** Its name or path */
  readonly file: string;
  /** What stands in it */
  readonly text: string;
};

/** Which flows the graph shows. */
export type NetworkGraphFilter = {
  /** As it was at this moment: flows that were seen before, judged by the policies and with the labels of deployments and namespaces of then. Baselines, who an address was, what `tags` asks and what `peer` shows are as of now */
  readonly asOf?: string | null | undefined;
  /** Names of deployments at either end */
  readonly deployments?: ReadonlyArray<string> | null | undefined;
  /** What external ends are put together by: those of one name are one node; default ADDRESS. `limit` counts the edges before */
  readonly groupExternal?: GroupExternal | null | undefined;
  /** NAMESPACE: all that is in a namespace is one node, and edges within it lead to itself; default DEPLOYMENT. `limit` counts the edges between namespaces; with `asOf`, those between deployments */
  readonly level?: GraphLevel | null | undefined;
  /** At most this many edges, those seen latest; default and limit 20000 */
  readonly limit?: number | null | undefined;
  /** Either end lies in one of these namespaces */
  readonly namespaces?: ReadonlyArray<string> | null | undefined;
  /** True: also deployments of now that no edge leads to or from, of the namespaces and names asked for, at most 20000. Default false */
  readonly silent?: boolean | null | undefined;
  /** Seen at or after this */
  readonly since?: string | null | undefined;
  /** Flows with at least one of these tags */
  readonly tags?: ReadonlyArray<FlowTag> | null | undefined;
  /** Seen before this */
  readonly until?: string | null | undefined;
};

/** Which notifier. */
export type NotifierIdInput = {
  /** Version that it has: where it has another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Id of the notifier */
  readonly id: string | number;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** What a notifier sends to. */
export type NotifierKind =
  /** Alertmanager v2; the secret, if there is one, a bearer token */
  | 'ALERTMANAGER'
  /** E-mail over SMTP; the secret, if there is one, `USER:PASSWORD` */
  | 'EMAIL'
  /** Issues of Jira Cloud; the secret is an API token */
  | 'JIRA'
  /** Events API v2 of PagerDuty; the secret is the routing key */
  | 'PAGERDUTY'
  /** An incoming webhook of Slack, whose address is the secret */
  | 'SLACK'
  /** Syslog (RFC 5424) over TCP or TLS, in the Common Event Format */
  | 'SYSLOG'
  /** A workflow of Microsoft Teams, whose address is the secret */
  | 'TEAMS'
  /** Any receiver, signed as Standard Webhooks 1.0 says */
  | 'WEBHOOK';

/** How a notifier does. */
export type NotifierState =
  /** It failed five times in a row or more */
  | 'DEGRADED'
  /** It sends nothing */
  | 'OFF'
  /** It is on, and did not fail five times in a row */
  | 'WORKING';

/** What the dataplane said of a flow, as the source reports it. */
export type ObservedVerdict =
  /** It was forwarded */
  | 'ALLOWED'
  /** It was forwarded, and would be denied were policies enforced */
  | 'AUDIT'
  /** It was dropped, or rejected, by policy */
  | 'DENIED'
  /** It failed for another reason than policy */
  | 'ERROR'
  /** The source does not say */
  | 'UNKNOWN';

/** What a rule does with the connections that it matches. */
export type PolicyAction =
  /** Lets them through */
  | 'ALLOW'
  /** Blocks what it matches */
  | 'DENY'
  /** Leaves them to the tiers below */
  | 'PASS';

/** What a generated policy can be written as besides NetworkPolicy. */
export type PolicyDialect =
  /** NetworkPolicy of `projectcalico.org/v3` */
  | 'CALICO'
  /** CiliumNetworkPolicy of `cilium.io/v2`: entities, and hosts by name */
  | 'CILIUM'
  /** ClusterNetworkPolicy of `policy.networking.k8s.io/v1alpha2`, in its Baseline tier */
  | 'CLUSTER_NETWORK_POLICY';

/** For which directions generated policies isolate a deployment. */
export type PolicyDirections =
  /** Both, whatever was seen */
  | 'BOTH'
  /** For egress alone */
  | 'EGRESS'
  /** For ingress alone */
  | 'INGRESS'
  /** Those in which usable traffic of it was seen */
  | 'OBSERVED';

/** What a change of one policy means for the connections that are possible: between all workloads of the cluster, among the pods of each, and with all addresses outside. */
export type PolicyEffect =
  /** Some are new, and some are lost */
  | 'BOTH'
  /** The same are possible: it says the same in other words, or nothing new */
  | 'SAME'
  /** Some are possible no more, and none is new */
  | 'TIGHTER'
  /** Some are new, and none is lost */
  | 'WIDER';

/** All given fields must hold. */
export type PolicyFilter = {
  /** All of these hold as well */
  readonly and?: ReadonlyArray<PolicyFilter> | null | undefined;
  /** Name of the cluster */
  readonly cluster?: StringFilter | null | undefined;
  /** True: also those that went away. Default false */
  readonly ended?: boolean | null | undefined;
  /** Kind of the policy */
  readonly kind?: StringFilter | null | undefined;
  /** Name of the policy */
  readonly name?: StringFilter | null | undefined;
  /** Namespace of the policy */
  readonly namespace?: StringFilter | null | undefined;
  /** This does not hold */
  readonly not?: PolicyFilter | null | undefined;
  /** At least one of these holds as well; an empty list matches nothing */
  readonly or?: ReadonlyArray<PolicyFilter> | null | undefined;
  /** Where it comes from; one of these */
  readonly source?: ReadonlyArray<PolicySource> | null | undefined;
};

/** Where a profile comes from. */
export type PolicyProfileOrigin =
  /** It comes with the program */
  | 'BUILT_IN'
  /** Somebody stored it */
  | 'STORED';

/** All given fields must hold. */
export type PolicySetFilter = {
  /** True: also versions that have a later one. Default false: the latest of each name. Counts in the outermost filter only */
  readonly allVersions?: boolean | null | undefined;
  /** All of these hold as well */
  readonly and?: ReadonlyArray<PolicySetFilter> | null | undefined;
  /** Name of the cluster */
  readonly cluster?: StringFilter | null | undefined;
  /** When it was made */
  readonly createdAt?: TimeFilter | null | undefined;
  /** Name of the set */
  readonly name?: StringFilter | null | undefined;
  /** This does not hold */
  readonly not?: PolicySetFilter | null | undefined;
  /** At least one of these holds as well; an empty list matches nothing */
  readonly or?: ReadonlyArray<PolicySetFilter> | null | undefined;
  /** What it was generated from; one of these */
  readonly origin?: ReadonlyArray<GenerateFrom> | null | undefined;
};

/** Where a policy comes from. */
export type PolicySource =
  /** Written for this server, and not applied */
  | 'DRAFT'
  /** Generated by this server */
  | 'GENERATED'
  /** From a repository */
  | 'GITOPS'
  /** In force in the cluster, as the last snapshot showed it */
  | 'LIVE';

/** What becomes of a policy. */
export type PolicyStatus =
  /** No policy of its kind, namespace and name is in force */
  | 'ADDED'
  /** It is in force, and would be no more */
  | 'DELETED'
  /** It takes the place of one in force that reads differently */
  | 'MODIFIED'
  /** It is in force as it is */
  | 'UNCHANGED';

/** Where a policy stands among the others; the first tier that decides counts. */
export type PolicyTier =
  /** AdminNetworkPolicy, or ClusterNetworkPolicy of the tier Admin */
  | 'ADMIN'
  /** BaselineAdminNetworkPolicy, or ClusterNetworkPolicy of the tier Baseline */
  | 'BASELINE'
  /** NetworkPolicy */
  | 'NETWORK_POLICY';

/** The protocol above IP. */
export type Protocol =
  /** ICMP for IPv4; it has no ports */
  | 'ICMP'
  /** ICMP for IPv6; it has no ports */
  | 'ICMPV6'
  /** Any other */
  | 'OTHER'
  /** SCTP */
  | 'SCTP'
  /** TCP */
  | 'TCP'
  /** UDP */
  | 'UDP';

/** A profile, under the name that it has. */
export type PutPolicyProfileInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Version that is to be changed, 0 where there is none yet: where it is another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** `{"name", "zones": [{"name", "labels", "deny", "internet", "rules": [{"direction", "zone" | "blocks", "ports"}]}]}` */
  readonly profile: unknown;
};

/** What tells that addresses are a cluster's own. */
export type RangeSource =
  /** A user, by `setClusterRanges` */
  | 'DECLARED'
  /** Of one node: its `spec.podCIDRs`, those of its CiliumNode, or the annotation of OVN-Kubernetes */
  | 'POD_CIDR'
  /** Of all nodes: an IPPool of Calico, or the Network of OpenShift */
  | 'POD_POOL'
  /** A ServiceCIDR, or the Network of OpenShift */
  | 'SERVICE_CIDR';

/** What opens a baseline again that learns by itself, besides `reopenBaselines`. */
export type RelearnOn =
  /** Either of both */
  | 'ANY_CHANGE'
  /** Pods whose labels none of the deployment had before, such as a new `pod-template-hash` */
  | 'NEW_RELEASE'
  /** Nothing by itself: somebody reopens it, unlocks it or has it learned anew */
  | 'NOTHING'
  /** A live policy of its namespace, or of the whole cluster, that was made, changed or deleted, as imports found it; not the first policies that are known of the cluster */
  | 'POLICY_CHANGE';

/** Which entries to take out. */
export type RemoveBaselineEntriesInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Deployments, as `namespace/name` or `name`; all of the namespaces when not given */
  readonly deployments?: ReadonlyArray<string> | null | undefined;
  /** Which entries of them, at least one */
  readonly entries: ReadonlyArray<BaselineEntryMatch>;
  /** Version of the one baseline of the scope, 0 where there is none yet: where it is another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Only deployments whose labels are selected */
  readonly labels?: LabelSelector | null | undefined;
  /** Namespaces; all of them when not given */
  readonly namespaces?: ReadonlyArray<string> | null | undefined;
  /** Why, for the history */
  readonly reason?: string | null | undefined;
};

/** Which alerts somebody has to look at again. */
export type ReopenAlertsInput = {
  /** Those that it finds, at most 5,000 at once; either this or `ids` */
  readonly filter?: AlertFilter | null | undefined;
  /** Ids of alerts, at most 500; either these or `filter` */
  readonly ids?: ReadonlyArray<string | number> | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Why, for those who look at them later */
  readonly reason?: string | null | undefined;
};

/** Whose baselines to let learn again. */
export type ReopenBaselinesInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Deployments, as `namespace/name` or `name`; all of the namespaces when not given */
  readonly deployments?: ReadonlyArray<string> | null | undefined;
  /** Version of the one baseline of the scope, 0 where there is none yet: where it is another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Only deployments whose labels are selected */
  readonly labels?: LabelSelector | null | undefined;
  /** Namespaces; all of them when not given */
  readonly namespaces?: ReadonlyArray<string> | null | undefined;
  /** Why, for the history */
  readonly reason?: string | null | undefined;
};

/** Which alerts, and what was done about them. */
export type ResolveAlertsInput = {
  /** Those that it finds, at most 5,000 at once; either this or `ids` */
  readonly filter?: AlertFilter | null | undefined;
  /** Ids of alerts, at most 500; either these or `filter` */
  readonly ids?: ReadonlyArray<string | number> | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Why, for those who look at them later */
  readonly reason?: string | null | undefined;
};

/** Which token. */
export type RevokeTokenInput = {
  /** Id of the token */
  readonly id: string | number;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** What somebody may do, within a scope. */
export type Role =
  /** Everything, access and settings among it */
  | 'ADMIN'
  /** Read, generate and simulate */
  | 'ANALYST'
  /** What an analyst may; also import, ingest, learn, lock, resolve and apply */
  | 'OPERATOR'
  /** Ingest and import for its cluster, and nothing else */
  | 'SENSOR'
  /** Read what there is */
  | 'VIEWER';

/** Settings of a place. What is left out stays; null takes back what was set there, so that what holds above it counts. */
export type SetBaselineSettingsInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Days after which removal of what was not seen is proposed, 1 to 3660; 30 by default */
  readonly decayDays?: number | null | undefined;
  /** Name of a deployment of the namespace; the whole namespace without it */
  readonly deployment?: string | null | undefined;
  /** Version of what is set at the place, 0 where nothing is: where it is another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Whether it learns by itself; ON_DEMAND by default */
  readonly learning?: BaselineLearning | null | undefined;
  /** Whether it is locked when it becomes STABLE; false by default */
  readonly lockWhenStable?: boolean | null | undefined;
  /** Events to see before it is STABLE, from 0; 10 by default */
  readonly minEvents?: number | null | undefined;
  /** Namespace; the whole cluster without it */
  readonly namespace?: string | null | undefined;
  /** Covered hours to watch before a baseline can be STABLE, 1 to 8784; 48 by default */
  readonly observationHours?: number | null | undefined;
  /** Covered hours without anything new before it is STABLE, 0 to 8784; 24 by default */
  readonly quietHours?: number | null | undefined;
  /** Covered hours for which a change opens it again, 1 to 8784; 24 by default */
  readonly relearnHours?: number | null | undefined;
  /** What opens it again; NOTHING by default */
  readonly relearnOn?: RelearnOn | null | undefined;
  /** Days after which a baseline is stale and should be learned again, 1 to 3660; 90 by default */
  readonly staleDays?: number | null | undefined;
};

/** Where a cluster's own addresses lie. */
export type SetClusterRangesInput = {
  /** Blocks such as `10.244.0.0/16`, in the place of all that were declared before */
  readonly cidrs: ReadonlyArray<string>;
  /** Name of the cluster */
  readonly cluster: string;
  /** Version of the settings of the cluster (`Cluster.settingsVersion`): where it is another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** How long flows of a cluster are kept. */
export type SetRetentionInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Days before the newest observation of the cluster, from 1; null keeps all */
  readonly days?: number | null | undefined;
  /** Version of the settings of the cluster (`Cluster.settingsVersion`): where it is another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** When counts by hour become counts by day. */
export type SetRollUpInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Days before the newest observation of the cluster, from 1; null: they never do, and what is by day already stays so */
  readonly days?: number | null | undefined;
  /** Version of the settings of the cluster (`Cluster.settingsVersion`): where it is another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** How much a problem or finding matters. */
export type Severity =
  /** Of a problem: what it is about was not done. Of a finding: the policy does not do what it seems to */
  | 'ERROR'
  /** Worth knowing; nothing has to be done */
  | 'INFO'
  /** Of a problem: the item was left out or changed, and the rest went on. Of a finding: somebody should look at it */
  | 'WARNING';

/** A candidate. It replaces live policies of the same kind, namespace and name, else it adds. */
export type SimulatePoliciesInput = {
  /** What must hold, as sentences (docs/assertions.md): held against the policies that would be in force, and against the flows of the window. With nothing proposed, against the policies in force */
  readonly assertions?: string | null | undefined;
  /** Name of the cluster */
  readonly cluster: string;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Policies, as documents of one YAML text */
  readonly policies?: string | null | undefined;
  /** Name of a stored policy set, its latest version; instead of `policies` or beside them */
  readonly policySet?: string | null | undefined;
  /** Live policies to remove, each as `namespace/name` */
  readonly remove?: ReadonlyArray<string> | null | undefined;
  /** Flows seen at or after this */
  readonly since?: string | null | undefined;
  /** Flows seen before this */
  readonly until?: string | null | undefined;
};

/** What makes a flow easy to overlook: it may come again when nobody watches. */
export type SimulatedFlowNote =
  /** It was seen only in hours in which a pod of one of its ends had just started */
  | 'AT_START'
  /** One of its ends is a Job or a CronJob */
  | 'JOB'
  /** It was seen on a tenth of the observed days at most */
  | 'RARE';

/** All given fields must hold. */
export type SimulationFilter = {
  /** All of these hold as well */
  readonly and?: ReadonlyArray<SimulationFilter> | null | undefined;
  /** Name of who asked for it */
  readonly caller?: StringFilter | null | undefined;
  /** Name of the cluster */
  readonly cluster?: StringFilter | null | undefined;
  /** When it was asked for */
  readonly createdAt?: TimeFilter | null | undefined;
  /** This does not hold */
  readonly not?: SimulationFilter | null | undefined;
  /** At least one of these holds as well; an empty list matches nothing */
  readonly or?: ReadonlyArray<SimulationFilter> | null | undefined;
  /** Name of the policy set that was simulated; empty text where there was none */
  readonly policySet?: StringFilter | null | undefined;
  /** How far it has got; one of these */
  readonly status?: ReadonlyArray<SimulationStatus> | null | undefined;
};

/** How far a simulation has got. */
export type SimulationStatus =
  /** Ended by somebody */
  | 'CANCELLED'
  /** Finished; its results are complete */
  | 'DONE'
  /** Ended by an error */
  | 'FAILED'
  /** Waiting for its turn */
  | 'PENDING'
  /** A worker is at it */
  | 'RUNNING';

/** Which alerts nobody wants to hear of for a while. */
export type SnoozeAlertsInput = {
  /** Those that it finds, at most 5,000 at once; either this or `ids` */
  readonly filter?: AlertFilter | null | undefined;
  /** Ids of alerts, at most 500; either these or `filter` */
  readonly ids?: ReadonlyArray<string | number> | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Why, for those who look at them later */
  readonly reason?: string | null | undefined;
  /** Until when; in the future */
  readonly until: string;
};

/** All given fields must hold. Upper and lower case differ, but for `search`. */
export type StringFilter = {
  /** Holds this */
  readonly contains?: string | null | undefined;
  /** Is this text */
  readonly eq?: string | null | undefined;
  /** Is one of these; an empty list matches nothing */
  readonly in?: ReadonlyArray<string> | null | undefined;
  /** Holds this, whatever the case */
  readonly search?: string | null | undefined;
  /** Begins with this */
  readonly startsWith?: string | null | undefined;
};

/** Which notifier, and whether it sends. */
export type SwitchNotifierInput = {
  /** Whether it sends anything */
  readonly enabled: boolean;
  /** Version that it has: where it has another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Id of the notifier */
  readonly id: string | number;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
};

/** A rule, stored or not, and a window. */
export type TestAlertRuleInput = {
  /** Name of the cluster; all when not given */
  readonly cluster?: string | null | undefined;
  /** Id of a rule; either this or `rule` */
  readonly id?: string | number | null | undefined;
  /** A rule that is not stored */
  readonly rule?: CreateAlertRuleInput | null | undefined;
  /** Flows seen from here on */
  readonly since?: string;
  /** Flows seen before this; now */
  readonly until?: string | null | undefined;
};

/** A half-open window; an end that is not given is open. */
export type TimeFilter = {
  /** At this moment or later */
  readonly gte?: string | null | undefined;
  /** Before this moment */
  readonly lt?: string | null | undefined;
};

/** Whom a token is for. */
export type TokenKind =
  /** People and scripts; its text begins with `wgt_` */
  | 'API'
  /** The sensor of one cluster; its text begins with `wgs_` */
  | 'SENSOR';

/** How often something is seen, by the hours in which it was. */
export type TrafficPattern =
  /** In the same few hours of each of some days */
  | 'DAILY'
  /** In an hour or two of days that lie a month apart */
  | 'MONTHLY'
  /** In one hour out of a day or more */
  | 'ONCE'
  /** In many hours */
  | 'REGULAR'
  /** Only in the first hour in which the deployment was seen */
  | 'START_UP'
  /** In an hour or two of days that lie a week apart */
  | 'WEEKLY';

/** Whose baselines to unlock. */
export type UnlockBaselinesInput = {
  /** Name of the cluster */
  readonly cluster: string;
  /** Deployments, as `namespace/name` or `name`; all of the namespaces when not given */
  readonly deployments?: ReadonlyArray<string> | null | undefined;
  /** Version of the one baseline of the scope, 0 where there is none yet: where it is another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** Only deployments whose labels are selected */
  readonly labels?: LabelSelector | null | undefined;
  /** Namespaces; all of them when not given */
  readonly namespaces?: ReadonlyArray<string> | null | undefined;
  /** Why, for the history */
  readonly reason?: string | null | undefined;
};

/** A rule, and what changes of it. */
export type UpdateAlertRuleInput = {
  /** KNOWN_BAD: addresses and blocks */
  readonly addresses?: ReadonlyArray<string> | null | undefined;
  /** Categories of its alerts, the first of which they show; of a new rule `Anomalous Activity` where they are left out */
  readonly categories?: ReadonlyArray<string> | null | undefined;
  /** What it is for */
  readonly description?: string | null | undefined;
  /** Whether it raises alerts; a new rule does where this is left out */
  readonly enabled?: boolean | null | undefined;
  /** What it asks for when it is met; of a new rule INFORM where it is left out */
  readonly enforcement?: AlertEnforcement | null | undefined;
  /** Flows that it is not about */
  readonly exclusions?: ReadonlyArray<AlertRuleExclusionInput> | null | undefined;
  /** Version that it has: where it has another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** Id of the rule */
  readonly id: string | number;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** EXFILTRATION: nothing is unusual below so many megabytes (10^6 bytes) within an hour */
  readonly megabytes?: number | null | undefined;
  /** Its new name */
  readonly name?: string | null | undefined;
  /** Whose flows it is about */
  readonly scope?: AlertRuleScopeInput | null | undefined;
  /** Severity of the alerts that it raises; of a new rule MEDIUM where it is left out */
  readonly severity?: AlertSeverity | null | undefined;
  /** INGESTION_GAP: a source that shows nothing new for so many minutes, and for three times as long as it usually pauses, is silent; at least 5 */
  readonly silentMinutes?: number | null | undefined;
  /** OFF_BASELINE: raises alerts off stable baselines as well, of this severity; off locked ones alone without it. Null takes it back */
  readonly stableSeverity?: AlertSeverity | null | undefined;
  /** LATERAL_SCAN: so many peers and ports within an hour, or twice as many within a day */
  readonly threshold?: number | null | undefined;
};

/** A notifier, and what changes of it: what is not given stays. */
export type UpdateNotifierInput = {
  /** Alerts of these clusters; null: of all */
  readonly clusters?: ReadonlyArray<string> | null | undefined;
  /** Whether more than three messages in five minutes become one; SLACK, TEAMS, EMAIL and JIRA alone can, and new ones do where it is left out */
  readonly digest?: boolean | null | undefined;
  /** JIRA: e-mail address of the account whose API token the secret is */
  readonly email?: string | null | undefined;
  /** Whether it sends anything */
  readonly enabled?: boolean | null | undefined;
  /** Version that it has: where it has another one, nothing is done, and the problem is `CONFLICT` */
  readonly expectedVersion?: number | null | undefined;
  /** EMAIL: the address of the sender */
  readonly from?: string | null | undefined;
  /** Id of the notifier */
  readonly id: string | number;
  /** JIRA: type of the issues; `Task` where none was given */
  readonly issueType?: string | null | undefined;
  /** Idempotency key, up to 255 characters, of this caller alone: the same key with the same input does nothing again and is answered as the first time, with objects as they are now; with other input it is the problem `KEY_REUSED`. Kept for 30 days */
  readonly key?: string | null | undefined;
  /** At most so many messages per hour; what is more waits, or goes into a digest. Of a new notifier of SLACK, TEAMS, EMAIL or JIRA 20 where it is left out. Null: no limit */
  readonly maxPerHour?: number | null | undefined;
  /** Alerts of this severity and above */
  readonly minSeverity?: AlertSeverity | null | undefined;
  /** Its new name */
  readonly name?: string | null | undefined;
  /** JIRA: key of the project */
  readonly project?: string | null | undefined;
  /** Alerts of these rules; null: of all */
  readonly rules?: ReadonlyArray<AlertRule> | null | undefined;
  /** Kept encrypted, and never told again. A WEBHOOK without one gets one; for EMAIL it is `USER:PASSWORD`; `NotifierKind` says what it is for the others */
  readonly secret?: string | null | undefined;
  /** EMAIL: whom it is sent to, several with commas between them */
  readonly to?: string | null | undefined;
  /** Where it sends: an http or https address, for EMAIL `smtp://HOST:PORT` or `smtps://HOST`, for SYSLOG `tls://HOST:PORT` or `tcp://HOST:PORT`. SLACK and TEAMS have none: their address is the secret */
  readonly url?: string | null | undefined;
};

/** What policies say of a connection. */
export type Verdict =
  /** They permit it, or none governs it */
  | 'ALLOWED'
  /** They do not permit it */
  | 'DENIED'
  /** A fact that decides is missing */
  | 'UNDECIDABLE';

export type AlertActionFactsFragment = { readonly id: string, readonly kind: AlertEnforcement, readonly state: AlertActionState, readonly requestedAt: string, readonly decidedAt: string | null, readonly decidedBy: string | null };

export type AlertActionsQueryVariables = Exact<{
  filter: AlertFilter;
  after?: string | null | undefined;
}>;


export type AlertActionsQuery = { readonly alerts: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly message: string, readonly cluster: { readonly name: string }, readonly deployment: { readonly name: string, readonly kind: string, readonly namespace: { readonly name: string } } | null, readonly peer:
        | PeerName_ClusterNode_Fragment
        | PeerName_Deployment_Fragment
        | PeerName_ExternalEntity_Fragment
        | PeerName_UnresolvedPeer_Fragment
       | null, readonly actions: ReadonlyArray<AlertActionFactsFragment> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type DecideAlertActionMutationVariables = Exact<{
  input: DecideAlertActionInput;
}>;


export type DecideAlertActionMutation = { readonly decideAlertAction: { readonly action: AlertActionFactsFragment | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type AlertRuleFactsFragment = { readonly id: string, readonly name: string, readonly description: string, readonly criterion: AlertRule, readonly severity: AlertSeverity, readonly categories: ReadonlyArray<string>, readonly parameters: unknown, readonly enabled: boolean, readonly enforcement: AlertEnforcement, readonly shipped: boolean, readonly version: number, readonly updatedAt: string | null, readonly updatedBy: string | null, readonly scope: { readonly clusters: ReadonlyArray<string> | null, readonly namespaces: ReadonlyArray<string> | null, readonly labels: unknown, readonly podSelector: unknown, readonly namespaceSelector: unknown }, readonly exclusions: ReadonlyArray<{ readonly namespace: string | null, readonly deployment: string | null, readonly peer: string | null, readonly port: number | null, readonly podSelector: unknown, readonly namespaceSelector: unknown }> };

export type AlertRulesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type AlertRulesQuery = { readonly alertRules: { readonly nodes: ReadonlyArray<AlertRuleFactsFragment>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type AlertRuleChangedFragment = { readonly rule: AlertRuleFactsFragment | null, readonly problems: ReadonlyArray<ProblemLineFragment> };

export type CreateAlertRuleMutationVariables = Exact<{
  input: CreateAlertRuleInput;
}>;


export type CreateAlertRuleMutation = { readonly createAlertRule: AlertRuleChangedFragment };

export type UpdateAlertRuleMutationVariables = Exact<{
  input: UpdateAlertRuleInput;
}>;


export type UpdateAlertRuleMutation = { readonly updateAlertRule: AlertRuleChangedFragment };

export type DeleteAlertRuleMutationVariables = Exact<{
  input: DeleteAlertRuleInput;
}>;


export type DeleteAlertRuleMutation = { readonly deleteAlertRule: AlertRuleChangedFragment };

export type TestAlertRuleMutationVariables = Exact<{
  input: TestAlertRuleInput;
}>;


export type TestAlertRuleMutation = { readonly testAlertRule: { readonly wouldRaise: number, readonly flows: number, readonly alerts: ReadonlyArray<{ readonly line: string, readonly why: string, readonly groupName: string, readonly events: number, readonly flowCount: number, readonly lastOccurredAt: string }>, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type AlertFactsFragment = { readonly id: string, readonly rule: AlertRule, readonly rules: ReadonlyArray<AlertRule>, readonly category: string, readonly severity: AlertSeverity, readonly state: AlertState, readonly message: string, readonly occurrences: string, readonly passed: string, readonly flowCount: number, readonly groupKind: AlertPeerGroup, readonly groupName: string, readonly firstOccurredAt: string, readonly lastOccurredAt: string, readonly snoozedUntil: string | null, readonly resolution: string | null, readonly cluster: { readonly name: string }, readonly deployment: { readonly name: string, readonly kind: string, readonly namespace: { readonly name: string } } | null, readonly peer:
    | PeerName_ClusterNode_Fragment
    | PeerName_Deployment_Fragment
    | PeerName_ExternalEntity_Fragment
    | PeerName_UnresolvedPeer_Fragment
   | null };

export type AlertsQueryVariables = Exact<{
  filter: AlertFilter;
  after?: string | null | undefined;
}>;


export type AlertsQuery = { readonly alerts: { readonly nodes: ReadonlyArray<AlertFactsFragment>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type AlertShownQueryVariables = Exact<{
  id: string | number;
}>;


export type AlertShownQuery = { readonly node:
    | (
      { readonly comments: ReadonlyArray<{ readonly createdAt: string, readonly author: string, readonly text: string }>, readonly flows: ReadonlyArray<{ readonly port: number | null, readonly protocol: Protocol, readonly events: string, readonly observedVerdict: ObservedVerdict, readonly lastSeenAt: string, readonly source:
          | PeerName_ClusterNode_Fragment
          | PeerName_Deployment_Fragment
          | PeerName_ExternalEntity_Fragment
          | PeerName_UnresolvedPeer_Fragment
        , readonly destination:
          | PeerName_ClusterNode_Fragment
          | PeerName_Deployment_Fragment
          | PeerName_ExternalEntity_Fragment
          | PeerName_UnresolvedPeer_Fragment
         }> }
      & AlertFactsFragment
    )
    | Record<PropertyKey, never>
   | null };

export type ResolveAlertsMutationVariables = Exact<{
  input: ResolveAlertsInput;
}>;


export type ResolveAlertsMutation = { readonly resolveAlerts: AlertsChangedFragment };

export type SnoozeAlertsMutationVariables = Exact<{
  input: SnoozeAlertsInput;
}>;


export type SnoozeAlertsMutation = { readonly snoozeAlerts: AlertsChangedFragment };

export type AcceptAlertsMutationVariables = Exact<{
  input: AcceptAlertsInput;
}>;


export type AcceptAlertsMutation = { readonly acceptAlerts: AlertsChangedFragment };

export type ReopenAlertsMutationVariables = Exact<{
  input: ReopenAlertsInput;
}>;


export type ReopenAlertsMutation = { readonly reopenAlerts: AlertsChangedFragment };

export type CommentOnAlertMutationVariables = Exact<{
  input: CommentOnAlertInput;
}>;


export type CommentOnAlertMutation = { readonly commentOnAlert: { readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type AlertsChangedFragment = { readonly changed: number, readonly alerts: ReadonlyArray<AlertFactsFragment>, readonly problems: ReadonlyArray<ProblemLineFragment> };

export type AuditLogQueryVariables = Exact<{
  filter?: AuditFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AuditLogQuery = { readonly auditLog: { readonly nodes: ReadonlyArray<{ readonly seq: string, readonly at: string, readonly actor: string | null, readonly principal: string | null, readonly roles: ReadonlyArray<string>, readonly address: string | null, readonly requestId: string, readonly action: string, readonly target: string | null, readonly result: AuditResult, readonly detail: string | null, readonly text: string, readonly prev: string, readonly hash: string }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type AuditExportQueryVariables = Exact<{
  after: string | number;
}>;


export type AuditExportQuery = { readonly auditExport: { readonly lines: ReadonlyArray<string>, readonly next: string | null } };

export type AuditVerificationQueryVariables = Exact<{
  checkpoint?: string | null | undefined;
}>;


export type AuditVerificationQuery = { readonly auditVerification: { readonly entries: number, readonly first: string, readonly head: string, readonly checkpoint: string | null, readonly signed: boolean, readonly fault: string | null } };

export type BaselineHistoryQueryVariables = Exact<{
  cluster: string;
  namespace: string;
  name: string;
  kind: string;
}>;


export type BaselineHistoryQuery = { readonly deployment: { readonly baseline: { readonly revisions: ReadonlyArray<{ readonly version: number, readonly state: BaselineState, readonly count: number, readonly since: string, readonly until: string | null, readonly source: string, readonly who: string | null, readonly why: string | null }> } | null } | null };

export type BaselineDecayQueryVariables = Exact<{
  scope: BaselineDecayScope;
  after?: string | null | undefined;
}>;


export type BaselineDecayQuery = { readonly baselineDecay: { readonly entries: { readonly nodes: ReadonlyArray<{ readonly lastSeenAt: string | null, readonly unseenDays: number, readonly deployment: { readonly name: string, readonly kind: string, readonly namespace: { readonly name: string } }, readonly entry: { readonly direction: BaselineDirection, readonly port: number | null, readonly protocol: Protocol, readonly peer:
            | PeerName_ClusterNode_Fragment
            | PeerName_Deployment_Fragment
            | PeerName_ExternalEntity_Fragment
            | PeerName_UnresolvedPeer_Fragment
           } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } }, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type ApplyBaselineDecayMutationVariables = Exact<{
  input: ApplyBaselineDecayInput;
}>;


export type ApplyBaselineDecayMutation = { readonly applyBaselineDecay: { readonly changed: number, readonly baselines: ReadonlyArray<BaselineFactsFragment>, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type BaselineFactsFragment = { readonly state: BaselineState, readonly version: number, readonly learnedSince: string | null, readonly learnedUntil: string | null, readonly generatedAt: string, readonly lockedAt: string | null, readonly coveredHours: number, readonly stableSince: string | null, readonly lastNewAt: string | null, readonly stale: boolean, readonly missing: { readonly coveredHours: number, readonly quietHours: number, readonly events: number }, readonly deployment: { readonly name: string, readonly kind: string, readonly namespace: { readonly name: string } } };

export type GenerateBaselinesMutationVariables = Exact<{
  input: GenerateBaselinesInput;
}>;


export type GenerateBaselinesMutation = { readonly generateBaselines: { readonly baselines: ReadonlyArray<BaselineFactsFragment>, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type LockBaselinesMutationVariables = Exact<{
  input: LockBaselinesInput;
}>;


export type LockBaselinesMutation = { readonly lockBaselines: { readonly changed: number, readonly baselines: ReadonlyArray<BaselineFactsFragment>, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type UnlockBaselinesMutationVariables = Exact<{
  input: UnlockBaselinesInput;
}>;


export type UnlockBaselinesMutation = { readonly unlockBaselines: { readonly changed: number, readonly baselines: ReadonlyArray<BaselineFactsFragment>, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type ReopenBaselinesMutationVariables = Exact<{
  input: ReopenBaselinesInput;
}>;


export type ReopenBaselinesMutation = { readonly reopenBaselines: { readonly changed: number, readonly baselines: ReadonlyArray<BaselineFactsFragment>, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type BaselineEntryPageFragment = { readonly nodes: ReadonlyArray<{ readonly direction: BaselineDirection, readonly port: number | null, readonly protocol: Protocol, readonly days: number, readonly events: string, readonly status: BaselineEntryStatus, readonly pattern: TrafficPattern | null, readonly firstSeenAt: string, readonly lastSeenAt: string, readonly statusBy: string | null, readonly statusAt: string | null, readonly reason: string | null, readonly peer:
      | PeerName_ClusterNode_Fragment
      | PeerName_Deployment_Fragment
      | PeerName_ExternalEntity_Fragment
      | PeerName_UnresolvedPeer_Fragment
     }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } };

export type BaselineEntriesQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type BaselineEntriesQuery = { readonly node:
    | { readonly entries: BaselineEntryPageFragment }
    | Record<PropertyKey, never>
   | null };

export type BaselinesQueryVariables = Exact<{
  filter: DeploymentFilter;
  after?: string | null | undefined;
}>;


export type BaselinesQuery = { readonly deployments: { readonly nodes: ReadonlyArray<{ readonly baseline: (
        { readonly id: string, readonly entries: BaselineEntryPageFragment }
        & BaselineFactsFragment
      ) | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ConfirmBaselineEntriesMutationVariables = Exact<{
  input: ConfirmBaselineEntriesInput;
}>;


export type ConfirmBaselineEntriesMutation = { readonly confirmBaselineEntries: { readonly changed: number, readonly baselines: ReadonlyArray<BaselineFactsFragment>, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type ForbidBaselineEntriesMutationVariables = Exact<{
  input: ForbidBaselineEntriesInput;
}>;


export type ForbidBaselineEntriesMutation = { readonly forbidBaselineEntries: { readonly changed: number, readonly baselines: ReadonlyArray<BaselineFactsFragment>, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type RemoveBaselineEntriesMutationVariables = Exact<{
  input: RemoveBaselineEntriesInput;
}>;


export type RemoveBaselineEntriesMutation = { readonly removeBaselineEntries: { readonly changed: number, readonly baselines: ReadonlyArray<BaselineFactsFragment>, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type AdvanceBaselinesMutationVariables = Exact<{
  input: AdvanceBaselinesInput;
}>;


export type AdvanceBaselinesMutation = { readonly advanceBaselines: { readonly changed: number, readonly baselines: ReadonlyArray<BaselineFactsFragment>, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type BaselineDiffQueryVariables = Exact<{
  cluster: string;
  namespace: string;
  name: string;
  kind?: string | null | undefined;
  before: BaselineMoment;
  after?: BaselineMoment | null | undefined;
  cursor?: string | null | undefined;
}>;


export type BaselineDiffQuery = { readonly baselineDiff: { readonly before: { readonly version: number, readonly since: string, readonly state: BaselineState, readonly source: string, readonly who: string | null, readonly why: string | null }, readonly after: { readonly version: number, readonly since: string, readonly state: BaselineState, readonly source: string, readonly who: string | null, readonly why: string | null }, readonly changes: { readonly nodes: ReadonlyArray<{ readonly direction: BaselineDirection, readonly port: number | null, readonly protocol: Protocol, readonly before: BaselineEntryStatus | null, readonly after: BaselineEntryStatus | null, readonly peer:
          | PeerName_ClusterNode_Fragment
          | PeerName_Deployment_Fragment
          | PeerName_ExternalEntity_Fragment
          | PeerName_UnresolvedPeer_Fragment
         | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } };

export type BaselineExportQueryVariables = Exact<{
  cluster: string;
  namespaces?: ReadonlyArray<string> | string | null | undefined;
  deployments?: ReadonlyArray<string> | string | null | undefined;
  labels?: LabelSelector | null | undefined;
}>;


export type BaselineExportQuery = { readonly baselineExport: { readonly text: string, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type ImportBaselinesMutationVariables = Exact<{
  input: ImportBaselinesInput;
}>;


export type ImportBaselinesMutation = { readonly importBaselines: { readonly added: number, readonly changed: number, readonly removed: number, readonly locked: number, readonly unlocked: number, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type BaselineSettingValuesFragment = { readonly observationHours: number, readonly quietHours: number, readonly minEvents: number, readonly learning: BaselineLearning, readonly lockWhenStable: boolean, readonly relearnOn: RelearnOn, readonly relearnHours: number, readonly decayDays: number, readonly staleDays: number };

export type BaselineSettingsQueryVariables = Exact<{
  cluster: string;
}>;


export type BaselineSettingsQuery = { readonly baselineSettings: { readonly cluster: BaselineSettingValuesFragment, readonly overrides: ReadonlyArray<{ readonly namespace: string | null, readonly deployment: string | null, readonly observationHours: number | null, readonly quietHours: number | null, readonly minEvents: number | null, readonly learning: BaselineLearning | null, readonly lockWhenStable: boolean | null, readonly relearnOn: RelearnOn | null, readonly relearnHours: number | null, readonly decayDays: number | null, readonly staleDays: number | null, readonly updatedAt: string, readonly updatedBy: string }> } };

export type SetBaselineSettingsMutationVariables = Exact<{
  input: SetBaselineSettingsInput;
}>;


export type SetBaselineSettingsMutation = { readonly setBaselineSettings: { readonly settings: BaselineSettingValuesFragment | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type ImportInventoryMutationVariables = Exact<{
  input: ImportInventoryInput;
}>;


export type ImportInventoryMutation = { readonly importInventory: { readonly counts: { readonly namespaces: number, readonly deployments: number, readonly pods: number, readonly services: number, readonly nodes: number, readonly policies: number, readonly ended: number, readonly merged: number, readonly changed: number } | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type ClustersQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ClustersQuery = { readonly clusters: { readonly nodes: ReadonlyArray<{ readonly name: string, readonly lastImportAt: string | null, readonly lastIngestAt: string | null, readonly newestObservationAt: string | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type DiagnoseClusterQueryVariables = Exact<{
  cluster: string;
}>;


export type DiagnoseClusterQuery = { readonly cluster: { readonly diagnose: ReadonlyArray<ProblemLineFragment> } | null };

export type ClusterRangesQueryVariables = Exact<{
  cluster: string;
}>;


export type ClusterRangesQuery = { readonly cluster: { readonly ranges: ReadonlyArray<{ readonly cidr: string, readonly source: RangeSource }> } | null };

export type SetClusterRangesMutationVariables = Exact<{
  input: SetClusterRangesInput;
}>;


export type SetClusterRangesMutation = { readonly setClusterRanges: { readonly cluster: { readonly ranges: ReadonlyArray<{ readonly cidr: string, readonly source: RangeSource }> } | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type ClusterContentsQueryVariables = Exact<{
  cluster: string;
}>;


export type ClusterContentsQuery = { readonly cluster: { readonly counts: { readonly deployments: number } } | null, readonly flows: { readonly totalCount: number | null }, readonly policies: { readonly totalCount: number | null }, readonly alerts: { readonly totalCount: number | null } };

export type DeleteClusterMutationVariables = Exact<{
  input: DeleteClusterInput;
}>;


export type DeleteClusterMutation = { readonly deleteCluster: { readonly deleted: boolean, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type ClusterRetentionQueryVariables = Exact<{
  cluster: string;
}>;


export type ClusterRetentionQuery = { readonly cluster: { readonly retentionDays: number | null, readonly rollUpDays: number | null, readonly rolledUntil: string | null } | null };

export type SetRetentionMutationVariables = Exact<{
  input: SetRetentionInput;
}>;


export type SetRetentionMutation = { readonly setRetention: { readonly job: { readonly id: string } | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type SetRollUpMutationVariables = Exact<{
  input: SetRollUpInput;
}>;


export type SetRollUpMutation = { readonly setRollUp: { readonly job: { readonly id: string } | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type CompletenessQueryVariables = Exact<{
  cluster: string;
  since?: string | null | undefined;
  until?: string | null | undefined;
}>;


export type CompletenessQuery = { readonly cluster: { readonly completeness: { readonly since: string | null, readonly until: string | null, readonly firstSeenAt: string | null, readonly lastSeenAt: string | null, readonly flows: number, readonly lostEvents: string, readonly rejectedRecords: string, readonly unresolvedFlows: number, readonly unresolvedShare: number | null, readonly silentHours: number, readonly silentDeployments: ReadonlyArray<string>, readonly idleCronJobs: ReadonlyArray<string>, readonly cutDays: ReadonlyArray<string>, readonly forgottenUntil: string | null, readonly sources: ReadonlyArray<{ readonly name: string, readonly received: string, readonly accepted: string, readonly rejected: string, readonly skipped: string, readonly duplicates: string, readonly withoutId: string, readonly lost: string, readonly sampling: number | null, readonly firstAt: string | null, readonly lastAt: string | null, readonly gapCount: number, readonly rejectedReasons: ReadonlyArray<{ readonly reason: string, readonly count: string }>, readonly skippedReasons: ReadonlyArray<{ readonly reason: string, readonly count: string }>, readonly gaps: ReadonlyArray<{ readonly since: string, readonly until: string }> }> } } | null };

export type ExplainConnectionQueryVariables = Exact<{
  input: ExplainInput;
}>;


export type ExplainConnectionQuery = { readonly explain: DecisionFragment | null };

export type DecisionFragment = { readonly settledBy: string | null, readonly notes: ReadonlyArray<string> | null, readonly foreignPolicies: ReadonlyArray<string>, readonly verdict: Verdict, readonly basis: string, readonly missing: string | null, readonly text: string, readonly parts: ReadonlyArray<{ readonly sources: ReadonlyArray<string>, readonly destinations: ReadonlyArray<string>, readonly ports: string, readonly verdict: Verdict, readonly basis: string, readonly missing: string | null, readonly egress: DecisionHalfFragment, readonly ingress: DecisionHalfFragment }> | null, readonly dataplane: { readonly verdict: ObservedVerdict, readonly agrees: boolean | null, readonly message: string } | null, readonly egress: DecisionHalfFragment, readonly ingress: DecisionHalfFragment };

export type DecisionHalfFragment = { readonly direction: Direction, readonly verdict: Verdict, readonly basis: string, readonly governed: boolean, readonly missing: string | null, readonly reasons: ReadonlyArray<{ readonly tier: PolicyTier, readonly rule: number | null, readonly peers: ReadonlyArray<number> | null, readonly ruleName: string | null, readonly action: PolicyAction | null, readonly file: string | null, readonly line: number, readonly column: number, readonly nearest: string | null, readonly appliesTo: string | null, readonly policy: string }> };

export type ExternalBlocksQueryVariables = Exact<{
  cluster?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type ExternalBlocksQuery = { readonly externalBlocks: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly cidr: string, readonly cluster: { readonly name: string } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ImportExternalBlocksMutationVariables = Exact<{
  input: ImportExternalBlocksInput;
}>;


export type ImportExternalBlocksMutation = { readonly importExternalBlocks: { readonly blocks: ReadonlyArray<{ readonly id: string, readonly name: string, readonly cidr: string, readonly cluster: { readonly name: string } | null }> | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type ExternalBlocksFoundQueryVariables = Exact<{
  filter?: ExternalBlockFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type ExternalBlocksFoundQuery = { readonly externalBlocks: { readonly nodes: ReadonlyArray<{ readonly id: string }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type DeleteExternalBlocksMutationVariables = Exact<{
  input: DeleteExternalBlocksInput;
}>;


export type DeleteExternalBlocksMutation = { readonly deleteExternalBlocks: { readonly deleted: number, readonly more: boolean, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type FlowHistoryQueryVariables = Exact<{
  filter: FlowFilter;
  after?: string | null | undefined;
  since?: string | null | undefined;
  until?: string | null | undefined;
  by: HistoryStep;
}>;


export type FlowHistoryQuery = { readonly flows: { readonly nodes: ReadonlyArray<{ readonly port: number | null, readonly protocol: Protocol, readonly source:
        | PeerName_ClusterNode_Fragment
        | PeerName_Deployment_Fragment
        | PeerName_ExternalEntity_Fragment
        | PeerName_UnresolvedPeer_Fragment
      , readonly destination:
        | PeerName_ClusterNode_Fragment
        | PeerName_Deployment_Fragment
        | PeerName_ExternalEntity_Fragment
        | PeerName_UnresolvedPeer_Fragment
      , readonly history: { readonly truncated: boolean, readonly points: ReadonlyArray<{ readonly at: string, readonly counts: { readonly events: string, readonly connections: string | null, readonly bytes: string | null, readonly allowed: string, readonly denied: string, readonly audited: string, readonly failed: string, readonly unknown: string } }> } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type GeneratePoliciesMutationVariables = Exact<{
  input: GeneratePoliciesInput;
  as?: PolicyDialect;
  rendered?: boolean;
}>;


export type GeneratePoliciesMutation = { readonly generatePolicies: { readonly job: { readonly status: JobStatus } | null, readonly policySet: { readonly name: string, readonly version: number } | null, readonly policies: ReadonlyArray<{ readonly namespace: string, readonly name: string, readonly yaml: string, readonly rendering?: { readonly yaml: string, readonly cannot: ReadonlyArray<string> } }>, readonly extraPairs: ReadonlyArray<{ readonly source: string, readonly destination: string, readonly ports: string }>, readonly scores: ReadonlyArray<{ readonly namespace: string, readonly deployment: string | null, readonly before: number, readonly after: number, readonly ingressAfter: number, readonly egressAfter: number }>, readonly futurePods: ReadonlyArray<{ readonly pods: string, readonly claim: FutureClaim, readonly selectedBy: ReadonlyArray<string>, readonly admittedBy: ReadonlyArray<string>, readonly today: ReadonlyArray<string>, readonly reachCount: number, readonly reachedFromCount: number, readonly reach: ReadonlyArray<{ readonly deployment: string, readonly ports: string }>, readonly reachedFrom: ReadonlyArray<{ readonly deployment: string, readonly ports: string }> }>, readonly deletions: ReadonlyArray<{ readonly kind: string, readonly namespace: string | null, readonly name: string }>, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type NetworkGraphDiffQueryVariables = Exact<{
  cluster: string;
  before: GraphWindow;
  after: GraphWindow;
  namespaces?: ReadonlyArray<string> | string | null | undefined;
}>;


export type NetworkGraphDiffQuery = { readonly networkGraphDiff: { readonly truncated: boolean, readonly completenessBefore: ObservedFragment, readonly completenessAfter: ObservedFragment, readonly nodes: ReadonlyArray<{ readonly id: string, readonly label: string }>, readonly edges: ReadonlyArray<{ readonly source: string, readonly destination: string, readonly change: GraphChange, readonly firstSeenAt: string, readonly ports: ReadonlyArray<{ readonly port: number | null, readonly protocol: Protocol, readonly change: GraphChange, readonly verdictsBefore: ReadonlyArray<ObservedVerdict>, readonly verdictsAfter: ReadonlyArray<ObservedVerdict>, readonly firstSeenAt: string, readonly lastSeenAt: string }> }> } | null };

export type ObservedFragment = { readonly flows: number, readonly silentHours: number, readonly forgottenUntil: string | null, readonly cutDays: ReadonlyArray<string> };

export type NetworkGraphQueryVariables = Exact<{
  cluster: string;
  filter: NetworkGraphFilter;
}>;


export type NetworkGraphQuery = { readonly networkGraph: { readonly truncated: boolean, readonly foreignPolicies: ReadonlyArray<string>, readonly nodes: ReadonlyArray<{ readonly id: string, readonly namespace: string | null, readonly peer:
        | PeerName_ClusterNode_Fragment
        | PeerName_Deployment_Fragment
        | PeerName_ExternalEntity_Fragment
        | PeerName_UnresolvedPeer_Fragment
       }>, readonly edges: ReadonlyArray<{ readonly source: string, readonly destination: string, readonly state: EdgeState, readonly ports: ReadonlyArray<{ readonly port: number | null, readonly protocol: Protocol }> }> } | null };

export type JobFactsFragment = { readonly id: string, readonly kind: string, readonly status: JobStatus, readonly caller: string, readonly attempts: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly error: string | null, readonly details: unknown, readonly cluster: { readonly name: string }, readonly progress: { readonly done: number, readonly total: number | null, readonly ratePerSecond: number | null, readonly expectedEndAt: string | null }, readonly result:
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
    | { readonly id: string }
   | null };

export type JobsQueryVariables = Exact<{
  filter?: JobFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type JobsQuery = { readonly jobs: { readonly nodes: ReadonlyArray<JobFactsFragment>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type CancelJobMutationVariables = Exact<{
  input: CancelJobInput;
}>;


export type CancelJobMutation = { readonly cancelJob: { readonly job: JobFactsFragment | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type CancelJobsMutationVariables = Exact<{
  input: CancelJobsInput;
}>;


export type CancelJobsMutation = { readonly cancelJobs: { readonly more: boolean, readonly jobs: ReadonlyArray<JobFactsFragment>, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type ImportKnownBadMutationVariables = Exact<{
  input: ImportKnownBadInput;
}>;


export type ImportKnownBadMutation = { readonly importKnownBad: { readonly added: number, readonly removed: number, readonly rule: AlertRuleFactsFragment | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type KnownClusterQueryVariables = Exact<{
  cluster: string;
}>;


export type KnownClusterQuery = { readonly cluster: { readonly name: string } | null };

export type KnownClustersQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type KnownClustersQuery = { readonly clusters: { readonly nodes: ReadonlyArray<{ readonly name: string }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type KnownNamespacesQueryVariables = Exact<{
  cluster: string;
  after?: string | null | undefined;
}>;


export type KnownNamespacesQuery = { readonly cluster: { readonly namespaces: { readonly nodes: ReadonlyArray<{ readonly name: string }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type KnownDeploymentsQueryVariables = Exact<{
  filter: DeploymentFilter;
  after?: string | null | undefined;
}>;


export type KnownDeploymentsQuery = { readonly deployments: { readonly nodes: ReadonlyArray<{ readonly name: string, readonly kind: string, readonly namespace: { readonly name: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type KnownCategoriesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type KnownCategoriesQuery = { readonly alertRules: { readonly nodes: ReadonlyArray<{ readonly categories: ReadonlyArray<string> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type IngestionsQueryVariables = Exact<{
  cluster: string;
  first: number;
}>;


export type IngestionsQuery = { readonly cluster: { readonly ingestions: ReadonlyArray<{ readonly recordedAt: string, readonly accepted: number }> } | null };

export type NetworkFlowsQueryVariables = Exact<{
  filter: FlowFilter;
  after?: string | null | undefined;
  since?: string | null | undefined;
  until?: string | null | undefined;
  counted: boolean;
  grouped: boolean;
}>;


export type NetworkFlowsQuery = { readonly flows: { readonly nodes: ReadonlyArray<{ readonly port: number | null, readonly protocol: Protocol, readonly tags: ReadonlyArray<FlowTag>, readonly observedVerdict: ObservedVerdict, readonly policyVerdict: Verdict, readonly firstSeenAt: string, readonly lastSeenAt: string, readonly events: string, readonly connections: string | null, readonly bytes: string | null, readonly source:
        | PeerName_ClusterNode_Fragment
        | PeerName_Deployment_Fragment
        | PeerName_ExternalEntity_Fragment & { readonly address?: string | null, readonly block?: string | null }
        | PeerName_UnresolvedPeer_Fragment
      , readonly destination:
        | PeerName_ClusterNode_Fragment
        | PeerName_Deployment_Fragment
        | PeerName_ExternalEntity_Fragment & { readonly address?: string | null, readonly block?: string | null }
        | PeerName_UnresolvedPeer_Fragment
      , readonly counts?: { readonly events: string, readonly connections: string | null, readonly bytes: string | null, readonly allowed: string, readonly denied: string, readonly audited: string, readonly failed: string, readonly unknown: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type OutsideFragment = { readonly address: string | null, readonly block: string | null };

export type NotifierFactsFragment = { readonly id: string, readonly name: string, readonly kind: NotifierKind, readonly config: unknown, readonly hasSecret: boolean, readonly minSeverity: AlertSeverity, readonly rules: ReadonlyArray<AlertRule> | null, readonly clusters: ReadonlyArray<string> | null, readonly enabled: boolean, readonly maxPerHour: number | null, readonly digest: boolean, readonly oldSecretUntil: string | null, readonly state: NotifierState, readonly failures: number, readonly lastError: string | null, readonly pending: number, readonly dead: number };

export type NotifiersQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type NotifiersQuery = { readonly notifiers: { readonly nodes: ReadonlyArray<NotifierFactsFragment>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type CreateNotifierMutationVariables = Exact<{
  input: CreateNotifierInput;
}>;


export type CreateNotifierMutation = { readonly createNotifier: { readonly signingSecret: string | null, readonly notifier: NotifierFactsFragment | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type SwitchNotifierMutationVariables = Exact<{
  input: SwitchNotifierInput;
}>;


export type SwitchNotifierMutation = { readonly switchNotifier: { readonly notifier: NotifierFactsFragment | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type DeleteNotifierMutationVariables = Exact<{
  input: NotifierIdInput;
}>;


export type DeleteNotifierMutation = { readonly deleteNotifier: { readonly notifier: { readonly name: string } | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type TestNotifierMutationVariables = Exact<{
  input: NotifierIdInput;
}>;


export type TestNotifierMutation = { readonly testNotifier: { readonly sent: boolean, readonly status: string | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type RetryNotificationMutationVariables = Exact<{
  input: NotifierIdInput;
}>;


export type RetryNotificationMutation = { readonly retryNotification: { readonly again: number, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type UpdateNotifierMutationVariables = Exact<{
  input: UpdateNotifierInput;
}>;


export type UpdateNotifierMutation = { readonly updateNotifier: { readonly notifier: NotifierFactsFragment | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

type PeerName_ClusterNode_Fragment = { readonly __typename: 'ClusterNode', readonly name: string };

type PeerName_Deployment_Fragment = { readonly __typename: 'Deployment', readonly name: string, readonly kind: string, readonly namespace: { readonly name: string } };

type PeerName_ExternalEntity_Fragment = { readonly __typename: 'ExternalEntity', readonly name: string };

type PeerName_UnresolvedPeer_Fragment = { readonly __typename: 'UnresolvedPeer', readonly name: string };

export type PeerNameFragment =
  | PeerName_ClusterNode_Fragment
  | PeerName_Deployment_Fragment
  | PeerName_ExternalEntity_Fragment
  | PeerName_UnresolvedPeer_Fragment
;

export type PolicySetsQueryVariables = Exact<{
  filter?: PolicySetFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type PolicySetsQuery = { readonly policySets: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly version: number, readonly origin: GenerateFrom, readonly createdAt: string, readonly policyCount: number, readonly cluster: { readonly name: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type PolicySetTextQueryVariables = Exact<{
  id: string | number;
}>;


export type PolicySetTextQuery = { readonly node:
    | { readonly __typename: 'Alert' }
    | { readonly __typename: 'AlertAction' }
    | { readonly __typename: 'AlertRuleDefinition' }
    | { readonly __typename: 'Baseline' }
    | { readonly __typename: 'Cluster' }
    | { readonly __typename: 'ClusterNode' }
    | { readonly __typename: 'Deployment' }
    | { readonly __typename: 'ExternalBlock' }
    | { readonly __typename: 'ExternalEntity' }
    | { readonly __typename: 'Flow' }
    | { readonly __typename: 'Job' }
    | { readonly __typename: 'Namespace' }
    | { readonly __typename: 'Notifier' }
    | { readonly __typename: 'Policy' }
    | { readonly __typename: 'PolicySet', readonly name: string, readonly version: number, readonly origin: GenerateFrom, readonly createdAt: string, readonly yaml: string, readonly policyCount: number, readonly policies: ReadonlyArray<{ readonly namespace: string, readonly name: string, readonly yaml: string }> }
    | { readonly __typename: 'Simulation' }
    | { readonly __typename: 'Token' }
    | { readonly __typename: 'UnresolvedPeer' }
   | null };

export type DeletePolicySetsMutationVariables = Exact<{
  input: DeletePolicySetsInput;
}>;


export type DeletePolicySetsMutation = { readonly deletePolicySets: { readonly deleted: number, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type PoliciesQueryVariables = Exact<{
  filter: PolicyFilter;
  after?: string | null | undefined;
}>;


export type PoliciesQuery = { readonly policies: { readonly nodes: ReadonlyArray<{ readonly source: PolicySource, readonly kind: string, readonly namespace: string | null, readonly name: string, readonly validFrom: string, readonly yaml: string }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ForeignPoliciesQueryVariables = Exact<{
  cluster: string;
}>;


export type ForeignPoliciesQuery = { readonly cluster: { readonly foreignPolicies: ReadonlyArray<string> } | null };

export type ProblemLineFragment = { readonly code: string, readonly severity: Severity, readonly message: string, readonly path: string | null, readonly file: string | null, readonly line: number | null, readonly column: number | null, readonly hint: string | null };

export type PolicyProfilesQueryVariables = Exact<{
  cluster: string;
}>;


export type PolicyProfilesQuery = { readonly policyProfiles: ReadonlyArray<{ readonly name: string, readonly origin: PolicyProfileOrigin, readonly version: number, readonly definition: unknown, readonly updatedAt: string | null, readonly updatedBy: string | null }> };

export type PutPolicyProfileMutationVariables = Exact<{
  input: PutPolicyProfileInput;
}>;


export type PutPolicyProfileMutation = { readonly putPolicyProfile: { readonly profile: { readonly name: string, readonly origin: PolicyProfileOrigin, readonly version: number, readonly definition: unknown, readonly updatedAt: string | null, readonly updatedBy: string | null } | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type DeletePolicyProfileMutationVariables = Exact<{
  input: DeletePolicyProfileInput;
}>;


export type DeletePolicyProfileMutation = { readonly deletePolicyProfile: { readonly deleted: boolean, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type SimulatePoliciesMutationVariables = Exact<{
  input: SimulatePoliciesInput;
}>;


export type SimulatePoliciesMutation = { readonly simulatePolicies: { readonly simulation: SimulationResultFragment | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type SimulationProgressQueryVariables = Exact<{
  id: string | number;
}>;


export type SimulationProgressQuery = { readonly node:
    | { readonly __typename: 'Alert' }
    | { readonly __typename: 'AlertAction' }
    | { readonly __typename: 'AlertRuleDefinition' }
    | { readonly __typename: 'Baseline' }
    | { readonly __typename: 'Cluster' }
    | { readonly __typename: 'ClusterNode' }
    | { readonly __typename: 'Deployment' }
    | { readonly __typename: 'ExternalBlock' }
    | { readonly __typename: 'ExternalEntity' }
    | { readonly __typename: 'Flow' }
    | { readonly __typename: 'Job' }
    | { readonly __typename: 'Namespace' }
    | { readonly __typename: 'Notifier' }
    | { readonly __typename: 'Policy' }
    | { readonly __typename: 'PolicySet' }
    | (
      { readonly __typename: 'Simulation' }
      & SimulationResultFragment
    )
    | { readonly __typename: 'Token' }
    | { readonly __typename: 'UnresolvedPeer' }
   | null };

export type SimulationResultFragment = { readonly id: string, readonly foreignPolicies: ReadonlyArray<string>, readonly status: SimulationStatus, readonly error: string | null, readonly summary: { readonly stillAllowed: number, readonly newlyBlocked: number, readonly newlyAllowed: number, readonly stillBlocked: number, readonly undecidable: number }, readonly days: ReadonlyArray<{ readonly day: string, readonly class: FlowClass, readonly flows: number, readonly events: string }>, readonly policies: ReadonlyArray<{ readonly status: PolicyStatus, readonly kind: string, readonly namespace: string | null, readonly name: string, readonly effect: PolicyEffect | null }>, readonly assertions: ReadonlyArray<{ readonly name: string, readonly text: string, readonly line: number | null, readonly column: number | null, readonly holds: boolean, readonly violationCount: number, readonly violations: ReadonlyArray<{ readonly basis: AssertionBasis, readonly ports: string, readonly path: ReadonlyArray<string> }> }>, readonly findings: ReadonlyArray<{ readonly severity: Severity, readonly rule: string, readonly message: string, readonly policy: string | null, readonly line: number | null, readonly column: number | null, readonly hint: string | null, readonly introduced: boolean | null }> };

export type SimulationCompletenessQueryVariables = Exact<{
  id: string | number;
}>;


export type SimulationCompletenessQuery = { readonly node:
    | { readonly __typename: 'Alert' }
    | { readonly __typename: 'AlertAction' }
    | { readonly __typename: 'AlertRuleDefinition' }
    | { readonly __typename: 'Baseline' }
    | { readonly __typename: 'Cluster' }
    | { readonly __typename: 'ClusterNode' }
    | { readonly __typename: 'Deployment' }
    | { readonly __typename: 'ExternalBlock' }
    | { readonly __typename: 'ExternalEntity' }
    | { readonly __typename: 'Flow' }
    | { readonly __typename: 'Job' }
    | { readonly __typename: 'Namespace' }
    | { readonly __typename: 'Notifier' }
    | { readonly __typename: 'Policy' }
    | { readonly __typename: 'PolicySet' }
    | { readonly __typename: 'Simulation', readonly completeness: { readonly since: string | null, readonly until: string | null, readonly firstSeenAt: string | null, readonly lastSeenAt: string | null, readonly flows: number, readonly lostEvents: string, readonly rejectedRecords: string, readonly unresolvedFlows: number, readonly silentHours: number, readonly silentDeployments: ReadonlyArray<string> } }
    | { readonly __typename: 'Token' }
    | { readonly __typename: 'UnresolvedPeer' }
   | null };

export type SimulatedFlowsQueryVariables = Exact<{
  id: string | number;
  class: FlowClass;
  after?: string | null | undefined;
}>;


export type SimulatedFlowsQuery = { readonly node:
    | { readonly __typename: 'Alert' }
    | { readonly __typename: 'AlertAction' }
    | { readonly __typename: 'AlertRuleDefinition' }
    | { readonly __typename: 'Baseline' }
    | { readonly __typename: 'Cluster' }
    | { readonly __typename: 'ClusterNode' }
    | { readonly __typename: 'Deployment' }
    | { readonly __typename: 'ExternalBlock' }
    | { readonly __typename: 'ExternalEntity' }
    | { readonly __typename: 'Flow' }
    | { readonly __typename: 'Job' }
    | { readonly __typename: 'Namespace' }
    | { readonly __typename: 'Notifier' }
    | { readonly __typename: 'Policy' }
    | { readonly __typename: 'PolicySet' }
    | { readonly __typename: 'Simulation', readonly flows: { readonly nodes: ReadonlyArray<{ readonly class: FlowClass, readonly before: Verdict, readonly after: Verdict, readonly notes: ReadonlyArray<SimulatedFlowNote>, readonly seenDays: number, readonly observedDays: number, readonly spans: ReadonlyArray<{ readonly since: string, readonly until: string, readonly class: FlowClass }>, readonly flow: { readonly port: number | null, readonly protocol: Protocol, readonly events: string, readonly lastSeenAt: string, readonly source:
              | PeerName_ClusterNode_Fragment
              | PeerName_Deployment_Fragment
              | PeerName_ExternalEntity_Fragment
              | PeerName_UnresolvedPeer_Fragment
            , readonly destination:
              | PeerName_ClusterNode_Fragment
              | PeerName_Deployment_Fragment
              | PeerName_ExternalEntity_Fragment
              | PeerName_UnresolvedPeer_Fragment
             }, readonly explanation: { readonly text: string, readonly egress: { readonly direction: Direction, readonly verdict: Verdict, readonly missing: string | null, readonly reasons: ReadonlyArray<{ readonly rule: number | null, readonly file: string | null, readonly line: number, readonly column: number, readonly policy: string }> }, readonly ingress: { readonly direction: Direction, readonly verdict: Verdict, readonly missing: string | null, readonly reasons: ReadonlyArray<{ readonly rule: number | null, readonly file: string | null, readonly line: number, readonly column: number, readonly policy: string }> } } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }
    | { readonly __typename: 'Token' }
    | { readonly __typename: 'UnresolvedPeer' }
   | null };

export type SimulatedConnectivityQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type SimulatedConnectivityQuery = { readonly node:
    | { readonly __typename: 'Alert' }
    | { readonly __typename: 'AlertAction' }
    | { readonly __typename: 'AlertRuleDefinition' }
    | { readonly __typename: 'Baseline' }
    | { readonly __typename: 'Cluster' }
    | { readonly __typename: 'ClusterNode' }
    | { readonly __typename: 'Deployment' }
    | { readonly __typename: 'ExternalBlock' }
    | { readonly __typename: 'ExternalEntity' }
    | { readonly __typename: 'Flow' }
    | { readonly __typename: 'Job' }
    | { readonly __typename: 'Namespace' }
    | { readonly __typename: 'Notifier' }
    | { readonly __typename: 'Policy' }
    | { readonly __typename: 'PolicySet' }
    | { readonly __typename: 'Simulation', readonly connectivity: { readonly nodes: ReadonlyArray<{ readonly source: string, readonly destination: string, readonly newlyAllowed: string | null, readonly newlyBlocked: string | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }
    | { readonly __typename: 'Token' }
    | { readonly __typename: 'UnresolvedPeer' }
   | null };

export type BlastRadiusQueryVariables = Exact<{
  id: string | number;
  compromised?: string | null | undefined;
  sensitive?: LabelSelector | null | undefined;
}>;


export type BlastRadiusQuery = { readonly node:
    | { readonly __typename: 'Alert' }
    | { readonly __typename: 'AlertAction' }
    | { readonly __typename: 'AlertRuleDefinition' }
    | { readonly __typename: 'Baseline' }
    | { readonly __typename: 'Cluster' }
    | { readonly __typename: 'ClusterNode' }
    | { readonly __typename: 'Deployment' }
    | { readonly __typename: 'ExternalBlock' }
    | { readonly __typename: 'ExternalEntity' }
    | { readonly __typename: 'Flow' }
    | { readonly __typename: 'Job' }
    | { readonly __typename: 'Namespace' }
    | { readonly __typename: 'Notifier' }
    | { readonly __typename: 'Policy' }
    | { readonly __typename: 'PolicySet' }
    | { readonly __typename: 'Simulation', readonly blastRadius: { readonly before: BlastReachFragment, readonly after: BlastReachFragment } | null }
    | { readonly __typename: 'Token' }
    | { readonly __typename: 'UnresolvedPeer' }
   | null };

export type BlastReachFragment = { readonly pairs: number, readonly exposed: ReadonlyArray<string>, readonly exposedCount: number, readonly reachableFromExposed: number, readonly reachableFromCompromised: number | null, readonly sensitive: ReadonlyArray<{ readonly workload: string, readonly hopsFromExposed: number | null, readonly hopsFromCompromised: number | null }> };

export type SimulationLineFragment = { readonly id: string, readonly status: SimulationStatus, readonly caller: string | null, readonly createdAt: string, readonly finishedAt: string | null, readonly since: string | null, readonly until: string | null, readonly error: string | null, readonly cluster: { readonly name: string }, readonly request: { readonly policySet: string | null }, readonly summary: { readonly stillAllowed: number, readonly newlyBlocked: number, readonly newlyAllowed: number, readonly stillBlocked: number, readonly undecidable: number } };

export type SimulationsQueryVariables = Exact<{
  filter?: SimulationFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type SimulationsQuery = { readonly simulations: { readonly nodes: ReadonlyArray<SimulationLineFragment>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type DeleteSimulationMutationVariables = Exact<{
  input: DeleteSimulationInput;
}>;


export type DeleteSimulationMutation = { readonly deleteSimulation: { readonly deleted: boolean, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type DeleteSimulationsMutationVariables = Exact<{
  input: DeleteSimulationsInput;
}>;


export type DeleteSimulationsMutation = { readonly deleteSimulations: { readonly deleted: number, readonly more: boolean, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type TokenFactsFragment = { readonly id: string, readonly name: string, readonly kind: TokenKind, readonly prefix: string, readonly roles: ReadonlyArray<Role>, readonly scopes: ReadonlyArray<string>, readonly createdAt: string, readonly createdBy: string, readonly expiresAt: string, readonly revokedAt: string | null, readonly lastUsedAt: string | null };

export type TokensQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type TokensQuery = { readonly tokens: { readonly nodes: ReadonlyArray<TokenFactsFragment>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type CreateTokenMutationVariables = Exact<{
  input: CreateTokenInput;
}>;


export type CreateTokenMutation = { readonly createToken: { readonly secret: string | null, readonly token: TokenFactsFragment | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type RevokeTokenMutationVariables = Exact<{
  input: RevokeTokenInput;
}>;


export type RevokeTokenMutation = { readonly revokeToken: { readonly token: TokenFactsFragment | null, readonly problems: ReadonlyArray<ProblemLineFragment> } };

export type WatchAlertsSubscriptionVariables = Exact<{
  filter?: AlertFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type WatchAlertsSubscription = { readonly alertChanged: (
    { readonly changedAt: string }
    & AlertFactsFragment
  ) };

export type WatchFlowsSubscriptionVariables = Exact<{
  cluster: string;
  filter?: FlowFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type WatchFlowsSubscription = { readonly flowsObserved: { readonly skipped: number, readonly missed: boolean, readonly cursor: string, readonly flows: ReadonlyArray<{ readonly port: number | null, readonly protocol: Protocol, readonly tags: ReadonlyArray<FlowTag>, readonly observedVerdict: ObservedVerdict, readonly lastSeenAt: string, readonly events: string, readonly source:
        | PeerName_ClusterNode_Fragment
        | PeerName_Deployment_Fragment
        | PeerName_ExternalEntity_Fragment
        | PeerName_UnresolvedPeer_Fragment
      , readonly destination:
        | PeerName_ClusterNode_Fragment
        | PeerName_Deployment_Fragment
        | PeerName_ExternalEntity_Fragment
        | PeerName_UnresolvedPeer_Fragment
       }> } };

export type DemoSeededQueryVariables = Exact<{
  cluster: string;
}>;


export type DemoSeededQuery = { readonly deployment: { readonly namespace: { readonly labels: unknown } } | null };

export type DemoCountsQueryVariables = Exact<{
  cluster: string;
}>;


export type DemoCountsQuery = { readonly cluster: { readonly name: string, readonly counts: { readonly namespaces: number, readonly deployments: number, readonly pods: number } } | null, readonly flows: { readonly totalCount: number | null }, readonly anomalous: { readonly totalCount: number | null } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const AlertActionFactsFragmentDoc = new TypedDocumentString(`
    fragment AlertActionFacts on AlertAction {
  id
  kind
  state
  requestedAt
  decidedAt
  decidedBy
}
    `, {"fragmentName":"AlertActionFacts"}) as unknown as TypedDocumentString<AlertActionFactsFragment, unknown>;
export const AlertRuleFactsFragmentDoc = new TypedDocumentString(`
    fragment AlertRuleFacts on AlertRuleDefinition {
  id
  name
  description
  criterion
  severity
  categories
  parameters
  enabled
  enforcement
  shipped
  version
  updatedAt
  updatedBy
  scope {
    clusters
    namespaces
    labels
    podSelector
    namespaceSelector
  }
  exclusions {
    namespace
    deployment
    peer
    port
    podSelector
    namespaceSelector
  }
}
    `, {"fragmentName":"AlertRuleFacts"}) as unknown as TypedDocumentString<AlertRuleFactsFragment, unknown>;
export const ProblemLineFragmentDoc = new TypedDocumentString(`
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}
    `, {"fragmentName":"ProblemLine"}) as unknown as TypedDocumentString<ProblemLineFragment, unknown>;
export const AlertRuleChangedFragmentDoc = new TypedDocumentString(`
    fragment AlertRuleChanged on ChangeAlertRulePayload {
  rule {
    ...AlertRuleFacts
  }
  problems {
    ...ProblemLine
  }
}
    fragment AlertRuleFacts on AlertRuleDefinition {
  id
  name
  description
  criterion
  severity
  categories
  parameters
  enabled
  enforcement
  shipped
  version
  updatedAt
  updatedBy
  scope {
    clusters
    namespaces
    labels
    podSelector
    namespaceSelector
  }
  exclusions {
    namespace
    deployment
    peer
    port
    podSelector
    namespaceSelector
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`, {"fragmentName":"AlertRuleChanged"}) as unknown as TypedDocumentString<AlertRuleChangedFragment, unknown>;
export const PeerNameFragmentDoc = new TypedDocumentString(`
    fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}
    `, {"fragmentName":"PeerName"}) as unknown as TypedDocumentString<PeerNameFragment, unknown>;
export const AlertFactsFragmentDoc = new TypedDocumentString(`
    fragment AlertFacts on Alert {
  id
  rule
  rules
  category
  severity
  state
  message
  occurrences
  passed
  flowCount
  groupKind
  groupName
  firstOccurredAt
  lastOccurredAt
  snoozedUntil
  resolution
  cluster {
    name
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
  peer {
    ...PeerName
  }
}
    fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}`, {"fragmentName":"AlertFacts"}) as unknown as TypedDocumentString<AlertFactsFragment, unknown>;
export const AlertsChangedFragmentDoc = new TypedDocumentString(`
    fragment AlertsChanged on ChangeAlertsPayload {
  alerts {
    ...AlertFacts
  }
  changed
  problems {
    ...ProblemLine
  }
}
    fragment AlertFacts on Alert {
  id
  rule
  rules
  category
  severity
  state
  message
  occurrences
  passed
  flowCount
  groupKind
  groupName
  firstOccurredAt
  lastOccurredAt
  snoozedUntil
  resolution
  cluster {
    name
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
  peer {
    ...PeerName
  }
}
fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`, {"fragmentName":"AlertsChanged"}) as unknown as TypedDocumentString<AlertsChangedFragment, unknown>;
export const BaselineFactsFragmentDoc = new TypedDocumentString(`
    fragment BaselineFacts on Baseline {
  state
  version
  learnedSince
  learnedUntil
  generatedAt
  lockedAt
  coveredHours
  stableSince
  lastNewAt
  stale
  missing {
    coveredHours
    quietHours
    events
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
}
    `, {"fragmentName":"BaselineFacts"}) as unknown as TypedDocumentString<BaselineFactsFragment, unknown>;
export const BaselineEntryPageFragmentDoc = new TypedDocumentString(`
    fragment BaselineEntryPage on BaselineEntryConnection {
  nodes {
    direction
    peer {
      ...PeerName
    }
    port
    protocol
    days
    events
    status
    pattern
    firstSeenAt
    lastSeenAt
    statusBy
    statusAt
    reason
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}
    fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}`, {"fragmentName":"BaselineEntryPage"}) as unknown as TypedDocumentString<BaselineEntryPageFragment, unknown>;
export const BaselineSettingValuesFragmentDoc = new TypedDocumentString(`
    fragment BaselineSettingValues on BaselineSettings {
  observationHours
  quietHours
  minEvents
  learning
  lockWhenStable
  relearnOn
  relearnHours
  decayDays
  staleDays
}
    `, {"fragmentName":"BaselineSettingValues"}) as unknown as TypedDocumentString<BaselineSettingValuesFragment, unknown>;
export const DecisionHalfFragmentDoc = new TypedDocumentString(`
    fragment DecisionHalf on DirectionExplanation {
  direction
  verdict
  basis
  governed
  missing
  reasons {
    tier
    policy: policyName
    rule
    peers
    ruleName
    action
    file
    line
    column
    nearest
    appliesTo
  }
}
    `, {"fragmentName":"DecisionHalf"}) as unknown as TypedDocumentString<DecisionHalfFragment, unknown>;
export const DecisionFragmentDoc = new TypedDocumentString(`
    fragment Decision on Explanation {
  settledBy
  notes
  foreignPolicies
  parts {
    sources
    destinations
    ports
    verdict
    basis
    missing
    egress {
      ...DecisionHalf
    }
    ingress {
      ...DecisionHalf
    }
  }
  verdict
  basis
  missing
  text
  dataplane {
    verdict
    agrees
    message
  }
  egress {
    ...DecisionHalf
  }
  ingress {
    ...DecisionHalf
  }
}
    fragment DecisionHalf on DirectionExplanation {
  direction
  verdict
  basis
  governed
  missing
  reasons {
    tier
    policy: policyName
    rule
    peers
    ruleName
    action
    file
    line
    column
    nearest
    appliesTo
  }
}`, {"fragmentName":"Decision"}) as unknown as TypedDocumentString<DecisionFragment, unknown>;
export const ObservedFragmentDoc = new TypedDocumentString(`
    fragment Observed on Completeness {
  flows
  silentHours
  forgottenUntil
  cutDays
}
    `, {"fragmentName":"Observed"}) as unknown as TypedDocumentString<ObservedFragment, unknown>;
export const JobFactsFragmentDoc = new TypedDocumentString(`
    fragment JobFacts on Job {
  id
  cluster {
    name
  }
  kind
  status
  caller
  attempts
  createdAt
  startedAt
  finishedAt
  progress {
    done
    total
    ratePerSecond
    expectedEndAt
  }
  error
  details
  result {
    id
  }
}
    `, {"fragmentName":"JobFacts"}) as unknown as TypedDocumentString<JobFactsFragment, unknown>;
export const OutsideFragmentDoc = new TypedDocumentString(`
    fragment Outside on ExternalEntity {
  address
  block
}
    `, {"fragmentName":"Outside"}) as unknown as TypedDocumentString<OutsideFragment, unknown>;
export const NotifierFactsFragmentDoc = new TypedDocumentString(`
    fragment NotifierFacts on Notifier {
  id
  name
  kind
  config
  hasSecret
  minSeverity
  rules
  clusters
  enabled
  maxPerHour
  digest
  oldSecretUntil
  state
  failures
  lastError
  pending
  dead
}
    `, {"fragmentName":"NotifierFacts"}) as unknown as TypedDocumentString<NotifierFactsFragment, unknown>;
export const SimulationResultFragmentDoc = new TypedDocumentString(`
    fragment SimulationResult on Simulation {
  id
  foreignPolicies
  status
  error
  summary {
    stillAllowed
    newlyBlocked
    newlyAllowed
    stillBlocked
    undecidable
  }
  days {
    day
    class
    flows
    events
  }
  policies {
    status
    kind
    namespace
    name
    effect
  }
  assertions {
    name
    text
    line
    column
    holds
    violationCount
    violations {
      basis
      ports
      path
    }
  }
  findings {
    severity
    rule
    message
    policy
    line
    column
    hint
    introduced
  }
}
    `, {"fragmentName":"SimulationResult"}) as unknown as TypedDocumentString<SimulationResultFragment, unknown>;
export const BlastReachFragmentDoc = new TypedDocumentString(`
    fragment BlastReach on BlastRadius {
  pairs
  exposed(first: 500)
  exposedCount
  reachableFromExposed
  reachableFromCompromised
  sensitive(first: 500) {
    workload
    hopsFromExposed
    hopsFromCompromised
  }
}
    `, {"fragmentName":"BlastReach"}) as unknown as TypedDocumentString<BlastReachFragment, unknown>;
export const SimulationLineFragmentDoc = new TypedDocumentString(`
    fragment SimulationLine on Simulation {
  id
  cluster {
    name
  }
  status
  caller
  createdAt
  finishedAt
  since
  until
  error
  request {
    policySet
  }
  summary {
    stillAllowed
    newlyBlocked
    newlyAllowed
    stillBlocked
    undecidable
  }
}
    `, {"fragmentName":"SimulationLine"}) as unknown as TypedDocumentString<SimulationLineFragment, unknown>;
export const TokenFactsFragmentDoc = new TypedDocumentString(`
    fragment TokenFacts on Token {
  id
  name
  kind
  prefix
  roles
  scopes
  createdAt
  createdBy
  expiresAt
  revokedAt
  lastUsedAt
}
    `, {"fragmentName":"TokenFacts"}) as unknown as TypedDocumentString<TokenFactsFragment, unknown>;
export const AlertActionsDocument = new TypedDocumentString(`
    query AlertActions($filter: AlertFilter!, $after: String) {
  alerts(first: 500, after: $after, filter: $filter) {
    nodes {
      id
      message
      cluster {
        name
      }
      deployment {
        name
        kind
        namespace {
          name
        }
      }
      peer {
        ...PeerName
      }
      actions {
        ...AlertActionFacts
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment AlertActionFacts on AlertAction {
  id
  kind
  state
  requestedAt
  decidedAt
  decidedBy
}
fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}`) as unknown as TypedDocumentString<AlertActionsQuery, AlertActionsQueryVariables>;
export const DecideAlertActionDocument = new TypedDocumentString(`
    mutation DecideAlertAction($input: DecideAlertActionInput!) {
  decideAlertAction(input: $input) {
    action {
      ...AlertActionFacts
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment AlertActionFacts on AlertAction {
  id
  kind
  state
  requestedAt
  decidedAt
  decidedBy
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<DecideAlertActionMutation, DecideAlertActionMutationVariables>;
export const AlertRulesDocument = new TypedDocumentString(`
    query AlertRules($after: String) {
  alertRules(first: 500, after: $after) {
    nodes {
      ...AlertRuleFacts
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment AlertRuleFacts on AlertRuleDefinition {
  id
  name
  description
  criterion
  severity
  categories
  parameters
  enabled
  enforcement
  shipped
  version
  updatedAt
  updatedBy
  scope {
    clusters
    namespaces
    labels
    podSelector
    namespaceSelector
  }
  exclusions {
    namespace
    deployment
    peer
    port
    podSelector
    namespaceSelector
  }
}`) as unknown as TypedDocumentString<AlertRulesQuery, AlertRulesQueryVariables>;
export const CreateAlertRuleDocument = new TypedDocumentString(`
    mutation CreateAlertRule($input: CreateAlertRuleInput!) {
  createAlertRule(input: $input) {
    ...AlertRuleChanged
  }
}
    fragment AlertRuleFacts on AlertRuleDefinition {
  id
  name
  description
  criterion
  severity
  categories
  parameters
  enabled
  enforcement
  shipped
  version
  updatedAt
  updatedBy
  scope {
    clusters
    namespaces
    labels
    podSelector
    namespaceSelector
  }
  exclusions {
    namespace
    deployment
    peer
    port
    podSelector
    namespaceSelector
  }
}
fragment AlertRuleChanged on ChangeAlertRulePayload {
  rule {
    ...AlertRuleFacts
  }
  problems {
    ...ProblemLine
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<CreateAlertRuleMutation, CreateAlertRuleMutationVariables>;
export const UpdateAlertRuleDocument = new TypedDocumentString(`
    mutation UpdateAlertRule($input: UpdateAlertRuleInput!) {
  updateAlertRule(input: $input) {
    ...AlertRuleChanged
  }
}
    fragment AlertRuleFacts on AlertRuleDefinition {
  id
  name
  description
  criterion
  severity
  categories
  parameters
  enabled
  enforcement
  shipped
  version
  updatedAt
  updatedBy
  scope {
    clusters
    namespaces
    labels
    podSelector
    namespaceSelector
  }
  exclusions {
    namespace
    deployment
    peer
    port
    podSelector
    namespaceSelector
  }
}
fragment AlertRuleChanged on ChangeAlertRulePayload {
  rule {
    ...AlertRuleFacts
  }
  problems {
    ...ProblemLine
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<UpdateAlertRuleMutation, UpdateAlertRuleMutationVariables>;
export const DeleteAlertRuleDocument = new TypedDocumentString(`
    mutation DeleteAlertRule($input: DeleteAlertRuleInput!) {
  deleteAlertRule(input: $input) {
    ...AlertRuleChanged
  }
}
    fragment AlertRuleFacts on AlertRuleDefinition {
  id
  name
  description
  criterion
  severity
  categories
  parameters
  enabled
  enforcement
  shipped
  version
  updatedAt
  updatedBy
  scope {
    clusters
    namespaces
    labels
    podSelector
    namespaceSelector
  }
  exclusions {
    namespace
    deployment
    peer
    port
    podSelector
    namespaceSelector
  }
}
fragment AlertRuleChanged on ChangeAlertRulePayload {
  rule {
    ...AlertRuleFacts
  }
  problems {
    ...ProblemLine
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<DeleteAlertRuleMutation, DeleteAlertRuleMutationVariables>;
export const TestAlertRuleDocument = new TypedDocumentString(`
    mutation TestAlertRule($input: TestAlertRuleInput!) {
  testAlertRule(input: $input) {
    wouldRaise
    flows
    alerts {
      line
      why
      groupName
      events
      flowCount
      lastOccurredAt
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<TestAlertRuleMutation, TestAlertRuleMutationVariables>;
export const AlertsDocument = new TypedDocumentString(`
    query Alerts($filter: AlertFilter!, $after: String) {
  alerts(first: 500, after: $after, filter: $filter) {
    nodes {
      ...AlertFacts
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment AlertFacts on Alert {
  id
  rule
  rules
  category
  severity
  state
  message
  occurrences
  passed
  flowCount
  groupKind
  groupName
  firstOccurredAt
  lastOccurredAt
  snoozedUntil
  resolution
  cluster {
    name
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
  peer {
    ...PeerName
  }
}
fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}`) as unknown as TypedDocumentString<AlertsQuery, AlertsQueryVariables>;
export const AlertShownDocument = new TypedDocumentString(`
    query AlertShown($id: ID!) {
  node(id: $id) {
    ... on Alert {
      ...AlertFacts
      comments {
        createdAt
        author
        text
      }
      flows {
        source {
          ...PeerName
        }
        destination {
          ...PeerName
        }
        port
        protocol
        events
        observedVerdict
        lastSeenAt
      }
    }
  }
}
    fragment AlertFacts on Alert {
  id
  rule
  rules
  category
  severity
  state
  message
  occurrences
  passed
  flowCount
  groupKind
  groupName
  firstOccurredAt
  lastOccurredAt
  snoozedUntil
  resolution
  cluster {
    name
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
  peer {
    ...PeerName
  }
}
fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}`) as unknown as TypedDocumentString<AlertShownQuery, AlertShownQueryVariables>;
export const ResolveAlertsDocument = new TypedDocumentString(`
    mutation ResolveAlerts($input: ResolveAlertsInput!) {
  resolveAlerts(input: $input) {
    ...AlertsChanged
  }
}
    fragment AlertFacts on Alert {
  id
  rule
  rules
  category
  severity
  state
  message
  occurrences
  passed
  flowCount
  groupKind
  groupName
  firstOccurredAt
  lastOccurredAt
  snoozedUntil
  resolution
  cluster {
    name
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
  peer {
    ...PeerName
  }
}
fragment AlertsChanged on ChangeAlertsPayload {
  alerts {
    ...AlertFacts
  }
  changed
  problems {
    ...ProblemLine
  }
}
fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<ResolveAlertsMutation, ResolveAlertsMutationVariables>;
export const SnoozeAlertsDocument = new TypedDocumentString(`
    mutation SnoozeAlerts($input: SnoozeAlertsInput!) {
  snoozeAlerts(input: $input) {
    ...AlertsChanged
  }
}
    fragment AlertFacts on Alert {
  id
  rule
  rules
  category
  severity
  state
  message
  occurrences
  passed
  flowCount
  groupKind
  groupName
  firstOccurredAt
  lastOccurredAt
  snoozedUntil
  resolution
  cluster {
    name
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
  peer {
    ...PeerName
  }
}
fragment AlertsChanged on ChangeAlertsPayload {
  alerts {
    ...AlertFacts
  }
  changed
  problems {
    ...ProblemLine
  }
}
fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<SnoozeAlertsMutation, SnoozeAlertsMutationVariables>;
export const AcceptAlertsDocument = new TypedDocumentString(`
    mutation AcceptAlerts($input: AcceptAlertsInput!) {
  acceptAlerts(input: $input) {
    ...AlertsChanged
  }
}
    fragment AlertFacts on Alert {
  id
  rule
  rules
  category
  severity
  state
  message
  occurrences
  passed
  flowCount
  groupKind
  groupName
  firstOccurredAt
  lastOccurredAt
  snoozedUntil
  resolution
  cluster {
    name
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
  peer {
    ...PeerName
  }
}
fragment AlertsChanged on ChangeAlertsPayload {
  alerts {
    ...AlertFacts
  }
  changed
  problems {
    ...ProblemLine
  }
}
fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<AcceptAlertsMutation, AcceptAlertsMutationVariables>;
export const ReopenAlertsDocument = new TypedDocumentString(`
    mutation ReopenAlerts($input: ReopenAlertsInput!) {
  reopenAlerts(input: $input) {
    ...AlertsChanged
  }
}
    fragment AlertFacts on Alert {
  id
  rule
  rules
  category
  severity
  state
  message
  occurrences
  passed
  flowCount
  groupKind
  groupName
  firstOccurredAt
  lastOccurredAt
  snoozedUntil
  resolution
  cluster {
    name
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
  peer {
    ...PeerName
  }
}
fragment AlertsChanged on ChangeAlertsPayload {
  alerts {
    ...AlertFacts
  }
  changed
  problems {
    ...ProblemLine
  }
}
fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<ReopenAlertsMutation, ReopenAlertsMutationVariables>;
export const CommentOnAlertDocument = new TypedDocumentString(`
    mutation CommentOnAlert($input: CommentOnAlertInput!) {
  commentOnAlert(input: $input) {
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<CommentOnAlertMutation, CommentOnAlertMutationVariables>;
export const AuditLogDocument = new TypedDocumentString(`
    query AuditLog($filter: AuditFilter, $first: Int, $after: String) {
  auditLog(filter: $filter, first: $first, after: $after) {
    nodes {
      seq
      at
      actor
      principal
      roles
      address
      requestId
      action
      target
      result
      detail
      text
      prev
      hash
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<AuditLogQuery, AuditLogQueryVariables>;
export const AuditExportDocument = new TypedDocumentString(`
    query AuditExport($after: BigInt!) {
  auditExport(after: $after) {
    lines
    next
  }
}
    `) as unknown as TypedDocumentString<AuditExportQuery, AuditExportQueryVariables>;
export const AuditVerificationDocument = new TypedDocumentString(`
    query AuditVerification($checkpoint: String) {
  auditVerification(checkpoint: $checkpoint) {
    entries
    first
    head
    checkpoint
    signed
    fault
  }
}
    `) as unknown as TypedDocumentString<AuditVerificationQuery, AuditVerificationQueryVariables>;
export const BaselineHistoryDocument = new TypedDocumentString(`
    query BaselineHistory($cluster: String!, $namespace: String!, $name: String!, $kind: String!) {
  deployment(cluster: $cluster, namespace: $namespace, name: $name, kind: $kind) {
    baseline {
      revisions(first: 500) {
        version
        state
        count
        since
        until
        source
        who
        why
      }
    }
  }
}
    `) as unknown as TypedDocumentString<BaselineHistoryQuery, BaselineHistoryQueryVariables>;
export const BaselineDecayDocument = new TypedDocumentString(`
    query BaselineDecay($scope: BaselineDecayScope!, $after: String) {
  baselineDecay(scope: $scope) {
    entries(first: 500, after: $after) {
      nodes {
        deployment {
          name
          kind
          namespace {
            name
          }
        }
        entry {
          direction
          peer {
            ...PeerName
          }
          port
          protocol
        }
        lastSeenAt
        unseenDays
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<BaselineDecayQuery, BaselineDecayQueryVariables>;
export const ApplyBaselineDecayDocument = new TypedDocumentString(`
    mutation ApplyBaselineDecay($input: ApplyBaselineDecayInput!) {
  applyBaselineDecay(input: $input) {
    changed
    baselines {
      ...BaselineFacts
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment BaselineFacts on Baseline {
  state
  version
  learnedSince
  learnedUntil
  generatedAt
  lockedAt
  coveredHours
  stableSince
  lastNewAt
  stale
  missing {
    coveredHours
    quietHours
    events
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<ApplyBaselineDecayMutation, ApplyBaselineDecayMutationVariables>;
export const GenerateBaselinesDocument = new TypedDocumentString(`
    mutation GenerateBaselines($input: GenerateBaselinesInput!) {
  generateBaselines(input: $input) {
    baselines {
      ...BaselineFacts
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment BaselineFacts on Baseline {
  state
  version
  learnedSince
  learnedUntil
  generatedAt
  lockedAt
  coveredHours
  stableSince
  lastNewAt
  stale
  missing {
    coveredHours
    quietHours
    events
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<GenerateBaselinesMutation, GenerateBaselinesMutationVariables>;
export const LockBaselinesDocument = new TypedDocumentString(`
    mutation LockBaselines($input: LockBaselinesInput!) {
  lockBaselines(input: $input) {
    changed
    baselines {
      ...BaselineFacts
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment BaselineFacts on Baseline {
  state
  version
  learnedSince
  learnedUntil
  generatedAt
  lockedAt
  coveredHours
  stableSince
  lastNewAt
  stale
  missing {
    coveredHours
    quietHours
    events
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<LockBaselinesMutation, LockBaselinesMutationVariables>;
export const UnlockBaselinesDocument = new TypedDocumentString(`
    mutation UnlockBaselines($input: UnlockBaselinesInput!) {
  unlockBaselines(input: $input) {
    changed
    baselines {
      ...BaselineFacts
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment BaselineFacts on Baseline {
  state
  version
  learnedSince
  learnedUntil
  generatedAt
  lockedAt
  coveredHours
  stableSince
  lastNewAt
  stale
  missing {
    coveredHours
    quietHours
    events
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<UnlockBaselinesMutation, UnlockBaselinesMutationVariables>;
export const ReopenBaselinesDocument = new TypedDocumentString(`
    mutation ReopenBaselines($input: ReopenBaselinesInput!) {
  reopenBaselines(input: $input) {
    changed
    baselines {
      ...BaselineFacts
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment BaselineFacts on Baseline {
  state
  version
  learnedSince
  learnedUntil
  generatedAt
  lockedAt
  coveredHours
  stableSince
  lastNewAt
  stale
  missing {
    coveredHours
    quietHours
    events
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<ReopenBaselinesMutation, ReopenBaselinesMutationVariables>;
export const BaselineEntriesDocument = new TypedDocumentString(`
    query BaselineEntries($id: ID!, $after: String) {
  node(id: $id) {
    ... on Baseline {
      entries(first: 500, after: $after) {
        ...BaselineEntryPage
      }
    }
  }
}
    fragment BaselineEntryPage on BaselineEntryConnection {
  nodes {
    direction
    peer {
      ...PeerName
    }
    port
    protocol
    days
    events
    status
    pattern
    firstSeenAt
    lastSeenAt
    statusBy
    statusAt
    reason
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}
fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}`) as unknown as TypedDocumentString<BaselineEntriesQuery, BaselineEntriesQueryVariables>;
export const BaselinesDocument = new TypedDocumentString(`
    query Baselines($filter: DeploymentFilter!, $after: String) {
  deployments(first: 25, after: $after, filter: $filter) {
    nodes {
      baseline {
        id
        ...BaselineFacts
        entries(first: 50) {
          ...BaselineEntryPage
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment BaselineFacts on Baseline {
  state
  version
  learnedSince
  learnedUntil
  generatedAt
  lockedAt
  coveredHours
  stableSince
  lastNewAt
  stale
  missing {
    coveredHours
    quietHours
    events
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
}
fragment BaselineEntryPage on BaselineEntryConnection {
  nodes {
    direction
    peer {
      ...PeerName
    }
    port
    protocol
    days
    events
    status
    pattern
    firstSeenAt
    lastSeenAt
    statusBy
    statusAt
    reason
  }
  pageInfo {
    hasNextPage
    endCursor
  }
}
fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}`) as unknown as TypedDocumentString<BaselinesQuery, BaselinesQueryVariables>;
export const ConfirmBaselineEntriesDocument = new TypedDocumentString(`
    mutation ConfirmBaselineEntries($input: ConfirmBaselineEntriesInput!) {
  confirmBaselineEntries(input: $input) {
    changed
    baselines {
      ...BaselineFacts
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment BaselineFacts on Baseline {
  state
  version
  learnedSince
  learnedUntil
  generatedAt
  lockedAt
  coveredHours
  stableSince
  lastNewAt
  stale
  missing {
    coveredHours
    quietHours
    events
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<ConfirmBaselineEntriesMutation, ConfirmBaselineEntriesMutationVariables>;
export const ForbidBaselineEntriesDocument = new TypedDocumentString(`
    mutation ForbidBaselineEntries($input: ForbidBaselineEntriesInput!) {
  forbidBaselineEntries(input: $input) {
    changed
    baselines {
      ...BaselineFacts
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment BaselineFacts on Baseline {
  state
  version
  learnedSince
  learnedUntil
  generatedAt
  lockedAt
  coveredHours
  stableSince
  lastNewAt
  stale
  missing {
    coveredHours
    quietHours
    events
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<ForbidBaselineEntriesMutation, ForbidBaselineEntriesMutationVariables>;
export const RemoveBaselineEntriesDocument = new TypedDocumentString(`
    mutation RemoveBaselineEntries($input: RemoveBaselineEntriesInput!) {
  removeBaselineEntries(input: $input) {
    changed
    baselines {
      ...BaselineFacts
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment BaselineFacts on Baseline {
  state
  version
  learnedSince
  learnedUntil
  generatedAt
  lockedAt
  coveredHours
  stableSince
  lastNewAt
  stale
  missing {
    coveredHours
    quietHours
    events
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<RemoveBaselineEntriesMutation, RemoveBaselineEntriesMutationVariables>;
export const AdvanceBaselinesDocument = new TypedDocumentString(`
    mutation AdvanceBaselines($input: AdvanceBaselinesInput!) {
  advanceBaselines(input: $input) {
    changed
    baselines {
      ...BaselineFacts
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment BaselineFacts on Baseline {
  state
  version
  learnedSince
  learnedUntil
  generatedAt
  lockedAt
  coveredHours
  stableSince
  lastNewAt
  stale
  missing {
    coveredHours
    quietHours
    events
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<AdvanceBaselinesMutation, AdvanceBaselinesMutationVariables>;
export const BaselineDiffDocument = new TypedDocumentString(`
    query BaselineDiff($cluster: String!, $namespace: String!, $name: String!, $kind: String, $before: BaselineMoment!, $after: BaselineMoment, $cursor: String) {
  baselineDiff(
    cluster: $cluster
    namespace: $namespace
    name: $name
    kind: $kind
    before: $before
    after: $after
  ) {
    before {
      version
      since
      state
      source
      who
      why
    }
    after {
      version
      since
      state
      source
      who
      why
    }
    changes(first: 500, after: $cursor) {
      nodes {
        direction
        peer {
          ...PeerName
        }
        port
        protocol
        before
        after
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}`) as unknown as TypedDocumentString<BaselineDiffQuery, BaselineDiffQueryVariables>;
export const BaselineExportDocument = new TypedDocumentString(`
    query BaselineExport($cluster: String!, $namespaces: [String!], $deployments: [String!], $labels: LabelSelector) {
  baselineExport(
    cluster: $cluster
    namespaces: $namespaces
    deployments: $deployments
    labels: $labels
  ) {
    text
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<BaselineExportQuery, BaselineExportQueryVariables>;
export const ImportBaselinesDocument = new TypedDocumentString(`
    mutation ImportBaselines($input: ImportBaselinesInput!) {
  importBaselines(input: $input) {
    added
    changed
    removed
    locked
    unlocked
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<ImportBaselinesMutation, ImportBaselinesMutationVariables>;
export const BaselineSettingsDocument = new TypedDocumentString(`
    query BaselineSettings($cluster: String!) {
  baselineSettings(cluster: $cluster) {
    cluster {
      ...BaselineSettingValues
    }
    overrides(first: 500) {
      namespace
      deployment
      observationHours
      quietHours
      minEvents
      learning
      lockWhenStable
      relearnOn
      relearnHours
      decayDays
      staleDays
      updatedAt
      updatedBy
    }
  }
}
    fragment BaselineSettingValues on BaselineSettings {
  observationHours
  quietHours
  minEvents
  learning
  lockWhenStable
  relearnOn
  relearnHours
  decayDays
  staleDays
}`) as unknown as TypedDocumentString<BaselineSettingsQuery, BaselineSettingsQueryVariables>;
export const SetBaselineSettingsDocument = new TypedDocumentString(`
    mutation SetBaselineSettings($input: SetBaselineSettingsInput!) {
  setBaselineSettings(input: $input) {
    settings {
      ...BaselineSettingValues
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment BaselineSettingValues on BaselineSettings {
  observationHours
  quietHours
  minEvents
  learning
  lockWhenStable
  relearnOn
  relearnHours
  decayDays
  staleDays
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<SetBaselineSettingsMutation, SetBaselineSettingsMutationVariables>;
export const ImportInventoryDocument = new TypedDocumentString(`
    mutation ImportInventory($input: ImportInventoryInput!) {
  importInventory(input: $input) {
    counts {
      namespaces
      deployments
      pods
      services
      nodes
      policies
      ended
      merged
      changed
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<ImportInventoryMutation, ImportInventoryMutationVariables>;
export const ClustersDocument = new TypedDocumentString(`
    query Clusters($after: String) {
  clusters(first: 500, after: $after) {
    nodes {
      name
      lastImportAt
      lastIngestAt
      newestObservationAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ClustersQuery, ClustersQueryVariables>;
export const DiagnoseClusterDocument = new TypedDocumentString(`
    query DiagnoseCluster($cluster: String!) {
  cluster(name: $cluster) {
    diagnose {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<DiagnoseClusterQuery, DiagnoseClusterQueryVariables>;
export const ClusterRangesDocument = new TypedDocumentString(`
    query ClusterRanges($cluster: String!) {
  cluster(name: $cluster) {
    ranges(first: 500) {
      cidr
      source
    }
  }
}
    `) as unknown as TypedDocumentString<ClusterRangesQuery, ClusterRangesQueryVariables>;
export const SetClusterRangesDocument = new TypedDocumentString(`
    mutation SetClusterRanges($input: SetClusterRangesInput!) {
  setClusterRanges(input: $input) {
    cluster {
      ranges(first: 500) {
        cidr
        source
      }
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<SetClusterRangesMutation, SetClusterRangesMutationVariables>;
export const ClusterContentsDocument = new TypedDocumentString(`
    query ClusterContents($cluster: String!) {
  cluster(name: $cluster) {
    counts {
      deployments
    }
  }
  flows(first: 1, filter: {cluster: {eq: $cluster}}) {
    totalCount
  }
  policies(first: 1, filter: {cluster: {eq: $cluster}}) {
    totalCount
  }
  alerts(first: 1, filter: {cluster: {eq: $cluster}}) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<ClusterContentsQuery, ClusterContentsQueryVariables>;
export const DeleteClusterDocument = new TypedDocumentString(`
    mutation DeleteCluster($input: DeleteClusterInput!) {
  deleteCluster(input: $input) {
    deleted
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<DeleteClusterMutation, DeleteClusterMutationVariables>;
export const ClusterRetentionDocument = new TypedDocumentString(`
    query ClusterRetention($cluster: String!) {
  cluster(name: $cluster) {
    retentionDays
    rollUpDays
    rolledUntil
  }
}
    `) as unknown as TypedDocumentString<ClusterRetentionQuery, ClusterRetentionQueryVariables>;
export const SetRetentionDocument = new TypedDocumentString(`
    mutation SetRetention($input: SetRetentionInput!) {
  setRetention(input: $input) {
    job {
      id
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<SetRetentionMutation, SetRetentionMutationVariables>;
export const SetRollUpDocument = new TypedDocumentString(`
    mutation SetRollUp($input: SetRollUpInput!) {
  setRollUp(input: $input) {
    job {
      id
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<SetRollUpMutation, SetRollUpMutationVariables>;
export const CompletenessDocument = new TypedDocumentString(`
    query Completeness($cluster: String!, $since: TimeBound, $until: TimeBound) {
  cluster(name: $cluster) {
    completeness(since: $since, until: $until) {
      since
      until
      firstSeenAt
      lastSeenAt
      flows
      lostEvents
      rejectedRecords
      unresolvedFlows
      unresolvedShare
      silentHours
      silentDeployments
      idleCronJobs
      cutDays
      forgottenUntil
      sources {
        name
        received
        accepted
        rejected
        rejectedReasons {
          reason
          count
        }
        skipped
        skippedReasons {
          reason
          count
        }
        duplicates
        withoutId
        lost
        sampling
        firstAt
        lastAt
        gapCount
        gaps {
          since
          until
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CompletenessQuery, CompletenessQueryVariables>;
export const ExplainConnectionDocument = new TypedDocumentString(`
    query ExplainConnection($input: ExplainInput!) {
  explain(input: $input) {
    ...Decision
  }
}
    fragment Decision on Explanation {
  settledBy
  notes
  foreignPolicies
  parts {
    sources
    destinations
    ports
    verdict
    basis
    missing
    egress {
      ...DecisionHalf
    }
    ingress {
      ...DecisionHalf
    }
  }
  verdict
  basis
  missing
  text
  dataplane {
    verdict
    agrees
    message
  }
  egress {
    ...DecisionHalf
  }
  ingress {
    ...DecisionHalf
  }
}
fragment DecisionHalf on DirectionExplanation {
  direction
  verdict
  basis
  governed
  missing
  reasons {
    tier
    policy: policyName
    rule
    peers
    ruleName
    action
    file
    line
    column
    nearest
    appliesTo
  }
}`) as unknown as TypedDocumentString<ExplainConnectionQuery, ExplainConnectionQueryVariables>;
export const ExternalBlocksDocument = new TypedDocumentString(`
    query ExternalBlocks($cluster: String, $after: String) {
  externalBlocks(cluster: $cluster, first: 500, after: $after) {
    nodes {
      id
      name
      cidr
      cluster {
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ExternalBlocksQuery, ExternalBlocksQueryVariables>;
export const ImportExternalBlocksDocument = new TypedDocumentString(`
    mutation ImportExternalBlocks($input: ImportExternalBlocksInput!) {
  importExternalBlocks(input: $input) {
    blocks {
      id
      name
      cidr
      cluster {
        name
      }
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<ImportExternalBlocksMutation, ImportExternalBlocksMutationVariables>;
export const ExternalBlocksFoundDocument = new TypedDocumentString(`
    query ExternalBlocksFound($filter: ExternalBlockFilter, $after: String) {
  externalBlocks(filter: $filter, first: 500, after: $after) {
    nodes {
      id
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ExternalBlocksFoundQuery, ExternalBlocksFoundQueryVariables>;
export const DeleteExternalBlocksDocument = new TypedDocumentString(`
    mutation DeleteExternalBlocks($input: DeleteExternalBlocksInput!) {
  deleteExternalBlocks(input: $input) {
    deleted
    more
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<DeleteExternalBlocksMutation, DeleteExternalBlocksMutationVariables>;
export const FlowHistoryDocument = new TypedDocumentString(`
    query FlowHistory($filter: FlowFilter!, $after: String, $since: TimeBound, $until: TimeBound, $by: HistoryStep!) {
  flows(first: 50, after: $after, filter: $filter) {
    nodes {
      source {
        ...PeerName
      }
      destination {
        ...PeerName
      }
      port
      protocol
      history(since: $since, until: $until, by: $by) {
        truncated
        points {
          at
          counts {
            events
            connections
            bytes
            allowed
            denied
            audited
            failed
            unknown
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}`) as unknown as TypedDocumentString<FlowHistoryQuery, FlowHistoryQueryVariables>;
export const GeneratePoliciesDocument = new TypedDocumentString(`
    mutation GeneratePolicies($input: GeneratePoliciesInput!, $as: PolicyDialect! = CILIUM, $rendered: Boolean! = false) {
  generatePolicies(input: $input) {
    job {
      status
    }
    policySet {
      name
      version
    }
    policies {
      namespace
      name
      yaml
      rendering(as: $as) @include(if: $rendered) {
        yaml
        cannot
      }
    }
    extraPairs {
      source
      destination
      ports
    }
    scores {
      namespace
      deployment
      before
      after
      ingressAfter
      egressAfter
    }
    futurePods {
      pods
      claim
      selectedBy
      admittedBy
      today
      reach {
        deployment
        ports
      }
      reachCount
      reachedFrom {
        deployment
        ports
      }
      reachedFromCount
    }
    deletions {
      kind
      namespace
      name
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<GeneratePoliciesMutation, GeneratePoliciesMutationVariables>;
export const NetworkGraphDiffDocument = new TypedDocumentString(`
    query NetworkGraphDiff($cluster: String!, $before: GraphWindow!, $after: GraphWindow!, $namespaces: [String!]) {
  networkGraphDiff(
    cluster: $cluster
    before: $before
    after: $after
    namespaces: $namespaces
  ) {
    truncated
    completenessBefore {
      ...Observed
    }
    completenessAfter {
      ...Observed
    }
    nodes {
      id
      label
    }
    edges {
      source
      destination
      change
      firstSeenAt
      ports {
        port
        protocol
        change
        verdictsBefore
        verdictsAfter
        firstSeenAt
        lastSeenAt
      }
    }
  }
}
    fragment Observed on Completeness {
  flows
  silentHours
  forgottenUntil
  cutDays
}`) as unknown as TypedDocumentString<NetworkGraphDiffQuery, NetworkGraphDiffQueryVariables>;
export const NetworkGraphDocument = new TypedDocumentString(`
    query NetworkGraph($cluster: String!, $filter: NetworkGraphFilter!) {
  networkGraph(cluster: $cluster, filter: $filter) {
    truncated
    foreignPolicies
    nodes {
      id
      namespace
      peer {
        ...PeerName
      }
    }
    edges {
      source
      destination
      state
      ports {
        port
        protocol
      }
    }
  }
}
    fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}`) as unknown as TypedDocumentString<NetworkGraphQuery, NetworkGraphQueryVariables>;
export const JobsDocument = new TypedDocumentString(`
    query Jobs($filter: JobFilter, $after: String) {
  jobs(first: 500, filter: $filter, after: $after) {
    nodes {
      ...JobFacts
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment JobFacts on Job {
  id
  cluster {
    name
  }
  kind
  status
  caller
  attempts
  createdAt
  startedAt
  finishedAt
  progress {
    done
    total
    ratePerSecond
    expectedEndAt
  }
  error
  details
  result {
    id
  }
}`) as unknown as TypedDocumentString<JobsQuery, JobsQueryVariables>;
export const CancelJobDocument = new TypedDocumentString(`
    mutation CancelJob($input: CancelJobInput!) {
  cancelJob(input: $input) {
    job {
      ...JobFacts
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment JobFacts on Job {
  id
  cluster {
    name
  }
  kind
  status
  caller
  attempts
  createdAt
  startedAt
  finishedAt
  progress {
    done
    total
    ratePerSecond
    expectedEndAt
  }
  error
  details
  result {
    id
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<CancelJobMutation, CancelJobMutationVariables>;
export const CancelJobsDocument = new TypedDocumentString(`
    mutation CancelJobs($input: CancelJobsInput!) {
  cancelJobs(input: $input) {
    jobs {
      ...JobFacts
    }
    more
    problems {
      ...ProblemLine
    }
  }
}
    fragment JobFacts on Job {
  id
  cluster {
    name
  }
  kind
  status
  caller
  attempts
  createdAt
  startedAt
  finishedAt
  progress {
    done
    total
    ratePerSecond
    expectedEndAt
  }
  error
  details
  result {
    id
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<CancelJobsMutation, CancelJobsMutationVariables>;
export const ImportKnownBadDocument = new TypedDocumentString(`
    mutation ImportKnownBad($input: ImportKnownBadInput!) {
  importKnownBad(input: $input) {
    added
    removed
    rule {
      ...AlertRuleFacts
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment AlertRuleFacts on AlertRuleDefinition {
  id
  name
  description
  criterion
  severity
  categories
  parameters
  enabled
  enforcement
  shipped
  version
  updatedAt
  updatedBy
  scope {
    clusters
    namespaces
    labels
    podSelector
    namespaceSelector
  }
  exclusions {
    namespace
    deployment
    peer
    port
    podSelector
    namespaceSelector
  }
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<ImportKnownBadMutation, ImportKnownBadMutationVariables>;
export const KnownClusterDocument = new TypedDocumentString(`
    query KnownCluster($cluster: String!) {
  cluster(name: $cluster) {
    name
  }
}
    `) as unknown as TypedDocumentString<KnownClusterQuery, KnownClusterQueryVariables>;
export const KnownClustersDocument = new TypedDocumentString(`
    query KnownClusters($after: String) {
  clusters(first: 500, after: $after) {
    nodes {
      name
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<KnownClustersQuery, KnownClustersQueryVariables>;
export const KnownNamespacesDocument = new TypedDocumentString(`
    query KnownNamespaces($cluster: String!, $after: String) {
  cluster(name: $cluster) {
    namespaces(first: 500, after: $after) {
      nodes {
        name
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<KnownNamespacesQuery, KnownNamespacesQueryVariables>;
export const KnownDeploymentsDocument = new TypedDocumentString(`
    query KnownDeployments($filter: DeploymentFilter!, $after: String) {
  deployments(first: 500, filter: $filter, after: $after) {
    nodes {
      name
      kind
      namespace {
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<KnownDeploymentsQuery, KnownDeploymentsQueryVariables>;
export const KnownCategoriesDocument = new TypedDocumentString(`
    query KnownCategories($after: String) {
  alertRules(first: 100, after: $after) {
    nodes {
      categories
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<KnownCategoriesQuery, KnownCategoriesQueryVariables>;
export const IngestionsDocument = new TypedDocumentString(`
    query Ingestions($cluster: String!, $first: Int!) {
  cluster(name: $cluster) {
    ingestions(first: $first) {
      recordedAt
      accepted
    }
  }
}
    `) as unknown as TypedDocumentString<IngestionsQuery, IngestionsQueryVariables>;
export const NetworkFlowsDocument = new TypedDocumentString(`
    query NetworkFlows($filter: FlowFilter!, $after: String, $since: TimeBound, $until: TimeBound, $counted: Boolean!, $grouped: Boolean!) {
  flows(first: 500, after: $after, filter: $filter) {
    nodes {
      source {
        ...PeerName
        ...Outside @include(if: $grouped)
      }
      destination {
        ...PeerName
        ...Outside @include(if: $grouped)
      }
      port
      protocol
      tags(since: $since, until: $until)
      observedVerdict
      policyVerdict
      firstSeenAt
      lastSeenAt
      events
      connections
      bytes
      counts(since: $since, until: $until) @include(if: $counted) {
        events
        connections
        bytes
        allowed
        denied
        audited
        failed
        unknown
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment Outside on ExternalEntity {
  address
  block
}
fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}`) as unknown as TypedDocumentString<NetworkFlowsQuery, NetworkFlowsQueryVariables>;
export const NotifiersDocument = new TypedDocumentString(`
    query Notifiers($after: String) {
  notifiers(first: 500, after: $after) {
    nodes {
      ...NotifierFacts
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment NotifierFacts on Notifier {
  id
  name
  kind
  config
  hasSecret
  minSeverity
  rules
  clusters
  enabled
  maxPerHour
  digest
  oldSecretUntil
  state
  failures
  lastError
  pending
  dead
}`) as unknown as TypedDocumentString<NotifiersQuery, NotifiersQueryVariables>;
export const CreateNotifierDocument = new TypedDocumentString(`
    mutation CreateNotifier($input: CreateNotifierInput!) {
  createNotifier(input: $input) {
    notifier {
      ...NotifierFacts
    }
    signingSecret
    problems {
      ...ProblemLine
    }
  }
}
    fragment NotifierFacts on Notifier {
  id
  name
  kind
  config
  hasSecret
  minSeverity
  rules
  clusters
  enabled
  maxPerHour
  digest
  oldSecretUntil
  state
  failures
  lastError
  pending
  dead
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<CreateNotifierMutation, CreateNotifierMutationVariables>;
export const SwitchNotifierDocument = new TypedDocumentString(`
    mutation SwitchNotifier($input: SwitchNotifierInput!) {
  switchNotifier(input: $input) {
    notifier {
      ...NotifierFacts
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment NotifierFacts on Notifier {
  id
  name
  kind
  config
  hasSecret
  minSeverity
  rules
  clusters
  enabled
  maxPerHour
  digest
  oldSecretUntil
  state
  failures
  lastError
  pending
  dead
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<SwitchNotifierMutation, SwitchNotifierMutationVariables>;
export const DeleteNotifierDocument = new TypedDocumentString(`
    mutation DeleteNotifier($input: NotifierIdInput!) {
  deleteNotifier(input: $input) {
    notifier {
      name
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<DeleteNotifierMutation, DeleteNotifierMutationVariables>;
export const TestNotifierDocument = new TypedDocumentString(`
    mutation TestNotifier($input: NotifierIdInput!) {
  testNotifier(input: $input) {
    sent
    status
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<TestNotifierMutation, TestNotifierMutationVariables>;
export const RetryNotificationDocument = new TypedDocumentString(`
    mutation RetryNotification($input: NotifierIdInput!) {
  retryNotification(input: $input) {
    again
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<RetryNotificationMutation, RetryNotificationMutationVariables>;
export const UpdateNotifierDocument = new TypedDocumentString(`
    mutation UpdateNotifier($input: UpdateNotifierInput!) {
  updateNotifier(input: $input) {
    notifier {
      ...NotifierFacts
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment NotifierFacts on Notifier {
  id
  name
  kind
  config
  hasSecret
  minSeverity
  rules
  clusters
  enabled
  maxPerHour
  digest
  oldSecretUntil
  state
  failures
  lastError
  pending
  dead
}
fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<UpdateNotifierMutation, UpdateNotifierMutationVariables>;
export const PolicySetsDocument = new TypedDocumentString(`
    query PolicySets($filter: PolicySetFilter, $after: String) {
  policySets(first: 200, filter: $filter, after: $after) {
    nodes {
      id
      name
      version
      origin
      createdAt
      cluster {
        name
      }
      policyCount
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<PolicySetsQuery, PolicySetsQueryVariables>;
export const PolicySetTextDocument = new TypedDocumentString(`
    query PolicySetText($id: ID!) {
  node(id: $id) {
    __typename
    ... on PolicySet {
      name
      version
      origin
      createdAt
      yaml
      policyCount
      policies(first: 500) {
        namespace
        name
        yaml
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PolicySetTextQuery, PolicySetTextQueryVariables>;
export const DeletePolicySetsDocument = new TypedDocumentString(`
    mutation DeletePolicySets($input: DeletePolicySetsInput!) {
  deletePolicySets(input: $input) {
    deleted
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<DeletePolicySetsMutation, DeletePolicySetsMutationVariables>;
export const PoliciesDocument = new TypedDocumentString(`
    query Policies($filter: PolicyFilter!, $after: String) {
  policies(first: 500, after: $after, filter: $filter) {
    nodes {
      source
      kind
      namespace
      name
      validFrom
      yaml
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<PoliciesQuery, PoliciesQueryVariables>;
export const ForeignPoliciesDocument = new TypedDocumentString(`
    query ForeignPolicies($cluster: String!) {
  cluster(name: $cluster) {
    foreignPolicies
  }
}
    `) as unknown as TypedDocumentString<ForeignPoliciesQuery, ForeignPoliciesQueryVariables>;
export const PolicyProfilesDocument = new TypedDocumentString(`
    query PolicyProfiles($cluster: String!) {
  policyProfiles(cluster: $cluster, first: 500) {
    name
    origin
    version
    definition
    updatedAt
    updatedBy
  }
}
    `) as unknown as TypedDocumentString<PolicyProfilesQuery, PolicyProfilesQueryVariables>;
export const PutPolicyProfileDocument = new TypedDocumentString(`
    mutation PutPolicyProfile($input: PutPolicyProfileInput!) {
  putPolicyProfile(input: $input) {
    profile {
      name
      origin
      version
      definition
      updatedAt
      updatedBy
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<PutPolicyProfileMutation, PutPolicyProfileMutationVariables>;
export const DeletePolicyProfileDocument = new TypedDocumentString(`
    mutation DeletePolicyProfile($input: DeletePolicyProfileInput!) {
  deletePolicyProfile(input: $input) {
    deleted
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<DeletePolicyProfileMutation, DeletePolicyProfileMutationVariables>;
export const SimulatePoliciesDocument = new TypedDocumentString(`
    mutation SimulatePolicies($input: SimulatePoliciesInput!) {
  simulatePolicies(input: $input) {
    simulation {
      ...SimulationResult
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}
fragment SimulationResult on Simulation {
  id
  foreignPolicies
  status
  error
  summary {
    stillAllowed
    newlyBlocked
    newlyAllowed
    stillBlocked
    undecidable
  }
  days {
    day
    class
    flows
    events
  }
  policies {
    status
    kind
    namespace
    name
    effect
  }
  assertions {
    name
    text
    line
    column
    holds
    violationCount
    violations {
      basis
      ports
      path
    }
  }
  findings {
    severity
    rule
    message
    policy
    line
    column
    hint
    introduced
  }
}`) as unknown as TypedDocumentString<SimulatePoliciesMutation, SimulatePoliciesMutationVariables>;
export const SimulationProgressDocument = new TypedDocumentString(`
    query SimulationProgress($id: ID!) {
  node(id: $id) {
    __typename
    ... on Simulation {
      ...SimulationResult
    }
  }
}
    fragment SimulationResult on Simulation {
  id
  foreignPolicies
  status
  error
  summary {
    stillAllowed
    newlyBlocked
    newlyAllowed
    stillBlocked
    undecidable
  }
  days {
    day
    class
    flows
    events
  }
  policies {
    status
    kind
    namespace
    name
    effect
  }
  assertions {
    name
    text
    line
    column
    holds
    violationCount
    violations {
      basis
      ports
      path
    }
  }
  findings {
    severity
    rule
    message
    policy
    line
    column
    hint
    introduced
  }
}`) as unknown as TypedDocumentString<SimulationProgressQuery, SimulationProgressQueryVariables>;
export const SimulationCompletenessDocument = new TypedDocumentString(`
    query SimulationCompleteness($id: ID!) {
  node(id: $id) {
    __typename
    ... on Simulation {
      completeness {
        since
        until
        firstSeenAt
        lastSeenAt
        flows
        lostEvents
        rejectedRecords
        unresolvedFlows
        silentHours
        silentDeployments
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SimulationCompletenessQuery, SimulationCompletenessQueryVariables>;
export const SimulatedFlowsDocument = new TypedDocumentString(`
    query SimulatedFlows($id: ID!, $class: FlowClass!, $after: String) {
  node(id: $id) {
    __typename
    ... on Simulation {
      flows(class: $class, first: 100, after: $after) {
        nodes {
          class
          before
          after
          notes
          seenDays
          observedDays
          spans {
            since
            until
            class
          }
          flow {
            source {
              ...PeerName
            }
            destination {
              ...PeerName
            }
            port
            protocol
            events
            lastSeenAt
          }
          explanation {
            text
            egress {
              direction
              verdict
              missing
              reasons {
                policy: policyName
                rule
                file
                line
                column
              }
            }
            ingress {
              direction
              verdict
              missing
              reasons {
                policy: policyName
                rule
                file
                line
                column
              }
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}
    fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}`) as unknown as TypedDocumentString<SimulatedFlowsQuery, SimulatedFlowsQueryVariables>;
export const SimulatedConnectivityDocument = new TypedDocumentString(`
    query SimulatedConnectivity($id: ID!, $after: String) {
  node(id: $id) {
    __typename
    ... on Simulation {
      connectivity(first: 500, after: $after) {
        nodes {
          source
          destination
          newlyAllowed
          newlyBlocked
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SimulatedConnectivityQuery, SimulatedConnectivityQueryVariables>;
export const BlastRadiusDocument = new TypedDocumentString(`
    query BlastRadius($id: ID!, $compromised: String, $sensitive: LabelSelector) {
  node(id: $id) {
    __typename
    ... on Simulation {
      blastRadius(compromised: $compromised, sensitive: $sensitive) {
        before {
          ...BlastReach
        }
        after {
          ...BlastReach
        }
      }
    }
  }
}
    fragment BlastReach on BlastRadius {
  pairs
  exposed(first: 500)
  exposedCount
  reachableFromExposed
  reachableFromCompromised
  sensitive(first: 500) {
    workload
    hopsFromExposed
    hopsFromCompromised
  }
}`) as unknown as TypedDocumentString<BlastRadiusQuery, BlastRadiusQueryVariables>;
export const SimulationsDocument = new TypedDocumentString(`
    query Simulations($filter: SimulationFilter, $after: String) {
  simulations(first: 200, filter: $filter, after: $after) {
    nodes {
      ...SimulationLine
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment SimulationLine on Simulation {
  id
  cluster {
    name
  }
  status
  caller
  createdAt
  finishedAt
  since
  until
  error
  request {
    policySet
  }
  summary {
    stillAllowed
    newlyBlocked
    newlyAllowed
    stillBlocked
    undecidable
  }
}`) as unknown as TypedDocumentString<SimulationsQuery, SimulationsQueryVariables>;
export const DeleteSimulationDocument = new TypedDocumentString(`
    mutation DeleteSimulation($input: DeleteSimulationInput!) {
  deleteSimulation(input: $input) {
    deleted
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<DeleteSimulationMutation, DeleteSimulationMutationVariables>;
export const DeleteSimulationsDocument = new TypedDocumentString(`
    mutation DeleteSimulations($input: DeleteSimulationsInput!) {
  deleteSimulations(input: $input) {
    deleted
    more
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}`) as unknown as TypedDocumentString<DeleteSimulationsMutation, DeleteSimulationsMutationVariables>;
export const TokensDocument = new TypedDocumentString(`
    query Tokens($after: String) {
  tokens(first: 500, after: $after) {
    nodes {
      ...TokenFacts
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment TokenFacts on Token {
  id
  name
  kind
  prefix
  roles
  scopes
  createdAt
  createdBy
  expiresAt
  revokedAt
  lastUsedAt
}`) as unknown as TypedDocumentString<TokensQuery, TokensQueryVariables>;
export const CreateTokenDocument = new TypedDocumentString(`
    mutation CreateToken($input: CreateTokenInput!) {
  createToken(input: $input) {
    token {
      ...TokenFacts
    }
    secret
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}
fragment TokenFacts on Token {
  id
  name
  kind
  prefix
  roles
  scopes
  createdAt
  createdBy
  expiresAt
  revokedAt
  lastUsedAt
}`) as unknown as TypedDocumentString<CreateTokenMutation, CreateTokenMutationVariables>;
export const RevokeTokenDocument = new TypedDocumentString(`
    mutation RevokeToken($input: RevokeTokenInput!) {
  revokeToken(input: $input) {
    token {
      ...TokenFacts
    }
    problems {
      ...ProblemLine
    }
  }
}
    fragment ProblemLine on Problem {
  code
  severity
  message
  path
  file
  line
  column
  hint
}
fragment TokenFacts on Token {
  id
  name
  kind
  prefix
  roles
  scopes
  createdAt
  createdBy
  expiresAt
  revokedAt
  lastUsedAt
}`) as unknown as TypedDocumentString<RevokeTokenMutation, RevokeTokenMutationVariables>;
export const WatchAlertsDocument = new TypedDocumentString(`
    subscription WatchAlerts($filter: AlertFilter, $after: DateTime) {
  alertChanged(filter: $filter, after: $after) {
    ...AlertFacts
    changedAt
  }
}
    fragment AlertFacts on Alert {
  id
  rule
  rules
  category
  severity
  state
  message
  occurrences
  passed
  flowCount
  groupKind
  groupName
  firstOccurredAt
  lastOccurredAt
  snoozedUntil
  resolution
  cluster {
    name
  }
  deployment {
    name
    kind
    namespace {
      name
    }
  }
  peer {
    ...PeerName
  }
}
fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}`) as unknown as TypedDocumentString<WatchAlertsSubscription, WatchAlertsSubscriptionVariables>;
export const WatchFlowsDocument = new TypedDocumentString(`
    subscription WatchFlows($cluster: String!, $filter: FlowFilter, $after: String) {
  flowsObserved(cluster: $cluster, filter: $filter, after: $after, opening: true) {
    skipped
    missed
    cursor
    flows {
      source {
        ...PeerName
      }
      destination {
        ...PeerName
      }
      port
      protocol
      tags
      observedVerdict
      lastSeenAt
      events
    }
  }
}
    fragment PeerName on Peer {
  __typename
  ... on Deployment {
    name
    kind
    namespace {
      name
    }
  }
  ... on ExternalEntity {
    name
  }
  ... on ClusterNode {
    name
  }
  ... on UnresolvedPeer {
    name
  }
}`) as unknown as TypedDocumentString<WatchFlowsSubscription, WatchFlowsSubscriptionVariables>;
export const DemoSeededDocument = new TypedDocumentString(`
    query DemoSeeded($cluster: String!) {
  deployment(
    cluster: $cluster
    namespace: "shop"
    name: "frontend"
    kind: "Deployment"
  ) {
    namespace {
      labels
    }
  }
}
    `) as unknown as TypedDocumentString<DemoSeededQuery, DemoSeededQueryVariables>;
export const DemoCountsDocument = new TypedDocumentString(`
    query DemoCounts($cluster: String!) {
  cluster(name: $cluster) {
    name
    counts {
      namespaces
      deployments
      pods
    }
  }
  flows(first: 1, filter: {cluster: {eq: $cluster}}) {
    totalCount
  }
  anomalous: flows(first: 1, filter: {cluster: {eq: $cluster}, tags: [ANOMALOUS]}) {
    totalCount
  }
}
    `) as unknown as TypedDocumentString<DemoCountsQuery, DemoCountsQueryVariables>;