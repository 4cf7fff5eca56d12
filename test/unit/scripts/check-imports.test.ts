import { describe, expect, it } from 'vitest';
import { wrongImports } from '../../../scripts/check-imports.mjs';

describe('import directions', () => {
  it('lets each layer import what it may', () => {
    expect(wrongImports('src/engine/query/run.ts', "import { x } from '../../shared/plan.ts';\nimport '../store/a.ts';")).toEqual([]);
    expect(
      wrongImports(
        'src/main/host/handle.ts',
        "import { createServer } from 'node:http';\nimport { y } from '../../engine/ingest/sniff.ts';",
      ),
    ).toEqual([]);
    expect(
      wrongImports(
        'src/renderer/views/x/index.tsx',
        "import { Bar } from 'recharts';\nexport { z } from '../../../engine/client/index.ts';",
      ),
    ).toEqual([]);
  });

  it('refuses the wrong directions', () => {
    expect(wrongImports('src/shared/plan.ts', "import type { A } from '../engine/query/run.ts';")).toHaveLength(1);
    expect(wrongImports('src/shared/plan.ts', "import * as v from 'valibot';")).toHaveLength(1);
    expect(wrongImports('src/renderer/state/app.ts', "import { b } from '../../engine/store/vault.ts';")).toHaveLength(1);
    expect(wrongImports('src/main/host/handle.ts', "const q = await import('../../engine/query/run.ts');")).toHaveLength(1);
    expect(wrongImports('src/engine/ingest/split.ts', "import {\n  c,\n} from '../query/run.ts';")).toHaveLength(1);
  });

  it('refuses packages outside their place', () => {
    expect(wrongImports('src/engine/query/run.ts', "import Dexie from 'dexie';")).toHaveLength(1);
    expect(wrongImports('src/renderer/app/header.tsx', "import { LineChart } from 'recharts';")).toHaveLength(1);
    expect(wrongImports('src/main/host/handle.ts', "import { app } from 'electron';")).toHaveLength(1);
    expect(wrongImports('src/engine/query/run.ts', "import { readFileSync } from 'node:fs';")).toHaveLength(1);
  });
});
