import {
  type ApiServerCall,
  type Facts,
  isCalling,
  isMonitor,
  isRoute,
  type KubernetesObject,
  type Labels,
  type MonitorFact,
  type PodFact,
  type RouteFact,
  type ServiceFact,
} from '../netpol/index.js';

/** What a Service says beside its addresses, ports and selector. */
export type ServiceWords = Pick<ServiceFact, 'labels' | 'scrapePort' | 'keepsClientAddress'>;

/** What an object says of traffic besides who is there. */
export type Declared = {
  readonly route?: RouteFact;
  readonly calls?: readonly ApiServerCall[];
  readonly monitor?: MonitorFact;
  readonly service?: ServiceWords;
  /** Of a workload whose pods ask by annotation to be scraped; 0: at any port that they declare. */
  readonly scrapePort?: number;
  /** Of a workload: what its own selector asks of its pods. */
  readonly selector?: Labels;
};

/** Of one object, by its kind and name; in namespace '' where it is in none. */
export type Declaration = {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Null: it says nothing (any more). */
  readonly says: Declared | null;
};

const ofServices = ({ services }: Facts): readonly Declaration[] =>
  services.map(({ namespace, name, labels, scrapePort, keepsClientAddress }) => {
    const words: ServiceWords = {
      ...(labels !== undefined && { labels }),
      ...(scrapePort !== undefined && { scrapePort }),
      ...(keepsClientAddress === true && { keepsClientAddress }),
    };
    const says = Object.keys(words).length === 0 ? null : { service: words };
    return { kind: 'Service', namespace, name, says };
  });

const ofRoutes = ({ routes }: Facts): readonly Declaration[] =>
  routes.map(route => ({
    kind: route.kind,
    namespace: route.namespace,
    name: route.name,
    says: { route },
  }));

const ofMonitors = ({ monitors = [] }: Facts): readonly Declaration[] =>
  monitors.map(monitor => ({
    kind: monitor.kind,
    namespace: monitor.namespace,
    name: monitor.name,
    says: { monitor },
  }));

const ofCalls = ({ calls = [] }: Facts): readonly Declaration[] =>
  [...Map.groupBy(calls, ({ kind, name }) => `${kind} ${name}`).values()].flatMap(same => {
    const [first] = same;
    return first === undefined
      ? []
      : [{ kind: first.kind, namespace: '', name: first.name, says: { calls: same } }];
  });

/** Of several pods of a workload the first that asks. */
function ofWorkloads({ pods }: Facts): readonly Declaration[] {
  const shown = new Map<string, Declaration>();
  for (const { namespace, workload, scrapePort } of pods) {
    const key = `${workload.kind} ${namespace}/${workload.name}`;
    if (shown.get(key)?.says != null) continue;
    const says = scrapePort === undefined ? null : { scrapePort };
    shown.set(key, { kind: workload.kind, namespace, name: workload.name, says });
  }
  return [...shown.values()];
}

/** Apart from what the pods say, which an input may show without the workload's own object. */
const selectorOf = ({ namespace, workload: { kind, name } }: PodFact) => ({
  kind: `${kind}/selector`,
  namespace,
  name,
});

const ofSelectors = ({ pods }: Facts): readonly Declaration[] =>
  pods.flatMap(pod => {
    const { selector } = pod;
    return selector === undefined ? [] : [{ ...selectorOf(pod), says: { selector } }];
  });

const keyOf = ({ kind, namespace, name }: Omit<Declaration, 'says'>): string =>
  `${kind} ${namespace}/${name}`;

/** Of all objects of an input that may say something, those that do not included; each once. */
export function declarationsOf(facts: Facts): readonly Declaration[] {
  const kinds = [ofServices, ofRoutes, ofMonitors, ofCalls, ofWorkloads, ofSelectors];
  const all = kinds.flatMap(of => of(facts));
  const shown = new Map<string, Declaration>();
  for (const one of all) {
    const before = shown.get(keyOf(one))?.says ?? null;
    const says = before === null && one.says === null ? null : { ...before, ...one.says };
    shown.set(keyOf(one), { ...one, says });
  }
  return [...shown.values()];
}

/** Kinds of which an input shows all there are, in mode REPLACE; workloads end by themselves. */
export const declaringKinds = (objects: readonly KubernetesObject[]): readonly string[] => [
  ...new Set(
    objects
      .filter(object => isCalling(object) || isMonitor(object) || isRoute(object))
      .map(({ kind }) => kind),
  ),
];

/** Facts with what was declared; what was not is left out, since it is not known. */
export function withDeclarations(facts: Facts, declarations: readonly Declaration[]): Facts {
  const said = new Map(declarations.map(one => [keyOf(one), one.says]));
  const all = declarations.flatMap(({ says }) => says ?? []);
  const calls = all.flatMap(says => says.calls ?? []);
  const monitors = all.flatMap(says => says.monitor ?? []);
  return {
    ...facts,
    pods: facts.pods.map(pod => {
      const { scrapePort } = said.get(keyOf({ ...pod.workload, namespace: pod.namespace })) ?? {};
      const { selector } = said.get(keyOf(selectorOf(pod))) ?? {};
      return {
        ...pod,
        ...(scrapePort !== undefined && { scrapePort }),
        ...(selector !== undefined && { selector }),
      };
    }),
    services: facts.services.map(service => ({
      ...service,
      ...said.get(keyOf({ ...service, kind: 'Service' }))?.service,
    })),
    routes: all.flatMap(says => says.route ?? []),
    ...(calls.length > 0 && { calls }),
    ...(monitors.length > 0 && { monitors }),
  };
}
