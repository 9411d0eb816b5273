import { createHash } from 'node:crypto';
import { BROKEN_DOWN, FAILED } from '../results.fixture.ts';
import { renderIndex, renderReport } from './report-page.ts';
import { INPUT } from './report.fixture.ts';

const HOSTILE = `</script><script>alert(1)</script>"'><img src=x onerror=alert(2)>{{this}}\u0000\u001b[31m`;

/** The same with every text replaced, however deep. */
function poisoned<T>(value: T): T;
function poisoned(value: unknown): unknown {
  if (typeof value === 'string') return `${value}${HOSTILE}`;
  if (Array.isArray(value)) return value.map(poisoned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, KEPT.has(key) ? one : poisoned(one)]));
}

/** What the program itself chooses from a list, and times. */
const KEPT = new Set(['outcome', 't', 'at', 'kind', 'text', 'path']);

describe('the report of a run', () => {
  it('is the same page for the same run', () => {
    expect(renderReport(INPUT)).toBe(renderReport(structuredClone(INPUT)));
  });

  it('does not depend on how long the run really took, or where its evidence is', () => {
    const elsewhere = { ...INPUT, result: { ...INPUT.result, wallMs: 99_999, evidence: '/somewhere' } };
    expect(renderReport(elsewhere)).toBe(renderReport(INPUT));
  });

  it('lets the browser take its own style and script, and nothing else', () => {
    const page = renderReport(INPUT);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
    const hashes = (tag: string): string[] =>
      [...page.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))].map(([, text = '']) =>
        `&#x27;sha256-${createHash('sha256').update(text).digest('base64')}&#x27;`.replaceAll('=', '&#x3D;'),
      );
    expect(hashes('style')).toHaveLength(1);
    expect(hashes('script')).toHaveLength(1);
    expect(policy).toContain('default-src &#x27;none&#x27;');
    for (const hash of [...hashes('style'), ...hashes('script')]) expect(policy).toContain(hash);
    expect(page).not.toMatch(/ style=| on\w+="|(?:src|href)="(?:https?:)?\/\//);
  });

  it('shows names and texts as text, whatever is in them', () => {
    const page = renderReport({ ...poisoned(INPUT), files: INPUT.files.map((file) => ({ ...file, what: HOSTILE })) });
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page.match(/<\/script>/g)).toHaveLength(1);
    expect(page).not.toMatch(/<img|\u0000|\u001b/);
    expect(page).toContain('&lt;img src');
  });

  it('marks the line that decided, and opens the transcript at it', () => {
    const page = renderReport(INPUT);
    expect(page).toMatch(/<details class="session" id="session-0012" open>/);
    const decisive = [...page.matchAll(/<tr class="\w+ decisive">.*<code>(.*)<\/code>/g)].map(([, text]) => text);
    expect(decisive).toEqual(['535 5.7.3 Authentication unsuccessful']);
  });

  it('breaks the certificate chain at the authority that the node does not have', () => {
    const page = renderReport(INPUT);
    const anchor = /<li class="anchor bad">[^]*?<b>(.*?)<\/b>/.exec(page)?.[1];
    expect(anchor).toBe('Root CA');
    expect(page).toContain('refused by psn1, first at 05:00:32.000: no-certification-path');
  });

  it('tells how sure a diagnosis is, what else it could be, and what decides, where the diagnosis says so', () => {
    const [diagnosis] = INPUT.result.diagnosis;
    const sure = {
      code: 'exchange.no-consent',
      cause: '',
      remedy: '',
      ...diagnosis,
      certainty: 'likely' as const,
      evidence: [1],
      check: { ask: 'Get-ServicePrincipal', tells: 'the object ID' },
      alternatives: [{ code: 'exchange.mailbox-unknown', probability: 0.123 }],
    };
    const page = renderReport({ ...INPUT, result: { ...INPUT.result, diagnosis: [sure] } });
    for (const text of ['likely', '<code>Get-ServicePrincipal</code>', '<code>exchange.mailbox-unknown</code> 12 %']) {
      expect(page).toContain(text);
    }
    expect(page).toContain('pan1, Test Connection: Invalid email address');
  });

  it('says what was expected and what was seen instead, before all else', () => {
    const page = renderReport({ ...INPUT, result: FAILED });
    expect(page.indexOf('id="failures"')).toBeGreaterThan(0);
    expect(page.indexOf('id="failures"')).toBeLessThan(page.indexOf('id="timeline"'));
    expect(page).toContain('the page shows &quot;Invalid client secret&quot;');
  });

  it('comes about even if the testbed never started', () => {
    const page = renderReport({ result: BROKEN_DOWN, nodes: [], records: [], files: [] });
    expect(page).toContain('virtual time stands still');
    expect(page).not.toContain('id="timeline"');
  });

  it('has each anchor that it links to', () => {
    const page = renderReport(INPUT);
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets.length).toBeGreaterThan(8);
    expect(targets.filter((id) => !ids.has(id ?? ''))).toEqual([]);
  });
});

describe('the index of several runs', () => {
  it('counts outcomes and shows texts as text', () => {
    const page = renderIndex([
      { result: INPUT.result, report: 'one/report.html' },
      { result: { ...FAILED, name: HOSTILE }, report: undefined },
    ]);
    expect(page).toContain('<dt>Passed</dt><dd>1</dd>');
    expect(page).toContain('href="./one/report.html"');
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page).not.toContain('<img');
  });
});
