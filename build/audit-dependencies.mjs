import { spawnSync } from 'node:child_process';

/**
 * Known vulnerabilities of what the product depends on. A registry that does not answer the question is no fault of the
 * change that is being checked, and is said.
 */
const options = [
  '--omit=dev',
  '--audit-level=high',
  '--json',
  '--fetch-retries=0',
  '--fetch-timeout=8000',
];
const { stdout, error } = spawnSync('npm', ['audit', ...options], {
  encoding: 'utf8',
  timeout: 20_000,
});

function reportOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const { vulnerabilities, metadata, message } = reportOf(stdout ?? '');
if (error !== undefined || vulnerabilities === undefined) {
  const why = message ?? error?.code ?? 'it answered nothing that can be read';
  process.stderr.write(`dependencies were NOT audited: the registry does not answer (${why})\n`);
} else {
  const found = Object.values(vulnerabilities).filter(({ severity }) =>
    ['high', 'critical'].includes(severity),
  );
  for (const { name, severity, range } of found)
    process.stderr.write(`${severity}: ${name} ${range}\n`);
  const { total = 0 } = metadata?.vulnerabilities ?? {};
  process.stdout.write(`dependencies were audited: ${found.length} high or critical of ${total}\n`);
  if (found.length > 0) process.exitCode = 1;
}
