import { describe, expect, it } from 'vitest';
import { labelInText, valueWords } from '../../../src/renderer/components/value-words.ts';

describe('labels in a sentence', () => {
  it('begin small, but for abbreviations and AWS’s own words', () => {
    expect(labelInText('sourceIPAddress')).toBe('source IP');
    expect(labelInText('identity')).toBe('identity ARN');
    expect(labelInText('depth')).toBe('hops to origin');
    expect(labelInText('mfa')).toBe('MFA');
    expect(labelInText('vpcEndpointId')).toBe('VPC endpoint');
    expect(labelInText('awsRegion')).toBe('Region');
  });
});

describe('values in words', () => {
  it('says known values in words and absent ones in parentheses', () => {
    expect(valueWords('readOnly', 'true')).toBe('read');
    expect(valueWords('readOnly', null)).toBe('(not recorded)');
    expect(valueWords('eventName', null)).toBe('(absent)');
    expect(valueWords('eventName', '')).toBe('(empty text)');
    expect(valueWords('integrity', 'matchSigned')).toBe('matches, signed');
    expect(valueWords('integrity', null)).toBe('(no verdict)');
  });
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('“%s” stays what it is', (value) => {
    for (const column of ['readOnly', 'starred', 'integrity', 'eventName'] as const) expect(valueWords(column, value)).toBe(value);
  });
});
