import type { PodFact } from '../../facts.js';
import { isPrometheus, scrapersOf } from '../../generate/scrapers.js';
import { type Scrape, scrapesIn } from '../../generate/scrapes.js';
import { workloadNameOf } from '../../peers/workload-name.js';
import { Protocol } from '../../policy.js';
import { containsPort } from '../../ports/port-set.js';
import { Severity } from '../../problem.js';
import { ofPod } from '../on.js';
import { connectionOf, isDenied, listed, podEnd } from '../probe.js';
import { isSelectable, type LintContext, type LintRule } from '../rule.js';

/** `metrics`, `http-metrics`, `metrics-port`: what scrape configurations select by. */
const METRICS_PORT = /(?:^|-)metrics(?:$|-)/;

const byName = (pod: PodFact): readonly Scrape[] =>
  pod.ports
    .filter(({ name }) => METRICS_PORT.test(name ?? ''))
    .map(({ port }) => ({ pod, port, by: 'its name' }));

/** Of one port the plainest wish is told. */
function wishesIn({ facts }: LintContext): (pod: PodFact) => readonly Scrape[] {
  const scrapes = scrapesIn(facts);
  return pod => {
    const wishes = [...scrapes(pod), ...byName(pod)];
    return [...new Map(wishes.toReversed().map(wish => [wish.port, wish])).values()].reverse();
  };
}

function whoOf(scrapers: readonly PodFact[]): string {
  if (scrapers.length === 0) return 'nobody';
  const names = listed([...new Set(scrapers.map(workloadNameOf))]);
  return scrapers.every(isPrometheus) ? `Prometheus (${names})` : names;
}

export const metricsClosed: LintRule = {
  id: 'metrics-closed',
  severity: Severity.WARNING,
  description:
    'A port that is to be scraped and that no scraper of the input, or nobody at all, can reach',
  check: context => {
    const scrapers = scrapersOf(context.facts.pods);
    const isClosed = ({ pod, port }: Scrape): boolean =>
      scrapers.length > 0
        ? scrapers.every(scraper =>
            isDenied(
              context.probe(
                connectionOf(podEnd(scraper), podEnd(pod), { port, protocol: Protocol.TCP }),
              ),
            ),
          )
        : !containsPort(context.reach().into(workloadNameOf(pod)), Protocol.TCP, port);
    const wishes = wishesIn(context);
    const who = whoOf(scrapers);
    // A name alone is no wish where nobody is there who would scrape.
    const counts = ({ by }: Scrape): boolean => scrapers.length > 0 || by !== 'its name';
    return context.inventory.workloads
      .filter(({ pod }) => isSelectable(context, pod))
      .flatMap(({ pod }) => wishes(pod))
      .filter(wish => counts(wish) && isClosed(wish))
      .map(({ pod, port, by }) => ({
        on: [ofPod(pod)],
        message: `${who} can${scrapers.length > 0 ? 'not' : ''} scrape \`${workloadNameOf(pod)}\` on port ${port}, which ${by} asks for`,
        hint: 'allow ingress from the monitoring namespace on the metrics port',
      }));
  },
};
