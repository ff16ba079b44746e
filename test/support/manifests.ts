/** Objects as a snapshot shows them, in namespace `shop` where nothing else is said. */
type Metadata = {
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly created?: string;
  readonly owner?: string;
};

const metadata = (name: string, namespace: string | null, { labels, created, owner }: Metadata) => {
  const [kind, ownerName] = owner?.split('/') ?? [];
  return {
    name,
    ...(namespace === null ? {} : { namespace }),
    ...(created ? { creationTimestamp: created } : {}),
    labels: labels ?? {},
    ...(kind
      ? { ownerReferences: [{ apiVersion: 'apps/v1', kind, name: ownerName, controller: true }] }
      : {}),
  };
};

type PodSettings = Metadata & {
  readonly ip?: string;
  readonly started?: string;
  readonly phase?: string;
  readonly finished?: string;
  readonly hostNetwork?: boolean;
};

export const pod = (name: string, settings: PodSettings = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: metadata(name, settings.namespace ?? 'shop', settings),
  spec: {
    hostNetwork: settings.hostNetwork ?? false,
    nodeName: 'worker',
    containers: [{ name: 'main', ports: [{ name: 'http', containerPort: 8080 }] }],
  },
  status: {
    phase: settings.phase ?? 'Running',
    podIP: settings.ip,
    startTime: settings.started,
    containerStatuses: settings.finished
      ? [{ state: { terminated: { finishedAt: settings.finished } } }]
      : [],
  },
});

export const workload = (kind: string, name: string, settings: Metadata = {}) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: metadata(name, settings.namespace ?? 'shop', { ...settings, labels: {} }),
  spec: {
    selector: { matchLabels: settings.labels },
    template: {
      metadata: { labels: settings.labels ?? {} },
      spec: { containers: [{ name: 'main', ports: [{ containerPort: 8080 }] }] },
    },
  },
});

export const service = (name: string, selector: Record<string, string>, clusterIP: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadata(name, 'shop', {}),
  spec: { clusterIP, selector, ports: [{ port: 80, targetPort: 'http' }] },
});

export const namespace = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: metadata(name, null, { labels }),
});

export const node = (name: string, ip: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: metadata(name, null, {}),
  status: { addresses: [{ type: 'InternalIP', address: ip }] },
});

export const policy = (
  name: string,
  spec: object = { podSelector: {} },
  inNamespace: string = 'shop',
) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: inNamespace },
  spec,
});
