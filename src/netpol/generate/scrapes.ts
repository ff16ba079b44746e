import { selects } from '../compile/select.js';
import type { Facts, MonitorFact, PodFact, ServiceFact } from '../facts.js';
import { targetsOn } from './entrances.js';
import { selectsPod } from './service-selector.js';

/** A port of a pod that is to be scraped, and who says so. */
export type Scrape = { readonly pod: PodFact; readonly port: number; readonly by: string };

/** Parts of Prometheus's charts that scrape nothing. */
const OTHER_COMPONENTS: ReadonlySet<string> = new Set([
  'alertmanager',
  'pushgateway',
  'node-exporter',
  'kube-state-metrics',
  'operator',
]);

/** As the Prometheus Operator's and the community's charts label it. */
export const isPrometheus = ({ labels }: PodFact): boolean =>
  (labels['app.kubernetes.io/name'] === 'prometheus' || labels['app'] === 'prometheus') &&
  !OTHER_COMPONENTS.has(labels['app.kubernetes.io/component'] ?? labels['component'] ?? '');

const ANNOTATION = 'its annotation `prometheus.io/scrape`';

const byAnnotation = (pod: PodFact): readonly Scrape[] => {
  const { scrapePort } = pod;
  if (scrapePort === undefined) return [];
  const ports = scrapePort > 0 ? [scrapePort] : pod.ports.map(({ port }) => port);
  return ports.map(port => ({ pod, port, by: ANNOTATION }));
};

const isBehind = (service: ServiceFact, pod: PodFact): boolean =>
  service.namespace === pod.namespace && selectsPod(service.selector, pod);

const numbersOn = (pod: PodFact, service: ServiceFact, wanted: number | string) =>
  service.ports
    .filter(({ name, port, targetPort }) => [name, port, targetPort].includes(wanted))
    .flatMap(targetsOn(pod));

const byService = (service: ServiceFact, pod: PodFact): readonly Scrape[] => {
  if (service.scrapePort === undefined || !isBehind(service, pod)) return [];
  const ports =
    service.scrapePort > 0 ? [service.scrapePort] : service.ports.flatMap(targetsOn(pod));
  const by = `the annotation of Service \`${service.namespace}/${service.name}\``;
  return ports.map(port => ({ pod, port, by }));
};

const isWatched = ({ namespaces }: MonitorFact, namespace: string): boolean =>
  namespaces === null || namespaces.includes(namespace);

function portsFor({ services }: Facts, monitor: MonitorFact, pod: PodFact): readonly number[] {
  if (monitor.of === 'services')
    return services
      .filter(service => selects(monitor.selector, service.labels ?? {}))
      .filter(service => isBehind(service, pod))
      .flatMap(service => monitor.ports.flatMap(wanted => numbersOn(pod, service, wanted)));
  if (!selects(monitor.selector, pod.labels)) return [];
  return monitor.ports.flatMap(wanted =>
    typeof wanted === 'number'
      ? wanted
      : pod.ports.flatMap(({ name, port }) => (name === wanted ? port : [])),
  );
}

const byMonitor = (facts: Facts, monitor: MonitorFact, pod: PodFact): readonly Scrape[] =>
  isWatched(monitor, pod.namespace)
    ? portsFor(facts, monitor, pod).map(port => ({
        pod,
        port,
        by: `${monitor.kind} \`${monitor.namespace}/${monitor.name}\``,
      }))
    : [];

/** What monitors and annotations ask for of a pod; of one port the plainest word is told. */
export function scrapesOf(facts: Facts, pod: PodFact): readonly Scrape[] {
  const { services, monitors = [] } = facts;
  const all = [
    ...monitors.flatMap(monitor => byMonitor(facts, monitor, pod)),
    ...byAnnotation(pod),
    ...services.flatMap(service => byService(service, pod)),
  ];
  return [...new Map(all.toReversed().map(one => [one.port, one])).values()].reverse();
}
