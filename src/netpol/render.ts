import { Document, isNode, isSeq, type Node } from 'yaml';
import { plainText } from './plain-text.js';
import type { Policy } from './policy.js';
import { visible } from './visible.js';

/** Comments that stand above a document and above its rules, by the rule's index; lines end in `\n`. */
export type Comments = {
  readonly document?: string;
  readonly ingress?: ReadonlyMap<number, string>;
  readonly egress?: ReadonlyMap<number, string>;
};

/**
 * Policies, or documents of policies, as a stream of YAML documents in the order given. Equal documents give equal
 * bytes: members stand in a fixed order, labels in alphabetical order, lists as written. Members that are null are left
 * out, which means the same. Of the metadata only name, namespace, labels and annotations are kept; what the API server
 * adds (status, uid, managedFields and the like) would change with every read.
 */
export function render(policies: readonly (Policy | object)[]): string {
  return policies.map(policy => renderDocument(documentOf(policy))).join('---\n');
}

function documentOf(policy: Policy | object): unknown {
  return 'tier' in policy && 'document' in policy ? policy.document : policy;
}

/** One document of a policy as YAML, without `---`. */
export function renderDocument(document: unknown, comments: Comments = {}): string {
  const content = ordered(written(document));
  const plain = plainText(content);
  return plain === null ? libraryText(content, comments) : commented(plain, comments);
}

const above = ({ document }: Comments): string =>
  document === undefined ? '' : `${commentOf(document).replace(/^/gm, '#')}\n`;

/** `  ingress:` of the spec, and each of its rules. */
const SECTION = /^ {2}(\w+):/;
const RULE = '    - ';

/** Plain text with comments where the library puts them: above the document, and above each rule. */
function commented(plain: string, comments: Comments): string {
  if (comments.ingress === undefined && comments.egress === undefined)
    return above(comments) + plain;
  let section = '';
  let index = -1;
  const lines = plain.split('\n').flatMap(line => {
    const name = SECTION.exec(line)?.[1];
    if (name !== undefined) [section, index] = [name, -1];
    if (!line.startsWith(RULE) || (section !== 'ingress' && section !== 'egress')) return [line];
    index += 1;
    const comment = comments[section]?.get(index);
    return comment === undefined ? [line] : [commentOf(comment).replace(/^/gm, '    #'), line];
  });
  return above(comments) + lines.join('\n');
}

/** As the library writes it. */
export function libraryText(content: unknown, comments: Comments): string {
  const yaml = new Document(content, {
    aliasDuplicateObjects: false,
    // Kubernetes' tools read YAML 1.1, where more words are booleans or numbers: those are quoted.
    compat: 'yaml-1.1',
  });
  for (const direction of ['ingress', 'egress'] as const) {
    for (const [index, comment] of comments[direction] ?? []) {
      const rule = ruleNode(yaml, direction, index);
      if (rule !== null) rule.commentBefore = commentOf(comment);
    }
  }
  return above(comments) + yaml.toString({ lineWidth: 0 });
}

function ruleNode(yaml: Document, direction: string, index: number): Node | null {
  const rules = yaml.getIn(['spec', direction], true);
  const rule = isSeq(rules) ? rules.items[index] : null;
  return isNode(rule) ? rule : null;
}

/** Each line set off by a blank. Control characters cannot stand in a comment, and what turns the direction of writing hides what is there. */
function commentOf(text: string): string {
  const lines = text.trimEnd().split(/\r\n?|\n/);
  return lines
    .map(line => ` ${visible(line.replace(/[\p{Cc}\u2028\u2029]/gu, ' '))}`.trimEnd() || ' ')
    .join('\n');
}

type Members = Readonly<Record<string, unknown>>;

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const METADATA = ['name', 'namespace', 'labels'];
/** kubectl's copy of the whole object. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** What a person writes, without what the API server and kubectl add. */
function written(document: unknown): unknown {
  if (!isMembers(document)) return document;
  const { status: _status, metadata, ...rest } = document;
  if (!isMembers(metadata)) return { ...rest, metadata };
  const kept = METADATA.map(key => [key, metadata[key]]);
  const annotations = ownAnnotations(metadata['annotations']);
  return { ...rest, metadata: { ...Object.fromEntries(kept), annotations } };
}

/** Null where kubectl's is the only one. */
function ownAnnotations(annotations: unknown): unknown {
  if (!isMembers(annotations)) return annotations;
  const { [LAST_APPLIED]: _applied, ...own } = annotations;
  return Object.keys(own).length > 0 ? own : null;
}

/** Maps whose keys are data. */
const LABEL_MAPS = ['labels', 'annotations', 'matchLabels'];

/** The order of members wherever they stand; others follow in alphabetical order. */
const ORDER = [
  'apiVersion kind metadata spec',
  'name namespace labels annotations',
  'tier priority subject action from to',
  'namespaceSelector podSelector policyTypes ingress egress ports protocols',
  'matchLabels matchExpressions key operator values',
  'ipBlock cidr except protocol port endPort start end',
].flatMap(line => line.split(' '));
const RANKS: ReadonlyMap<string, number> = new Map(ORDER.map((key, place) => [key, place]));

function ordered(value: unknown, parent = ''): unknown {
  if (Array.isArray(value)) return value.map(item => ordered(item));
  if (!isMembers(value)) return value;
  const isData = LABEL_MAPS.includes(parent);
  const rank = (key: string) => (isData ? ORDER.length : (RANKS.get(key) ?? ORDER.length));
  const keys = Object.keys(value)
    // what is not there at all must not be left to the library, which takes ten times as long
    .filter(key => value[key] !== null && value[key] !== undefined)
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return new Map(keys.map(key => [key, ordered(value[key], key)]));
}
