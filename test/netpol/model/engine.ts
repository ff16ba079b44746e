import { stringify } from 'yaml';
import {
  type Compiled,
  type Connection,
  compile,
  decide,
  type Endpoint,
  type Facts,
  judge,
  type ManifestReading,
  readManifests,
} from '../../../src/netpol/index.js';
import type { Form } from './arbitrary-world.js';
import type { Answer, End, KubeObject, Modes, Question } from './objects.js';

export type Sources = { file: string | null; text: string }[];

/** The same objects as text, in one of the forms that clusters and people write. */
export const written = (objects: readonly KubeObject[], form: Form): Sources => {
  switch (form) {
    case 'json list':
      return [
        {
          file: 'all.json',
          text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
        },
      ];
    case 'yaml documents':
      return [{ file: 'all.yaml', text: objects.map(object => stringify(object)).join('---\n') }];
    case 'a file each':
      return objects.map((object, index) => ({
        file: `${String(index).padStart(3, '0')}.json`,
        text: JSON.stringify(object, null, 1),
      }));
  }
};

/** The engine made ready on what it read itself from text. */
export type Engine = {
  readonly reading: ManifestReading;
  readonly compiled: Compiled;
};

export const engineOf = (
  objects: readonly KubeObject[],
  modes: Modes,
  form: Form = 'json list',
): Engine => {
  const reading = readManifests(written(objects, form));
  return { reading, compiled: compile(reading.facts, reading.policies, modes) };
};

const keyOf = (facts: Facts, namespace: string, name: string): string => {
  const pod = facts.pods.find(
    each => each.namespace === namespace && (each.name === name || each.workload.name === name),
  );
  if (!pod) throw new Error(`the engine read no pod ${namespace}/${name}`);
  return pod.key;
};

export const toEndpoint = (facts: Facts, end: End): Endpoint =>
  end.kind === 'pod' ? { kind: 'pod', key: keyOf(facts, end.namespace, end.name) } : end;

const toConnection = ({ facts }: ManifestReading, question: Question): Connection => ({
  ...question,
  source: toEndpoint(facts, question.source),
  destination: toEndpoint(facts, question.destination),
});

/** What the engine says to a question of the model's, with its reasons. */
export const askEngine = ({ reading, compiled }: Engine, question: Question): Answer => {
  const { verdict, basis, missing } = decide(compiled, toConnection(reading, question));
  if ((missing !== null) !== (verdict === 'UNDECIDABLE')) {
    throw new Error(`${verdict} names the missing fact ${missing}`);
  }
  return { verdict, basis };
};

/** The same from the rows of many pairs, as flows are judged. */
export const askJudge = ({ reading, compiled }: Engine, question: Question): Answer => {
  const { verdict, basis } = judge(compiled, toConnection(reading, question));
  return { verdict, basis };
};
