import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressKind, networkOf } from '../../../src/shared/addresses.ts';
import { markFacts, parseAgent } from '../../../src/shared/agents.ts';

describe('user agents', () => {
  it.each([
    [
      'aws-cli/2.31.1 md/awscrt#0.27.6 ua/2.1 os/linux#6.1.147 md/arch#x86_64 lang/python#3.13.7 exec-env/CloudShell md/command#s3.ls',
      'aws-cli/2.x',
      'command line',
    ],
    ['aws-cli/1.7.36 Python/2.6.6 Linux/2.6.32-573.8.1.el6.x86_64', 'aws-cli/1.x', 'command line'],
    ['[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.488 Linux/5.10.184]', 'AWS console', 'console'],
    ['RDS Console, aws-internal/3 aws-sdk-java/1.11.975', 'AWS console', 'console'],
    ['[AWSCloudTrail, aws-internal/3 aws-sdk-java/1.12.433]', 'AWS service', 'AWS service'],
    ['console.ec2.amazonaws.com', 'AWS console', 'console'],
    ['signin.amazonaws.com', 'AWS console', 'console'],
    ['secretsmanager.amazonaws.com', 'AWS service', 'AWS service'],
    ['AWS Internal', 'AWS Internal', 'AWS service'],
    ['[Boto3/1.26.165 Python/3.10.6 Linux/5.19.0-46-generic Botocore/1.29.165]', 'Boto3', 'SDK'],
    [
      'APN/1.0 HashiCorp/1.0 Terraform/1.1.2 (+https://www.terraform.io) terraform-provider-aws/3.76.1 aws-sdk-go/1.44.157 (go1.17.6; darwin; amd64)',
      'Terraform',
      'infrastructure tool',
    ],
    ['aws-sdk-go-v2/1.17.0 os/linux lang/go/1.18.10 md/GOOS/linux', 'AWS SDK for Go', 'SDK'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:125.0) Gecko/20100101 Firefox/125.0', 'Firefox', 'browser'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0',
      'Edge',
      'browser',
    ],
    ['S3 Browser/9.5.5 (https://s3browser.com)', 'S3 Browser', 'storage client'],
    ['stratus-red-team_54d79918-8729-4201-83e6-6a600173b8e3', 'Stratus Red Team', 'attack tool'],
    ['CloudCustodian(net-change-encryption)/0.9.2 Python/3.8.3', 'Cloud Custodian', 'security tool'],
    ['aws-cli/999999.1', 'aws-cli', 'command line'],
    ['aws-actions/configure-aws-credentials', 'GitHub Actions', 'CI/CD'],
    ['aws-sdk-js/3.826.0 ua/2.1 configure-aws-credentials-for-github-actions', 'GitHub Actions', 'CI/CD'],
    ['whatever', 'other', 'other'],
    ['', 'other', 'other'],
  ])('%s', (text, tool, kind) => {
    expect(parseAgent(text)).toMatchObject({ tool, kind });
  });

  it('are taken apart into versions, SDK, language, system, environment and command', () => {
    expect(
      parseAgent('aws-cli/2.31.1 md/awscrt#0.27.6 os/linux#6.1.147 lang/python#3.13.7 exec-env/CloudShell md/command#s3.ls'),
    ).toMatchObject({
      version: '2.31.1',
      language: { name: 'python', version: '3.13.7' },
      system: { name: 'Linux', version: '6.1.147' },
      environment: 'CloudShell',
      command: 's3.ls',
      marks: [],
    });
    expect(parseAgent('aws-sdk-go/1.41.4 (go1.18.3; linux; amd64) amazon-ssm-agent/')).toMatchObject({
      tool: 'SSM Agent',
      sdk: { name: 'aws-sdk-go', version: '1.41.4' },
      language: { name: 'go', version: '1.18.3' },
      system: { name: 'Linux', version: null },
    });
    expect(parseAgent('aws-actions/configure-aws-credentials').version).toBeNull();
    expect(parseAgent('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36').system).toEqual({
      name: 'macOS',
      version: '10.15.7',
    });
  });

  it.each([
    ['aws-cli/1.16.190 Python/3.7.3 Linux/4.19.0-kali5-amd64 botocore/1.12.180', 'Kali Linux'],
    ['Boto3/1.34 os/linux#6.5.0 md/distrib#kali', 'Kali Linux'],
    ['aws-cli/2.1 Linux/5.10-parrot1-amd64', 'Parrot OS'],
    ['aws-cli/2.1 Linux/5.10-pentoo', 'Pentoo'],
    ['aws-cli/2.17.32 exec-env/grimoire_e8581bb8', 'Grimoire'],
    ['TruffleHog', 'TruffleHog'],
    ['curl/8.1', 'Bare HTTP client'],
  ])('%s is marked', (text, mark) => {
    expect(parseAgent(text).marks.map((m) => m.mark)).toEqual([mark]);
  });

  it('are not marked for letters that happen to be in a word', () => {
    expect(['aws-cli/2.1 kalinka', 'my-pacumeter/1', 'aws-sdk-curly/1'].flatMap((text) => parseAgent(text).marks)).toEqual([]);
  });

  it('may be anything, of any length, and cost little', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(parseAgent(text).tool).not.toBe('');
      }),
    );
    const began = performance.now();
    for (const piece of ['kali', '/', '#', '[', ' ', '(', 'os/', 'a/1 ', 'aws-internal', '‮', 'kalikali#'])
      parseAgent(piece.repeat(200_000));
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe('marks of odd agents', () => {
  it('say why, and by whom that is known, of every mark that an agent can have', () => {
    for (const { mark } of parseAgent('aws-cli/2.9.0 source/x86_64.kali.2023 parrot').marks) {
      expect(markFacts(mark)?.why).toMatch(/\.$/);
      expect(markFacts(mark)?.source).not.toBe('');
    }
    expect(markFacts('Kali Linux')?.why).toBe('A distribution for penetration tests.');
    expect(markFacts('__proto__')).toBeNull();
  });
});

