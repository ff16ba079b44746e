export type DemoPort = {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
};

type DemoKind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob';

/** A workload of the demonstration cluster; its objects and pods follow from it. */
export type DemoWorkload = {
  readonly namespace: string;
  readonly kind: DemoKind;
  readonly name: string;
  readonly replicas: number;
  readonly ports: readonly DemoPort[];
  readonly labels: Readonly<Record<string, string>>;
  readonly hostNetwork: boolean;
  /** Port of its Service by port name; no Service where there is none. */
  readonly service: Readonly<Record<string, number>>;
  /** Address of its load balancer, or null. */
  readonly loadBalancer: string | null;
};

/** `shop/frontend` */
export const workloadKey = ({ namespace, name }: DemoWorkload): string => `${namespace}/${name}`;

export type DemoPod = {
  readonly workload: DemoWorkload;
  readonly name: string;
  readonly ip: string;
  /** Index of its node. */
  readonly node: number;
};

export const NODES = [
  { name: 'node-1', ip: '10.0.1.11', podCidr: '10.244.1.0/24' },
  { name: 'node-2', ip: '10.0.1.12', podCidr: '10.244.2.0/24' },
  { name: 'node-3', ip: '10.0.1.13', podCidr: '10.244.3.0/24' },
] as const;

export type DemoNode = (typeof NODES)[number];

export const nodeAt = (index: number): DemoNode => NODES[index % NODES.length] ?? NODES[0];
