import { callHttp, isOk, refusedBy } from './http-call.js';
import { sendIssue } from './issue.js';
import { sendMail } from './mail.js';
import type { Message, Post } from './message.js';
import { failed, type Outcome } from './outcome.js';
import type { Reach } from './reach.js';
import { sendLine } from './syslog.js';

/** The body of the answer is not told: it could be anything that the server can reach. */
async function sendPost(post: Post, reach: Reach, now: Date): Promise<Outcome> {
  try {
    const answer = await callHttp(post, reach, false);
    if (isOk(answer)) return { sent: true, status: `HTTP ${answer.status}` };
    return refusedBy(answer, now);
  } catch (error) {
    return failed(error);
  }
}

/** Sends a message once, to no address inside that is not allowed. */
export function sendMessage(message: Message, reach: Reach, now: Date): Promise<Outcome> {
  switch (message.via) {
    case 'post':
      return sendPost(message, reach, now);
    case 'mail':
      return sendMail(message, reach);
    case 'line':
      return sendLine(message, reach);
    case 'issue':
      return sendIssue(message, reach, now);
  }
}
