import { explainFailure } from './explain-failure.ts';
import type { Observation, ObservationSource } from './observation.ts';

function refused(number: number, source: ObservationSource): Observation {
  return { kind: 'aadsts', number, source };
}
function reply(code: number, enhanced: string, source: ObservationSource): Observation {
  return { kind: 'smtp-reply', code, enhanced, text: '', ...(code === 250 ? { stage: 'end-of-data' } : {}), source };
}
const at = (line: number, time?: string): ObservationSource => ({
  file: 'guest.log',
  line,
  ...(time === undefined ? {} : { at: time }),
});

describe('of several failures', () => {
  it('tells the one that comes up always, and mentions the one that came up once', () => {
    const storm = Array.from({ length: 30 }, (_, index) =>
      index === 11 ? refused(90033, at(index)) : reply(430, '4.2.0', at(index)),
    );
    const { symptom, beside } = explainFailure(storm);
    expect(symptom?.step).toBe('end-of-data');
    expect(beside).toMatchObject([{ code: 'entra.service-degraded', count: 1, source: { line: 11 } }]);
  });

  it('tells the new one once it came up twice at the end', () => {
    const storm = Array.from({ length: 60 }, (_, index) => reply(430, '4.2.0', at(index)));
    const { causes } = explainFailure([...storm, refused(7000222, at(60)), refused(7000222, at(61))]);
    expect(causes[0]?.code).toBe('entra.secret-expired');
  });

  it('compares no time without a zone with one that has one', () => {
    const local = reply(432, '4.3.2', { file: 'a', at: '2026-02-10T23:00:00.000' });
    const zoned = refused(7000222, { file: 'b', at: '2026-02-10T14:00:00Z' });
    const { symptom, beside } = explainFailure([local, zoned]);
    expect(symptom?.step).toBe('token');
    expect(beside).toHaveLength(1);
  });

  it('leaves those out that another zone shows to be hours old', () => {
    const old = refused(7000222, { file: 'a', at: '2026-02-10T19:30:00+05:30' });
    const now = reply(432, '4.3.2', { file: 'b', at: '2026-02-10T18:00:00Z' });
    expect(explainFailure([old, now]).symptom?.step).toBe('end-of-data');
  });
});

describe('what went well later', () => {
  const [failed, sent] = [reply(430, '4.2.0', at(1)), reply(250, '2.0.0', at(9))];

  it('is told, with where it stands', () => {
    expect(explainFailure([failed, sent]).since).toMatchObject({ source: { line: 9 } });
    expect(explainFailure([failed], { later: [sent] }).since).toMatchObject({ source: { line: 9 } });
  });

  it.each([
    ['came before', [sent, reply(430, '4.2.0', at(20))]],
    ['was refused again', [failed, sent, reply(430, '4.2.0', at(12))]],
    [
      'was another node',
      [
        { ...failed, source: { ...at(1), node: 'a' } },
        { ...sent, source: { ...at(9), node: 'b' } },
      ],
    ],
    ['is from a file that cannot be compared', [failed, { ...sent, source: { file: 'other.log', line: 1 } }]],
    ['did not come as far', [failed, { ...sent, code: 235, stage: 'auth' } as const]],
  ])('is not claimed where it %s', (_what, observations: Observation[]) => {
    expect(explainFailure(observations)).not.toHaveProperty('since');
  });
});
