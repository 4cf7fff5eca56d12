/** Pairs of dictionary codes, each with a number of its own: a flat table where it fits, else a map. */
const MAX_TABLE = 1 << 22;

export class Pairs {
  readonly first: number[] = [];
  readonly second: number[] = [];
  private readonly table: Uint32Array | null;
  private readonly map = new Map<number, number>();

  /** `width` and `height`: codes of the first and second are below them. */
  constructor(
    width: number,
    private readonly height: number,
  ) {
    this.table = width * height <= MAX_TABLE ? new Uint32Array(width * height) : null;
  }

  get count(): number {
    return this.first.length;
  }

  /** The pair's number, from 0 in the order in which pairs are first asked for. */
  of(a: number, b: number): number {
    const key = a * this.height + b;
    const known = this.table ? this.table[key] : (this.map.get(key) ?? 0);
    if (known !== 0) return known - 1;
    const number = this.first.push(a);
    this.second.push(b);
    if (this.table) this.table[key] = number;
    else this.map.set(key, number);
    return number - 1;
  }
}

/** Counts that grow as numbers are used. */
export class Tally {
  values = new Uint32Array(256);

  add(index: number): void {
    if (index >= this.values.length) this.grow(index);
    this.values[index]++;
  }

  at(index: number): number {
    return this.values[index] ?? 0;
  }

  private grow(index: number): void {
    const next = new Uint32Array(Math.max(this.values.length * 2, index + 1));
    next.set(this.values);
    this.values = next;
  }
}
