import { Role } from '../role.js';
import type { Grant, Issuer, Mapping, PinnedKeys } from './issuer.js';
import { keyUrl } from './key-set.js';

const DAY_S = 86_400;

/** A place in the file with what is wrong there. */
class Fault extends Error {}

type Fields = Readonly<Record<string, unknown>>;

const fault = (path: string, expected: string): Fault =>
  new Fault(`\`${path}\` is not ${expected}`);

function fields(path: string, value: unknown, known: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw fault(path, 'an object');
  const strange = Object.keys(value).find(name => !known.includes(name));
  if (strange !== undefined) throw new Fault(`\`${path}.${strange}\` is not known`);
  return value as Fields;
}

const text = (path: string, value: unknown): string => {
  if (typeof value === 'string' && value !== '') return value;
  throw fault(path, 'a text');
};

const optional = <T>(value: unknown, read: (value: unknown) => T): T | null =>
  value === undefined || value === null ? null : read(value);

const texts = (path: string, value: unknown): readonly string[] => {
  if (!Array.isArray(value)) throw fault(path, 'a list of texts');
  return value.map((one, place) => text(`${path}[${place}]`, one));
};

const rolesIn = (path: string, value: unknown): readonly Role[] => {
  const known: readonly string[] = Object.values(Role);
  const roles = texts(path, value);
  if (roles.length > 0 && roles.every(role => known.includes(role)))
    return roles as readonly Role[];
  throw fault(path, `a list of ${known.join(', ')}`);
};

function grantIn(path: string, given: Fields): Grant {
  const names = (name: string) =>
    optional(given[name], value => texts(`${path}.${name}`, value)) ?? 'ALL';
  const labels = optional(given['labels'], value => {
    const entries = Object.entries(fields(`${path}.labels`, value, Object.keys(value as object)));
    return Object.fromEntries(
      entries.map(([key, one]) => [key, text(`${path}.labels.${key}`, one)]),
    );
  });
  return {
    roles: rolesIn(`${path}.roles`, given['roles']),
    clusters: names('clusters'),
    namespaces: names('namespaces'),
    selector: labels === null ? null : { matchLabels: labels, matchExpressions: [] },
  };
}

const MAPPING = ['subject', 'claim', 'value', 'roles', 'clusters', 'namespaces', 'labels'];

function mappingIn(path: string, value: unknown): Mapping {
  const given = fields(path, value, MAPPING);
  const subject = optional(given['subject'], one => text(`${path}.subject`, one));
  const claim = optional(given['claim'], one => ({
    name: text(`${path}.claim`, one),
    value: text(`${path}.value`, given['value']),
  }));
  if (subject === null && claim === null)
    throw new Fault(`\`${path}\` names neither a \`subject\` nor a \`claim\``);
  return { subject, claim, ...grantIn(path, given) };
}

function keysIn(path: string, value: unknown): PinnedKeys {
  const { keys } = fields(path, value, ['keys']);
  if (Array.isArray(keys) && keys.length > 0) return { keys };
  throw fault(path, 'a JSON Web Key Set with a key');
}

const ISSUER = [
  'name',
  'issuer',
  'audiences',
  'clients',
  'type',
  'keys',
  'maxTokenAge',
  'mappings',
];

function issuerIn(path: string, value: unknown): Issuer {
  const given = fields(path, value, ISSUER);
  const issuer = text(`${path}.issuer`, given['issuer']);
  const keys = optional(given['keys'], one => keysIn(`${path}.keys`, one));
  const audiences = texts(`${path}.audiences`, given['audiences']);
  const clients = optional(given['clients'], one => texts(`${path}.clients`, one)) ?? [];
  const both = audiences.find(one => clients.includes(one));
  if (both !== undefined)
    throw new Fault(
      `\`${path}.audiences\`: \`${both}\` is a client, whose ID tokens would be taken`,
    );
  if (audiences.length === 0) throw fault(`${path}.audiences`, 'a list with an audience');
  if (keys === null) keyUrl(issuer);
  const age = given['maxTokenAge'] ?? DAY_S;
  if (typeof age !== 'number' || !(age > 0))
    throw fault(`${path}.maxTokenAge`, 'a number of seconds');
  if (!Array.isArray(given['mappings'])) throw fault(`${path}.mappings`, 'a list');
  return {
    name: text(`${path}.name`, given['name']),
    issuer,
    audiences,
    clients,
    type: optional(given['type'], one => text(`${path}.type`, one)),
    keys,
    maxTokenAge: age,
    mappings: given['mappings'].map((one, place) => mappingIn(`${path}.mappings[${place}]`, one)),
  };
}

/**
 * The issuers that a file names: JSON, `{ "issuers": [...] }`.
 * @throws Error with the place and what is expected there
 */
export function readIssuers(json: string): readonly Issuer[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error('the file of issuers is not JSON');
  }
  const { issuers } = fields('file', value, ['issuers']);
  if (!Array.isArray(issuers)) throw fault('issuers', 'a list');
  return issuers.map((one, place) => issuerIn(`issuers[${place}]`, one));
}
