import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorsOf, linkDefinitions, markdownFiles, prose, readMarkdown, ROOT, type MarkdownFile } from './markdown.ts';

interface Link {
  place: string;
  target: string;
}

/** `[text](target)`, `![text](target)` and `[name]: target`. Code in backticks is no link. */
function linksOf(file: MarkdownFile): Link[] {
  return prose(file).flatMap(({ line, text }) => {
    const plain = text.replace(/`[^`]*`/g, '``');
    const inline = [...plain.matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(([, target = '']) => target);
    const defined = /^\[[^\]]+\]: +(\S+)/.exec(plain)?.[1];
    return [...inline, ...(defined === undefined ? [] : [defined])].map((target) => ({
      place: `${file.path}:${line}`,
      target,
    }));
  });
}

function complaintAbout(file: MarkdownFile, { place, target }: Link): string[] {
  if (/^[a-z]+:/.test(target)) return [];
  const [path = '', anchor] = target.split('#');
  const linked = path === '' ? file.path : normalize(join(dirname(file.path), path));
  if (!existsSync(join(ROOT, linked))) return [`${place} links to ${target}, which does not exist`];
  if (anchor === undefined) return [];
  if (!linked.endsWith('.md') || !statSync(join(ROOT, linked)).isFile()) return [`${place}: ${target} has no headings`];
  return anchorsOf(readMarkdown(linked)).has(anchor) ? [] : [`${place}: ${linked} has no heading #${anchor}`];
}

describe('links in the documentation', () => {
  const files = markdownFiles();

  it.each(files.map((file) => [file.path, file] as const))('of %s lead somewhere', (_path, file) => {
    expect(linksOf(file).flatMap((link) => complaintAbout(file, link))).toEqual([]);
  });

  it.each(files.map((file) => [file.path, file] as const))('of %s by name are defined and used', (_path, file) => {
    const defined = linkDefinitions(file);
    const text = prose(file)
      .filter((line) => !/^\[[^\]]+\]: /.test(line.text))
      .map((line) => line.text.replace(/`[^`]*`/g, '``'))
      .join('\n');
    const used = [...text.matchAll(/\[([^[\]]+)\](?![(:[])/g)].map(([, name = '']) => name.toLowerCase());
    expect(used.filter((name) => !defined.has(name))).toEqual([]);
    expect([...defined.keys()].filter((name) => !used.includes(name))).toEqual([]);
  });

  it('are found at all, with their anchors', () => {
    const file = {
      path: 'docs/a.md',
      lines: ['# A `b`: c!', 'see [x](glossary.md#nowhere) and [y](#a-b-c)', '## A b c'],
    };
    expect(linksOf(file).map(({ target }) => target)).toEqual(['glossary.md#nowhere', '#a-b-c']);
    expect([...anchorsOf(file)]).toEqual(['a-b-c', 'a-b-c-1']);
  });
});
