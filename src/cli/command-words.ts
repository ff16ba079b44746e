/** Fields of the API that hints and refusals name, and the commands that answer the same. */
const COMMANDS: Readonly<Record<string, string>> = {
  tokens: 'token list',
  clusters: 'cluster list',
  jobs: 'job list',
  alerts: 'alert list --state all --linked',
  alertRules: 'alert-rule list',
  notifiers: 'notifier list',
  policies: 'policy list',
  policySets: 'policy-set list',
  policyProfiles: 'profile list',
  baselineSettings: 'baseline settings',
  baselineDecay: 'baseline decay',
  baselineDiff: 'baseline diff',
  simulations: 'simulation list',
  diagnose: 'cluster diagnose',
  completeness: 'network-flow completeness',
  externalBlocks: 'external-entity list',
  setClusterRanges: 'cluster ranges',
  importInventory: 'cluster import',
  auditLog: 'audit list',
  deleteAlertRule: 'alert-rule delete',
  updateAlertRule: 'alert-rule apply',
  importKnownBad: 'alert-rule addresses',
  resolveAlerts: 'alert resolve',
  reopenAlerts: 'alert reopen',
  generateBaselines: 'baseline generate',
  unlockBaselines: 'baseline unlock',
  setBaselineSettings: 'baseline settings',
  baselineExport: 'baseline export',
  deletePolicyProfile: 'profile delete',
  cancelJob: 'job cancel',
  ingestFlows: 'network-flow import',
  acceptAlerts: 'alert accept',
  advanceBaselines: 'baseline advance',
  applyBaselineDecay: 'baseline decay --apply',
  auditVerification: 'audit verify',
  auditExport: 'audit export',
  cancelJobs: 'job cancel',
  commentOnAlert: 'alert comment',
  confirmBaselineEntries: 'baseline confirm',
  createNotifier: 'notifier create',
  createToken: 'token create',
  deleteCluster: 'cluster delete',
  deleteExternalBlocks: 'external-entity delete',
  deleteNotifier: 'notifier delete',
  deletePolicySets: 'policy-set delete',
  deleteSimulations: 'simulation delete',
  forbidBaselineEntries: 'baseline forbid',
  generatePolicies: 'netpol generate',
  importBaselines: 'baseline import',
  importExternalBlocks: 'external-entity import',
  lockBaselines: 'baseline lock',
  putPolicyProfile: 'profile put',
  removeBaselineEntries: 'baseline remove',
  reopenBaselines: 'baseline reopen',
  retryNotification: 'notifier retry',
  revokeToken: 'token revoke',
  setRetention: 'cluster retention --keep',
  setRollUp: 'cluster retention --roll-up',
  simulatePolicies: 'netpol simulate',
  snoozeAlerts: 'alert snooze',
  testAlertRule: 'alert-rule test',
  testNotifier: 'notifier test',
  updateNotifier: 'notifier update',
};

/** Options of mutations that hints name, as flags: `directions: BOTH` is `--directions both`. */
export const FLAGS: ReadonlySet<string> = new Set([
  ...['replaceHandWritten', 'deleteExisting', 'directions', 'allowMetadata', 'minimise'],
  ...['observationHours', 'quietHours', 'minEvents', 'relearnHours', 'decayDays', 'staleDays'],
  ...[
    'ingressSources',
    'learning',
    'maxPerHour',
    'ingressBlocks',
    'dnsPeers',
    'dnsBlocks',
    'nodeBlocks',
    'external',
  ],
]);

const kebab = (name: string): string =>
  name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);

/** Lists of the API are flags that may be repeated. */
export const flagOf = (name: string, value: string | undefined): string =>
  `\`--${kebab(name).replace(/-blocks$/, '-block')}${value === undefined ? '' : ` ${value.toLowerCase().replaceAll('_', '-')}`}\``;

/** A text of the API, with commands and flags for its fields: where it names both, once. */
export const forCommands = (text: string): string =>
  text
    .replace('or null for', 'or `--unset` for')
    .replace(/`(\w+)(?:: (\w+))?`/g, (field, name: string, value?: string) => {
      if (FLAGS.has(name)) return flagOf(name, value);
      return COMMANDS[name] === undefined ? field : `\`weirgate ${COMMANDS[name]}\``;
    })
    .replace(/(`weirgate [^`]+`) or \1/g, '$1');
