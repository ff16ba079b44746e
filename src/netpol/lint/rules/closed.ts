import type { PodFact, ServiceFact, ServicePort } from '../../facts.js';
import { workloadNameOf } from '../../peers/workload-name.js';
import { Action, Direction, type Peer } from '../../policy.js';
import { containsPort, isNoPorts, type PortSet } from '../../ports/port-set.js';
import { Severity } from '../../problem.js';
import { isBehind, targetsOn } from '../behind.js';
import type { Remark } from '../finding.js';
import { ofPod } from '../on.js';
import { listed } from '../probe.js';
import { isSelectable, type LintContext, type LintRule } from '../rule.js';
import { namesUnseen } from '../shown.js';
import { DIRECTIONS, directionWord, rulesOf } from '../site.js';
import { governedPods } from './coverage.js';

export const deniedInEffect: LintRule = {
  id: 'workload-denied-all',
  severity: Severity.INFO,
  description: 'A workload that nobody can reach, or that can reach nobody: a deny-all in effect',
  check: context =>
    DIRECTIONS.flatMap(direction => {
      const governed = governedPods(context, direction);
      const beyond = podsAllowedBeyond(context, direction);
      const perhaps = podsOpenToUnseen(context, direction);
      return context.inventory.workloads
        .filter(({ pod }) => governed.has(pod) && isSelectable(context, pod) && !beyond.has(pod))
        .filter(({ name }) => isNoPorts(openTo(context, name, direction)))
        .filter(({ pod }) => !perhaps.has(pod))
        .map(({ name, pod }) => ({
          on: [ofPod(pod)],
          message: `all ${directionWord(direction)} of \`${name}\` is denied in effect`,
          hint: 'allow what it needs, unless it is meant to be cut off',
        }));
    }),
};

/** Pods that some rule allows what reach does not hold: traffic with domain names, and with nodes. */
const podsAllowedBeyond = (
  { policies, inventory }: LintContext,
  direction: Direction,
): ReadonlySet<PodFact> =>
  new Set(
    policies
      .filter(policy =>
        rulesOf(policy, direction)?.some(
          ({ action, peers }) => action === Action.ALLOW && peers?.some(isBeyond) === true,
        ),
      )
      .flatMap(policy => inventory.subjectsOf(policy)),
  );

/** Pods that rules open to what is not in the input: nobody can say that all is denied. */
const podsOpenToUnseen = (context: LintContext, direction: Direction): ReadonlySet<PodFact> =>
  new Set(
    context.policies
      .filter(policy => namesUnseen(context, policy, rulesOf(policy, direction)))
      .flatMap(policy => context.inventory.subjectsOf(policy)),
  );

const isBeyond = ({ kind }: Peer): boolean => kind === 'domain-names' || kind === 'nodes';

const openTo = ({ reach }: LintContext, name: string, direction: Direction): PortSet =>
  direction === Direction.INGRESS ? reach().into(name) : reach().outOf(name);

export const serviceClosed: LintRule = {
  id: 'service-port-closed',
  severity: Severity.WARNING,
  description: 'A Service whose target port is closed to everybody on all of its pods',
  check: context => {
    const byNamespace = Map.groupBy(context.inventory.workloads, ({ namespace }) => namespace);
    const perhaps = podsOpenToUnseen(context, Direction.INGRESS);
    return context.facts.services.flatMap(service => {
      const pods = (byNamespace.get(service.namespace) ?? [])
        .map(({ pod }) => pod)
        .filter(pod => isBehind(service, pod) && !perhaps.has(pod));
      return service.ports.flatMap(port => closedPort(context, service, port, pods));
    });
  },
};

const closedPort = (
  { reach }: LintContext,
  { namespace, name, type }: ServiceFact,
  port: ServicePort,
  pods: readonly PodFact[],
): readonly Remark[] => {
  const targets = pods.flatMap(pod => targetsOn(pod, port).map(target => ({ pod, target })));
  const open = targets.some(({ pod, target }) =>
    containsPort(reach().into(workloadNameOf(pod)), port.protocol, target),
  );
  if (targets.length === 0 || open) return [];
  const numbers = [...new Set(targets.map(({ target }) => target))].join(', ');
  const isOutward = type === 'LoadBalancer' || type === 'NodePort';
  const what = isOutward ? `${type} Service` : 'Service';
  return [
    {
      on: [{ kind: 'Service', namespace, name }],
      message: `port ${port.port} of ${what} \`${namespace}/${name}\` is closed: nobody reaches ${port.protocol} ${numbers} on ${listed([...new Set(pods.map(workloadNameOf))])}`,
      hint: 'allow its clients on the target port; policies do not see the Service’s own port',
    },
  ];
};
