import type { Facts, PodFact } from '../facts.js';
import { remembered } from '../remembered.js';
import { portKey } from './draft.js';
import { portsOn } from './entrances.js';
import { selectsPod } from './service-selector.js';

/** The ports of a fact's pods that a container or a Service names, as `portKey` writes them. */
export function declaredPorts({ services }: Facts): (pod: PodFact) => ReadonlySet<string> {
  const servicesIn = Map.groupBy(services, ({ namespace }) => namespace);
  return remembered(pod => {
    const own = servicesIn.get(pod.namespace) ?? [];
    const served = own
      .filter(({ selector }) => selectsPod(selector, pod))
      .flatMap(service => portsOn(pod, service.ports));
    const contained = pod.ports.map(({ protocol, port }) => ({ protocol, port }));
    return new Set([...contained, ...served].map(portKey));
  });
}
