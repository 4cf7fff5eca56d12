/** The lock file is whole: `npm ci` refuses one that leaves out what another system would install, and it must work from a clean clone. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  version?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}
const packages: Record<string, LockedPackage> = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;

describe('package-lock.json', () => {
  it('agrees with package.json', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
    const root = packages[''] as typeof manifest;
    expect([root.dependencies, root.devDependencies]).toEqual([manifest.dependencies, manifest.devDependencies]);
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }))
      expect(packages, name).toHaveProperty([`node_modules/${name}`]);
  });

  it('holds every optional package that a package names, for all systems', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !packages[`${path}/node_modules/${name}`] && !packages[`node_modules/${name}`]),
    );
    expect(missing).toEqual([]);
  });

  it('names no registry', () => {
    expect(Object.values(packages).flatMap((p) => (p.resolved === undefined ? [] : [p.resolved]))).toEqual([]);
  });
});
