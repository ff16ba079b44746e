import { readdirSync, readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import type { Answer, End, KubeObject, Modes, Question } from './objects.js';

export type Asked = {
  /** As written. */
  readonly text: string;
  readonly question: Question;
  readonly expected: Answer;
};

export type Case = {
  readonly file: string;
  /** A sentence. */
  readonly name: string;
  readonly modes: Modes;
  readonly objects: readonly KubeObject[];
  /** How many documents row 22 refuses, where the case is about that. */
  readonly refused: number | null;
  readonly asked: readonly Asked[];
};

type Written = {
  readonly name: string;
  readonly modes?: Partial<Modes>;
  readonly objects?: readonly KubeObject[];
  /** `KIND NAMESPACE/NAME` → spec. */
  readonly policies?: { readonly [title: string]: unknown };
  readonly refused?: number;
  /** `SOURCE -> DESTINATION PROTOCOL PORT` → `VERDICT basis`. */
  readonly questions: { readonly [question: string]: string };
};

const FOLDER = new URL('../cases/', import.meta.url);

const VERSIONS: { readonly [kind: string]: string } = {
  NetworkPolicy: 'networking.k8s.io/v1',
  AdminNetworkPolicy: 'policy.networking.k8s.io/v1alpha1',
  BaselineAdminNetworkPolicy: 'policy.networking.k8s.io/v1alpha1',
  ClusterNetworkPolicy: 'policy.networking.k8s.io/v1alpha2',
};

const toPolicy = (title: string, spec: unknown): KubeObject => {
  const [kind = '', path = ''] = title.split(' ');
  const [name, namespace] = path.split('/').reverse();
  const metadata = namespace ? { name, namespace } : { name };
  return { apiVersion: VERSIONS[kind], kind, metadata, spec } as KubeObject;
};

/** `ns/pod`, `node:name`, `domain:name`, `service:ns/name`, or an address. */
const toEnd = (text: string): End => {
  const [, prefix, rest = ''] = /^(node|domain|service):(.*)$/.exec(text) ?? [];
  if (prefix === 'node' || prefix === 'domain') return { kind: prefix, name: rest };
  const [namespace = '', name] = (prefix ? rest : text).split('/');
  if (name === undefined) return { kind: 'address', address: text };
  return { kind: prefix === 'service' ? 'service' : 'pod', namespace, name };
};

const toAsked = (text: string, answer: string): Asked => {
  const parts = /^(\S+) -> (\S+) ([A-Z]+)(?: (\d+))?$/.exec(text);
  const [, source, destination, protocol, port] = parts ?? [];
  const [verdict, basis] = answer.split(' ');
  if (!source || !destination || !protocol || !verdict || !basis) {
    throw new Error(`\`${text}: ${answer}\` is no question with its answer`);
  }
  return {
    text,
    question: {
      source: toEnd(source),
      destination: toEnd(destination),
      protocol,
      port: port ? Number(port) : null,
    },
    expected: { verdict: verdict as Answer['verdict'], basis },
  };
};

const cluster = (): KubeObject[] =>
  parseAllDocuments(readFileSync(new URL('cluster.yaml', FOLDER), 'utf8')).map(
    document => document.toJS() as KubeObject,
  );

const toCase = (file: string, written: Written): Case => ({
  file,
  name: written.name,
  modes: { hostNetwork: 'nodes', ipBlockPods: 'never', ...written.modes },
  objects: [
    ...cluster(),
    ...(written.objects ?? []),
    ...Object.entries(written.policies ?? {}).map(([title, spec]) => toPolicy(title, spec)),
  ],
  refused: written.refused ?? null,
  asked: Object.entries(written.questions).map(([text, answer]) => toAsked(text, answer)),
});

/** All cases of the folder, in the order of files and as written. */
export const readCases = (): Case[] =>
  readdirSync(FOLDER)
    .filter(file => file.endsWith('.yaml') && file !== 'cluster.yaml')
    .sort()
    .flatMap(file => {
      const { cases } = parse(readFileSync(new URL(file, FOLDER), 'utf8')) as { cases: Written[] };
      return cases.map(each => toCase(file, each));
    });
