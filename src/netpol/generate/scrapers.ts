import type { PodFact } from '../facts.js';

/** Parts of the charts of scrapers that scrape nothing. */
const OTHER_COMPONENTS: ReadonlySet<string> = new Set([
  'alertmanager',
  'pushgateway',
  'node-exporter',
  'kube-state-metrics',
  'operator',
  'cluster-agent',
]);

/** What charts and operators call pods whose trade it is to scrape: Prometheus, VictoriaMetrics' agent, Grafana's agents. */
const SCRAPERS: ReadonlySet<string> = new Set([
  'prometheus',
  'prometheus-agent',
  'vmagent',
  'victoria-metrics-agent',
  'alloy',
  'alloy-metrics',
  'grafana-agent',
]);

/** Agents that scrape where their configuration says so, which no object shows: OpenTelemetry, Datadog, VictoriaMetrics' own server. */
const POSSIBLE_SCRAPERS: ReadonlySet<string> = new Set([
  'opentelemetry-collector',
  'otel-collector',
  'datadog',
  'datadog-agent',
  'datadog-agent-deployment',
  'vmsingle',
  'victoria-metrics-single',
]);

const componentOf = ({ labels }: PodFact): string =>
  labels['app.kubernetes.io/component'] ?? labels['component'] ?? '';

const isNamed = (pod: PodFact, names: ReadonlySet<string>): boolean =>
  [pod.labels['app.kubernetes.io/name'], pod.labels['app']].some(name => names.has(name ?? '')) &&
  !OTHER_COMPONENTS.has(componentOf(pod));

const PROMETHEUS: ReadonlySet<string> = new Set(['prometheus']);

/** As the Prometheus Operator's and the community's charts label it. */
export const isPrometheus = (pod: PodFact): boolean => isNamed(pod, PROMETHEUS);

/** The OpenTelemetry operator names the component, Datadog's its own label. */
const isPossible = (pod: PodFact): boolean =>
  isNamed(pod, POSSIBLE_SCRAPERS) ||
  componentOf(pod) === 'opentelemetry-collector' ||
  pod.labels['agent.datadoghq.com/component'] === 'agent';

/**
 * The pods that scrape, in the order of the facts: those whose trade it is; where there are none, agents that may be told to. Beside a
 * Prometheus an agent of the second kind is let in where it was seen, and not by guess.
 */
export function scrapersOf(pods: readonly PodFact[]): readonly PodFact[] {
  const sure = pods.filter(pod => isNamed(pod, SCRAPERS));
  return sure.length > 0 ? sure : pods.filter(isPossible);
}
