import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface MarkdownFile {
  /** From the folder of the repository. */
  path: string;
  lines: string[];
}

/** A fenced block of code. */
export interface CodeBlock {
  file: string;
  /** Of the opening fence, from 1. */
  line: number;
  language: string;
  /** The text of the HTML comment right above the fence, without its marks. */
  note: string | undefined;
  text: string;
}

/** README.md and its like, and everything below docs/. */
export function markdownFiles(): MarkdownFile[] {
  const top = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  const docs = readdirSync(`${ROOT}/docs`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  return [...top, ...docs].sort().map(readMarkdown);
}

export function readMarkdown(path: string): MarkdownFile {
  return { path, lines: readFileSync(`${ROOT}/${path}`, 'utf8').split('\n') };
}

export function codeBlocks({ path, lines }: MarkdownFile): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const fence = /^```(\w*)/.exec(lines[index] ?? '');
    if (!fence) continue;
    const end = lines.findIndex((line, at) => at > index && line.startsWith('```'));
    const above = lines.slice(0, index).findLast((line) => line.trim() !== '');
    blocks.push({
      file: path,
      line: index + 1,
      language: fence[1] ?? '',
      note: /^<!-- (.*) -->$/.exec(above ?? '')?.[1],
      text: `${lines.slice(index + 1, end).join('\n')}\n`,
    });
    index = end;
  }
  return blocks;
}

/** The lines outside fenced code, with their numbers from 1. */
export function prose(file: MarkdownFile): { line: number; text: string }[] {
  let inCode = false;
  return file.lines.flatMap((text, index) => {
    const isFence = text.startsWith('```');
    if (isFence) inCode = !inCode;
    return inCode || isFence ? [] : [{ line: index + 1, text }];
  });
}

/** The anchors that a page has, made from its headings as GitHub makes them. */
export function anchorsOf(file: MarkdownFile): Set<string> {
  const anchors = new Set<string>();
  for (const { text } of prose(file)) {
    const heading = /^#{1,6} +(.*)$/.exec(text)?.[1];
    if (heading === undefined) continue;
    const base = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    let anchor = base;
    for (let again = 1; anchors.has(anchor); again += 1) anchor = `${base}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** `[name]: target` lines, names in lower case. */
export function linkDefinitions(file: MarkdownFile): Map<string, string> {
  return new Map(
    prose(file).flatMap(({ text }) => {
      const definition = /^\[([^\]]+)\]: +(\S+)/.exec(text);
      return definition ? [[(definition[1] ?? '').toLowerCase(), definition[2] ?? ''] as const] : [];
    }),
  );
}
