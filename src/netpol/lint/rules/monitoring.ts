import { selects } from '../../compile/select.js';
import type { MonitorFact, PodFact, ServiceFact } from '../../facts.js';
import { workloadNameOf } from '../../peers/workload-name.js';
import { Protocol } from '../../policy.js';
import { containsPort } from '../../ports/port-set.js';
import { Severity } from '../../problem.js';
import { isBehind, targetsOn } from '../behind.js';
import { ofPod } from '../on.js';
import { connectionOf, isDenied, listed, podEnd } from '../probe.js';
import { isSelectable, type LintContext, type LintRule } from '../rule.js';

/** As the Prometheus Operator's and the community's charts label it. */
const isPrometheus = ({ labels }: PodFact): boolean =>
  labels['app.kubernetes.io/name'] === 'prometheus' || labels['app'] === 'prometheus';

/** `metrics`, `http-metrics`, `metrics-port`: what scrape configurations select by. */
const METRICS_PORT = /(?:^|-)metrics(?:$|-)/;

/** A port of a pod's that is to be scraped, and who says so. */
type Wish = { readonly pod: PodFact; readonly port: number; readonly by: string };

const byName = (pod: PodFact): readonly Wish[] =>
  pod.ports
    .filter(({ name }) => METRICS_PORT.test(name ?? ''))
    .map(({ port }) => ({ pod, port, by: 'its name' }));

const ANNOTATION = 'its annotation `prometheus.io/scrape`';

const byAnnotation = (pod: PodFact): readonly Wish[] => {
  const { scrapePort } = pod;
  if (scrapePort === undefined) return [];
  const ports = scrapePort > 0 ? [scrapePort] : pod.ports.map(({ port }) => port);
  return ports.map(port => ({ pod, port, by: ANNOTATION }));
};

const numbersOn = (pod: PodFact, service: ServiceFact, wanted: number | string) =>
  service.ports
    .filter(({ name, port, targetPort }) => [name, port, targetPort].includes(wanted))
    .flatMap(port => targetsOn(pod, port));

const byService = (service: ServiceFact, pod: PodFact): readonly Wish[] => {
  if (service.scrapePort === undefined || !isBehind(service, pod)) return [];
  const ports =
    service.scrapePort > 0
      ? [service.scrapePort]
      : service.ports.flatMap(port => targetsOn(pod, port));
  const by = `the annotation of Service \`${service.namespace}/${service.name}\``;
  return ports.map(port => ({ pod, port, by }));
};

const isWatched = ({ namespaces }: MonitorFact, namespace: string): boolean =>
  namespaces === null || namespaces.includes(namespace);

function byMonitor({ facts }: LintContext, monitor: MonitorFact, pod: PodFact): readonly Wish[] {
  if (!isWatched(monitor, pod.namespace)) return [];
  const by = `${monitor.kind} \`${monitor.namespace}/${monitor.name}\``;
  const numbers =
    monitor.of === 'pods'
      ? selects(monitor.selector, pod.labels)
        ? monitor.ports.flatMap(wanted =>
            typeof wanted === 'number'
              ? wanted
              : pod.ports.flatMap(({ name, port }) => (name === wanted ? port : [])),
          )
        : []
      : facts.services
          .filter(service => selects(monitor.selector, service.labels ?? {}))
          .filter(service => isBehind(service, pod))
          .flatMap(service => monitor.ports.flatMap(wanted => numbersOn(pod, service, wanted)));
  return numbers.map(port => ({ pod, port, by }));
}

/** Of one port the plainest wish is told. */
function wishesOf(context: LintContext, pod: PodFact): readonly Wish[] {
  const { services, monitors = [] } = context.facts;
  const wishes = [
    ...monitors.flatMap(monitor => byMonitor(context, monitor, pod)),
    ...byAnnotation(pod),
    ...services.flatMap(service => byService(service, pod)),
    ...byName(pod),
  ];
  return [...new Map(wishes.toReversed().map(wish => [wish.port, wish])).values()].reverse();
}

export const metricsClosed: LintRule = {
  id: 'metrics-closed',
  severity: Severity.WARNING,
  description:
    'A port that is to be scraped and that no Prometheus of the input, or nobody at all, can reach',
  check: context => {
    const scrapers = context.facts.pods.filter(isPrometheus);
    const names = [...new Set(scrapers.map(workloadNameOf))];
    const isClosed = ({ pod, port }: Wish): boolean =>
      scrapers.length > 0
        ? scrapers.every(scraper =>
            isDenied(
              context.probe(
                connectionOf(podEnd(scraper), podEnd(pod), { port, protocol: Protocol.TCP }),
              ),
            ),
          )
        : !containsPort(context.reach().into(workloadNameOf(pod)), Protocol.TCP, port);
    const who = scrapers.length > 0 ? `Prometheus (${listed(names)})` : 'nobody';
    // A name alone is no wish where nobody is there who would scrape.
    const counts = ({ by }: Wish): boolean => scrapers.length > 0 || by !== 'its name';
    return context.inventory.workloads
      .filter(({ pod }) => isSelectable(context, pod))
      .flatMap(({ pod }) => wishesOf(context, pod))
      .filter(wish => counts(wish) && isClosed(wish))
      .map(({ pod, port, by }) => ({
        on: [ofPod(pod)],
        message: `${who} can${scrapers.length > 0 ? 'not' : ''} scrape \`${workloadNameOf(pod)}\` on port ${port}, which ${by} asks for`,
        hint: 'allow ingress from the monitoring namespace on the metrics port',
      }));
  },
};
