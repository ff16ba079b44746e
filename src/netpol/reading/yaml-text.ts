import {
  type Document,
  type ErrorCode,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type ScalarTag,
} from 'yaml';
import { withFlowOnOneLine } from './flow-lines.js';
import type { Path } from './source.js';

/** A YAML document's value, or what is wrong with it; offsets count from the start of the given text. */
export type YamlReading =
  | {
      readonly value: unknown;
      readonly offsetOf: (path: Path) => number;
      /** Where keys stand again in one mapping; of each the last value is taken. */
      readonly repeated: readonly number[];
    }
  | { readonly fault: string; readonly offset: number };

/**
 * Go's YAML library, with which Kubernetes' own tools read, also takes YAML 1.1's words for booleans and its octal
 * numbers: an unquoted `on` is no string there, so it must be none here. (It takes `y` and `n` too; as names of
 * namespaces and pods they are common, and no field that is read here is a boolean that people write so.)
 */
const booleanWords: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:yes|Yes|YES|on|On|ON|no|No|NO|off|Off|OFF)$/,
  resolve: word => /^(?:yes|on)$/i.test(word),
};

const octalNumbers: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0[0-7]+$/,
  resolve: digits => Number.parseInt(digits, 8),
};

/** `8_080` is a number to Go's library, and so is `0b1010`. */
const spacedNumbers: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?(?:[1-9]\d*_[\d_]*|0b[01_]+|0x[\da-fA-F]*_[\da-fA-F_]*|0[0-7]*_[0-7_]*)$/,
  resolve: written => {
    const [, sign = '', digits = ''] = /^([-+]?)(.*)$/.exec(written.replaceAll('_', '')) ?? [];
    const number = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
    return sign === '-' ? -number : number;
  },
};

const parsed = (text: string, uniqueKeys = true): Document =>
  parseDocument(text, {
    prettyErrors: false,
    uniqueKeys,
    stringKeys: true,
    merge: true,
    logLevel: 'error',
    customTags: tags => [booleanWords, spacedNumbers, octalNumbers, ...tags],
  });

/** As written, or as Go's library reads flow collections where the library of here refuses them. */
function documentOf(text: string): Document {
  const document = parsed(text);
  if (document.errors.length === 0) return document;
  const joined = withFlowOnOneLine(text);
  const second = joined === text ? document : parsed(joined);
  return second.errors.length === 0 ? second : document;
}

/** Go's library takes the last of equal keys. */
function withRepeated(text: string): Readonly<{ document: Document; repeated: number[] }> {
  const document = documentOf(text);
  const { errors } = document;
  if (errors.length === 0 || errors.some(({ code }) => code !== 'DUPLICATE_KEY'))
    return { document, repeated: [] };
  return { document: parsed(text, false), repeated: errors.map(({ pos }) => pos[0]) };
}

/** Reads one YAML document. */
export function readYaml(text: string): YamlReading {
  const { document, repeated } = withRepeated(text);
  const error = document.errors[0];
  if (error !== undefined) {
    return { fault: FAULTS[error.code] ?? faultOf(error.message), offset: error.pos[0] };
  }
  try {
    return { value: document.toJS(), offsetOf: path => offsetIn(document, path), repeated };
  } catch (thrown) {
    // An alias without anchor, or aliases that multiply beyond the library's limit.
    return { fault: faultOf(thrown instanceof Error ? thrown.message : String(thrown)), offset: 0 };
  }
}

/** What most often goes wrong, said in the words of those who write manifests. */
const FAULTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  NON_STRING_KEY: 'a key is no plain word; a template must be rendered first',
  TAB_AS_INDENT: 'a tab stands where blanks must indent',
};

function faultOf(message: string): string {
  const text = message.replace(/\.$/, '');
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A collection in a mapping stands where its key does, anything else where it starts itself. */
function offsetIn(document: Document, path: Path): number {
  let node: Node | null = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    const part = partOf(node, step);
    if (part === null) break;
    const own = startOf(part.value);
    const atKey = part.key !== null && (own === null || isMap(part.value) || isSeq(part.value));
    offset = (atKey ? part.key : own) ?? offset;
    node = part.value;
  }
  return offset;
}

function partOf(
  node: Node | null,
  step: string | number,
): { readonly key: number | null; readonly value: Node | null } | null {
  if (isSeq<Node>(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? null : { key: null, value: item };
  }
  if (!isMap<Node, Node | null>(node)) return null;
  const pair = node.items.findLast(
    ({ key }) => isScalar(key) && String(key.value) === String(step),
  );
  return pair === undefined ? null : { key: startOf(pair.key), value: pair.value };
}

/** Null where nothing is written: the empty value of `port:`. */
function startOf(node: Node | null): number | null {
  const range = node?.range;
  if (range === null || range === undefined) return null;
  return isScalar(node) && node.value === null && range[0] === range[1] ? null : range[0];
}
