/**
 * Records compared field by field. The order of keys and of list elements makes no difference: an element is compared with an equal one
 * wherever that stands, and only what is left with what is left. Pure, and linear in the size of the records.
 */
import { type JsonNode, parseRecord } from './json-tree.ts';

/** Records compared at a time, characters of each, and differences that are kept; `total` counts on. */
export const DIFF_LIMITS = { records: 8, characters: 4_000_000, rows: 1000 } as const;

export interface DiffRow {
  /** Path in the first record that has the field; a repeated key is told by its number. */
  path: string;
  /** The field in each record, with its own place and text; null where a record has none. */
  nodes: (JsonNode | null)[];
}

export interface RecordDiff {
  rows: DiffRow[];
  /** Differences found, of which `rows` are the first. */
  total: number;
  /** Scalars and empty lists or objects that are the same in all. */
  same: number;
}

export type Comparison = { texts: string[]; diff: RecordDiff } | { problem: string };

/** Compares texts of records; a sentence when one of them cannot be compared. */
export function compareRecords(texts: readonly string[]): Comparison {
  const taken = texts.slice(0, DIFF_LIMITS.records);
  const roots: JsonNode[] = [];
  for (const text of taken) {
    if (text.length > DIFF_LIMITS.characters) return { problem: 'One of the records is too large to be compared field by field.' };
    const { root, error } = parseRecord(text);
    if (!root) return { problem: `One of the records is no JSON that can be compared field by field. ${error}` };
    roots.push(root);
  }
  return { texts: taken, diff: diffRecords(roots) };
}

export function diffRecords(roots: readonly JsonNode[]): RecordDiff {
  const diff: RecordDiff = { rows: [], total: 0, same: 0 };
  if (roots.length > 0) new Walk(diff).compare(roots, roots[0].path);
  return diff;
}

interface Known {
  /** Equal for nodes that say the same. */
  id: number;
  leaves: number;
}

class Walk {
  private readonly known = new Map<JsonNode, Known>();
  private readonly ids = new Map<string, number>();

  constructor(private readonly diff: RecordDiff) {}

  compare(nodes: readonly (JsonNode | null)[], path: string): void {
    const present = nodes.filter((node) => node !== null);
    const [first] = present;
    if (present.length < nodes.length) this.differ(path, nodes);
    else if (present.every((node) => this.of(node).id === this.of(first).id)) this.diff.same += this.of(first).leaves;
    else if (present.every((node) => node.kind === 'object')) this.compareMembers(present);
    else if (present.every((node) => node.kind === 'array')) this.compareElements(present);
    else this.differ(path, nodes);
  }

  private differ(path: string, nodes: readonly (JsonNode | null)[]): void {
    this.diff.total++;
    if (this.diff.rows.length < DIFF_LIMITS.rows) this.diff.rows.push({ path, nodes: [...nodes] });
  }

  /** The nth member of a name is compared with the nth of that name. */
  private compareMembers(objects: readonly JsonNode[]): void {
    const table = new Map<string, { path: string; nodes: (JsonNode | null)[] }>();
    objects.forEach((object, o) => {
      const seen = new Map<string, number>();
      for (const child of object.children) {
        const key = String(child.key);
        const n = (seen.get(key) ?? 0) + 1;
        seen.set(key, n);
        const name = `${n} ${key}`;
        let row = table.get(name);
        if (!row) {
          row = { path: n === 1 ? child.path : `${child.path} (number ${n} of this name)`, nodes: objects.map(() => null) };
          table.set(name, row);
        }
        row.nodes[o] = child;
      }
    });
    for (const { path, nodes } of table.values()) this.compare(nodes, path);
  }

  private compareElements(arrays: readonly JsonNode[]): void {
    const slots: { id: number; nodes: (JsonNode | null)[] }[] = [];
    const slotsOf = new Map<number, number[]>();
    arrays.forEach((array, a) => {
      const before = slots.length;
      const turn = new Map<number, number>();
      const left: JsonNode[] = [];
      for (const child of array.children) {
        const { id } = this.of(child);
        const n = turn.get(id) ?? 0;
        turn.set(id, n + 1);
        const slot = slotsOf.get(id)?.[n];
        if (slot === undefined) left.push(child);
        else slots[slot].nodes[a] = child;
      }
      let free = 0;
      for (const child of left) {
        while (free < before && slots[free].nodes[a]) free++;
        if (free < before) slots[free++].nodes[a] = child;
        else {
          const { id } = this.of(child);
          const nodes = arrays.map((_, i) => (i === a ? child : null));
          const slot = slots.push({ id, nodes }) - 1;
          const known = slotsOf.get(id);
          if (known) known.push(slot);
          else slotsOf.set(id, [slot]);
        }
      }
    });
    for (const { nodes } of slots) this.compare(nodes, nodes.find((node) => node !== null)?.path ?? '');
  }

  /** Nodes get numbers from the inside out, so that equal ones are told without comparing them again. */
  private of(node: JsonNode): Known {
    const known = this.known.get(node);
    if (known) return known;
    let text = `${node.kind} ${node.value}`;
    let leaves = node.children.length === 0 ? 1 : 0;
    if (node.children.length > 0) {
      const parts = node.children.map((child) => {
        const { id, leaves: inside } = this.of(child);
        leaves += inside;
        return { key: node.kind === 'object' ? JSON.stringify(child.key) : '', id };
      });
      parts.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : node.kind === 'object' ? 0 : a.id - b.id));
      text += parts.map((part) => `${part.key}:${part.id}`).join();
    }
    const id = this.ids.get(text) ?? this.ids.size;
    this.ids.set(text, id);
    const made = { id, leaves };
    this.known.set(node, made);
    return made;
  }
}
