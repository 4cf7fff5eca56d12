/** Hostile values, and what must hold of a report that is full of them. */
import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

const NASTY = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>alert(1)</script>',
  '</pre><script>',
  '```\n<script>',
  '[x](javascript:alert(1))',
  '![x](http://192.0.2.1/pixel.png)',
  '<!--',
  ']]>',
  '&lt;script&gt;',
  '\u202egnp.exe',
  '\u0000\u001b[31m',
  '|a|b|\n|-|-|',
  'a\\',
  '\ud800',
  '{{constructor}}',
];
export const nasty = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.tuple(fc.constantFrom(...NASTY), fc.string({ maxLength: 10 })).map((p) => p.join('')),
);

/** Elements and attributes that the report's own templates use; nothing else may come out. */
const ELEMENTS = new Set(
  'html head meta title style body header section article h1 h2 h3 h4 h5 h6 p ul ol li dl dt dd table thead tbody tr th td em strong del code pre span bdi br hr blockquote div figure figcaption svg defs pattern rect circle line text a'.split(
    ' ',
  ),
);
const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z0-9:-]+(?:="[^"<>]*")?)*)\s*(\/?)>/y;

/** Every `<` begins a well-formed tag of the list; every attribute is in double quotes and is no handler. */
export function checkHtml(html: string): void {
  const body = html.replace(/^<!DOCTYPE html>/, '').replace(/<style>[^<]*<\/style>/, '');
  let at = 0;
  for (;;) {
    at = body.indexOf('<', at);
    if (at < 0) break;
    TAG.lastIndex = at;
    const match = TAG.exec(body);
    if (!match) throw new Error(`a "<" that is no tag of ours: ${JSON.stringify(body.slice(at, at + 80))}`);
    if (!ELEMENTS.has(match[2])) throw new Error(`unexpected element ${match[2]}`);
    if (/\son|javascript:|src=/i.test(match[3])) throw new Error(`unexpected attribute ${match[3]}`);
    at = TAG.lastIndex;
  }
}

const walk = (node: Nodes): Nodes[] => [node, ...('children' in node ? (node.children as Nodes[]).flatMap(walk) : [])];
export const parse = (markdown: string): Nodes[] =>
  walk(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
