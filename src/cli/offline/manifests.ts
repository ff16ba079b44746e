import { type Command, Option } from 'commander';
import {
  CNIS,
  CniTreatment,
  cniNamed,
  isForeignPolicy,
  type KubernetesObject,
  type ManifestReading,
  type Modes,
  manifestsOf,
  type Problem,
  readObjects,
  refusedPolicies,
  Severity,
} from '../../netpol/index.js';
import { type CliIo, Failure, write } from '../shell.js';
import { type ControllerPod, controllerOf } from './ingress-controller.js';
import { notRenderedAmong, withoutToolFiles } from './not-rendered.js';
import { readSources } from './sources.js';

export type ReadingOptions = {
  readonly fail?: boolean;
  readonly strict?: boolean;
  readonly complete?: boolean;
};

export type ModeOptions = {
  readonly hostNetwork: Modes['hostNetwork'];
  /** Left out: as the plugin does it, else `never`. */
  readonly ipBlockPods?: Modes['ipBlockPods'];
  readonly cni?: string;
  readonly ingressController?: ControllerPod;
};

export const addModes = (command: Command): Command =>
  command
    .addOption(
      new Option('--host-network <mode>', 'how policies see pods on the host network')
        .choices(['nodes', 'pods'])
        .default('nodes'),
    )
    .addOption(
      new Option(
        '--ip-block-pods <mode>',
        'whether an ipBlock matches pods (default: never, or as --cni does)',
      ).choices(['never', 'by-address']),
    )
    .addOption(
      new Option(
        '--cni <name>',
        'the cluster’s network plugin: answers as it does, and says what it treats in its own way',
      ).argParser(knownCni),
    )
    .addOption(
      new Option(
        '--ingress-controller <ns[/labels]>',
        'where the ingress controller runs: `ingress-nginx/app=nginx,tier=edge`',
      ).argParser(controllerOf),
    );

const knownCni = (name: string): string => {
  const cni = cniNamed(name);
  if (cni !== null) return cni.name;
  throw new Failure(
    `nothing is known of the network plugin \`${name}\``,
    `those that are known are ${CNIS.map(each => each.name).join(', ')}`,
  );
};

/** What the plugin treats in its own way, for standard error. */
export const cniNotes = ({ cni }: ModeOptions): string => {
  const found = cni === undefined ? null : cniNamed(cni);
  return (found?.differences ?? [])
    .map(({ feature, treatment, effect, source }) => {
      const known = treatment === CniTreatment.UNKNOWN ? 'not known what it does; ' : '';
      return `note: with ${found?.name}, of ${feature}: ${known}${effect} (${source})\n`;
    })
    .join('');
};

export const modesOf = ({
  hostNetwork,
  ipBlockPods,
  cni,
  ingressController,
}: ModeOptions): Modes => ({
  hostNetwork,
  ipBlockPods: ipBlockPods ?? cniNamed(cni ?? '')?.ipBlockPods ?? 'never',
  ingressController: ingressController ?? null,
});

export const addStrictness = (command: Command): Command =>
  command
    .option('--fail', 'stop where a document cannot be used, and print nothing')
    .option('--strict', 'exit 2 after any warning about the input')
    .option('--complete', 'the input is the whole cluster: what is not in it is not there');

export type Manifests = ManifestReading & {
  /** Policies of other APIs, which are not read and may change what is said. */
  readonly foreign: readonly KubernetesObject[];
  /** The input, or what was made of it, is not to be trusted: the exit code is 2, whatever was printed. */
  readonly bad: boolean;
};

/** A document that could not be used is bad input; with `--strict` each warning is. */
export const isBad = (problems: readonly Problem[], { strict }: ReadingOptions): boolean =>
  problems.some(
    ({ severity }) =>
      severity === Severity.ERROR || (strict === true && severity === Severity.WARNING),
  );

/**
 * Reads the manifests under the paths and tells standard error what could not be used. Nothing
 * readable at all is a failure.
 */
export const readManifestsAt = async (
  paths: readonly string[],
  options: ReadingOptions & Partial<ModeOptions>,
  io: CliIo,
): Promise<Manifests> => {
  const sources = await readSources(paths, io.stdin);
  const { objects, problems } = readObjects(sources);
  const reading = manifestsOf(objects);
  const notRendered = notRenderedAmong(sources);
  const all = [...notRendered, ...withoutToolFiles(problems, notRendered), ...reading.problems];
  const leftOut = refusedPolicies(reading.facts, reading.refused);
  await write(io.stderr, [...all, ...leftOut, ...reading.notes].map(problemText).join(''));
  if (objects.length === 0) {
    throw new Failure(
      `no Kubernetes object can be read in ${paths.map(path => `\`${path}\``).join(', ')}`,
      'files end in .yaml, .yml or .json, and objects have apiVersion and kind',
    );
  }
  if (reading.facts.pods.length === 0 && reading.policies.length === 0 && !isBad(all, {})) {
    throw new Failure(
      `neither a workload nor a policy is in ${paths.map(path => `\`${path}\``).join(', ')}`,
      'name the folder of the whole cluster, or what `kubectl get … -o yaml` prints',
    );
  }
  if (isBad(all, {}) && options.fail === true) {
    throw new Failure(
      'documents cannot be used, and --fail was given',
      'mend them, or leave out --fail',
    );
  }
  const facts = options.complete === true ? reading.facts : { ...reading.facts, partial: true };
  const foreign = objects.filter(isForeignPolicy);
  return { ...reading, facts, foreign, problems: all, bad: isBad(all, options) };
};

/** One line: `pods.yaml:3:5: error: message (hint)`. */
export const problemText = ({ place, severity, message, path, hint }: Problem): string => {
  const where = place === null ? '' : `${place.file ?? '-'}:${place.line}:${place.column}: `;
  const inside = path === null || path === '' ? '' : ` at ${path}`;
  const cure = hint === null ? '' : ` (${hint})`;
  const word = severity === Severity.INFO ? 'note' : severity.toLowerCase();
  return `${where}${word}: ${message}${inside}${cure}\n`;
};
