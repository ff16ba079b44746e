import type { RouteFact, ServiceFact } from '../../facts.js';
import { Severity } from '../../problem.js';
import type { Endpoint } from '../../verdict.js';
import type { Remark } from '../finding.js';
import { connectionOf, INGRESS_CONTROLLER, isAllowed, isDenied } from '../probe.js';
import type { LintContext, LintRule } from '../rule.js';

type Backend = RouteFact['backends'][number];

const serviceOf = ({ facts }: LintContext, { namespace, service }: Backend) =>
  facts.services.find(({ name, namespace: own }) => name === service && own === namespace);

const portsOf = ({ ports }: ServiceFact, { port }: Backend) =>
  ports.filter(each => port === null || each.port === port || each.name === port);

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

/** A rule for certain pods may mean the controller's, which are not in the input: then it is a warning. */
const closedBackend = (
  { probe }: LintContext,
  route: RouteFact,
  backend: Backend,
  service: ServiceFact,
): readonly Remark[] => {
  const end: Endpoint = { kind: 'service', namespace: service.namespace, name: service.name };
  return portsOf(service, backend).flatMap((target): readonly Remark[] => {
    const decision = probe(connectionOf(INGRESS_CONTROLLER, end, target));
    if (isAllowed(decision)) return [];
    const denied = isDenied(decision);
    return [
      {
        message: `${nameOfRoute(route)} leads to Service \`${service.namespace}/${service.name}\` port ${target.port}, whose pods ${denied ? 'do not let the ingress controller in' : 'let in certain pods only, perhaps not the ingress controller'}`,
        hint: 'allow ingress from the ingress controller’s namespace on the target port',
        ...(denied ? {} : { severity: Severity.WARNING }),
      },
    ];
  });
};

export const routeBackendMissing: LintRule = {
  id: 'route-backend-missing',
  severity: Severity.WARNING,
  description: 'An Ingress, Route or HTTPRoute that leads to a Service which is not in the input',
  check: context =>
    context.facts.routes.flatMap(route =>
      route.backends
        .filter(backend => serviceOf(context, backend) === undefined)
        .map(({ namespace, service }) => ({
          message: `${nameOfRoute(route)} leads to Service \`${namespace}/${service}\`, which is not there`,
          hint: 'add the Service to the input, or correct the backend',
        })),
    ),
};

const nameOfRoute = ({ kind, namespace, name }: RouteFact): string =>
  `${kind} \`${namespace}/${name}\``;
