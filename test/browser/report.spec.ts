import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { isebed, temporaryFolder } from '../e2e/isebed-process.ts';
import { openFile, seriousFindings, startChromium, takePicture } from './report-browser.ts';

const EXPLAINED = 'scenarios/troubleshooting/t4-wrong-object-id.yaml';
const BROKEN_CHAIN = 'scenarios/troubleshooting/t5-smtp.yaml';

/** Fails, and has markup wherever somebody may write. */
const SCRIPT = '<script>alert(1)</script><img src=x onerror=alert(2)>"\'';
const HOSTILE = JSON.stringify({
  name: `Hostile ${SCRIPT}`,
  given: {
    guests: [
      {
        username: '<img/src=x/onerror=alert(3)>',
        firstName: SCRIPT,
        lastName: SCRIPT,
        emailAddress: 'testuser@guests.example',
      },
    ],
  },
  steps: [
    {
      click: 'pan1 / SMTP Server / Test Connection',
      break: `broken ${SCRIPT}`,
      with: { smtpServer: 'no-such-server.example' },
      gui: SCRIPT,
    },
    { click: 'psn1 / Sponsor Portal / Resend', with: { guest: '<img/src=x/onerror=alert(3)>' } },
  ],
});

describe('report.html in a browser', () => {
  const out = temporaryFolder();
  let browser: Browser;
  const [explained = '', chain = '', hostile = '', index = ''] = [
    'scenarios-troubleshooting-t4-wrong-object-id/report.html',
    'scenarios-troubleshooting-t5-smtp/report.html',
    'hostile/report.html',
    'index.html',
  ].map((path) => join(out.path, 'pages', path));

  beforeAll(async () => {
    browser = await startChromium();
    const scenario = join(out.path, 'hostile.yaml');
    writeFileSync(scenario, HOSTILE);
    const pages = join(out.path, 'pages');
    const built = await isebed(['run', EXPLAINED, BROKEN_CHAIN, '--reporter', `html=${pages}`]);
    expect({ status: built.status, stderr: built.stderr }).toEqual({ status: 0, stderr: '' });
    const failed = await isebed(['run', 'hostile.yaml', '--out', 'pages'], { cwd: out.path });
    expect({ status: failed.status, stderr: failed.stderr }).toEqual({ status: 1, stderr: '' });
  });
  afterAll(async () => {
    await browser.close();
    out[Symbol.dispose]();
  });

  it.each([
    ['light', { colorScheme: 'light' as const }],
    ['dark', { colorScheme: 'dark' as const }],
    ['narrow', { viewport: { width: 360, height: 760 } }],
  ])(
    'has no serious fault of accessibility, says nothing on the console and asks for nothing: %s',
    async (name, options) => {
      const { page, complaints } = await openFile(browser, explained, { reducedMotion: 'reduce', ...options });
      expect(await seriousFindings(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
      await takePicture(page, name);
    },
  );

  it.each([
    ['the index', () => index],
    ['a broken chain', () => chain],
    ['a run that failed', () => hostile],
  ])('is as sound for %s', async (_name, file) => {
    const { page, complaints } = await openFile(browser, file(), { colorScheme: 'dark' });
    expect(await seriousFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('does not run what stands in names', async () => {
    const { page, complaints } = await openFile(browser, hostile);
    expect(complaints).toEqual([]);
    expect(await page.locator('h1').innerText()).toBe(`Hostile ${SCRIPT}`);
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.locator('img').count()).toBe(0);
  });

  it('leads from the index to each report, and from there to the evidence', async () => {
    const { page } = await openFile(browser, index);
    await page.getByRole('link', { name: 'T4 Invalid email address' }).click();
    expect(await page.locator('h1').innerText()).toContain('T4 Invalid email address');
    await page.getByRole('link', { name: 'pan1/guest.log' }).click();
    expect(await page.content()).toContain('535 5.7.3');
  });

  it('shows the attempt that is chosen in the timeline', async () => {
    const { page } = await openFile(browser, explained);
    await page.getByRole('link', { name: /pan1: Test Connection, failed/ }).click();
    // The browser tells the page's script of it a moment later.
    const attempt = page.locator('details:target[open]');
    await attempt.waitFor();
    expect(await attempt.getByRole('row', { name: /AUTH/ }).innerText()).toContain('535 5.7.3');
  });

  it('can be widened, and switched between light and dark', async () => {
    const { page } = await openFile(browser, explained, { colorScheme: 'light' });
    const width = async (): Promise<number> => (await page.locator('#timeline-drawing').boundingBox())?.width ?? 0;
    const before = await width();
    await page.getByRole('button', { name: 'Wider' }).click();
    expect(await width()).toBeCloseTo(before * 1.5, -1);
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.getByRole('button', { name: 'Colours' }).click();
    expect(await ground()).toBe(light);
    await page.getByRole('button', { name: 'Colours' }).click();
    expect(await ground()).not.toBe(light);
  });

  it('takes the keyboard to all that can be used, and shows where it is', async () => {
    const { page } = await openFile(browser, explained);
    const usable: number = await page.evaluate(
      `[...document.querySelectorAll('a[href], button, summary, [tabindex="0"]')].filter((one) => one.checkVisibility()).length`,
    );
    const reached = new Set<string>();
    for (let presses = 0; presses < usable + 5; presses += 1) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate(PLACE_OF_FOCUS));
    }
    reached.delete('');
    expect(reached.size).toBe(usable);
    await page.locator('#theme').focus();
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
  });

  it('has all of it without its script', async () => {
    const { page, complaints } = await openFile(browser, explained, { javaScriptEnabled: false });
    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
      'What failed, and why',
      'Timeline by node',
      'The deployment, and where it broke',
      'The story',
      'Attempts',
      'On the wire',
      'Certificate chains',
      'Evidence',
    ]);
    expect(await page.locator('tr.decisive').first().innerText()).toContain('535 5.7.3');
    expect(await page.getByRole('button').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('prints with every transcript open, on white', async () => {
    const { page } = await openFile(browser, explained, { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.locator('nav.sections').isVisible()).toBe(false);
    await takePicture(page, 'print');
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    expect(await page.locator('details:not([open])').count()).toBe(0);
  });
});

/** Tells elements apart; empty where the focus is on none. */
const PLACE_OF_FOCUS = `(() => {
  const one = document.activeElement;
  return one === document.body || one === null ? '' : String([...document.querySelectorAll('*')].indexOf(one));
})()`;
