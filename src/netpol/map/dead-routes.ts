import type { Compiled } from '../compile/compiled.js';
import { podsBehind, targetPorts } from '../decide/backends.js';
import type { RouteFact, ServiceFact } from '../facts.js';
import { backendPorts } from '../route-ports.js';

/** A backend of an Ingress, Route or route of the Gateway API that leads nowhere, and why. */
export type DeadRoute = {
  readonly route: RouteFact;
  readonly message: string;
  readonly hint: string;
};

type Backend = RouteFact['backends'][number];

/** Why nothing is reached; null where something is, or may be by endpoints of the Service’s own. */
function deadEnd(
  compiled: Compiled,
  route: RouteFact,
  backend: Backend,
  service: ServiceFact | undefined,
): Pick<DeadRoute, 'message' | 'hint'> | null {
  const name = `Service \`${backend.namespace}/${backend.service}\``;
  const hint = 'add what it leads to to the input, or correct the backend';
  if (service === undefined) return { message: `${name}, which is not in the input`, hint };
  const pods = podsBehind(compiled, service);
  const targets = backendPorts(route, backend, service, port =>
    pods.flatMap(pod => targetPorts(compiled, pod, port)),
  );
  if (targets.length === 0 && pods.length > 0) {
    const port = backend.port === null ? 'a port' : `port \`${backend.port}\``;
    return {
      message: `${port} of ${name}, which has none such`,
      hint: 'name a port of the Service',
    };
  }
  if (service.selector === null || service.externalName !== undefined) return null;
  return pods.length === 0
    ? { message: `${name}, behind which no pod of the input is`, hint }
    : null;
}

const titleOf = ({ kind, namespace, name }: RouteFact): string =>
  `${kind} \`${namespace}/${name}\``;

/** Backends that the map draws nothing for, since nothing is there. */
export function deadRoutes(compiled: Compiled): readonly DeadRoute[] {
  const { routes, services } = compiled.facts;
  const byName = new Map(services.map(each => [`${each.namespace}/${each.name}`, each]));
  return routes.flatMap(route =>
    route.backends.flatMap(backend => {
      const service = byName.get(`${backend.namespace}/${backend.service}`);
      const end = deadEnd(compiled, route, backend, service);
      return end === null
        ? []
        : { route, message: `${titleOf(route)} leads to ${end.message}`, hint: end.hint };
    }),
  );
}
