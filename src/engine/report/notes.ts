/**
 * Notes are Markdown, and people paste evidence into them. They are parsed to a tree, and only what is listed here comes out of
 * it: HTML becomes its own text, images and links become words, and a citation becomes the number of its record.
 */
import type { Nodes, Parents, PhrasingContent, Root, Table } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown, gfmToMarkdown } from 'mdast-util-gfm';
import { defaultHandlers, toMarkdown } from 'mdast-util-to-markdown';
import { gfm } from 'micromark-extension-gfm';
import type { EventKey } from '../../shared/brand.ts';
import { isPlainNote } from '../../shared/note-limits.ts';
import { parseCitationHref } from '../case/citations.ts';
import { html, htmlLines, visibleLines } from './text.ts';

/** Deeper nesting is shown as plain text: a note of ten thousand `>` must not exhaust the stack. */
const MAX_DEPTH = 40;

/** Number of a cited record in the report; null when it is not among those shown. */
export type Numbering = (key: EventKey) => number | null;

function parse(text: string): Root | null {
  if (isPlainNote(text)) return null;
  try {
    return fromMarkdown(text.toWellFormed(), { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  } catch {
    return null;
  }
}

const plainText = (node: Nodes): string => {
  if ('value' in node) return node.value;
  if ('alt' in node) return node.alt ?? '';
  return 'children' in node ? (node.children as Nodes[]).map(plainText).join('') : '';
};

/** The note as HTML. Headings begin at `<h4>`. */
export function noteToHtml(text: string, numbering: Numbering): string {
  const tree = parse(text);
  return tree ? new HtmlWriter(numbering).children(tree, 0) : `<pre class="plain">${htmlLines(text)}</pre>`;
}

class HtmlWriter {
  constructor(private readonly numbering: Numbering) {}

  children(node: Parents, depth: number): string {
    return (node.children as Nodes[]).map((child) => this.node(child, depth + 1)).join('');
  }

  private node(node: Nodes, depth: number): string {
    if (depth > MAX_DEPTH) return htmlLines(plainText(node));
    const inner = (tag: string): string => `<${tag}>${this.children(node as Parents, depth)}</${tag}>`;
    switch (node.type) {
      case 'paragraph':
        return inner('p');
      case 'heading':
        return inner(`h${Math.min(6, node.depth + 3)}`);
      case 'emphasis':
        return inner('em');
      case 'strong':
        return inner('strong');
      case 'delete':
        return inner('del');
      case 'blockquote':
        return inner('blockquote');
      case 'list':
        return inner(node.ordered ? 'ol' : 'ul');
      case 'listItem': {
        const box = node.checked === null || node.checked === undefined ? '' : node.checked ? '[x] ' : '[ ] ';
        return `<li>${box}${this.children(node, depth)}</li>`;
      }
      case 'table':
        return this.table(node, depth);
      case 'text':
      case 'html':
        return htmlLines(node.value);
      case 'inlineCode':
        return `<code>${html(node.value)}</code>`;
      case 'code':
        return `<pre>${htmlLines(node.value)}</pre>`;
      case 'break':
        return '<br>';
      case 'thematicBreak':
        return '<hr>';
      case 'link':
        return this.link(node.url, this.children(node, depth), plainText(node));
      case 'image':
        return `[image: ${html(node.alt || node.url)}]`;
      case 'imageReference':
        return `[image: ${html(node.alt ?? node.identifier)}]`;
      case 'definition':
        return `<p>${html(`[${node.identifier}]: ${node.url}`)}</p>`;
      case 'footnoteReference':
        return html(`[^${node.identifier}]`);
      case 'footnoteDefinition':
        return `<div class="footnote">${html(`[^${node.identifier}] `)}${this.children(node, depth)}</div>`;
      default:
        return 'children' in node ? this.children(node as Parents, depth) : htmlLines(plainText(node));
    }
  }

  private link(url: string, label: string, labelText: string): string {
    const key = parseCitationHref(url);
    if (key) {
      const number = this.numbering(key);
      return number === null
        ? `${label} <span class="ref">[record not shown]</span>`
        : `${label} <a class="ref" href="#record-${number}">[${number}]</a>`;
    }
    return url === labelText ? label : `${label} (${html(url)})`;
  }

  private table(node: Table, depth: number): string {
    const row = (index: number, tag: string): string =>
      `<tr>${node.children[index].children.map((cell) => `<${tag}>${this.children(cell, depth + 2)}</${tag}>`).join('')}</tr>`;
    const body = node.children.slice(1).map((_, i) => row(i + 1, 'td'));
    return `<table class="note-table"><thead>${row(0, 'th')}</thead><tbody>${body.join('')}</tbody></table>`;
  }
}

/** The note as Markdown without HTML, images and links; headings go down by three levels. */
export function noteToMarkdown(text: string, numbering: Numbering): string {
  const tree = parse(text);
  if (!tree || tooDeep(tree, 0)) {
    return visibleLines(text)
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n');
  }
  const clean = simplify(tree, numbering) as Root;
  const entities = (escaped: string): string => escaped.replace(/\\?</g, '&lt;').replace(/\\?>/g, '&gt;');
  return toMarkdown(clean, {
    extensions: [gfmToMarkdown()],
    bullet: '-',
    fences: true,
    handlers: { text: (node, parent, state, info) => entities(defaultHandlers.text(node, parent, state, info)) },
  }).trimEnd();
}

const tooDeep = (node: Nodes, depth: number): boolean =>
  depth > MAX_DEPTH || ('children' in node && (node.children as Nodes[]).some((child) => tooDeep(child, depth + 1)));

const textNode = (value: string): PhrasingContent => ({ type: 'text', value: visibleLines(value) });

const FLOW_PARENTS: readonly Nodes['type'][] = ['root', 'blockquote', 'listItem'];

function simplify(node: Nodes, numbering: Numbering): Nodes {
  if (!('children' in node)) return simple(node, numbering);
  const copy = simple(node, numbering);
  // Text that came from a block stays a block of its own.
  if (FLOW_PARENTS.includes(copy.type) && 'children' in copy) {
    copy.children = (copy.children as Nodes[]).map((c) => (c.type === 'text' ? { type: 'paragraph', children: [c] } : c)) as never;
  }
  return copy;
}

function simple(node: Nodes, numbering: Numbering): Nodes {
  switch (node.type) {
    case 'text':
      return textNode(node.value);
    case 'html':
    case 'definition':
    case 'image':
    case 'imageReference':
    case 'footnoteReference':
      return textNode(
        node.type === 'html'
          ? node.value
          : node.type === 'definition'
            ? `[${node.identifier}]: ${node.url}`
            : node.type === 'footnoteReference'
              ? `[^${node.identifier}]`
              : `[image: ${node.alt || ('url' in node ? node.url : node.identifier)}]`,
      );
    case 'inlineCode':
    case 'code':
      return { ...node, value: visibleLines(node.value), ...(node.type === 'code' ? { lang: null, meta: null } : {}) };
    case 'link': {
      const key = parseCitationHref(node.url);
      const number = key === null ? null : numbering(key);
      const label = plainText(node);
      const tail = key === null ? (node.url === label ? '' : ` (${node.url})`) : number === null ? ' [record not shown]' : ` [${number}]`;
      return textNode(label + tail);
    }
    case 'linkReference':
    case 'footnoteDefinition':
      return textNode(plainText(node));
    case 'heading':
      return {
        ...node,
        depth: Math.min(6, node.depth + 3) as 1,
        children: node.children.map((c) => simplify(c, numbering) as PhrasingContent),
      };
    default:
      if (!('children' in node)) return node;
      return { ...node, children: (node.children as Nodes[]).map((c) => simplify(c, numbering)) } as Nodes;
  }
}
