import type { IncomingHttpHeaders } from 'node:http';

/** One operation that somebody asks for, as far as the transport knows it. */
export type Incoming = {
  readonly requestId: string;
  /** Of the request; over WebSocket those of the upgrade. */
  readonly headers: IncomingHttpHeaders;
  /** The `Authorization` header, or over WebSocket `authorization` of the connection's parameters; null when neither is there. */
  readonly authorization: string | null;
  readonly remoteAddress: string | null;
  /** When the answer must be there; `statement_timeout` follows it. */
  readonly deadline: Date;
};
