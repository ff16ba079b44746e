import type { NamespaceFact, NodeFact } from '../facts.js';
import { type Cursor, listAt, member, stringAt } from './cursor.js';
import { nameOf } from './metadata.js';
import { labelsAt } from './selector.js';

export function namespaceFactAt(cursor: Cursor): NamespaceFact | null {
  const name = nameOf(cursor);
  const labels = labelsAt(member(member(cursor, 'metadata'), 'labels'));
  return name === null ? null : { name, labels };
}

const ADDRESS_TYPES: readonly unknown[] = ['InternalIP', 'ExternalIP'];

export function nodeFactAt(cursor: Cursor): NodeFact | null {
  const name = nameOf(cursor);
  const labels = labelsAt(member(member(cursor, 'metadata'), 'labels'));
  const addresses = (listAt(member(member(cursor, 'status'), 'addresses')) ?? [])
    .filter(item => ADDRESS_TYPES.includes(member(item, 'type').value))
    .map(item => stringAt(member(item, 'address')))
    .filter(address => address !== null);
  return name === null ? null : { name, labels, addresses: [...new Set(addresses)] };
}
