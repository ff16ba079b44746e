import type { Compiled } from '../compile/compiled.js';
import { targetPorts } from '../decide/backends.js';
import { controllerPod } from '../decide/end.js';
import type { ControllerPod, Party } from '../decide/party.js';
import { outcomeOf, readingOf } from '../decide/side.js';
import type { RouteFact, ServiceFact, ServicePort } from '../facts.js';
import { METADATA_NAME } from '../labels.js';
import { Direction, type Protocol } from '../policy.js';
import { portSetOf } from '../ports/port-set.js';
import { NOTHING, type TrafficId } from '../ports/traffic.js';
import { backendPorts } from '../route-ports.js';
import { type Workload, workloadsOf } from './workloads.js';

/** What the ingress controller reaches; `workload` is a place in `workloadsOf`. */
export type ControllerTraffic = { readonly workload: number; readonly ports: TrafficId };

/** Where nothing is configured the list takes the controller for a pod without labels in a namespace of its own. */
const UNKNOWN_NAMESPACE = 'ingress-controller-ns';

const UNKNOWN: ControllerPod = {
  namespace: UNKNOWN_NAMESPACE,
  namespaceLabels: { [METADATA_NAME]: UNKNOWN_NAMESPACE },
  labels: {},
};

const selectsPod = ({ namespace, selector }: ServiceFact, { podClass }: Workload): boolean =>
  selector !== null &&
  Object.keys(selector).length > 0 &&
  podClass.namespace === namespace &&
  Object.entries(selector).every(
    ([key, value]) => Object.hasOwn(podClass.labels, key) && podClass.labels[key] === value,
  );

type Target = {
  readonly workload: number;
  readonly protocol: Protocol;
  readonly port: number;
};

function targetsOf(compiled: Compiled, route: RouteFact): readonly Target[] {
  const { services } = compiled.facts;
  return route.backends.flatMap(backend => {
    const service = services.find(
      ({ namespace, name }) => namespace === backend.namespace && name === backend.service,
    );
    if (service === undefined) return [];
    return workloadsOf(compiled).flatMap((workload, place) => {
      if (!selectsPod(service, workload)) return [];
      const targetsOf = (port: ServicePort) => targetPorts(compiled, workload.pod, port);
      return backendPorts(route, backend, service, targetsOf).flatMap(listed =>
        targetsOf(listed).map(port => ({ workload: place, protocol: listed.protocol, port })),
      );
    });
  });
}

/** The ingress controller, as the map takes it. */
export const drawnController = (compiled: Compiled): Party => ({
  kind: 'controller',
  configured: controllerPod(compiled) ?? UNKNOWN,
});

/** Route → Service → target port, as far as the policies of the pods behind it allow. */
export function controllerTraffic(compiled: Compiled): readonly ControllerTraffic[] {
  const { table } = compiled.engine;
  const workloads = workloadsOf(compiled);
  const peer = drawnController(compiled);
  const targets = compiled.facts.routes.flatMap(route => targetsOf(compiled, route));
  return [...Map.groupBy(targets, target => target.workload)].flatMap(([place, led]) => {
    const workload = workloads[place];
    if (workload === undefined) return [];
    const subject: Party = { kind: 'pod', pod: workload.pod, podClass: workload.podClass };
    const question = { subject, peer, direction: Direction.INGRESS, loop: false };
    const { allow } = outcomeOf(compiled, question, readingOf(compiled), 'unmatched');
    const ports = led.map(({ protocol, port }) => ({ protocol, from: port, to: port }));
    const reached = table.intersect(allow, table.numberOf(portSetOf(ports), false));
    return reached === NOTHING ? [] : [{ workload: place, ports: reached }];
  });
}
