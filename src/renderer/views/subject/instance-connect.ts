/**
 * EC2 Instance Connect: which instance, OS user and public key were sent. The request holds them (EC2 Instance Connect API
 * reference, SendSSHPublicKey and SendSerialConsoleSSHPublicKey); records write the key's first letters in several ways.
 */
import type { Filter } from '../../../shared/plan.ts';

/** Names are verbatim in the evidence, a trailing blank included, so they are looked for inside the value. */
export const INSTANCE_CONNECT: Filter = {
  op: 'or',
  filters: [
    { op: 'contains', column: 'eventName', text: 'SendSSHPublicKey' },
    { op: 'contains', column: 'eventName', text: 'SendSerialConsoleSSHPublicKey' },
  ],
};

export interface SentKey {
  instanceId: string | null;
  osUser: string | null;
  publicKey: string | null;
  /** True when the record holds no request parameters that can be read. */
  withoutRequest: boolean;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function find(parameters: Record<string, unknown>, name: string): string | null {
  const key = Object.keys(parameters).find((k) => k.toLowerCase() === name);
  const value = key === undefined ? null : parameters[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

/** What the record's text says; all null when it says nothing. Never throws. */
export function sentKey(text: string): SentKey {
  const none: SentKey = { instanceId: null, osUser: null, publicKey: null, withoutRequest: true };
  try {
    const record: unknown = JSON.parse(text);
    if (!isObject(record)) return none;
    // Some exports write the parameters as a string.
    const raw = record.requestParameters;
    const parameters: unknown = typeof raw === 'string' ? JSON.parse(raw) : raw;
    if (!isObject(parameters)) return none;
    return {
      instanceId: find(parameters, 'instanceid'),
      osUser: find(parameters, 'instanceosuser'),
      publicKey: find(parameters, 'sshpublickey'),
      withoutRequest: false,
    };
  } catch {
    return none;
  }
}
