/** What somebody wrote about an alert. `createdAt` is ISO text. */
export type AlertComment = {
  readonly clusterId: number;
  readonly id: string;
  readonly alertId: string;
  readonly createdAt: string;
  readonly author: string;
  readonly text: string;
};
