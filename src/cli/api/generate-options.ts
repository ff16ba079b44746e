import { type Command, Option } from 'commander';
import type { GenerateOptionsInput } from '../../generated/cli.js';
import { readTextAt } from '../offline/sources.js';
import { yamlIn } from '../yaml-file.js';

export const collected = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  text,
];

const CHOICES = {
  directions: ['observed', 'both', 'ingress', 'egress'],
  ingressSources: ['controller', 'anywhere', 'blocks', 'observed'],
  dnsPeers: ['pods', 'namespace', 'all-namespaces'],
  external: ['address', 'name', 'block', 'provider'],
  deleteExisting: ['none', 'generated-only', 'all'],
} as const;

type Choice<Key extends keyof typeof CHOICES> = (typeof CHOICES)[Key][number];

/** How policies are generated, as the command takes it. */
export type HowOptions = {
  readonly allowMetadata?: boolean;
  readonly directions?: Choice<'directions'>;
  readonly ingressSources?: Choice<'ingressSources'>;
  readonly ingressBlock: readonly string[];
  readonly dnsPeers?: Choice<'dnsPeers'>;
  readonly dnsBlock: readonly string[];
  readonly nodeBlock: readonly string[];
  readonly external?: Choice<'external'>;
  readonly minimise?: boolean;
  readonly profile?: string;
  readonly comments: boolean;
  readonly deleteExisting?: Choice<'deleteExisting'>;
  readonly replaceHandWritten?: boolean;
  readonly protect: readonly string[];
  readonly label?: string;
};

const choice = (flags: string, says: string, choices: readonly string[]): Option =>
  new Option(flags, says).choices(choices);

const addPeers = (command: Command): Command =>
  command
    .addOption(
      choice(
        '--directions <which>',
        'isolate those in which traffic was seen (default), or these',
        CHOICES.directions,
      ),
    )
    .addOption(
      choice(
        '--ingress-sources <who>',
        'whom LoadBalancers, NodePorts, Ingresses and Routes let in (default: the controller for routes, else anywhere)',
        CHOICES.ingressSources,
      ),
    )
    .option('--ingress-block <cidr>', 'with --ingress-sources blocks (repeatable)', collected, [])
    .addOption(
      choice(
        '--dns-peers <which>',
        'where the rule for DNS leads (default: pods)',
        CHOICES.dnsPeers,
      ),
    )
    .option('--dns-block <cidr>', 'a further resolver, on port 53 (repeatable)', collected, [])
    .option(
      '--node-block <cidr>',
      'where nodes are, instead of the known addresses of each (repeatable)',
      collected,
      [],
    )
    .addOption(
      choice(
        '--external <how>',
        'how addresses outside are put together (default: address)',
        CHOICES.external,
      ),
    );

export const addHow = (command: Command): Command =>
  addPeers(command)
    .option(
      '--profile <name|file>',
      'policies for zones of namespaces: `gpu`, a stored profile (`weirgate profile list`), or a YAML or JSON file',
    )
    .option(
      '--minimise',
      'merge rules, ports and blocks where the engine proves that nothing else is allowed',
    )
    .option('--no-comments', 'no comments on peers, evidence and confidence in the YAML')
    .addOption(
      choice(
        '--delete-existing <which>',
        'policies in force that the set stands instead of (default: none)',
        CHOICES.deleteExisting,
      ),
    )
    .option(
      '--replace-hand-written',
      'also for deployments for which somebody wrote a policy that is in force',
    )
    .option(
      '--protect <namespace>',
      'no policies for it unless --namespace names it (repeatable; default: kube-system, kube-public, kube-node-lease)',
      collected,
      [],
    )
    .option('--label <key=value>', 'label of every policy')
    .option('--allow-metadata', 'also allow observed calls to the cloud metadata service');

/** `all-namespaces` is `ALL_NAMESPACES`. */
const named = <Name extends string>(text: string | undefined): Name | null =>
  text === undefined ? null : (text.toUpperCase().replaceAll('-', '_') as Name);

const listed = (texts: readonly string[]): readonly string[] | null =>
  texts.length === 0 ? null : texts;

function labelOf({ label }: HowOptions) {
  const [key, ...rest] = label?.split('=') ?? [];
  return label === undefined
    ? { labelKey: null, labelValue: null }
    : { labelKey: key ?? null, labelValue: rest.join('=') };
}

/** A name without a dot or slash is that of a profile which the server knows. */
async function profileOf(text: string | undefined, stdin: NodeJS.ReadableStream): Promise<unknown> {
  if (text === undefined) return null;
  if (/^[\w-]+$/.test(text)) return text;
  return yamlIn(text, await readTextAt(text, stdin));
}

/** @throws Failure where the file of the profile cannot be read */
export const howOf = async (
  options: HowOptions,
  stdin: NodeJS.ReadableStream,
): Promise<GenerateOptionsInput> => ({
  ...labelOf(options),
  allowMetadata: options.allowMetadata ?? false,
  directions: named(options.directions),
  ingressSources: named(options.ingressSources),
  ingressBlocks: listed(options.ingressBlock),
  dnsPeers: named(options.dnsPeers),
  dnsBlocks: listed(options.dnsBlock),
  nodeBlocks: listed(options.nodeBlock),
  external: named(options.external),
  minimise: options.minimise ?? false,
  profile: await profileOf(options.profile, stdin),
  comments: options.comments,
  deleteExisting: named(options.deleteExisting),
  replaceHandWritten: options.replaceHandWritten ?? false,
  protectedNamespaces: listed(options.protect),
});
