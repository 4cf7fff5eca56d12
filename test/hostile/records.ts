/** An honest record for files that are not: each with an eventID of its own. */
let ids = 0;
export const record = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  eventVersion: '1.08',
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/dana', accountId: '111122223333', userName: 'dana' },
  eventTime: '2026-03-02T09:00:00Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'ListBuckets',
  awsRegion: 'us-east-1',
  eventID: `00000000-0000-4000-8000-${String(ids++).padStart(12, '0')}`,
  ...more,
});
