import { Post, Req, Res, UploadedFile } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { IMPORT_OCTETS_MAX } from '#libs/guests';
import { SponsorPortalService } from '../psn/sponsor-portal.service.ts';
import { SponsorPagesController } from './portal-controller.ts';
import { SponsorCreation } from './sponsor-creation.ts';
import { importForm, mistyped, readForm, typedOf } from './typed-forms.ts';
import { languageOf, wordsIn } from './words.ts';

/** The file is kept in memory; the form's other parts are few and short. */
const csvFile = FileInterceptor('file', {
  limits: { fileSize: IMPORT_OCTETS_MAX, files: 1, fields: 20, parts: 21, fieldSize: 1_024 },
});

/** "Create Accounts > Import". */
@SponsorPagesController('sponsorportal/create', csvFile)
export class SponsorImportController {
  constructor(
    private readonly sponsors: SponsorPortalService,
    private readonly creation: SponsorCreation,
  ) {}

  @Post('import')
  import(
    @Req() request: Request,
    @Res() response: Response,
    @UploadedFile() file: { readonly buffer: Buffer } | undefined,
  ): Promise<void> {
    return this.creation.create('import', request, response, async (sponsor, choice) => {
      const fields = readForm(importForm, typedOf(request));
      if (!file || file.buffer.length === 0) {
        const text = wordsIn(languageOf(request)).chooseFile;
        throw mistyped([{ code: 'guests.import-file-missing', text, field: 'file' }]);
      }
      const csv = file.buffer.toString('utf8');
      return {
        text: (await this.sponsors.import({ ...this.creation.requestOf(fields), csv }, sponsor, choice)).message,
        lang: 'en',
      };
    });
  }
}
