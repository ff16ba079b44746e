import { FlowProtocol, type ObservedPeer, PeerHint, TrafficClass } from '../observation.js';
import { isPlatformAddress } from './platform.js';

const DNS_PORT = 53;
/** OpenShift's DNS pods listen here, and nodes' multicast DNS, which has no pod behind it. */
const OPENSHIFT_DNS_PORT = 5353;
const HEALTH_PORT = 4240;

const SCRAPERS: ReadonlySet<string> = new Set(['prometheus', 'vmagent']);
const NAME_LABELS = ['app.kubernetes.io/name', 'app', 'k8s-app'] as const;

const isScraper = ({ labels }: ObservedPeer): boolean =>
  labels !== null && NAME_LABELS.some(key => SCRAPERS.has(labels[key] ?? ''));

const isNode = ({ kind }: ObservedPeer): boolean =>
  kind === PeerHint.HOST || kind === PeerHint.NODE;

const isInside = ({ kind }: ObservedPeer): boolean =>
  kind === PeerHint.POD || kind === PeerHint.WORKLOAD;

const isOutside = ({ kind }: ObservedPeer): boolean =>
  kind === PeerHint.WORLD || kind === PeerHint.EXTERNAL;

/** NodePorts by default: what comes there is for a Service, not for the node. */
export const isNodePort = (port: number | null): boolean =>
  port !== null && port >= 30_000 && port <= 32_767;

export const isDns = (port: number | null, namespace: string | null = null): boolean =>
  port === DNS_PORT || (port === OPENSHIFT_DNS_PORT && namespace === 'openshift-dns');

/** NodeLocal DNSCache, and the clouds' own resolvers. */
export const isNodeDns = (ip: string | null): boolean =>
  ip !== null && (ip.startsWith('169.254.') || isPlatformAddress(ip));

const isHealthProbe = (
  source: ObservedPeer,
  destination: ObservedPeer,
  port: number | null,
): boolean =>
  source.kind === PeerHint.HEALTH ||
  destination.kind === PeerHint.HEALTH ||
  (isNode(destination) && port === HEALTH_PORT) ||
  // Kubernetes: "Traffic to and from the node where a Pod is running is always allowed"
  (source.kind === PeerHint.HOST && isInside(destination));

export type Conversation = {
  readonly source: ObservedPeer;
  readonly destination: ObservedPeer;
  /** The pod's port, or the Service's where only that is known. */
  readonly port: number | null;
  readonly protocol: FlowProtocol;
};

/** DNS within the cluster, or of the node and the cloud on their own addresses. */
const isOwnDns = ({ destination, port }: Conversation): boolean =>
  isDns(port, destination.namespace) && (!isOutside(destination) || isNodeDns(destination.ip));

/** What a flow is for, by its ends and its port. */
export const trafficClassOf = (conversation: Conversation): TrafficClass => {
  const { source, destination, port } = conversation;
  if (isOwnDns(conversation)) return TrafficClass.DNS;
  if (isPlatformAddress(destination.ip)) return TrafficClass.PLATFORM;
  if (isHealthProbe(source, destination, port)) return TrafficClass.HEALTH_PROBE;
  if (source.kind === PeerHint.APISERVER || destination.kind === PeerHint.APISERVER)
    return TrafficClass.CONTROL_PLANE;
  if (isNode(destination) && !isNodePort(port)) return TrafficClass.NODE_AGENT;
  if (isOutside(source) || isOutside(destination)) return TrafficClass.EXTERNAL;
  if (isScraper(source) && isInside(destination)) return TrafficClass.SCRAPE;
  return TrafficClass.APP;
};

/**
 * UDP to port 9 (discard) is no traffic: Go sorts addresses by `connect()` to it, which sends no packet.
 */
export const isDiscard = (protocol: FlowProtocol, port: number | null): boolean =>
  protocol === FlowProtocol.UDP && port === 9;
