/** How far a source's word goes. */
export const Trust = {
  /** Its word decides. */
  FULL: 'trusted',
  /** Its word decides unless the records of the stream show otherwise. */
  CHECKED: 'checked',
  /** It is there, and not believed. */
  NONE: 'not trusted',
  /** The source does not tell it. */
  ABSENT: 'not told',
} as const;
export type Trust = (typeof Trust)[keyof typeof Trust];

/** What is asked of every source, in the order in which it is shown. */
export const TRUST_FIELDS = [
  'reply',
  'verdict',
  'direction',
  'ports',
  'cluster',
  'ids',
  'names',
] as const;
export type TrustField = (typeof TRUST_FIELDS)[number];

export type TrustEntry = { readonly trust: Trust; readonly why: string };

export type SourceTrust = Readonly<Record<TrustField, TrustEntry>>;

const full = (why: string): TrustEntry => ({ trust: Trust.FULL, why });
const checked = (why: string): TrustEntry => ({ trust: Trust.CHECKED, why });
const none = (why: string): TrustEntry => ({ trust: Trust.NONE, why });
const absent = (why: string): TrustEntry => ({ trust: Trust.ABSENT, why });

const NO_CLUSTER = absent('the cluster is the one that the upload names');
const NO_IDS = absent('records have no id; the same upload again is known by its content');
const CLIENT_FIRST = full('a record goes from client to server, whoever reports it');

/** For each source, what it may be believed. The readers ask this table; `docs/sources.md` prints it. */
export const TRUST = {
  neutral: {
    reply: full('left out means no reply; null means that nobody knows'),
    verdict: full('left out means unknown'),
    direction: full('shown only'),
    ports: full('`port` is the pod port, `servicePort` that of the Service'),
    cluster: NO_CLUSTER,
    ids: full('`id` is kept'),
    names: full(
      'pod, workload, labels, Service, node, in this order; a DNS name without a dot is a Service beside its client',
    ),
  },
  hubble: {
    reply: checked(
      'absent is not false; a false after a SYN of the other way is a reply; `trace_reason` NEW alone proves nothing',
    ),
    verdict: full(
      'a drop is a denial only for a reason that a policy gives, or as the event of its verdict; the refusal of a request by layer 7 is an error; TRACED is none',
    ),
    direction: checked('with the observation point it tells replies where `is_reply` is masked'),
    ports: full('after translation, except of SOCK events, which are left out'),
    cluster: checked('an end with a local `ID` is at home, whatever name its identity carries'),
    ids: full(
      '`uuid` is kept; without one, all that a record says where its time is told to the nanosecond',
    ),
    names: full('a pod name beats `reserved:world` and the address; labels beat the address'),
  },
  retina: {
    reply: none('`is_reply` is preset to false; SYN, pairing and ports decide'),
    verdict: full('15 and 16 are no verdicts'),
    direction: none('it follows the same preset'),
    ports: full('after translation'),
    cluster: checked('as for Hubble'),
    ids: full('`uuid` is kept'),
    names: full('as for Hubble'),
  },
  netobserv: {
    reply: checked(
      'both ways are records; a new conversation is from the client, else SYN, Services, pairing and ports decide',
    ),
    verdict: full(
      'of `NetworkEvents` only, where OVN allowed, dropped or rejected; a `pass` is none, a `PktDrop` is an error of the kernel',
    ),
    direction: none('the point of view of an interface; it tells who reported'),
    ports: full('of a Service before translation, of a pod after it; `Xlat` fields are both'),
    cluster: NO_CLUSTER,
    ids: absent('`_HashId` names a conversation, not a record'),
    names: full('pod, Service, node and owner; there are no labels'),
  },
  calico: {
    reply: CLIENT_FIRST,
    verdict: full('`Pass` is none'),
    direction: full('by the reporter'),
    ports: full(
      'after translation; the Service port is told beside it; null at aggregation level 3',
    ),
    cluster: NO_CLUSTER,
    ids: none('they change with a restart'),
    names: checked('`NAME-*` is the owner by labels and name; `pub` and `pvt` have no address'),
  },
  'inspektor-gadget': {
    reply: full('connect and accept say who asked'),
    verdict: checked('an error of connect is an error; nothing tells of policies'),
    direction: full('by the type of the event'),
    ports: checked('connect is seen before translation'),
    cluster: NO_CLUSTER,
    ids: NO_IDS,
    names: full(
      'of the local container, and of the other end where `k8s` is there; labels of both where they are told',
    ),
  },
  ztunnel: {
    reply: CLIENT_FIRST,
    verdict: checked(
      'a policy rejection is a denial, and so is the 401 or 403 that the source is told of it; any other error is an error',
    ),
    direction: full('as logged'),
    ports: checked('15008 is the tunnel; the port is in `dst.hbone_addr`, or in the inbound line'),
    cluster: NO_CLUSTER,
    ids: NO_IDS,
    names: checked(
      '`dst.namespace` may be wrong: the namespace of the identity decides; an end outside has the host name of `dst.service`',
    ),
  },
  kubescape: {
    reply: CLIENT_FIRST,
    verdict: absent('what was seen is not judged'),
    direction: full('ingress and egress lists'),
    ports: full('as learned'),
    cluster: NO_CLUSTER,
    ids: NO_IDS,
    names: checked('selectors by labels; a selector that names no namespace means its own'),
  },
  stackrox: {
    reply: CLIENT_FIRST,
    verdict: absent('denied attempts are not shown'),
    direction: absent('an edge has none'),
    ports: full('of the listening deployment'),
    cluster: NO_CLUSTER,
    ids: NO_IDS,
    names: full('deployment and namespace; the kind of workload is not told'),
  },
  'aws-vpc': {
    reply: absent('both ways are records; `tcp-flags`, pairing and ports decide'),
    verdict: checked('of security groups and network ACLs, not of NetworkPolicies'),
    direction: none('of the interface; shown only'),
    ports: full('at the interface, after translation by kube-proxy'),
    cluster: NO_CLUSTER,
    ids: NO_IDS,
    names: absent('`pkt-srcaddr` and `pkt-dstaddr` beat the addresses of the interface'),
  },
  'aws-cni': {
    reply: checked('an accepted flow is logged at its start; a denied one may be a late reply'),
    verdict: full('ACCEPT and DENY; ACCEPT is logged at debug level only'),
    direction: full('as logged; releases before 1.2.2 logged none'),
    ports: full('at the pod'),
    cluster: NO_CLUSTER,
    ids: NO_IDS,
    names: absent('addresses only'),
  },
  gke: {
    reply: CLIENT_FIRST,
    verdict: full('`disposition`'),
    direction: full('as logged'),
    ports: full('at the pod'),
    cluster: absent('the cluster is the one that the upload names, not `cluster_name`'),
    ids: full('`insertId` is kept'),
    names: full('pod, workload and namespace'),
  },
  conntrack: {
    reply: full('the first tuple is the way of the client'),
    verdict: absent('an entry says nothing of policies'),
    direction: absent('a node sees both'),
    ports: full('the second tuple has the pod port, the first that of the Service'),
    cluster: NO_CLUSTER,
    ids: full('the entry itself, at one time'),
    names: absent('addresses only'),
  },
} as const satisfies Readonly<Record<string, SourceTrust>>;
