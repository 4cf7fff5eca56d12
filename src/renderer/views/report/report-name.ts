/** The name that a report is saved under at first. */
export type ReportFormat = 'html' | 'pdf' | 'md';

/** `stolen-key-report-2026-03-06.html`; the date is UTC. */
export function reportName(caseName: string, at: number, format: ReportFormat): string {
  const name = caseName
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${name || 'case'}-report-${new Date(at).toISOString().slice(0, 10)}.${format}`;
}
