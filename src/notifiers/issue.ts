import { type Answer, callHttp, isOk, refusedBy } from './http-call.js';
import type { Issue } from './message.js';
import { failed, type Outcome } from './outcome.js';
import type { Reach } from './reach.js';

/** Jira's REST API, version 3. A body: a POST. */
type Ask = (path: string, body: object | null) => Promise<Answer>;

const askOf =
  ({ url, authorization }: Issue, reach: Reach): Ask =>
  (path, body) =>
    callHttp(
      {
        url: `${url}/rest/api/3/${path}`,
        headers: { authorization, 'content-type': 'application/json', accept: 'application/json' },
        body: body === null ? null : JSON.stringify(body),
      },
      reach,
      true,
    );

/** An answer that is no success. */
class Refusal extends Error {
  constructor(readonly answer: Answer) {
    super(`HTTP ${answer.status}`);
  }
}

function jsonOf(answer: Answer): unknown {
  if (!isOk(answer)) throw new Refusal(answer);
  try {
    return answer.text === '' ? {} : JSON.parse(answer.text);
  } catch {
    throw new Refusal({ ...answer, status: 502 });
  }
}

const documentOf = (text: string): object => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

type Found = {
  readonly key?: string;
  readonly fields?: { readonly status?: { readonly statusCategory?: { readonly key?: string } } };
};

const NOT_FOUND = 404;

/**
 * Key of the open issue of the alert; null: there is none. What was made before is asked for by its key, since a search does not
 * see at once what was written; else by its label.
 */
async function openIssue(ask: Ask, { ref, project, label }: Issue): Promise<string | null> {
  if (ref !== null) {
    const answer = await ask(`issue/${encodeURIComponent(ref)}?fields=status`, null);
    if (answer.status !== NOT_FOUND) {
      const { fields } = jsonOf(answer) as Found;
      return fields?.status?.statusCategory?.key === 'done' ? null : ref;
    }
  }
  const jql = `project = "${project.replaceAll(/["\\]/g, '')}" AND labels = "${label}" AND statusCategory != Done ORDER BY created DESC`;
  const search = { jql, fields: ['status'], maxResults: 1 };
  const { issues } = jsonOf(await ask('search/jql', search)) as { issues?: readonly Found[] };
  return issues?.[0]?.key ?? null;
}

async function tell(ask: Ask, issue: Issue): Promise<Outcome> {
  const { project, issueType, summary, text, label, creates } = issue;
  const key = await openIssue(ask, issue);
  if (key !== null) {
    const said = documentOf(`${summary}: ${text}`);
    jsonOf(await ask(`issue/${encodeURIComponent(key)}/comment`, { body: said }));
    return { sent: true, status: `a comment on ${key}`, ref: key };
  }
  if (!creates) return { sent: true, status: 'no open issue to comment on' };
  const fields = {
    project: { key: project },
    issuetype: { name: issueType },
    summary,
    description: documentOf(text),
    labels: ['weirgate', label],
  };
  const made = jsonOf(await ask('issue', { fields })) as Found;
  return {
    sent: true,
    status: `made ${made.key}`,
    ...(made.key !== undefined && { ref: made.key }),
  };
}

/** Makes an issue of an alert, or comments on the one that is open. */
export async function sendIssue(issue: Issue, reach: Reach, now: Date): Promise<Outcome> {
  try {
    return await tell(askOf(issue, reach), issue);
  } catch (error) {
    return error instanceof Refusal ? refusedBy(error.answer, now) : failed(error);
  }
}
