/**
 * Signatures beside digests. CloudTrail puts a digest's signature into the S3 object's metadata, which a download loses; the JSON of
 * `aws s3api head-object` brings it along: one object, or a map from object key to such objects.
 */
import { MAX_NAME, MAX_SIGNATURE } from './limits.ts';

export interface SidecarSignature {
  /** The object key where the file says it, else null. */
  object: string | null;
  /** Path of the sidecar. */
  path: string;
  /** Hex. */
  signature: string;
  algorithm: string | null;
  /** When a backfill digest was made, in milliseconds; null when it does not say. */
  generated: number | null;
}

const MAX_OBJECTS = 200_000;

/** Every signature that the parsed JSON holds; empty when it is no object metadata. */
export function parseSidecar(value: unknown, path: string): SidecarSignature[] {
  if (!isObject(value)) return [];
  const own = signatureOf(value, null, path);
  if (own) return [own];
  return Object.entries(value)
    .slice(0, MAX_OBJECTS)
    .flatMap(([object, inner]) => {
      const found = isObject(inner) && object.length <= MAX_NAME ? signatureOf(inner, object, path) : null;
      return found ? [found] : [];
    });
}

function signatureOf(value: Record<string, unknown>, object: string | null, path: string): SidecarSignature | null {
  const metadata = value.Metadata ?? value.metadata;
  const fields = new Map<string, string>();
  for (const [name, field] of Object.entries(isObject(metadata) ? metadata : value)) {
    if (typeof field === 'string') fields.set(name.toLowerCase().replace(/^x-amz-meta-/, ''), field.trim());
  }
  const signature = fields.get('signature');
  if (!signature || signature.length > MAX_SIGNATURE || !/^(?:[0-9a-f]{2})+$/i.test(signature)) return null;
  const named = [value.Key, value.key].find((key) => typeof key === 'string');
  const generated = Date.parse(fields.get('backfill-generation-timestamp') ?? '');
  return {
    object: object ?? named ?? null,
    path,
    signature,
    algorithm: fields.get('signature-algorithm') ?? null,
    generated: Number.isNaN(generated) ? null : generated,
  };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
