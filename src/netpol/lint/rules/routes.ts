import { isController } from '../../controller-like.js';
import type { RouteFact, ServiceFact, ServicePort } from '../../facts.js';
import { workloadNameOf } from '../../peers/workload-name.js';
import { Severity } from '../../problem.js';
import { backendPorts } from '../../route-ports.js';
import type { Endpoint } from '../../verdict.js';
import { isBehind, targetsOn } from '../behind.js';
import type { Remark } from '../finding.js';
import { connectionOf, INGRESS_CONTROLLER, isAllowed, isDenied, listed, podEnd } from '../probe.js';
import type { LintContext, LintRule } from '../rule.js';

type Backend = RouteFact['backends'][number];

const serviceOf = ({ facts }: LintContext, { namespace, service }: Backend) =>
  facts.services.find(({ name, namespace: own }) => name === service && own === namespace);

const portsOf = (
  { facts }: LintContext,
  route: RouteFact,
  backend: Backend,
  service: ServiceFact,
): readonly ServicePort[] => {
  const targetsOf = (port: ServicePort): readonly number[] =>
    facts.pods.filter(pod => isBehind(service, pod)).flatMap(pod => targetsOn(pod, port));
  return backendPorts(route, backend, service, targetsOf);
};

export const routeBackendClosed: LintRule = {
  id: 'route-backend-closed',
  severity: Severity.ERROR,
  description:
    'An Ingress, Route or HTTPRoute whose backend does not let the ingress controller in',
  check: context =>
    context.facts.routes.flatMap(route =>
      route.backends.flatMap(backend => {
        const service = serviceOf(context, backend);
        return service === undefined ? [] : closedBackend(context, route, backend, service);
      }),
    ),
};

/** Any of the controllers of the input is enough; where it shows none, one of which nothing is known. */
function letsIn(context: LintContext, end: Endpoint, target: ServicePort) {
  const controllers = context.facts.pods.filter(isController);
  const decisions = (controllers.length > 0 ? controllers.map(podEnd) : [INGRESS_CONTROLLER]).map(
    from => context.probe(connectionOf(from, end, target)),
  );
  const names = [...new Set(controllers.map(workloadNameOf))];
  return {
    isOpen: decisions.some(isAllowed),
    isClosed: decisions.every(isDenied),
    who: `the ingress controller${names.length > 0 ? ` (${listed(names)})` : ''}`,
  };
}

/** A rule for certain pods may mean the controller's, which are not in the input: then it is a warning. */
const closedBackend = (
  context: LintContext,
  route: RouteFact,
  backend: Backend,
  service: ServiceFact,
): readonly Remark[] => {
  const end: Endpoint = { kind: 'service', namespace: service.namespace, name: service.name };
  return portsOf(context, route, backend, service).flatMap((target): readonly Remark[] => {
    const { isOpen, isClosed, who } = letsIn(context, end, target);
    if (isOpen) return [];
    return [
      {
        on: [route],
        message: `${nameOfRoute(route)} leads to Service \`${service.namespace}/${service.name}\` port ${target.port}, whose pods ${isClosed ? `do not let ${who} in` : `let in certain pods only, perhaps not ${who}`}`,
        hint: 'allow ingress from the ingress controller’s namespace on the target port',
        ...(isClosed ? {} : { severity: Severity.WARNING }),
      },
    ];
  });
};

export const routeBackendMissing: LintRule = {
  id: 'route-backend-missing',
  severity: Severity.WARNING,
  description:
    'An Ingress, Route or HTTPRoute that leads to a Service, or a port of one, which is not in the input',
  check: context =>
    context.facts.routes.flatMap(route =>
      route.backends.flatMap(backend => missingBackend(context, route, backend)),
    ),
};

function missingBackend(
  context: LintContext,
  route: RouteFact,
  backend: Backend,
): readonly Remark[] {
  const { namespace, service: name, port } = backend;
  const service = serviceOf(context, backend);
  if (service === undefined) {
    const where = context.facts.partial === true ? 'in the input' : 'there';
    return [
      {
        on: [route],
        message: `${nameOfRoute(route)} leads to Service \`${namespace}/${name}\`, which is not ${where}`,
        hint: 'add the Service to the input, or correct the backend',
      },
    ];
  }
  if (portsOf(context, route, backend, service).length > 0) return [];
  const which = port === null ? 'a port' : `port \`${port}\``;
  return [
    {
      on: [route],
      message: `${nameOfRoute(route)} leads to ${which} of Service \`${namespace}/${name}\`, which has none such`,
      hint:
        route.kind === 'Route'
          ? 'name a port of the Service, or write the number of one on its pods'
          : 'name a port of the Service, not of its pods',
    },
  ];
}

const nameOfRoute = ({ kind, namespace, name }: RouteFact): string =>
  `${kind} \`${namespace}/${name}\``;
