import type pg from 'pg';

/** What pg's client asks of a query that it is given, for a COPY from the client. */
type Connection = {
  query(sql: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
};

/** `COPY … FROM STDIN` of one text. */
export const copyIn = (client: pg.Client, sql: string, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const ignore = (): void => {};
    client.query({
      submit: (connection: Connection) => connection.query(sql),
      handleCopyInResponse: (connection: Connection) => {
        connection.sendCopyFromChunk(Buffer.from(text));
        connection.endCopyFrom();
      },
      handleCommandComplete: ignore,
      handleReadyForQuery: () => resolve(),
      handleError: reject,
    } as unknown as pg.Submittable);
  });
