/** What is an access key ID, and what stands in the place of one where evidence was made anonymous. */

/**
 * IAM gives key IDs of letters and digits, by the prefix a long-term key (AKIA), temporary credentials (ASIA), a bearer token (ABIA)
 * or context-specific credentials (ACCA); keys of AWS' first years have none of these (IAM User Guide, "IAM identifiers").
 */
const KEY_ID = /^(?:(?:AKIA|ASIA|ABIA|ACCA)[A-Za-z0-9]+|[A-Z0-9]{16,128})$/;
const MASKED = /^(?:AKIA|ASIA|ABIA|ACCA)?[Xx]{4,40}$|^.{0,100}(?:redacted|hidden)/i;

/** Whether a text can tell one access key from another: `AKIA****************` cannot, nor can `-` or `ASIAXXXXXXXXXXXXXXXX`. */
export const isKeyId = (text: string): boolean => KEY_ID.test(text) && !MASKED.test(text);

/** Whether an ID was made unreadable, so that many may be written alike. */
export const isMasked = (text: string): boolean => text.includes('*') || MASKED.test(text);