describe('addresses', () => {
  it.each([
    ['198.51.100.7', 'public'],
    ['8.8.8.8', 'public'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['169.254.169.254', 'private'],
    ['127.0.0.1', 'private'],
    ['0.0.0.0', 'private'],
    ['224.0.0.1', 'private'],
    ['2001:db8::1', 'public'],
    ['2600:1f18:1:2:3:4:5:6', 'public'],
    ['::1', 'private'],
    ['fe80::1', 'private'],
    ['fd12::1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:8.8.8.8', 'public'],
    ['AWS Internal', 'AWS Internal'],
    ['ec2.amazonaws.com', 'AWS service'],
    ['monitoring.rds.amazonaws.com', 'AWS service'],
    ['amazonaws.com.evil.example', 'not an address'],
    ['.amazonaws.com', 'not an address'],
    ['256.1.1.1', 'not an address'],
    ['1.2.3', 'not an address'],
    ['1.2.3.4.5', 'not an address'],
    ['1:2:3', 'not an address'],
    ['::1::', 'not an address'],
    ['1.2.3.4 ', 'not an address'],
    ['***.***.***.***', 'not an address'],
    ['', 'not an address'],
  ])('%s is %s', (text, kind) => {
    expect(addressKind(text)).toBe(kind);
  });

  it('have a network, and are never more than text', () => {
    expect(networkOf('198.51.100.7')).toBe('198.51.100.0/24');
    expect(networkOf('2001:db8:1:2:3::1')).toBe('2001:db8:1:2::/64');
    expect(networkOf('ec2.amazonaws.com')).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        addressKind(text);
        networkOf(text);
      }),
    );
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(['public', 'private']).toContain(addressKind(text));
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        expect(['public', 'private']).toContain(addressKind(text));
      }),
    );
  });
});
