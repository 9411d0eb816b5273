import { guestDueAt, HOUR_MS, inSixNodes, MINUTE_MS, SHORT_VISIT } from './deployment-lab.ts';
import { START } from './microsoft-lab.ts';
import { GUEST, recordsOf } from './node-lab.ts';

describe('the clock of a node', () => {
  it('is shown by its guest.log, and its reminders fall due by it', async () => {
    const dueAt = START + 3 * HOUR_MS;
    await inSixNodes(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        lab.node('pan1').context.clockSkewMs = HOUR_MS;
        await lab.clock.sleep(4 * HOUR_MS);
        const [due] = recordsOf(lab, 'guest.expiry-due');
        expect(Date.parse(due?.t ?? '')).toBe(dueAt - HOUR_MS);
        const log = (await lab.call('pan1', 'GET', 'logs/guest.log')).body as string;
        const submitted = log.split('\n').find((line) => line.includes('Submitting Mail Job'));
        expect(submitted).toContain(new Date(dueAt).toISOString().slice(0, 16).replace('T', ' '));
      },
      [SHORT_VISIT, guestDueAt('1001', dueAt)],
    );
  });

  it('does not hold up what is due when it is set right again', async () => {
    const dueAt = START + 3 * HOUR_MS;
    await inSixNodes(
      async (lab) => {
        await lab.saveSmtpServer('pan1');
        lab.node('pan1').context.clockSkewMs = -24 * HOUR_MS;
        await lab.clock.sleep(4 * HOUR_MS);
        expect(recordsOf(lab, 'guest.expiry-due')).toEqual([]);
        lab.node('pan1').context.clockSkewMs = 0;
        await lab.clock.sleep(MINUTE_MS);
        expect(lab.exchange.deliveredTo(GUEST)).toHaveLength(1);
      },
      [SHORT_VISIT, guestDueAt('1001', dueAt)],
    );
  });
});
