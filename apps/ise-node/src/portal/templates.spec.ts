import { readdirSync, readFileSync } from 'node:fs';
import { ENGLISH } from './words.english.ts';
import { GERMAN } from './words.german.ts';
import { SPANISH } from './words.spanish.ts';

const FOLDER = new URL('./templates/', import.meta.url);
const templates = readdirSync(FOLDER).filter((name) => name.endsWith('.hbs'));
const sources = readdirSync(new URL('.', FOLDER.href.replace('templates/', '')))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && !name.startsWith('words.'))
  .map((name) => readFileSync(new URL(`../${name}`, FOLDER), 'utf8'));
const textOf = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

describe('the templates of the portals', () => {
  it.each(templates)('%s escapes every value, and has neither script nor style nor address from elsewhere', (name) => {
    expect(textOf(name)).not.toMatch(/\{\{\{|\{\{&|<script|<style| style=| on\w+=|https?:/);
  });

  it('use words that exist, and every word is used', () => {
    const all = [...templates.map(textOf), ...sources].join('\n');
    const used = [...all.matchAll(/\bwords\.(?!ts\b)(\w+)/g)].map(([, word = '']) => word);
    expect(used.filter((word) => !Object.hasOwn(ENGLISH, word))).toEqual([]);
    expect(Object.keys(ENGLISH).filter((word) => !new RegExp(`\\b${word}\\b`).test(all))).toEqual([]);
  });

  it('have every word in every language, none empty', () => {
    for (const words of [GERMAN, SPANISH]) {
      expect(Object.keys(words).sort()).toEqual(Object.keys(ENGLISH).sort());
      expect(Object.values(words).every((text) => text.trim() !== '')).toBe(true);
    }
  });
});
