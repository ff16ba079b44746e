/**
 * Measures: how much alerts say, and how much of it is noise: of the alerts of each rule the share that an injected incident
 * explains (precision), and of the incidents the share that it tells (recall); and how many alerts a week without any raises. All rules
 * are on.
 * Data: a cluster of three shops, batch work, training, certificates and an entrance, of our own invention: public clients,
 * names with new addresses every hour, lost packets, probes, releases each second day, more and fewer pods by the hour, a node that is added
 * and one that is replaced, jobs at night and on Sundays, a canary, a release that takes over under another name, certificates
 * that are renewed, a set of policies that is applied, training on random ports. Baselines learn for a week; those of the shops are locked. On the last day of the second week, the incidents.
 * Reference: the injected incidents. Goal: 1.0 and 1.0, and no alert on the week without incidents.
 */
import { type Figure, report } from './measure/report.js';
import { INCIDENTS } from './noise/incidents.js';
import { type Ask, figuresOf, setRules, weekOf } from './noise/watch.js';
import { withServer } from './servers/weirgate.js';

const figures: Figure[] = [];
await withServer(async ({ url }) => {
  const ask: Ask = async (query, variables) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  };
  await setRules(ask);
  const quiet = await weekOf(ask, 'quiet', 1, []);
  for (const { about, rules, message } of quiet)
    console.log(`alert-noise: quiet week: ${about} ${rules.join(' ')}: ${message}`);
  figures.push({
    what: 'a week without incidents',
    value: `${quiet.length} alerts`,
    goal: 'none',
    reached: quiet.length === 0,
  });
  const alerts = await weekOf(ask, 'loud', 2, INCIDENTS);
  for (const { about, rules, message } of alerts)
    console.log(`alert-noise: ${about} ${rules.join(' ')}: ${message}`);
  figures.push({
    what: `a week with ${INCIDENTS.length} incidents`,
    value: `${alerts.length} alerts`,
    goal: `at most ${INCIDENTS.length}`,
    reached: alerts.length <= INCIDENTS.length,
  });
  for (const { rule, raised, precision, incidents, recall } of figuresOf(alerts))
    figures.push({
      what: rule,
      value: `precision ${precision.toFixed(2)} of ${raised}, recall ${recall.toFixed(2)} of ${incidents}`,
      goal: '1.00, 1.00',
      reached: precision === 1 && recall === 1,
    });
});
report('alert-noise', figures);
