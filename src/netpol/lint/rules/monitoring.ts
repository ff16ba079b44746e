import type { ContainerPort, PodFact } from '../../facts.js';
import { workloadNameOf } from '../../peers/workload-name.js';
import { Severity } from '../../problem.js';
import { connectionOf, isDenied, listed, podEnd } from '../probe.js';
import { isSelectable, type LintRule } from '../rule.js';

/** As the Prometheus Operator's and the community's charts label it. */
const isPrometheus = ({ labels }: PodFact): boolean =>
  labels['app.kubernetes.io/name'] === 'prometheus' || labels['app'] === 'prometheus';

/** `metrics`, `http-metrics`, `metrics-port`: what scrape configurations select by. */
const isMetricsPort = ({ name }: ContainerPort): boolean =>
  /(?:^|-)metrics(?:$|-)/.test(name ?? '');

export const metricsClosed: LintRule = {
  id: 'metrics-closed',
  severity: Severity.WARNING,
  description: 'A port for metrics that no Prometheus of the input can reach',
  check: context => {
    const scrapers = context.facts.pods.filter(isPrometheus);
    if (scrapers.length === 0) return [];
    return context.inventory.workloads.flatMap(({ pod }) =>
      pod.ports
        .filter(isMetricsPort)
        .filter(port =>
          scrapers.every(scraper =>
            isDenied(context.probe(connectionOf(podEnd(scraper), podEnd(pod), port))),
          ),
        )
        .map(({ port }) => ({
          message: `Prometheus (${listed([...new Set(scrapers.map(workloadNameOf))])}) cannot scrape \`${workloadNameOf(pod)}\` on port ${port}`,
          hint: 'allow ingress from the monitoring namespace on the metrics port',
        })),
    );
  },
};

/** `webhook`, `webhook-server`, `webhook-api`: what operators and their charts name it. */
const isWebhookPort = ({ name }: ContainerPort): boolean => /^webhook(?:$|-)/.test(name ?? '');

/**
 * The API server calls webhooks from outside the pod network: nothing but a peer for its address,
 * or for everybody, lets it in. Which address it has is not known here, so that the verdict is
 * DENIED only where no rule could let it in.
 */
export const webhookClosed: LintRule = {
  id: 'webhook-closed',
  severity: Severity.ERROR,
  description: 'A port for admission webhooks that lets in pods only, never the API server',
  check: context =>
    context.inventory.workloads.flatMap(({ name, pod }) =>
      isSelectable(context, pod)
        ? pod.ports
            .filter(isWebhookPort)
            .filter(port =>
              isDenied(
                context.probe(
                  connectionOf({ kind: 'block', cidr: '0.0.0.0/0' }, podEnd(pod), port),
                ),
              ),
            )
            .map(({ port }) => ({
              message: `the API server cannot call the webhook of \`${name}\` on port ${port}: no rule lets in an address outside the pod network`,
              hint: 'allow ingress on that port from the control plane’s addresses, or from everywhere',
            }))
        : [],
    ),
};
