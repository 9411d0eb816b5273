import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolder } from './data-folder.ts';
import { Documents } from './documents.ts';

describe('DataFolder', () => {
  let path: string;
  beforeEach(() => (path = mkdtempSync(join(tmpdir(), 'isebed-data-'))));
  afterEach(() => rmSync(path, { recursive: true }));

  it('has every commit on the disk before it goes on', () => {
    const folder = DataFolder.open(path);
    expect(folder.database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(folder.database.prepare('PRAGMA locking_mode').get()).toEqual({ locking_mode: 'exclusive' });
    folder.close();
  });

  it('keeps documents, and files of its own', () => {
    const folder = DataFolder.open(path);
    new Documents(folder.database).put('time', { now: 1 });
    folder.write('note', 'kept');
    folder.close();
    const again = DataFolder.open(path);
    expect(new Documents(again.database).get('time')).toEqual({ now: 1 });
    expect([again.read('note'), again.read('nothing')]).toEqual(['kept', undefined]);
    again.close();
  });

  it.each(['{"layout":2}', 'no JSON', '{}'])('refuses a folder whose layout.json says %s', (layout) => {
    writeFileSync(join(path, 'layout.json'), layout);
    expect(() => DataFolder.open(path)).toThrow(expect.objectContaining({ code: 'up.data-newer' }));
  });

  it('refuses a file in the place of the folder', () => {
    const file = join(path, 'file');
    writeFileSync(file, '');
    expect(() => DataFolder.open(file)).toThrow(expect.objectContaining({ code: 'up.data-folder' }));
  });
});
