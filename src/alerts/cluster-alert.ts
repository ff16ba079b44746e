import { type AlertRule, type AlertSeverity, alertId, type PeerGroup, RANKS } from './alert.js';
import type { Watched } from './alert-raise.store.js';
import type { AlertRuleDefinition } from './alert-rule.js';
import { severest } from './incident.js';
import { isAbout } from './rule-scope.js';

/** What an alert is about that is of no deployment. */
export type Subject = {
  readonly kind: PeerGroup;
  /** Tells it apart among its kind. */
  readonly key: string;
  /** As lists show it. */
  readonly name: string;
  /** Null: it is of the whole cluster. */
  readonly namespace: string | null;
  /** Id of the policy or the policy set; null: it has none. */
  readonly id: string | null;
};

/** An alert of a cluster, or of something in it that is no deployment. Times are ISO text. */
export type ClusterAlert = {
  readonly id: string;
  readonly rule: AlertRule;
  readonly rank: number;
  readonly ruleIds: readonly string[];
  readonly severity: AlertSeverity;
  readonly category: string;
  readonly subject: Subject;
  readonly message: string;
  /** Things that are so, or events. */
  readonly occurrences: number;
  /** Whether they come on top of those of before. */
  readonly adds: boolean;
  readonly firstOccurredAt: string;
  readonly lastOccurredAt: string;
  readonly leadId: string | null;
};

export const clusterAlertId = ({ kind, key }: Pick<Subject, 'kind' | 'key'>): string =>
  alertId('cluster', kind, key);

/** Whether a rule is about something that is no deployment: one that selects by labels never is. */
export const isAboutSubject = (
  rule: AlertRuleDefinition,
  cluster: string,
  { name, namespace }: Pick<Subject, 'name' | 'namespace'>,
): boolean =>
  isAbout(rule, {
    cluster,
    owner: { namespace, name: '', labels: null, namespaceLabels: null },
    peer: { label: name, name, dnsName: null, block: null },
    port: null,
  });

/** The enabled rules of a criterion that are about a subject. */
export const rulesAbout = (
  { name, rules }: Pick<Watched, 'name' | 'rules'>,
  criterion: AlertRule,
  subject: Subject,
): readonly AlertRuleDefinition[] =>
  rules.filter(rule => rule.criterion === criterion && isAboutSubject(rule, name, subject));

type Occurred = Pick<
  ClusterAlert,
  'subject' | 'message' | 'occurrences' | 'adds' | 'firstOccurredAt' | 'lastOccurredAt' | 'leadId'
>;

/** The alert that some rules raise; null: there are none. */
export function clusterAlertBy(
  rules: readonly AlertRuleDefinition[],
  occurred: Occurred,
): ClusterAlert | null {
  const [first] = rules;
  if (first === undefined) return null;
  return {
    ...occurred,
    id: clusterAlertId(occurred.subject),
    rule: first.criterion,
    rank: RANKS[first.criterion],
    ruleIds: rules.map(({ id }) => id).toSorted(),
    severity: severest(rules.map(({ severity }) => severity)),
    category: first.categories[0] ?? '',
  };
}
