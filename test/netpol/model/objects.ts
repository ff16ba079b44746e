/**
 * Kubernetes objects as they stand in a manifest: plain parsed JSON, nothing defaulted.
 * `Maybe` fields may be missing or null, which mean the same.
 */
export type Maybe<T> = T | null | undefined;

export type LabelMap = { readonly [key: string]: string };

export type LabelSelector = {
  readonly matchLabels?: Maybe<LabelMap>;
  readonly matchExpressions?: Maybe<readonly Expression[]>;
};

export type Expression = {
  readonly key: string;
  readonly operator: string;
  readonly values?: Maybe<readonly string[]>;
};

export type Metadata = {
  readonly name: string;
  readonly namespace?: Maybe<string>;
  readonly labels?: Maybe<LabelMap>;
};

export type ContainerPort = {
  readonly name?: Maybe<string>;
  readonly containerPort: number;
  readonly protocol?: Maybe<string>;
};

export type Container = {
  readonly name: string;
  readonly image: string;
  readonly restartPolicy?: Maybe<string>;
  readonly ports?: Maybe<readonly ContainerPort[]>;
};

export type PodSpec = {
  readonly hostNetwork?: Maybe<boolean>;
  readonly nodeName?: Maybe<string>;
  readonly containers: readonly Container[];
  readonly initContainers?: Maybe<readonly Container[]>;
};

export type Pod = {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: Metadata;
  readonly spec: PodSpec;
  readonly status?: Maybe<{
    readonly phase?: Maybe<string>;
    readonly podIP?: Maybe<string>;
    readonly podIPs?: Maybe<readonly { readonly ip: string }[]>;
  }>;
};

export type Deployment = {
  readonly apiVersion: 'apps/v1';
  readonly kind: 'Deployment';
  readonly metadata: Metadata;
  readonly spec: {
    readonly selector: LabelSelector;
    readonly template: {
      readonly metadata: { readonly labels?: Maybe<LabelMap> };
      readonly spec: PodSpec;
    };
  };
};

export type Namespace = {
  readonly apiVersion: 'v1';
  readonly kind: 'Namespace';
  readonly metadata: Metadata;
};

export type Node = {
  readonly apiVersion: 'v1';
  readonly kind: 'Node';
  readonly metadata: Metadata;
  readonly status?: Maybe<{
    readonly addresses?: Maybe<readonly { readonly type: string; readonly address: string }[]>;
  }>;
};

export type Service = {
  readonly apiVersion: 'v1';
  readonly kind: 'Service';
  readonly metadata: Metadata;
  readonly spec: {
    readonly selector?: Maybe<LabelMap>;
    readonly clusterIP?: Maybe<string>;
    readonly clusterIPs?: Maybe<readonly string[]>;
    readonly ports?: Maybe<
      readonly {
        readonly name?: Maybe<string>;
        readonly port: number;
        readonly protocol?: Maybe<string>;
        readonly targetPort?: Maybe<number | string>;
      }[]
    >;
  };
};

export type IpBlock = { readonly cidr: string; readonly except?: Maybe<readonly string[]> };

export type Peer = {
  readonly podSelector?: Maybe<LabelSelector>;
  readonly namespaceSelector?: Maybe<LabelSelector>;
  readonly ipBlock?: Maybe<IpBlock>;
};

export type PolicyPort = {
  readonly protocol?: Maybe<string>;
  readonly port?: Maybe<number | string>;
  readonly endPort?: Maybe<number>;
};

export type PolicyRule = {
  readonly from?: Maybe<readonly Peer[]>;
  readonly to?: Maybe<readonly Peer[]>;
  readonly ports?: Maybe<readonly PolicyPort[]>;
};

export type NetworkPolicy = {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'NetworkPolicy';
  readonly metadata: Metadata;
  readonly spec: {
    readonly podSelector?: Maybe<LabelSelector>;
    readonly policyTypes?: Maybe<readonly string[]>;
    readonly ingress?: Maybe<readonly PolicyRule[]>;
    readonly egress?: Maybe<readonly PolicyRule[]>;
  };
};

export type NamespacedPod = {
  readonly namespaceSelector?: Maybe<LabelSelector>;
  readonly podSelector?: Maybe<LabelSelector>;
};

export type AdminPeer = {
  readonly namespaces?: Maybe<LabelSelector>;
  readonly pods?: Maybe<NamespacedPod>;
  readonly nodes?: Maybe<LabelSelector>;
  readonly networks?: Maybe<readonly string[]>;
  readonly domainNames?: Maybe<readonly string[]>;
  /** Stands for any field of a newer API. */
  readonly futureField?: Maybe<string>;
};

/** `ports` of v1alpha1. */
export type AdminPort = {
  readonly portNumber?: Maybe<{ readonly protocol?: Maybe<string>; readonly port: number }>;
  readonly portRange?: Maybe<{
    readonly protocol?: Maybe<string>;
    readonly start: number;
    readonly end: number;
  }>;
  readonly namedPort?: Maybe<string>;
};

export type TransportMatch = {
  readonly destinationPort?: Maybe<{
    readonly number?: Maybe<number>;
    readonly range?: Maybe<{ readonly start: number; readonly end: number }>;
  }>;
};

/** `protocols` of v1alpha2. */
export type AdminProtocol = {
  readonly tcp?: Maybe<TransportMatch>;
  readonly udp?: Maybe<TransportMatch>;
  readonly sctp?: Maybe<TransportMatch>;
  readonly destinationNamedPort?: Maybe<string>;
};

export type AdminRule = {
  readonly name?: Maybe<string>;
  readonly action: string;
  readonly from?: Maybe<readonly AdminPeer[]>;
  readonly to?: Maybe<readonly AdminPeer[]>;
  readonly ports?: Maybe<readonly AdminPort[]>;
  readonly protocols?: Maybe<readonly AdminProtocol[]>;
};

type AdminSpec = {
  readonly tier?: Maybe<string>;
  readonly priority?: Maybe<number>;
  readonly subject: {
    readonly namespaces?: Maybe<LabelSelector>;
    readonly pods?: Maybe<NamespacedPod>;
  };
  readonly ingress?: Maybe<readonly AdminRule[]>;
  readonly egress?: Maybe<readonly AdminRule[]>;
};

export type AdminPolicy = {
  readonly apiVersion:
    | 'policy.networking.k8s.io/v1alpha1'
    | 'policy.networking.k8s.io/v1alpha2'
    | 'policy.networking.k8s.io/v1beta1';
  readonly kind: 'AdminNetworkPolicy' | 'BaselineAdminNetworkPolicy' | 'ClusterNetworkPolicy';
  readonly metadata: Metadata;
  readonly spec: AdminSpec;
};

export type KubeObject =
  | Pod
  | Deployment
  | Namespace
  | Node
  | Service
  | NetworkPolicy
  | AdminPolicy;

export type Modes = {
  readonly hostNetwork: 'nodes' | 'pods';
  readonly ipBlockPods: 'never' | 'by-address';
};

/** One end of a question. A Deployment's template is asked for as the pod of the Deployment's name. */
export type End =
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'domain'; readonly name: string }
  | { readonly kind: 'service'; readonly namespace: string; readonly name: string };

export type Question = {
  readonly source: End;
  readonly destination: End;
  /** Null only for protocols without ports. */
  readonly port: number | null;
  readonly protocol: string;
};

export type Answer = {
  readonly verdict: 'ALLOWED' | 'DENIED' | 'UNDECIDABLE';
  readonly basis: string;
};
