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
      const closed = context.inventory.workloads
        .filter(({ pod }) => governed.has(pod) && isSelectable(context, pod) && !beyond.has(pod))
        .filter(({ name }) => isNoPorts(openTo(context, name, direction)))
        .filter(({ pod }) => !perhaps.has(pod));
      const own = context.amongOwn(closed.map(({ pod }) => pod));
      return closed
        .filter(({ pod }) => isNoPorts(own(pod)))
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
    const closed = context.facts.services.flatMap(service => {
      const pods = (byNamespace.get(service.namespace) ?? [])
        .map(({ pod }) => pod)
        .filter(pod => isBehind(service, pod) && !perhaps.has(pod));
      return service.ports
        .map(port => ({ service, port, targets: targetsOf(pods, port) }))
        .filter(each => each.targets.length > 0 && !isOpen(context, each));
    });
    const own = context.amongOwn([
      ...new Set(closed.flatMap(({ targets }) => targets.map(({ pod }) => pod))),
    ]);
    return closed
      .filter(({ port, targets }) =>
        targets.every(({ pod, target }) => !containsPort(own(pod), port.protocol, target)),
      )
      .map(remarkOn);
  },
};

type Aim = { readonly pod: PodFact; readonly target: number };

type AimedAt = {
  readonly service: ServiceFact;
  readonly port: ServicePort;
  readonly targets: readonly Aim[];
};

const targetsOf = (pods: readonly PodFact[], port: ServicePort): readonly Aim[] =>
  pods.flatMap(pod => targetsOn(pod, port).map(target => ({ pod, target })));

const isOpen = ({ reach }: LintContext, { port, targets }: AimedAt): boolean =>
  targets.some(({ pod, target }) =>
    containsPort(reach().into(workloadNameOf(pod)), port.protocol, target),
  );

const remarkOn = ({ service: { namespace, name, type }, port, targets }: AimedAt): Remark => {
  const numbers = [...new Set(targets.map(({ target }) => target))].join(', ');
  const workloads = [...new Set(targets.map(({ pod }) => workloadNameOf(pod)))];
  const isOutward = type === 'LoadBalancer' || type === 'NodePort';
  const what = isOutward ? `${type} Service` : 'Service';
  return {
    on: [{ kind: 'Service', namespace, name }],
    message: `port ${port.port} of ${what} \`${namespace}/${name}\` is closed: nobody reaches ${port.protocol} ${numbers} on ${listed(workloads)}`,
    hint: 'allow its clients on the target port; policies do not see the Service’s own port',
  };
};
