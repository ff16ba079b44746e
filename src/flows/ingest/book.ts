import type { Holder } from '../../inventory/address.js';
import type { Owner } from '../../inventory/owner.js';
import type { Peer } from '../../inventory/peer.js';
import type { HeldAddress } from '../../inventory/peer-lookup.store.js';
import { isWithin } from '../../inventory/service-history.js';
import type { KnownLabels, PodOwner } from './kept.js';
import type { KeptServices } from './kept-services.js';

/** What is known of a cluster, for the peers of one batch. */
export type Book = {
  readonly clusterId: number;
  /** Where a snapshot told. */
  readonly ownerOfPod: (namespace: string, pod: string) => PodOwner | null;
  readonly deploymentsIn: (namespace: string) => readonly Peer[];
  readonly holdings: (address: string) => readonly HeldAddress[];
  /** Whether the address was somebody's of this cluster, or lies where its own are known or declared to lie. */
  readonly isClusterAddress: (address: string) => boolean;
  /** The own address of the node whose pods have addresses beside this one; null: no such node is known. */
  readonly gatewayBeside: (address: string) => string | null;
  /** No address of anybody was ever shown. */
  readonly isBlank: boolean;
  readonly services: KeptServices;
  /** What the pods of a namespace's deployments carried, and when. */
  readonly labelsIn: (namespace: string) => readonly KnownLabels[];
};

/** Who is asked first, where several hold one address. */
const RANKS: Readonly<Record<Holder, number>> = {
  POD: 3,
  SERVICE: 2,
  NODE: 1,
  TUNNEL: 1,
  GATEWAY: 0,
};

/** Who held an address at a moment (ISO text); pods before Services before nodes, the latest interval first. */
export function holdersAt(
  book: Pick<Book, 'holdings'>,
  address: string,
  at: string,
): readonly HeldAddress[] {
  const fitting = book
    .holdings(address)
    .filter(
      ({ validFrom, validTo, first }) =>
        (validFrom <= at || first) && (validTo === null || at < validTo),
    );
  if (fitting.length < 2) return fitting;
  const rank = ({ holder, validFrom, holderName }: HeldAddress): string =>
    `${RANKS[holder]} ${validFrom} ${holderName}`;
  return fitting.toSorted((one, other) => (rank(one) < rank(other) ? 1 : -1));
}

/** The first of them. */
export const holderAt = (book: Book, address: string, at: string): HeldAddress | null =>
  holdersAt(book, address, at)[0] ?? null;

/** Equal label sets; labels that nobody knows equal none. */
export const sameLabels = (
  one: Peer['labels'],
  other: Readonly<Record<string, string>>,
): boolean => {
  if (one === null) return false;
  const keys = Object.keys(other);
  return keys.length === Object.keys(one).length && keys.every(key => one[key] === other[key]);
};

const hasLabels = (one: Peer['labels'], some: Readonly<Record<string, string>>): boolean =>
  one !== null && Object.entries(some).every(([key, value]) => one[key] === value);

/** The one deployment that some revisions are of; null: none, or several. */
const onlyOne = (revisions: readonly KnownLabels[]): string | null => {
  const [id, second] = new Set(revisions.map(({ peerId }) => peerId));
  return second === undefined ? (id ?? null) : null;
};

/**
 * The one deployment of a namespace whose pods carried exactly these labels at a moment (ISO text), or else the only one
 * that had them all. Where none of them had, the only one that ever had: an inventory may begin late, and pods of an
 * old rollout may outlive it.
 * @returns its id
 */
export function deploymentLabelled(
  book: Book,
  namespace: string,
  labels: Readonly<Record<string, string>>,
  at: string,
): string | null {
  if (Object.keys(labels).length === 0) return null;
  const fitting = book.labelsIn(namespace).filter(({ labels: all }) => hasLabels(all, labels));
  const there = fitting.filter(revision => isWithin(revision, at));
  const some = there.length > 0 ? there : fitting;
  const equal = some.filter(({ stable }) => sameLabels(stable, labels));
  return onlyOne(equal.length > 0 ? equal : some);
}

/**
 * The deployment of a snapshot that an owner is: of its kind, or, since records call a Rollout a Deployment, the only one of
 * its name. Null where several other kinds bear the name.
 */
export function deploymentNamed(book: Book, namespace: string, owner: Owner): Peer | null {
  const named = book
    .deploymentsIn(namespace)
    .filter(peer => peer.name === owner.name && !peer.inferred);
  const [only = null, ...others] = named;
  const exact = named.find(({ workloadKind }) => workloadKind === owner.kind);
  return exact ?? (others.length === 0 ? only : null);
}
