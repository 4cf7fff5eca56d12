/** A parsed record and the parts of it that several columns need, looked up once. */

import { isObject, type JsonObject } from '../../shared/json-text.ts';

export { isObject, type JsonObject };

/** A userIdentity that several records may share. Never changed. */
export interface KnownIdentity {
  readonly value: JsonObject;
}

export interface RecordView {
  record: JsonObject;
  identity: JsonObject | null;
  /** userIdentity.sessionContext, and its sessionIssuer and attributes */
  session: JsonObject | null;
  issuer: JsonObject | null;
  attributes: JsonObject | null;
}

export function viewRecord(record: JsonObject, view: RecordView): RecordView {
  const identity = record.userIdentity;
  view.record = record;
  if (isObject(identity)) {
    view.identity = identity;
    const session = identity.sessionContext;
    if (isObject(session)) {
      view.session = session;
      view.issuer = isObject(session.sessionIssuer) ? session.sessionIssuer : null;
      view.attributes = isObject(session.attributes) ? session.attributes : null;
      return view;
    }
  } else view.identity = null;
  view.session = null;
  view.issuer = null;
  view.attributes = null;
  return view;
}

/** A string that says something, else null. */
export const words = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
