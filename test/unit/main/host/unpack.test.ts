import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpackBlock } from '../../../../src/main/host/unpack.ts';

const bytes = (b: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(b);
const text = async (packed: Buffer, packing: 'gzip' | 'deflate' | 'stored', limit = 1000): Promise<string> =>
  new TextDecoder().decode(await unpackBlock(bytes(packed), packing, limit));

describe('a vault block', () => {
  it('comes back whatever its packing', async () => {
    expect(await text(gzipSync('one'), 'gzip')).toBe('one');
    expect(await text(deflateRawSync('two'), 'deflate')).toBe('two');
    expect(await text(Buffer.from('three'), 'stored')).toBe('three');
    expect(await text(gzipSync(''), 'gzip')).toBe('');
  });

  it('of several gzip members is all of them, and what follows the last is left out', async () => {
    const members = Buffer.concat([gzipSync('one '), gzipSync(''), gzipSync('two')]);
    expect(await text(members, 'gzip')).toBe('one two');
    expect(await text(Buffer.concat([members, Buffer.from('trailing, not zero')]), 'gzip')).toBe('one two');
    expect(await text(Buffer.concat([members, Buffer.alloc(100)]), 'gzip')).toBe('one two');
  });

  it('may name its file in the gzip header', async () => {
    const plain = gzipSync('named');
    const header = Buffer.from([0x1f, 0x8b, 8, 8 | 16 | 4, 0, 0, 0, 0, 0, 255, 3, 0, 1, 2, 3]);
    const named = Buffer.concat([header, Buffer.from('file.json\0a comment\0'), plain.subarray(10)]);
    expect(await text(named, 'gzip')).toBe('named');
  });

  it('stops at its limit, over all members', async () => {
    const members = Buffer.concat([gzipSync('x'.repeat(600)), gzipSync('x'.repeat(600))]);
    await expect(text(members, 'gzip')).rejects.toMatchObject({ kind: 'too-large' });
    await expect(text(deflateRawSync(Buffer.alloc(1_000_000)), 'deflate')).rejects.toMatchObject({ kind: 'too-large' });
    await expect(text(Buffer.alloc(1001), 'stored')).rejects.toMatchObject({ kind: 'too-large' });
    expect(await text(gzipSync('x'.repeat(1000)), 'gzip')).toHaveLength(1000);
  });

  it('of a damaged file is what the import could read of it, never more', async () => {
    const whole = Buffer.concat([gzipSync('first member, '), gzipSync('second member, whole')]);
    expect(await text(whole.subarray(0, whole.length - 4), 'gzip')).toBe('first member, second member, whole');
    const cut = await text(whole.subarray(0, whole.length - 14), 'gzip');
    expect(cut.startsWith('first member, ')).toBe(true);
    expect('first member, second member, whole'.startsWith(cut)).toBe(true);
  });

  it('that is something else is refused', async () => {
    await expect(text(Buffer.from('not gzip at all, but long enough'), 'gzip')).rejects.toMatchObject({ kind: 'bad-input' });
    await expect(text(Buffer.from([0x1f, 0x8b, 8]), 'gzip')).rejects.toMatchObject({ kind: 'bad-input' });
    await expect(text(Buffer.from('not deflate'), 'deflate')).rejects.toMatchObject({ kind: 'bad-input' });
  });
});
