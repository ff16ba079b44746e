import ipaddr from 'ipaddr.js';
import type { Problem } from '../netpol/index.js';
import { emptyLists, errorAt, warningAt } from '../query/problem.js';
import { AlertRule, OF_NO_FLOW } from './alert.js';
import { AlertEnforcement, type AlertRuleDraft } from './alert-rule.js';

/** An address or block as Postgres and `bad` of a flow's end write it; null: it is none. */
export function addressText(text: string): string | null {
  try {
    if (!text.includes('/')) return ipaddr.parse(text).toString();
    const [address, length] = ipaddr.parseCIDR(text);
    const network =
      address.kind() === 'ipv4'
        ? ipaddr.IPv4.networkAddressFromCIDR(text)
        : ipaddr.IPv6.networkAddressFromCIDR(text);
    return `${network.toString()}/${length}`;
  } catch {
    return null;
  }
}

const MOST_ADDRESSES = 10_000;

/** What is given for one criterion, and without effect for all others. */
const FOR_ONE = [
  ['addresses', AlertRule.KNOWN_BAD],
  ['threshold', AlertRule.LATERAL_SCAN],
  ['megabytes', AlertRule.EXFILTRATION],
  ['silentMinutes', AlertRule.INGESTION_GAP],
  ['stableSeverity', AlertRule.OFF_BASELINE],
] as const;

const isGiven = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined;

const idleFaults = ({ criterion, parameters }: AlertRuleDraft): readonly Problem[] =>
  FOR_ONE.filter(([name, one]) => criterion !== one && isGiven(parameters[name])).map(
    ([name, one]) =>
      errorAt(
        'NO_EFFECT',
        name,
        `\`${name}\` is for ${one}`,
        `leave it out, or say \`criterion: ${one}\``,
      ),
  );

const gapFaults = ({ parameters: { silentMinutes } }: AlertRuleDraft): readonly Problem[] =>
  silentMinutes === undefined || (silentMinutes >= 5 && silentMinutes <= 43_200)
    ? []
    : [
        errorAt(
          'BAD_THRESHOLD',
          'silentMinutes',
          '`silentMinutes` is not between 5 and 43200',
          'say for how many minutes a source may be silent',
        ),
      ];

/** Where no pod has done anything there is none to end or to cut off. */
const actionFaults = ({ criterion, enforcement }: AlertRuleDraft): readonly Problem[] =>
  OF_NO_FLOW.has(criterion) && enforcement !== AlertEnforcement.INFORM
    ? [
        errorAt(
          'NO_EFFECT',
          'enforcement',
          `${criterion} is about no pod: \`${enforcement}\` has no effect`,
          'leave it out',
        ),
      ]
    : [];

function addressFaults({
  addresses = [],
  indicators = [],
}: AlertRuleDraft['parameters']): readonly Problem[] {
  const wrong = addresses.filter(text => addressText(text) === null).slice(0, 5);
  const faults = wrong.map(text =>
    errorAt(
      'BAD_ADDRESS',
      'addresses',
      `\`${text}\` is no address or block`,
      'write it such as `203.0.113.0/24`',
    ),
  );
  if (addresses.length + indicators.length <= MOST_ADDRESSES) return faults;
  const many = `more than ${MOST_ADDRESSES} addresses`;
  return [...faults, errorAt('TOO_MANY', 'addresses', many, 'give blocks')];
}

/** All that is given of an exclusion must hold: where nothing is, no flow is left. */
const everythingExcluded = (
  exclusion: AlertRuleDraft['exclusions'][number],
  place: number,
): readonly Problem[] =>
  // An empty selector selects everything.
  Object.values(exclusion).some(value => value !== null && JSON.stringify(value) !== '{}')
    ? []
    : [
        errorAt(
          'NOTHING_NAMED',
          `exclusions[${place}]`,
          'the exclusion names nothing, and would leave out every flow',
          'name a namespace, a deployment, a peer, a port or labels; set `enabled: false` to switch the rule off',
        ),
      ];

/** What a rule can be, and raises nothing. */
export const warningsOf = ({ criterion, parameters }: AlertRuleDraft): readonly Problem[] =>
  criterion === AlertRule.KNOWN_BAD &&
  (parameters.addresses ?? []).length + (parameters.indicators ?? []).length === 0
    ? [
        warningAt(
          'NOTHING_NAMED',
          'addresses',
          'the rule knows no bad address, and raises nothing',
          'give addresses and blocks with `updateAlertRule`, or a list with `importKnownBad`',
        ),
      ]
    : [];

/** Why a rule cannot be as it is given. */
export function faultsOf(draft: AlertRuleDraft): readonly Problem[] {
  const { threshold, megabytes } = draft.parameters;
  const { clusters, namespaces } = draft.scope;
  const faults = [
    ...emptyLists({
      'scope.clusters': clusters,
      'scope.namespaces': namespaces,
      categories: draft.categories,
    }),
    ...draft.exclusions.flatMap(everythingExcluded),
  ];
  if (draft.name.trim() === '')
    faults.push(
      errorAt('BAD_NAME', 'name', 'a rule needs a name', 'say in a few words what it is about'),
    );
  faults.push(...addressFaults(draft.parameters));
  if (threshold !== undefined && (threshold < 2 || threshold > 100_000))
    faults.push(
      errorAt(
        'BAD_THRESHOLD',
        'threshold',
        '`threshold` is not between 2 and 100000',
        'say how many peers and ports within an hour are too many',
      ),
    );
  if (megabytes !== undefined && megabytes < 1)
    faults.push(
      errorAt(
        'BAD_THRESHOLD',
        'megabytes',
        '`megabytes` is less than 1',
        'say how much within an hour may be unusual',
      ),
    );
  return [...faults, ...gapFaults(draft), ...idleFaults(draft), ...actionFaults(draft)];
}
