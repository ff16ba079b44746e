import type { Address } from '../addresses/address.js';
import { type Compiled, type Engine, ofFacts } from '../compile/compiled.js';
import { parseAddresses } from '../compile/nodes.js';
import type { ServiceFact } from '../facts.js';

/** Who holds an address. */
export type Holder =
  | { readonly kind: 'node'; readonly node: number }
  /** Places in the facts; several only where the facts contradict themselves. */
  | { readonly kind: 'pods'; readonly pods: number[] }
  /** `outside`: an address at which the Service is reached from outside the cluster. */
  | { readonly kind: 'service'; readonly service: ServiceFact; readonly outside: boolean };

type AddressBook = ReadonlyMap<Address, Holder>;

function addPods({ index }: Engine, book: Map<Address, Holder>): void {
  index.facts.pods.forEach((pod, position) => {
    for (const address of parseAddresses(pod.addresses)) {
      const holder = book.get(address);
      if (holder === undefined) book.set(address, { kind: 'pods', pods: [position] });
      else if (holder.kind === 'pods') holder.pods.push(position);
    }
  });
}

const servedAt = (services: readonly ServiceFact[], outside: boolean) =>
  services.flatMap(service =>
    parseAddresses(outside ? service.externalIps : service.clusterIps).map(
      address => [address, { kind: 'service', service, outside }] as const,
    ),
  );

function addServices({ index }: Engine, book: Map<Address, Holder>): void {
  const { services } = index.facts;
  for (const [address, holder] of [...servedAt(services, false), ...servedAt(services, true)]) {
    if (!book.has(address)) book.set(address, holder);
  }
}

function addNodes({ index }: Engine, book: Map<Address, Holder>, of: 'addresses' | 'among'): void {
  for (const [node, known] of index.nodes.all.entries()) {
    for (const address of known[of]) {
      if (!book.has(address)) book.set(address, { kind: 'node', node });
    }
  }
}

/** Nodes first: their hostNetwork pods have the same addresses. What they have out of those of pods comes last. */
const bookOf = ofFacts((engine): AddressBook => {
  const book = new Map<Address, Holder>();
  addNodes(engine, book, 'addresses');
  addPods(engine, book);
  addServices(engine, book);
  addNodes(engine, book, 'among');
  return book;
});

export const addressBookOf = ({ engine }: Compiled): AddressBook => bookOf(engine);
