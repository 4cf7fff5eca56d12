/** Style of the HTML report: light, for paper first. The running footer is that of printed pages. */
import { cssString } from './text.ts';

export const reportStyle = (footer: string): string => `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { font: 10.5pt/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", "DejaVu Sans", sans-serif; color: #16181d; background: #fff; margin: 0 auto; padding: 24px; max-width: 960px; font-variant-numeric: tabular-nums; }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 13.5pt; margin: 30px 0 8px; padding-bottom: 3px; border-bottom: 2px solid #16181d; break-after: avoid; }
h3 { font-size: 11pt; margin: 18px 0 4px; break-after: avoid; overflow-wrap: anywhere; }
h4, h5, h6 { font-size: 10.5pt; margin: 12px 0 4px; break-after: avoid; }
p { margin: 6px 0; }
ul, ol { margin: 6px 0; padding-left: 22px; }
.lead, .small, figcaption { color: #4a505c; font-size: 9.5pt; }
table { border-collapse: collapse; width: 100%; font-size: 9pt; margin: 8px 0; }
th, td { text-align: left; vertical-align: top; padding: 3px 6px; border-bottom: 1px solid #d5d9e0; overflow-wrap: anywhere; }
thead { display: table-header-group; }
thead th { border-bottom: 1.5px solid #16181d; font-weight: 600; }
.n { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.t { white-space: nowrap; overflow-wrap: normal; }
table.hours { font-size: 8pt; }
table.hours th, table.hours td { padding: 3px 4px; overflow-wrap: break-word; }
table.hours th { white-space: normal; vertical-align: bottom; }
table.hours td.t { white-space: normal; min-width: 12ch; }
table.hours td:nth-child(-n+2) { white-space: nowrap; }
table.hours td:nth-child(-n+2) bdi { display: inline-block; width: max-content; max-width: 14ch; white-space: normal; overflow-wrap: break-word; }
code, pre, .hash { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; font-size: 8.5pt; }
.hash { overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f5f6f8; border: 1px solid #d5d9e0; border-radius: 3px; padding: 6px 8px; margin: 6px 1px 6px 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 8px 0; }
dt { color: #4a505c; }
dd { margin: 0; overflow-wrap: anywhere; }
ul.sentences { list-style: none; padding: 0; }
ul.sentences li { padding: 3px 0 3px 22px; position: relative; }
ul.sentences li::before { position: absolute; left: 0; content: "●"; color: #3b6ea5; }
ul.sentences li.gap::before { content: "▲"; color: #a15c00; }
ol.ledger { padding-left: 42px; font-size: 8.5pt; line-height: 1.35; }
ol.ledger li { break-inside: avoid; padding: 3px 0 4px; border-bottom: 1px solid #d5d9e0; overflow-wrap: anywhere; }
ol.ledger .hash { font-size: 8pt; }
ol.tree { list-style: none; padding: 0; font-size: 9pt; line-height: 1.35; }
ol.tree li { break-inside: avoid; margin: 0; padding: 3px 0 4px 8px; border-left: 2px solid #d5d9e0; border-bottom: 1px solid #eceef2; overflow-wrap: anywhere; }
ol.tree li.asked { border-left-color: #1f4f86; }
ol.tree li.brief { font-size: 8pt; padding-top: 1px; padding-bottom: 2px; }
p.brief { font-size: 8pt; line-height: 1.35; overflow-wrap: anywhere; }
ol.tree li div { color: #2f343d; font-size: 8.5pt; }
${Array.from({ length: 13 }, (_, i) => `ol.tree .l${i} { margin-left: ${i * 14}px; }`).join('\n')}
.status { white-space: nowrap; font-weight: 600; }
.status.rejected, .status.partial, .status.cancelled { color: #8f1d15; }
.warn { border-left: 4px solid #a15c00; padding: 4px 10px; background: #fff6e5; }
.record { break-inside: auto; margin-top: 16px; }
.record dl, .record h3 { break-inside: avoid; }
.ref { font-weight: 600; color: #1f4f86; text-decoration: none; }
.note { border-left: 3px solid #d5d9e0; padding-left: 12px; }
blockquote { margin: 6px 0; padding-left: 10px; border-left: 3px solid #d5d9e0; color: #4a505c; }
figure { margin: 8px 0; break-inside: avoid; }
figure svg { width: 100%; height: auto; }
figure text { font-size: 9px; fill: #4a505c; }
.key { white-space: nowrap; margin-right: 12px; }
.key svg { width: 12px; height: 12px; vertical-align: -1px; }
bdi { unicode-bidi: isolate; }
@page { size: A4; margin: 16mm 14mm 18mm; @bottom-left { content: ${cssString(footer)}; font: 7.5pt system-ui, "DejaVu Sans", sans-serif; color: #4a505c; } @bottom-right { content: counter(page) " / " counter(pages); font: 7.5pt system-ui, "DejaVu Sans", sans-serif; color: #4a505c; } }
@media print {
  body { padding: 0; max-width: none; font-size: 9.5pt; }
  h2.page { break-before: page; }
  pre { border-radius: 0; }
  tr { break-inside: avoid; }
  table.hours { font-size: 7pt; }
  table.hours th, table.hours td { padding: 3px 2px; }
}
`;
