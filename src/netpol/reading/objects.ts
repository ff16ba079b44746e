import { type Problem, Severity } from '../problem.js';
import { readDocuments } from './documents.js';
import type { Locate, Path, Source } from './source.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A Kubernetes object as written, wherever it stood: alone, in a stream, in a list. */
export type KubernetesObject = {
  readonly apiVersion: string;
  readonly kind: string;
  /** As written, or null. */
  readonly namespace: string | null;
  readonly name: string | null;
  /** The whole object; `apiVersion` and `kind` are filled in for items of a typed list. */
  readonly value: JsonObject;
  /** The place of a path in the object; of the object itself for `[]`. */
  readonly locate: Locate;
};

export type ObjectReading = {
  readonly objects: readonly KubernetesObject[];
  readonly problems: readonly Problem[];
};

/**
 * Reads the Kubernetes objects of all sources in their order. `kind: List`, typed lists (`PodList`) and JSON arrays
 * are opened. What is no Kubernetes object is skipped with a WARNING, what cannot be read is an ERROR.
 */
export function readObjects(sources: readonly Source[]): ObjectReading {
  const { documents, problems } = readDocuments(sources);
  const found: Found = { objects: [], problems: [...problems] };
  for (const document of documents) open(found, document.value, document.locate, null);
  return sources.some(({ text }) => mayBeUnfit(text)) ? withoutUnfit(found) : found;
}

/** U+0000 itself, and how JSON and YAML write it and halves of surrogate pairs. */
const UNFIT = /\0|\\(?:0|x00|u0000|U00000000|u[dD][89a-fA-F]|U0000[dD][89a-fA-F])/;

const mayBeUnfit = (text: string): boolean => UNFIT.test(text) || !text.isWellFormed();

const isUnfit = (text: string): boolean => text.includes('\0') || !text.isWellFormed();

/** No name, label or port can hold U+0000 or half of a surrogate pair, and no database can store it. */
function withoutUnfit({ objects, problems }: ObjectReading): ObjectReading {
  const faulty = new Set(objects.filter(({ value }) => holdsUnfit(value)));
  return {
    objects: objects.filter(object => !faulty.has(object)),
    problems: [...problems, ...[...faulty].map(({ locate }) => unfitCharacter(locate))],
  };
}

function holdsUnfit(value: unknown): boolean {
  if (typeof value === 'string') return isUnfit(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, part]) => isUnfit(key) || holdsUnfit(part));
}

type Found = { readonly objects: KubernetesObject[]; readonly problems: Problem[] };

type TypeMeta = { readonly apiVersion: string; readonly kind: string };

function open(found: Found, value: unknown, locate: Locate, implied: TypeMeta | null): void {
  if (Array.isArray(value)) openArray(found, value, locate);
  else if (isJsonObject(value)) openObject(found, value, locate, implied);
  else found.problems.push(notAnObject(locate));
}

function openArray(found: Found, items: readonly unknown[], locate: Locate): void {
  const foreign = items.every(item => !isJsonObject(item) || typeMetaOf(item, null) === null);
  if (foreign) found.problems.push(notAnObject(locate));
  else items.forEach((item, index) => void open(found, item, within(locate, [index]), null));
}

function openObject(
  found: Found,
  value: JsonObject,
  locate: Locate,
  implied: TypeMeta | null,
): void {
  const type = typeMetaOf(value, implied);
  if (type === null) {
    found.problems.push(notAnObject(locate));
    return;
  }
  const items = itemsOf(type, value);
  if (items === 'wrong') {
    found.problems.push(itemsAreNoList(locate));
    return;
  }
  if (items === null) {
    found.objects.push(objectOf(type, value, locate));
    return;
  }
  const item = itemTypeOf(type);
  items.forEach((each, index) => void open(found, each, within(locate, ['items', index]), item));
}

/** A location inside a part of the document. */
function within(locate: Locate, base: Path): Locate {
  return path => locate([...base, ...path]);
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeMetaOf(value: JsonObject, implied: TypeMeta | null): TypeMeta | null {
  const apiVersion = value['apiVersion'] ?? implied?.apiVersion;
  const kind = value['kind'] ?? implied?.kind;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return null;
  return apiVersion === '' || kind === '' ? null : { apiVersion, kind };
}

/** The items of `kind: List` and of lists of one type; null for anything else. Go writes an empty list as null. */
function itemsOf(type: TypeMeta, value: JsonObject): readonly unknown[] | 'wrong' | null {
  const items = value['items'];
  if (!type.kind.endsWith('List') || (items === undefined && type.kind !== 'List')) return null;
  if (items === undefined || items === null) return [];
  return Array.isArray(items) ? items : 'wrong';
}

function itemTypeOf(list: TypeMeta): TypeMeta | null {
  return list.kind === 'List' ? null : { ...list, kind: list.kind.slice(0, -'List'.length) };
}

function objectOf(type: TypeMeta, value: JsonObject, locate: Locate): KubernetesObject {
  const metadata = isJsonObject(value['metadata']) ? value['metadata'] : {};
  const text = (key: string) => {
    const written = metadata[key];
    return typeof written === 'string' && written !== '' ? written : null;
  };
  const lacking = value['kind'] === undefined || value['apiVersion'] === undefined;
  return {
    ...type,
    namespace: text('namespace'),
    name: text('name'),
    value: lacking ? { ...type, ...value } : value,
    locate,
  };
}

function notAnObject(locate: Locate): Problem {
  return {
    code: 'NOT_A_KUBERNETES_OBJECT',
    severity: Severity.WARNING,
    message: 'this is no Kubernetes object, since `apiVersion` or `kind` is missing: skipped',
    path: null,
    place: locate([]),
    hint: 'give it `apiVersion` and `kind`, or leave the file out',
  };
}

function unfitCharacter(locate: Locate): Problem {
  return {
    code: 'NUL_CHARACTER',
    severity: Severity.ERROR,
    message: 'this object holds the character U+0000, or half of a surrogate pair: it was not read',
    path: null,
    place: locate([]),
    hint: 'remove the character; the other objects were read',
  };
}

function itemsAreNoList(locate: Locate): Problem {
  return {
    code: 'LIST_UNREADABLE',
    severity: Severity.ERROR,
    message: '`items` must be a list: nothing of this document was read',
    path: 'items',
    place: locate(['items']),
    hint: 'start each item with `- `',
  };
}
