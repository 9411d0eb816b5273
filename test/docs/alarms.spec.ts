import { ALARM_CATALOGUE, type AlarmDefinition } from '#libs/alarms';
import { readMarkdown } from './markdown.ts';

const HEAD = ['alarm', 'severity', 'category', 'mailed', 'counted for', 'what it says', 'suggested action'];

function rowOf(alarm: AlarmDefinition): string[] {
  const { name, severity, category, mailedByDefault, suppressForMinutesByDefault, description, suggestedAction } =
    alarm;
  const counted = suppressForMinutesByDefault === 0 ? '-' : `${suppressForMinutesByDefault} min`;
  return [name, severity, category, mailedByDefault ? 'yes' : 'no', counted, description, suggestedAction];
}

describe('the catalogue in docs/alarms.md', () => {
  it('is that of the code, row by row', () => {
    const lines = readMarkdown('docs/alarms.md').lines;
    const rows = lines
      .filter((line) => line.startsWith('|'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    const head = rows.findIndex((cells) => cells.join() === HEAD.join());
    expect(rows.slice(head + 2)).toEqual(ALARM_CATALOGUE.map(rowOf));
  });
});
