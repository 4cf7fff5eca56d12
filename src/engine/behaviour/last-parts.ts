/** The last part of a resource's name, by which an ARN and a plain name of one thing agree. */
import type { OpenCase } from '../query/open-case.ts';

/** Of one event; a record names no more. */
export const COMPARED_RESOURCES = 64;

/** `arn:aws:iam::1:user/path/Alice` → Alice; what is no ARN or URL stays. */
export function lastPart(text: string): string {
  if (!text.startsWith('arn:') && !text.startsWith('https://')) return text;
  const at = Math.max(text.lastIndexOf('/'), text.lastIndexOf(':'));
  return text.slice(at + 1);
}

/** By the code of the resource: each text is taken apart once. */
export class LastParts {
  private readonly known = new Map<number, string>();

  constructor(private readonly open: OpenCase) {}

  of(code: number): string {
    let part = this.known.get(code);
    if (part === undefined) {
      part = lastPart(this.open.dictionary('resource').get(code) ?? '');
      this.known.set(code, part);
    }
    return part;
  }
}
