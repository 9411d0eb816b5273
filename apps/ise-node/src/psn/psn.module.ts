import { Module } from '@nestjs/common';
import { SponsorPortalController } from './sponsor-portal.controller.ts';
import { SponsorPortalService } from './sponsor-portal.service.ts';

/** The Policy Service persona (PSN). */
@Module({ controllers: [SponsorPortalController], providers: [SponsorPortalService] })
export class PsnModule {}
