import type { Labels, Selector } from './labels.js';
import type { Protocol } from './policy.js';

/** What the engine knows of a cluster. Everything is a plain value; order does not matter. */
export type Facts = {
  /** Namespaces that only pods imply need not be listed; `kubernetes.io/metadata.name` is added where it lacks. */
  readonly namespaces: readonly NamespaceFact[];
  readonly pods: readonly PodFact[];
  readonly nodes: readonly NodeFact[];
  readonly services: readonly ServiceFact[];
  /** Ingress, Route, HTTPRoute: what leads from the ingress controller to a Service. */
  readonly routes: readonly RouteFact[];
  /** Addresses at which the API server answers, as its Endpoints say; left out or empty: not known. */
  readonly apiServer?: readonly string[];
  /**
   * The facts are of part of a cluster, as a folder of manifests is: what is not among them may be in the cluster. Left
   * out: nothing else is there.
   */
  readonly partial?: boolean;
  /** Webhooks and aggregated APIs; left out: not known. */
  readonly calls?: readonly ApiServerCall[];
  /** What the operators of Prometheus and VictoriaMetrics are told to scrape; left out: not known. */
  readonly monitors?: readonly MonitorFact[];
};

/** A Service that the API server calls, as a webhook configuration, a conversion or an APIService says. */
export type ApiServerCall = {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
};

export type MonitorFact = {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** What `selector` selects. */
  readonly of: 'services' | 'pods';
  /** Null: all namespaces. */
  readonly namespaces: readonly string[] | null;
  readonly selector: Selector;
  /** Names or numbers: of the Service's ports, else of the pods'. */
  readonly ports: readonly (number | string)[];
};

export type NamespaceFact = { readonly name: string; readonly labels: Labels };

export type ContainerPort = {
  readonly name: string | null;
  readonly port: number;
  readonly protocol: Protocol;
};

/** A pod, or a workload's template that stands for its pods. */
export type PodFact = {
  /** Unique among the facts; what endpoints refer to. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** Addresses without prefix; empty when not known (a template). */
  readonly addresses: readonly string[];
  readonly hostNetwork: boolean;
  readonly ports: readonly ContainerPort[];
  /** Name of the node it runs on, or null. */
  readonly node: string | null;
  /**
   * Of a fact that stands for several pods in the host network: the nodes that they run on, each of them one of these. Left out: not
   * known.
   */
  readonly nodes?: readonly string[];
  /** The owner that rows of the connectivity list show. */
  readonly workload: { readonly kind: string; readonly name: string };
  /**
   * Key of the pod that speaks for the workload, where its pods have several label sets and each has a fact of its own.
   * An endpoint with that key means any of them; one with the key of another set means that set alone.
   */
  readonly memberOf?: string;
  /** What the workload's own selector asks of its pods, which does not change while it lives; left out: not known. */
  readonly selector?: Labels;
  /** It stands for one pod only: "a pod cannot block access to itself", and there is no second one of its set. */
  readonly alone?: boolean;
  /** It asks by annotation to be scraped at this port; 0: at any that it declares. */
  readonly scrapePort?: number;
};

export type NodeFact = {
  readonly name: string;
  readonly labels: Labels;
  readonly addresses: readonly string[];
  /** Out of those of pods, by which it speaks to pods of other nodes, such as that of a tunnel. Left out: none is known. */
  readonly tunnels?: readonly string[];
  /** Others out of those of pods, such as that of a bridge. Left out: none is known. */
  readonly gateways?: readonly string[];
};

export type ServicePort = {
  readonly name: string | null;
  readonly port: number;
  readonly protocol: Protocol;
  /** Number or name on the pod; `port` itself where absent. */
  readonly targetPort: number | string;
  readonly nodePort: number | null;
};

/** Addresses that answer for a Service, with the ports that they listen at, by the names that the Service's ports have. */
export type EndpointFact = {
  readonly addresses: readonly string[];
  readonly ports: readonly ContainerPort[];
};

export type ServiceFact = {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  /** `None` alone where the Service is headless. */
  readonly clusterIps: readonly string[];
  readonly externalIps: readonly string[];
  readonly ports: readonly ServicePort[];
  /** Null: no selector (endpoints come from elsewhere). */
  readonly selector: Labels | null;
  /** Of a Service without selector: where it leads, as Endpoints and EndpointSlices say; left out: not known. */
  readonly endpoints?: readonly EndpointFact[];
  /** Of type ExternalName: the DNS name that it stands for. */
  readonly externalName?: string;
  /** DNS names of its load balancer, in lower case; left out: it has none. */
  readonly hostnames?: readonly string[];
  /** `externalTrafficPolicy: Local`: a node hands on to its own pods alone, and keeps the client's address. */
  readonly keepsClientAddress?: boolean;
  readonly labels?: Labels;
  /** It asks by annotation that its pods be scraped at this port of theirs; 0: at its own. */
  readonly scrapePort?: number;
};

export type RouteFact = {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly backends: readonly {
    readonly namespace: string;
    readonly service: string;
    /** Number or name of the Service's port; of an OpenShift Route the number on the pods; null: every port. */
    readonly port: number | string | null;
  }[];
};
