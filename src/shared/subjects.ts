/** What the subject of a page is to its events, so that sentences about a bucket or an address do not speak of it as of somebody who acts. */
import type { ValueColumnId } from './columns.ts';

/** actor: acted itself. thing: was acted on. place: called from. tool: called with. other: anything else that events have in common. */
export type SubjectRole = 'actor' | 'thing' | 'place' | 'tool' | 'other';

const ROLES: Partial<Record<ValueColumnId, SubjectRole>> = {
  principal: 'actor',
  userName: 'actor',
  identity: 'actor',
  accessKeyId: 'actor',
  principalId: 'actor',
  sessionIssuer: 'actor',
  sourceIdentity: 'actor',
  onBehalfOf: 'actor',
  origin: 'actor',
  switchedFrom: 'actor',
  issuedFor: 'actor',
  resource: 'thing',
  issuedKey: 'thing',
  issuedTo: 'thing',
  sourceIPAddress: 'place',
  addressKind: 'place',
  vpcEndpointId: 'place',
  userAgent: 'tool',
  agentTool: 'tool',
  agentMark: 'tool',
};

export const roleOf = (column: ValueColumnId): SubjectRole => ROLES[column] ?? 'other';
