import { AxeBuilder } from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** Debian's; another one with CHROMIUM. */
const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Starts Chromium, to which every name of the lab leads to this machine. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: ['--host-resolver-rules=MAP *.lab.example 127.0.0.1'],
  });
}

/** A visitor with cookies of his own. No page may run a script: the portals' own policy forbids it. */
export async function aVisitor(browser: Browser, options: { locale?: string } = {}): Promise<Page> {
  const context: BrowserContext = await browser.newContext({
    locale: options.locale ?? 'en-US',
    viewport: { width: 1_100, height: 760 },
    // That the certificate is one of the lab's is tested where a client can be given its roots (up-portals.spec.ts).
    ignoreHTTPSErrors: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('dialog', (dialog) => {
    throw new Error(`a script ran: ${dialog.message()}`);
  });
  return page;
}

/** Everything that axe finds wrong with the page, as `rule: element`. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Into the folder that ISEBED_SCREENSHOTS names, for the documents. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env['ISEBED_SCREENSHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `portals-${name}.png`) });
}
