import type { Labels } from '../inventory/labels.js';
import { matchesLabels } from '../query/label-match.js';
import type { LabelSelector } from '../query/label-selector.js';
import type { AlertRuleDefinition, AlertRuleExclusion, AlertRuleScope } from './alert-rule.js';

type About = {
  readonly cluster: string;
  readonly owner: {
    readonly namespace: string | null;
    readonly name: string;
    /** Null: they are not known. */
    readonly labels: Labels | null;
    /** Of its namespace; null: they are not known. */
    readonly namespaceLabels: Labels | null;
  };
  readonly peer: {
    /** `namespace/name`, `EXTERNAL:name` */
    readonly label: string;
    readonly name: string;
    readonly dnsName: string | null;
    readonly block: string | null;
  };
  readonly port: number | null;
};

const among = (names: readonly string[] | null, name: string | null): boolean =>
  names === null || (name !== null && names.includes(name));

const is = <Value>(wanted: Value | null, ...values: readonly (Value | null)[]): boolean =>
  wanted === null || values.includes(wanted);

/** What labels are not known is selected by no selector, not by `DoesNotExist` either. */
const selects = (selector: LabelSelector | null | undefined, labels: Labels | null): boolean =>
  selector === null ||
  selector === undefined ||
  (labels !== null && matchesLabels(selector, labels));

type Selectors = Pick<AlertRuleScope, 'podSelector' | 'namespaceSelector'>;

const selectsOwner = (
  { podSelector, namespaceSelector }: Selectors,
  { labels, namespaceLabels }: About['owner'],
): boolean => selects(podSelector, labels) && selects(namespaceSelector, namespaceLabels);

const isExcluded = (
  { namespace, deployment, peer, port, ...selectors }: AlertRuleExclusion,
  about: About,
): boolean =>
  is(namespace, about.owner.namespace) &&
  selectsOwner(selectors, about.owner) &&
  is(deployment, about.owner.name) &&
  is(peer, about.peer.label, about.peer.name, about.peer.dnsName, about.peer.block) &&
  is(port, about.port);

/** Whether a rule is about a flow of this deployment with this peer. */
export function isAbout(
  { enabled, scope, exclusions }: AlertRuleDefinition,
  about: About,
): boolean {
  const { cluster, owner } = about;
  return (
    enabled &&
    among(scope.clusters, cluster) &&
    among(scope.namespaces, owner.namespace) &&
    selectsOwner(scope, owner) &&
    Object.entries(scope.labels ?? {}).every(([key, label]) => owner.labels?.[key] === label) &&
    !exclusions.some(exclusion => isExcluded(exclusion, about))
  );
}
