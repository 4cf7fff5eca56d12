/**
 * What a `sourceIPAddress` is. CloudTrail writes an address, the DNS name of an AWS service, or `AWS Internal` there (User Guide,
 * "CloudTrail record contents"); third-party exports mask it.
 */
export const ADDRESS_KINDS = ['public', 'private', 'VPC endpoint', 'AWS service', 'AWS Internal', 'not an address'] as const;
export type AddressKind = (typeof ADDRESS_KINDS)[number];

/** The longest text an IPv6 address with an embedded IPv4 address can have. */
const MAX_ADDRESS = 45;
const MAX_HOST = 253;

/**
 * The kind by the text alone ('VPC endpoint' needs `vpcEndpointId`, which another column holds). 'private' is every address that is
 * not routed publicly: RFC 1918, loopback, link-local, carrier NAT (RFC 6598), unique local, unspecified, multicast, reserved.
 * Documentation ranges count as public. Linear in the length of the text.
 */
export function addressKind(text: string): AddressKind {
  if (text === 'AWS Internal') return 'AWS Internal';
  const v4 = parseIPv4(text);
  if (v4) return isPrivateV4(v4) ? 'private' : 'public';
  const v6 = parseIPv6(text);
  if (v6) return isPrivateV6(v6) ? 'private' : 'public';
  return isServiceName(text) ? 'AWS service' : 'not an address';
}

export const isIPv4 = (text: string): boolean => parseIPv4(text) !== null;

/** The network a home, office or host usually has as a whole: the /24 of an IPv4 and the /64 of an IPv6 address; null for anything else. */
export function networkOf(text: string): string | null {
  const v4 = parseIPv4(text);
  if (v4) return `${v4[0]}.${v4[1]}.${v4[2]}.0/24`;
  const v6 = parseIPv6(text);
  return v6
    ? `${v6
        .slice(0, 4)
        .map((group) => group.toString(16))
        .join(':')}::/64`
    : null;
}

/** Four numbers of one to three digits each below 256; read digit by digit, since a case has many. */
function parseIPv4(text: string): number[] | null {
  if (text.length > 15) return null;
  const bytes: number[] = [];
  let digits = 0;
  let byte = 0;
  for (let i = 0; i <= text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) {
      byte = byte * 10 + digit;
      if (++digits > 3) return null;
    } else {
      if (digits === 0 || byte > 255 || (i < text.length && text[i] !== '.')) return null;
      bytes.push(byte);
      digits = 0;
      byte = 0;
    }
  }
  return bytes.length === 4 ? bytes : null;
}

/** Eight groups; an IPv4 tail counts as two. A zone (`%eth0`) is no part of an address that a record can hold. */
function parseIPv6(text: string): number[] | null {
  if (text.length > MAX_ADDRESS || !text.includes(':')) return null;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = groupsOf(halves[0], halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1], true) : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function groupsOf(text: string, mayEndInV4: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else {
      const v4 = mayEndInV4 && i === parts.length - 1 ? parseIPv4(part) : null;
      if (!v4) return null;
      groups.push(v4[0] * 256 + v4[1], v4[2] * 256 + v4[3]);
    }
  }
  return groups;
}

function isPrivateV4([a, b, c]: readonly number[]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  if (a === 100) return b >= 64 && b < 128;
  if (a === 169) return b === 254;
  if (a === 172) return b >= 16 && b < 32;
  if (a === 192) return b === 168 || (b === 0 && c === 0);
  return a === 198 && (b === 18 || b === 19);
}

function isPrivateV6(groups: readonly number[]): boolean {
  const first = groups[0];
  if (groups.slice(0, 5).every((group) => group === 0)) {
    if (groups[5] === 0xffff) return isPrivateV4([groups[6] >> 8, groups[6] & 255, groups[7] >> 8, groups[7] & 255]);
    return true;
  }
  return (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80 || first >= 0xff00;
}

/** `ec2.amazonaws.com`, `s3.amazonaws.com.cn`, `appflow.us-east-1.amazonaws.com`, `x.amazon.com`, `x.aws.internal`. */
function isServiceName(text: string): boolean {
  if (text.length > MAX_HOST || !/^[a-z0-9.-]+$/i.test(text)) return false;
  const name = text.toLowerCase();
  return SERVICE_DOMAINS.some((domain) => name.length > domain.length && name.endsWith(domain));
}

const SERVICE_DOMAINS = [
  '.amazonaws.com',
  '.amazonaws.com.cn',
  '.amazonaws.eu',
  '.amazon.com',
  '.aws.internal',
  '.aws.amazon.com',
  '.aws',
  '.c2s.ic.gov',
  '.sc2s.sgov.gov',
];
