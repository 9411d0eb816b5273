import { mkdtempSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findScenarioFiles } from './find-scenario-files.ts';
import { loadScenarioFile } from './scenario-file.ts';

describe('a scenario file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'isebed-scenario-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function written(content: string | Uint8Array, name = 'case.yaml'): string {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  }

  function onlyMistake(file: string): string | undefined {
    const { scenario, mistakes } = loadScenarioFile(file);
    expect(scenario).toBeUndefined();
    expect(mistakes).toHaveLength(1);
    return mistakes[0]?.message;
  }

  it('that is missing, a folder, a device or a circle of links is one mistake', () => {
    expect(onlyMistake(join(folder, 'none.yaml'))).toBe('there is no such file');
    expect(onlyMistake(join(written('name: x'), 'inside.yaml'))).toBe('there is no such file');
    expect(onlyMistake(folder)).toBe('a folder');
    expect(onlyMistake('/dev/zero')).toBe('not an ordinary file');
    const circle = join(folder, 'circle.yaml');
    symlinkSync(circle, circle);
    expect(onlyMistake(circle)).toBe('symbolic links go round in circles');
  });

  it('that is binary, or in another encoding, is one mistake', () => {
    expect(onlyMistake(written(Uint8Array.of(0x6e, 0x00, 0x61)))).toBe('the file is not text');
    expect(onlyMistake(written(Uint8Array.of(0x6e, 0x3a, 0x20, 0xe4)))).toBe('the file is not text');
  });

  it('may have a megabyte and not one byte more', () => {
    const start = 'name: x\nsteps: [{ wait: 1s }]\n#';
    const file = written(start);
    truncateSync(file, 1024 * 1024 + 1);
    expect(onlyMistake(file)).toBe('the file has 1048577 bytes');
    writeFileSync(file, start.padEnd(1024 * 1024, '-'));
    expect(loadScenarioFile(file).mistakes).toEqual([]);
  });

  it('with a byte order mark and Windows line ends is read', () => {
    expect(loadScenarioFile(written('\ufeffname: x\r\nsteps: [{ wait: 1s }]\r\n')).scenario?.name).toBe('x');
  });

  it('with a bomb of aliases is refused', () => {
    const levels = Array.from({ length: 9 }, (_, level) => `a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}]`);
    expect(loadScenarioFile(written(['a: &a-1 x', ...levels].join('\n'))).mistakes).toMatchObject([
      { message: 'the aliases stand for too much' },
    ]);
  });

  it('with thousands of aliases is refused', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => `k${index}: *a`).join('\n');
    expect(loadScenarioFile(written(`a: &a 1\n${many}`)).mistakes).toMatchObject([
      { line: 102, message: 'too many aliases', expected: 'at most 100 of them' },
    ]);
  });

  it('with brackets without end is refused', () => {
    expect(loadScenarioFile(written('['.repeat(100_000))).mistakes[0]?.message).toBe('nested too deeply');
  });

  it('is found below folders, each once, in order, whatever a named file is called', () => {
    mkdirSync(join(folder, 'b'));
    const [a, c, txt, inner] = [
      written('', 'a.yml'),
      written('', 'c.yaml'),
      written('', 'd.txt'),
      written('', 'b/x.yaml'),
    ];
    expect(findScenarioFiles([folder, a])).toEqual({ files: [a, inner, c], mistakes: [] });
    expect(findScenarioFiles([txt]).files).toEqual([txt]);
  });

  it('that is not found is a mistake, and so is a folder without one', () => {
    const none = join(folder, 'none');
    expect(findScenarioFiles([none, folder]).mistakes).toMatchObject([
      { file: none, message: 'there is no such file' },
      { file: folder, message: 'a folder without a scenario' },
    ]);
  });
});
