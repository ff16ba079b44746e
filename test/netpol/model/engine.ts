import { stringify } from 'yaml';
import {
  type Compiled,
  compile,
  decide,
  type Endpoint,
  type Facts,
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

/** What the engine says to a question of the model's. */
export const askEngine = ({ reading, compiled }: Engine, question: Question): Answer => {
  const { source, destination, port, protocol } = question;
  const { verdict, basis } = decide(compiled, {
    source: toEndpoint(reading.facts, source),
    destination: toEndpoint(reading.facts, destination),
    port,
    protocol,
  });
  return { verdict, basis };
};
