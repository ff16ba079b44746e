import { selects } from '../compile/select.js';
import type { Facts, MonitorFact, PodFact, ServiceFact } from '../facts.js';
import { remembered } from '../remembered.js';
import { targetsOn } from './entrances.js';
import { selectsPod } from './service-selector.js';

/** A port of a pod that is to be scraped, and who says so. */
export type Scrape = { readonly pod: PodFact; readonly port: number; readonly by: string };

const ANNOTATION = 'its annotation `prometheus.io/scrape`';

const byAnnotation = (pod: PodFact): readonly Scrape[] => {
  const { scrapePort } = pod;
  if (scrapePort === undefined) return [];
  const ports = scrapePort > 0 ? [scrapePort] : pod.ports.map(({ port }) => port);
  return ports.map(port => ({ pod, port, by: ANNOTATION }));
};

const numbersOn = (pod: PodFact, service: ServiceFact, wanted: number | string) =>
  service.ports
    .filter(({ name, port, targetPort }) => [name, port, targetPort].includes(wanted))
    .flatMap(targetsOn(pod));

const byService = (service: ServiceFact, pod: PodFact): readonly Scrape[] => {
  if (service.scrapePort === undefined) return [];
  const ports =
    service.scrapePort > 0 ? [service.scrapePort] : service.ports.flatMap(targetsOn(pod));
  const by = `the annotation of Service \`${service.namespace}/${service.name}\``;
  return ports.map(port => ({ pod, port, by }));
};

const isWatched = ({ namespaces }: MonitorFact, namespace: string): boolean =>
  namespaces === null || namespaces.includes(namespace);

/** A Service with the monitors of Services that watch it. */
type Watched = { readonly service: ServiceFact; readonly monitors: readonly MonitorFact[] };

const onPod = (pod: PodFact, wanted: number | string): readonly number[] =>
  typeof wanted === 'number'
    ? [wanted]
    : pod.ports.flatMap(({ name, port }) => (name === wanted ? port : []));

const scrapesBy = (
  pod: PodFact,
  { kind, namespace, name }: MonitorFact,
  ports: readonly number[],
): readonly Scrape[] => ports.map(port => ({ pod, port, by: `${kind} \`${namespace}/${name}\`` }));

function watchedIn({ services, monitors = [] }: Facts): (namespace: string) => readonly Watched[] {
  const servicesIn = Map.groupBy(services, ({ namespace }) => namespace);
  const ofServices = monitors.filter(monitor => monitor.of === 'services');
  return remembered((namespace: string) => {
    const here = ofServices.filter(monitor => isWatched(monitor, namespace));
    return (servicesIn.get(namespace) ?? []).map(service => ({
      service,
      monitors: here.filter(({ selector }) => selects(selector, service.labels ?? {})),
    }));
  });
}

const byPodMonitor = (pod: PodFact, monitor: MonitorFact): readonly Scrape[] =>
  selects(monitor.selector, pod.labels)
    ? scrapesBy(
        pod,
        monitor,
        monitor.ports.flatMap(wanted => onPod(pod, wanted)),
      )
    : [];

/**
 * What monitors and annotations ask for of a pod; of one port the plainest word is told. Which monitor watches which Service is
 * worked out once for each namespace, and what a pod is asked for once for each pod.
 */
export function scrapesIn(facts: Facts): (pod: PodFact) => readonly Scrape[] {
  const watched = watchedIn(facts);
  const ofPods = (facts.monitors ?? []).filter(monitor => monitor.of === 'pods');
  const podMonitors = remembered((namespace: string) =>
    ofPods.filter(monitor => isWatched(monitor, namespace)),
  );
  return remembered((pod: PodFact) => {
    const behind = watched(pod.namespace).filter(({ service }) =>
      selectsPod(service.selector, pod),
    );
    const all = [
      ...behind.flatMap(({ service, monitors }) =>
        monitors.flatMap(monitor =>
          scrapesBy(
            pod,
            monitor,
            monitor.ports.flatMap(wanted => numbersOn(pod, service, wanted)),
          ),
        ),
      ),
      ...podMonitors(pod.namespace).flatMap(monitor => byPodMonitor(pod, monitor)),
      ...byAnnotation(pod),
      ...behind.flatMap(({ service }) => byService(service, pod)),
    ];
    return [...new Map(all.toReversed().map(one => [one.port, one])).values()].reverse();
  });
}
