import type { ApiServerCall, MonitorFact } from '../facts.js';
import { EVERYTHING } from '../labels.js';
import { booleanAt, type Cursor, isAbsent, listAt, member, stringAt, stringsAt } from './cursor.js';
import { nameOf } from './metadata.js';
import type { KubernetesObject } from './objects.js';
import { namespaceOf } from './owners.js';
import { groupOf } from './pod-templates.js';
import { selectorAt } from './selector.js';
import { portOrNameAt } from './service-facts.js';

const groupAndKind = ({ apiVersion, kind }: KubernetesObject): string =>
  `${groupOf(apiVersion)}/${kind}`;

/** Where each kind says whom the API server calls: `service: {namespace, name, port}`. */
const CALLING: Readonly<Record<string, (cursor: Cursor) => readonly Cursor[]>> = {
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': webhooksAt,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': webhooksAt,
  'apiregistration.k8s.io/APIService': cursor => [member(member(cursor, 'spec'), 'service')],
  'apiextensions.k8s.io/CustomResourceDefinition': cursor => {
    const webhook = member(member(member(cursor, 'spec'), 'conversion'), 'webhook');
    return [member(member(webhook, 'clientConfig'), 'service')];
  },
};

function webhooksAt(cursor: Cursor): readonly Cursor[] {
  return (listAt(member(cursor, 'webhooks')) ?? []).map(webhook =>
    member(member(webhook, 'clientConfig'), 'service'),
  );
}

export const isCalling = (object: KubernetesObject): boolean =>
  Object.hasOwn(CALLING, groupAndKind(object));

/** "port: If specified, the port on the service that hosting webhook. Default to 443". */
const HTTPS = 443;

/** Each Service once; webhooks at a URL are no concern of policies on pods. */
export function callsAt(cursor: Cursor, object: KubernetesObject): readonly ApiServerCall[] {
  const name = nameOf(cursor);
  const services = CALLING[groupAndKind(object)]?.(cursor) ?? [];
  const calls = services.flatMap((service): readonly ApiServerCall[] => {
    const [namespace, own] = [member(service, 'namespace'), member(service, 'name')].map(stringAt);
    const port = portOrNameAt(member(service, 'port'));
    if (name === null || namespace == null || own == null) return [];
    const { kind } = object;
    return [{ kind, name, namespace, service: own, port: typeof port === 'number' ? port : HTTPS }];
  });
  return [...new Map(calls.map(call => [JSON.stringify(call), call])).values()];
}

const MONITORS: Readonly<
  Record<string, { readonly of: MonitorFact['of']; readonly list: string }>
> = {
  'monitoring.coreos.com/ServiceMonitor': { of: 'services', list: 'endpoints' },
  'monitoring.coreos.com/PodMonitor': { of: 'pods', list: 'podMetricsEndpoints' },
  'operator.victoriametrics.com/VMServiceScrape': { of: 'services', list: 'endpoints' },
  'operator.victoriametrics.com/VMPodScrape': { of: 'pods', list: 'podMetricsEndpoints' },
};

export const isMonitor = (object: KubernetesObject): boolean =>
  Object.hasOwn(MONITORS, groupAndKind(object));

/** A ServiceMonitor or PodMonitor of the Prometheus Operator, or what VictoriaMetrics' has of them. */
export function monitorAt(cursor: Cursor, object: KubernetesObject): MonitorFact | null {
  const name = nameOf(cursor);
  const monitor = MONITORS[groupAndKind(object)];
  if (name === null || monitor === undefined) return null;
  const namespace = namespaceOf(object);
  const spec = member(cursor, 'spec');
  const where = member(spec, 'namespaceSelector');
  const isAny = booleanAt(member(where, 'any')) === true;
  const listed = stringsAt(member(where, 'matchNames')) ?? [];
  const endpoints = listAt(member(spec, monitor.list)) ?? [];
  return {
    kind: object.kind,
    namespace,
    name,
    of: monitor.of,
    namespaces: isAny ? null : listed.length > 0 ? listed : [namespace],
    selector: selectorAt(member(spec, 'selector')) ?? EVERYTHING,
    ports: endpoints.flatMap(endpoint => {
      const target = ['port', 'targetPort', 'portNumber'].map(key => member(endpoint, key));
      const written = target.find(each => !isAbsent(each));
      return written === undefined ? [] : (portOrNameAt(written) ?? []);
    }),
  };
}
