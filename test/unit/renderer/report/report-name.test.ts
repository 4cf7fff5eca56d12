import { describe, expect, it } from 'vitest';
import { reportName } from '../../../../src/renderer/views/report/report-name.ts';

describe('the name of a report', () => {
  const at = Date.UTC(2026, 2, 6, 23, 59);
  it('is the case, the day in UTC and the form', () => {
    expect(reportName('The stolen key', at, 'html')).toBe('the-stolen-key-report-2026-03-06.html');
  });
  it('holds nothing that means something to a disk', () => {
    expect(reportName('../../etc/passwd\u0000 <b>', at, 'pdf')).toBe('etc-passwd-b-report-2026-03-06.pdf');
    expect(reportName('…', at, 'md')).toBe('case-report-2026-03-06.md');
    expect(reportName('事件'.repeat(100), at, 'md').length).toBeLessThan(90);
  });
});
