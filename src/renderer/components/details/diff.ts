/** Field-by-field difference of records that share an eventID but say something else. */
import { type JsonNode, MAX_DEPTH } from '../record-tree-model.ts';

export interface FieldDifference {
  path: string;
  /** One per record, as written (strings decoded); null where the record has no such field. */
  values: (string | null)[];
}

export interface RecordDifference {
  differences: FieldDifference[];
  /** Fields that are the same in all. */
  same: number;
}

/** Leaves by path: scalars as they are, an empty object or array as itself. A repeated key counts with its place. */
function leaves(root: JsonNode): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (node: JsonNode, depth: number): void => {
    if (node.children.length > 0 && depth < MAX_DEPTH) {
      for (const child of node.children) walk(child, depth + 1);
      return;
    }
    const value =
      node.kind === 'object' ? '{}' : node.kind === 'array' ? '[]' : node.kind === 'string' ? JSON.stringify(node.value) : node.value;
    let path = node.path;
    for (let n = 2; found.has(path); n++) path = `${node.path} (occurrence ${n})`;
    found.set(path, value);
  };
  walk(root, 0);
  return found;
}

/** Paths in the order of the first record that has them. */
export function diffRecords(roots: readonly JsonNode[]): RecordDifference {
  const all = roots.map(leaves);
  const paths = new Set(all.flatMap((map) => [...map.keys()]));
  const differences: FieldDifference[] = [];
  let same = 0;
  for (const path of paths) {
    const values = all.map((map) => map.get(path) ?? null);
    if (values.every((value) => value === values[0])) same++;
    else differences.push({ path, values });
  }
  return { differences, same };
}
