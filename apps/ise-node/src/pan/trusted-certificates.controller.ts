import { Body, Controller, Delete, Get, Param, Patch, Post, UseGuards } from '@nestjs/common';
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { summarize, type TrustedCertificate, type TrustedCertificateSummary } from '#libs/trust';
import { AdminGuard } from '../http/admin.guard.ts';
import { RequestError } from '../http/request-error.ts';
import { ZodPipe } from '../http/zod.pipe.ts';
import { CONFIG_KEYS } from '../node-settings.ts';
import { NodeContext } from '../node-context.ts';
import { ConfigWriter } from './config-writer.ts';

const importSchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  pem: z.string().max(65_536).refine(isCertificate, 'is not one PEM certificate'),
  infrastructure: z.boolean().default(false),
  enabled: z.boolean().default(true),
});
const editSchema = z.strictObject({ infrastructure: z.boolean().optional(), enabled: z.boolean().optional() });

/** Administration > System > Certificates > Trusted Certificates. */
@Controller('isebed/v1/trusted-certificates')
@UseGuards(AdminGuard)
export class TrustedCertificatesController {
  constructor(
    private readonly context: NodeContext,
    private readonly config: ConfigWriter,
  ) {}

  @Get()
  list(): TrustedCertificateSummary[] {
    return this.context.settings.trustedCertificates.map(summarize);
  }

  @Post()
  import(@Body(new ZodPipe(importSchema)) entry: TrustedCertificate): TrustedCertificateSummary {
    this.config.write(CONFIG_KEYS.trustedCertificate(entry.name), entry);
    return summarize(entry);
  }

  @Patch(':name')
  edit(
    @Param('name') name: string,
    @Body(new ZodPipe(editSchema)) { infrastructure, enabled }: z.infer<typeof editSchema>,
  ): TrustedCertificateSummary {
    const present = this.find(name);
    const edited = {
      ...present,
      infrastructure: infrastructure ?? present.infrastructure,
      enabled: enabled ?? present.enabled,
    };
    this.config.write(CONFIG_KEYS.trustedCertificate(name), edited);
    return summarize(edited);
  }

  @Delete(':name')
  delete(@Param('name') name: string): TrustedCertificateSummary {
    const present = this.find(name);
    this.config.write(CONFIG_KEYS.trustedCertificate(name), null);
    return summarize(present);
  }

  private find(name: string): TrustedCertificate {
    const all = this.context.settings.trustedCertificates;
    const found = all.find((entry) => entry.name === name);
    if (found) return found;
    const known = all.map((entry) => entry.name).join(', ');
    throw new RequestError(404, 'trust.unknown-certificate', `there is no certificate "${name}"`, `Known: ${known}.`);
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0 && pem.split('-----BEGIN ').length === 2;
  } catch {
    return false;
  }
}
