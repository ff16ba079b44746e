import { bounded, type Clear, type Post, post, titleOf } from './message.js';
import type { Told } from './notifier.js';

/**
 * Alertmanager takes an alert for resolved when it does not hear of it for so long. It is told each minute; a restart of this
 * server must not look like the end of an alert.
 */
const STANDS_MS = 15 * 60_000;

const alertOf = (whole: Told, now: Date): object => {
  const told = bounded(whole);
  const { kind, cluster, namespace, deployment, rule, severity } = told;
  const started = new Date(told.firstOccurredAt);
  const ended = kind === 'RESOLVED' ? now : new Date(now.getTime() + STANDS_MS);
  return {
    labels: {
      alertname: `Weirgate${rule}`,
      alert_id: told.alertId,
      cluster,
      namespace,
      deployment,
      rule,
      severity: severity.toLowerCase(),
    },
    annotations: {
      summary: titleOf({ ...told, kind: 'OPENED' }),
      description: told.message,
      occurrences: told.occurrences,
    },
    // A start after the end is refused, with all alerts beside it; a source's clock may be ahead.
    startsAt: started <= now ? told.firstOccurredAt : now.toISOString(),
    endsAt: ended.toISOString(),
  };
};

/** Labels are what it knows alerts by: what may change stands in annotations. */
export const alertmanagerMessage = (
  { config, secret }: Clear,
  told: readonly Told[],
  now: Date,
): Post =>
  post(
    `${config.url?.replace(/\/$/, '')}/api/v2/alerts`,
    told.map(one => alertOf(one, now)),
    secret === '' ? {} : { authorization: `Bearer ${secret}` },
  );
