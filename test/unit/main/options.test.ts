import { describe, expect, it } from 'vitest';
import { parseBatch } from '../../../scripts/lib/batch-options.mjs';
import { parseLaunch } from '../../../src/main/options.ts';

describe('launch arguments', () => {
  it('are paths, our own options, and switches of the browser', () => {
    const options = parseLaunch(['--no-sandbox', '--profile=p', 'a.json', '--inspect=0', '/abs', '--', '-odd.json'], '/here');
    expect(options).toMatchObject({ profile: '/here/p', batch: null, paths: ['/here/a.json', '/abs', '/here/-odd.json'] });
  });
});

describe('batch options', () => {
  it('are those of the contract', () => {
    expect(parseBatch(['--summary', 's.json', '--report=r.PDF', 'a', '--keys', 'k.json', '--host', 'web', '--', '--b'])).toEqual({
      summary: 's.json',
      report: { format: 'pdf', path: 'r.PDF' },
      keys: 'k.json',
      host: 'web',
      paths: ['a', '--b'],
    });
  });

  it.each([
    [['--case', 'x', 'a'], 'The option --case is not built yet.'],
    [['--query=x', 'a'], 'The option --query is not built yet.'],
    [['a', '--keys'], 'The option --keys needs a value.'],
    [['--rules', 'x', 'a'], 'The option --rules is not built yet.'],
    [['--sumary', 'x', 'a'], 'There is no option --sumary.'],
    [['-v', 'a'], 'There is no option -v.'],
    [['a', '--summary'], 'The option --summary needs a value.'],
    [['--summary', '--report', 'x.md', 'a'], 'The option --summary needs a value.'],
    [['--report', 'x.docx', 'a'], 'The report’s name must end in .html, .pdf or .md.'],
    [['--host', 'moon', 'a'], '--host takes electron or web.'],
    [[], 'No files or folders were named.'],
  ])('%j is refused in one sentence', (args, message) => {
    expect(() => parseBatch(args)).toThrow(message);
  });
});
