import type { DeclaredPort } from './peer.js';

export const Holder = { POD: 'POD', SERVICE: 'SERVICE', NODE: 'NODE' } as const;
export type Holder = (typeof Holder)[keyof typeof Holder];

/** Who held an address, within a half-open interval of observation time. */
export type Holding = {
  readonly address: string;
  /** Null for a Service whose pods belong to no deployment, or to several. */
  readonly peerId: string | null;
  readonly holder: Holder;
  /** `namespace/name` of a pod or Service, name of a node. */
  readonly holderName: string;
  readonly validFrom: string;
  readonly validTo: string | null;
};

export type DeclaredServicePort = {
  readonly name: string | null;
  readonly port: number;
  readonly protocol: DeclaredPort['protocol'];
  /** Number, or name on the pod. */
  readonly targetPort: number | string;
  readonly nodePort: number | null;
};

/** The pod's port behind a Service's port; null when the pod declares no port of that name. */
export function podPortOf(
  { targetPort, protocol }: DeclaredServicePort,
  declared: readonly DeclaredPort[],
): number | null {
  if (typeof targetPort === 'number') return targetPort;
  const named = declared.find(port => port.name === targetPort && port.protocol === protocol);
  return named?.port ?? null;
}

/** In doubt a pod is meant: its node answers for an address that no pod has. */
const PRECEDENCE: Readonly<Record<Holder, number>> = { POD: 0, SERVICE: 1, NODE: 2 };

type Entry = Holding & { readonly first: boolean };

const covers = ({ validFrom, validTo, first }: Entry, at: string): boolean =>
  (first || validFrom <= at) && (validTo === null || at < validTo);

const preferred = (one: Entry, other: Entry): number =>
  PRECEDENCE[one.holder] - PRECEDENCE[other.holder] || (one.validFrom > other.validFrom ? -1 : 1);

/** Who held an address at a time. `at`: ISO text in UTC with six digits of a second, as in the entries. */
export function heldAt<E extends Entry>(entries: readonly E[], at: string): E | null {
  const [holder = null] = entries.filter(entry => covers(entry, at)).toSorted(preferred);
  return holder;
}
