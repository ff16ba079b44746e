import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Finding, ManifestReading } from '../../../src/netpol/index.js';
import type { LintOptions } from '../../../src/netpol/lint/finding.js';
import { lint } from '../../../src/netpol/lint/lint.js';
import { LINT_RULES } from '../../../src/netpol/lint/rules.js';
import { readManifests } from '../../../src/netpol/reading/manifests.js';
import { DEFAULT_MODES } from '../../../src/netpol/verdict.js';

/** One rule, with manifests where it fires (and how often), and near ones where it does not. */
export type Case = {
  readonly rule: string;
  readonly title: string;
  readonly options?: Partial<LintOptions>;
  readonly manifests: string;
  /** Each document is read on its own, since the reader keeps only the last of equal names. */
  readonly separately?: boolean;
  /** It is part of a cluster, as a folder of manifests is. */
  readonly partial?: boolean;
  /** The reader refuses some of it. */
  readonly faulty?: boolean;
  /** A path, or a part of the message, of each finding; empty: the rule is silent. */
  readonly finds: readonly string[];
};

const itemsIn = <Item>(folder: URL): readonly Item[] =>
  readdirSync(folder)
    .sort()
    .flatMap(name => parse(readFileSync(new URL(name, folder), 'utf8')) as readonly Item[]);

export const CASES: readonly Case[] = itemsIn(new URL('cases/', import.meta.url));

/** Manifests that many rules find something in. */
type Scene = Pick<Case, 'title' | 'options' | 'manifests' | 'separately' | 'partial'>;

const SCENES: readonly Scene[] = itemsIn(new URL('scenes/', import.meta.url));

export function readingsOf({ manifests, separately }: Scene): readonly ManifestReading[] {
  const texts = separately === true ? manifests.split(/^---$/m) : [manifests];
  return texts.map(text => readManifests([{ file: 'case.yaml', text }]));
}

export function findingsOf(one: Scene): readonly Finding[] {
  const readings = readingsOf(one);
  const problems = readings.flatMap(reading => reading.problems);
  const policies = readings.flatMap(reading => reading.policies);
  const [first] = readings;
  if (first === undefined) throw new Error(`${one.title} has no manifests`);
  const facts = one.partial === true ? { ...first.facts, partial: true } : first.facts;
  const places = first.placeOf;
  return lint(facts, policies, { modes: DEFAULT_MODES, problems, places, ...one.options });
}

const lineOf = ({ rule, severity, message, policy, place, path, hint }: Finding): string => {
  const name = policy === null ? '-' : `${policy.kind} ${policy.namespace ?? ''}/${policy.name}`;
  const where = place === null ? '-' : `${place.file}:${place.line}:${place.column}`;
  return `${severity} ${rule} | ${name} | ${where} | ${path ?? '-'}\n  ${message}\n  ${hint}\n`;
};

/** The texts of all rules, and what all of them say of the manifests of each case, each manifests once. */
export function allFindings(): string {
  const rules = LINT_RULES.map(
    ({ id, severity, description }) => `${severity} ${id}\n  ${description}\n`,
  );
  const scenes = Map.groupBy([...CASES, ...SCENES], ({ manifests, options }) =>
    JSON.stringify([manifests, options]),
  );
  const told = [...scenes.values()].map(([first]) =>
    first === undefined ? '' : [`\n== ${first.title}\n`, ...findingsOf(first).map(lineOf)].join(''),
  );
  return [...rules, ...told].join('');
}
