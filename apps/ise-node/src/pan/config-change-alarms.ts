import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIGURATION_CHANGED } from '#libs/alarms';
import { AlarmRaiser } from '../cluster/alarm-raiser.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';

/** Pages that an administrator saves; accounts of guests and what nodes note down for themselves are not among them. */
const PAGES: readonly string[] = [
  CONFIG_KEYS.deployment,
  CONFIG_KEYS.smtpServer,
  CONFIG_KEYS.proxy,
  CONFIG_KEYS.guestEmail,
  CONFIG_KEYS.alarms,
  CONFIG_KEYS.secretAlarms,
  CONFIG_KEYS.alarmThresholds,
  CONFIG_KEYS.passwordPolicies,
  CONFIG_KEYS.trustedCertificate(''),
  CONFIG_KEYS.guestType(''),
  CONFIG_KEYS.internalUser(''),
  CONFIG_KEYS.adminUser(''),
];

/** The primary PAN tells of each change of the configuration: listed, and by default not mailed. */
@Injectable()
export class ConfigChangeAlarms implements OnApplicationBootstrap, OnApplicationShutdown {
  private stopListening: (() => void) | undefined;

  constructor(
    private readonly context: NodeContext,
    private readonly alarms: AlarmRaiser,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.context.store.onChange(({ key }) => {
      if (this.context.isPrimaryPan && isPage(key)) void this.alarms.raise(CONFIGURATION_CHANGED, `changed: ${key}`);
    });
  }

  onApplicationShutdown(): void {
    this.stopListening?.();
  }
}

function isPage(key: string): boolean {
  return PAGES.some((page) => (page.endsWith('/') ? key.startsWith(page) : key === page));
}
