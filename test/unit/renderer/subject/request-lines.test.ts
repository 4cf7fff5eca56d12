import { describe, expect, it } from 'vitest';
import { LINES_SHOWN, requestLines } from '../../../../src/renderer/views/subject/request-lines.ts';

const of = (requestParameters: unknown) => requestLines(JSON.stringify({ requestParameters }));

describe('what a request says', () => {
  it('is the rule of a security group, without the lists it stands in', () => {
    const rule = { ipProtocol: 'tcp', fromPort: 3389, toPort: 3389, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } };
    expect(of({ groupId: 'sg-1', ipPermissions: { items: [rule] } })?.lines).toEqual([
      { name: 'groupId', value: 'sg-1' },
      { name: 'ipPermissions.ipProtocol', value: 'tcp' },
      { name: 'ipPermissions.fromPort', value: '3389' },
      { name: 'ipPermissions.toPort', value: '3389' },
      { name: 'ipPermissions.ipRanges.cidrIp', value: '0.0.0.0/0' },
    ]);
  });

  it('is whom a role trusts, where the policy stands as text', () => {
    const policy = { Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999999999999:root' }, Action: ['a', 'b'] }] };
    const { lines } = of({ roleName: 'web', policyDocument: JSON.stringify(policy) }) ?? { lines: [] };
    expect(lines).toContainEqual({ name: 'policyDocument.Statement.Principal.AWS', value: 'arn:aws:iam::999999999999:root' });
    expect(lines).toContainEqual({ name: 'policyDocument.Statement.Action', value: 'a, b' });
  });

  it('is bounded and never throws, whatever the record is', () => {
    for (const text of ['', '{', 'null', '[]', '{"requestParameters":null}', '7']) expect(requestLines(text)).toBeNull();
    expect(of('plain')?.lines).toEqual([{ name: 'requestParameters', value: 'plain' }]);
    expect(of('{broken')?.lines[0].value).toBe('{broken');
    const many = of(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 'x'.repeat(5000)])));
    expect(many?.lines).toHaveLength(LINES_SHOWN);
    expect(many?.more).toBeGreaterThan(1000);
    expect(many?.lines[0].value.length).toBeLessThan(700);
    let deep: unknown = 'end';
    for (let i = 0; i < 3000; i++) deep = { a: deep };
    expect(of(deep)?.lines).toHaveLength(1);
  });
});
