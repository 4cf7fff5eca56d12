/** Tar archives as bytes, good ones and broken ones, as no writer would make them. */

export interface TarEntry {
  name: string | Buffer;
  data?: Buffer | string;
  type?: string;
  /** What the header says, where that is not the data's length. */
  size?: number;
  prefix?: string;
  /** V7 archives have no magic. */
  magic?: 'ustar' | 'gnu' | 'none';
  /** Blocks between the header and the data, and bytes of the header to change before it is summed. */
  extra?: Buffer;
  change?: (header: Buffer) => void;
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);

export function tarEntry(entry: TarEntry): Buffer {
  const data = Buffer.from(entry.data ?? '');
  const header = Buffer.alloc(512);
  Buffer.from(entry.name).copy(header, 0, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${(entry.size ?? data.length).toString(8).padStart(11, '0')}\0`, 124);
  header.write(`${(1_772_442_000).toString(8).padStart(11, '0')}\0`, 136);
  header.write(entry.type ?? '0', 156);
  if (entry.magic !== 'none') header.write(entry.magic === 'gnu' ? 'ustar  \0' : 'ustar\x0000', 257, 'latin1');
  if (entry.prefix !== undefined) header.write(entry.prefix, 345);
  entry.change?.(header);
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, entry.extra ?? Buffer.alloc(0), padded(data)]);
}

export const tar = (...entries: TarEntry[]): Buffer => Buffer.concat([...entries.map(tarEntry), Buffer.alloc(1024)]);

/** Pax records for the entry that follows. */
export function pax(records: Record<string, string | Buffer>, type: 'x' | 'g' = 'x'): TarEntry {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')]);
    let length = rest.length + 1;
    while (String(length).length + rest.length > length) length++;
    return Buffer.concat([Buffer.from(String(length)), rest]);
  });
  return { name: 'PaxHeaders/x', type, data: Buffer.concat(lines) };
}

export const longName = (name: string): TarEntry => ({ name: '././@LongLink', type: 'L', data: `${name}\0`, magic: 'gnu' });
