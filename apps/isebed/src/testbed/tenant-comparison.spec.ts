import { Random } from '#libs/simulation';
import { EntraDirectory } from '#mocks/entra';
import { ExchangeOnline } from '#mocks/exchange';
import type { MicrosoftState } from './microsoft-state.ts';
import { beginningOf } from './tenant-beginning.ts';
import { compareStates } from './tenant-comparison.ts';
import { EVERYTHING, sourceOf, START, stateOf } from './tenants.fixture.ts';

const SEED = `
tenants:
  - name: Contoso
    domains: [contoso.com]
    users: [{ userPrincipalName: ise@contoso.com }]
    applications: [{ name: ISE mail, secrets: [{ name: current, value: lab-value-1, endsOn: 2027-01-01 }] }]
`;

function linesOf(before: MicrosoftState, after: MicrosoftState, leftOpen: ReadonlySet<string> = new Set()): string[] {
  return compareStates({ state: before, leftOpen }, { state: after, leftOpen: new Set() }).differences.map(
    ({ text }) => text,
  );
}

/** The state after somebody changed something through the services themselves. */
function changed(state: MicrosoftState, change: (directory: EntraDirectory, online: ExchangeOnline) => void) {
  const random = new Random('7');
  const directory = EntraDirectory.fromState(state.entra, { clock: { now: () => START }, random });
  const online = ExchangeOnline.fromState(state.exchange, { random });
  change(directory, online);
  return { ...state, entra: directory.exportState(), exchange: online.exportState() };
}

describe('the comparison of two states', () => {
  it('finds nothing between a state and itself, whatever is in it', () => {
    expect(linesOf(stateOf(EVERYTHING), stateOf(EVERYTHING))).toEqual([]);
  });

  it('names what changed by its path, in the words of the seed', () => {
    const after = SEED.replace('2027-01-01', '2026-06-01T08:00:00Z')
      .replace('{ userPrincipalName: ise@contoso.com }', '{ userPrincipalName: ise@contoso.com, displayName: ISE }')
      .replace('lab-value-1', 'lab-value-2');
    expect(linesOf(stateOf(SEED), stateOf(after))).toEqual([
      'Contoso / users / ise@contoso.com / displayName: ise@contoso.com -> ISE',
      'Contoso / applications / ISE mail / secrets / current / endsOn: 2027-01-01 -> 2026-06-01T08:00:00.000Z',
      'Contoso / applications / ISE mail / secrets / current / value: changed',
      'Contoso / exchange / mailboxes / ise@contoso.com / displayName: ise@contoso.com -> ISE',
    ]);
  });

  it('names what the services were told since', () => {
    const before = stateOf(SEED);
    const { application } = before;
    const after = changed(before, (directory, online) => {
      directory.revokeAdminConsent('contoso.com', application?.clientId ?? '');
      directory.users.create('contoso.com', {
        userPrincipalName: 'new@contoso.com',
        displayName: 'New',
        mailNickname: 'new',
      });
      const [organization] = online.organizations;
      organization?.removeServicePrincipal(application?.clientId ?? '');
      organization?.newServicePrincipal({ appId: application?.clientId ?? '', objectId: application?.objectId ?? '' });
      organization?.setTransportConfig({ smtpClientAuthenticationDisabled: true });
    });
    expect(linesOf(before, after)).toEqual([
      'Contoso / users / new@contoso.com: added',
      'Contoso / applications / ISE mail / permissions / SMTP.SendAsApp: with admin consent -> without admin consent',
      'Contoso / applications / ISE mail / permissions / User.Read: with admin consent -> without admin consent',
      'Contoso / exchange / smtpClientAuthenticationDisabled: false -> true',
      'Contoso / exchange / servicePrincipals / ISE mail / objectId: enterprise -> registration',
      'Contoso / exchange / servicePrincipals / ISE mail / displayName: ISE mail -> ',
      'Contoso / exchange / mailboxes / ise@contoso.com / permissions / ISE mail: removed',
      `Contoso / exchange / mailboxes / ise@contoso.com / permissions / ${application?.servicePrincipalObjectId}: added`,
    ]);
  });

  it('says "removed" and "added" once for a thing with all that is in it', () => {
    const more = SEED.replace('[{ name: ISE mail', '[{ name: Second }, { name: ISE mail');
    const { state, leftOpen } = beginningOf(sourceOf(SEED), { now: START, random: new Random('7') });
    const told = (lines: string[]): string[] => lines.filter((line) => line.includes('applications'));
    expect(told(linesOf(state, stateOf(more), leftOpen))).toEqual(['Contoso / applications / Second: added']);
    const back = beginningOf(sourceOf(more), { now: START, random: new Random('7') });
    expect(told(linesOf(back.state, state, back.leftOpen))).toEqual(['Contoso / applications / Second: removed']);
  });

  it('does not insist on what a seed leaves open', () => {
    const { state, leftOpen } = beginningOf(sourceOf(SEED), { now: START + 5_000, random: new Random('8') });
    expect(linesOf(state, stateOf(SEED))).not.toEqual([]);
    expect(linesOf(state, stateOf(SEED), leftOpen)).toEqual([]);
  });

  it('shows no value of a secret, nor anything that it could be guessed from', () => {
    const [before, after] = [stateOf(SEED), stateOf(SEED.replace('lab-value-1', 'lab-value-2'))];
    const told = JSON.stringify(
      compareStates({ state: before, leftOpen: new Set() }, { state: after, leftOpen: new Set() }),
    );
    expect(told).toContain('"value"');
    expect(told).not.toMatch(/lab-value|[0-9a-f]{64}/);
  });
});
