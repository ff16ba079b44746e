import type { Labels } from '../inventory/labels.js';
import type { AlertRuleDefinition, AlertRuleExclusion } from './alert-rule.js';

type About = {
  readonly cluster: string;
  readonly owner: {
    readonly namespace: string | null;
    readonly name: string;
    readonly labels: Labels | null;
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

const isExcluded = (
  { namespace, deployment, peer, port }: AlertRuleExclusion,
  about: About,
): boolean =>
  is(namespace, about.owner.namespace) &&
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
    Object.entries(scope.labels ?? {}).every(([key, label]) => owner.labels?.[key] === label) &&
    !exclusions.some(exclusion => isExcluded(exclusion, about))
  );
}
