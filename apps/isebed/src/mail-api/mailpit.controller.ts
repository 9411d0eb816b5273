import { Body, Controller, Delete, Get, Header, NotFoundException, Param, Put, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import type { ArchivedMail } from './mail-archive.ts';
import { MailDesk } from './mail-desk.ts';
import {
  CheckedPipe,
  idsSchema,
  pageSchema,
  queryOf,
  readStatusSchema,
  searchSchema,
  tagNameSchema,
  tagsSchema,
  zoneSchema,
} from './mail-query.ts';
import { attachmentsOf, headersOf, messageOf } from './mail-view.ts';

const DONE = 'ok';

/** Received mails, in the shape of Mailpit's REST API (its version 1), so that clients of it work unchanged. */
@ApiTags('mails (Mailpit)')
@Controller('api/v1')
export class MailpitController {
  constructor(private readonly desk: MailDesk) {}

  @Get('messages')
  @ApiOperation({ summary: 'Lists mails, newest first' })
  @ApiQuery({ name: 'start', required: false })
  @ApiQuery({ name: 'limit', required: false })
  list(@Query(new CheckedPipe(pageSchema)) page: z.infer<typeof pageSchema>) {
    return this.desk.page(this.desk.archive.newestFirst, page);
  }

  @Put('messages')
  @Header('content-type', 'text/plain')
  @ApiOperation({ summary: 'Marks mails as read or unread: those of IDs, those that a search finds, or all' })
  async setRead(
    @Body(new CheckedPipe(readStatusSchema)) { IDs, Read, Search }: z.infer<typeof readStatusSchema>,
    @Query(new CheckedPipe(zoneSchema)) { tz }: z.infer<typeof zoneSchema>,
  ): Promise<string> {
    const mails = Search ? await this.desk.search(queryOf(Search, tz)) : this.chosen(IDs);
    for (const mail of mails) this.desk.archive.mark(mail, { read: Read });
    return DONE;
  }

  @Delete('messages')
  @Header('content-type', 'text/plain')
  @ApiOperation({ summary: 'Deletes mails: those of IDs, or all' })
  delete(@Body(new CheckedPipe(idsSchema)) { IDs }: z.infer<typeof idsSchema>): string {
    this.desk.archive.delete(this.chosen(IDs));
    return DONE;
  }

  @Get('search')
  @ApiOperation({ summary: 'Searches with the words to:, from:, subject:, message-id:, is:, has:, before:, after: …' })
  @ApiQuery({ name: 'query' })
  @ApiQuery({ name: 'start', required: false })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'tz', required: false })
  async search(@Query(new CheckedPipe(searchSchema)) { query, tz, ...page }: z.infer<typeof searchSchema>) {
    return this.desk.page(await this.desk.search(queryOf(query, tz)), page);
  }

  @Delete('search')
  @Header('content-type', 'text/plain')
  @ApiOperation({ summary: 'Deletes what a search finds' })
  @ApiQuery({ name: 'query' })
  async deleteFound(@Query(new CheckedPipe(searchSchema)) { query, tz }: z.infer<typeof searchSchema>) {
    this.desk.archive.delete(await this.desk.search(queryOf(query, tz)));
    return DONE;
  }

  @Get('message/:id')
  @ApiOperation({ summary: 'A mail, which counts as read from then on; `latest` is the newest' })
  async message(@Param('id') id: string) {
    const mail = this.mail(id);
    this.desk.archive.mark(mail, { read: true });
    return messageOf(mail, await this.desk.archive.parse(mail));
  }

  @Get('message/:id/headers')
  @ApiOperation({ summary: 'The header fields of a mail' })
  async headers(@Param('id') id: string) {
    return headersOf(await this.desk.archive.parse(this.mail(id)));
  }

  @Get('message/:id/raw')
  @Header('content-type', 'text/plain; charset=utf-8')
  @ApiOperation({ summary: 'A mail as it came over the wire' })
  raw(@Param('id') id: string, @Res() response: Response): void {
    response.end(this.desk.archive.raw(this.mail(id)));
  }

  @Get('message/:id/part/:part')
  @ApiOperation({ summary: 'An attachment, by the PartID that the mail names' })
  async part(@Param('id') id: string, @Param('part') partId: string, @Res() response: Response): Promise<void> {
    const parts = attachmentsOf(await this.desk.archive.parse(this.mail(id)));
    const part = parts.find((candidate) => candidate.partId === partId);
    if (!part) throw new NotFoundException(`the mail has no part ${partId}`);
    // An attachment may be a page with scripts: it is handed out, never shown.
    response.setHeader('content-disposition', 'attachment').setHeader('content-type', part.contentType);
    response.end(part.content);
  }

  @Get('tags')
  @ApiOperation({ summary: 'All tags in use' })
  tags(): string[] {
    return this.desk.tags();
  }

  @Put('tags')
  @Header('content-type', 'text/plain')
  @ApiOperation({ summary: 'Gives mails these tags and no others' })
  setTags(@Body(new CheckedPipe(tagsSchema)) { IDs, Tags }: z.infer<typeof tagsSchema>): string {
    const tags = [...new Set((Tags ?? []).map(cleanTag).filter((tag) => tag !== ''))];
    for (const id of IDs ?? []) this.desk.archive.mark(this.mail(id), { tags });
    return DONE;
  }

  @Put('tags/:tag')
  @Header('content-type', 'text/plain')
  @ApiOperation({ summary: 'Renames a tag' })
  renameTag(
    @Param('tag') tag: string,
    @Body(new CheckedPipe(tagNameSchema)) { Name }: z.infer<typeof tagNameSchema>,
  ): string {
    this.replaceTag(tag, cleanTag(Name));
    return DONE;
  }

  @Delete('tags/:tag')
  @Header('content-type', 'text/plain')
  @ApiOperation({ summary: 'Takes a tag from all mails' })
  deleteTag(@Param('tag') tag: string): string {
    this.replaceTag(tag, '');
    return DONE;
  }

  private replaceTag(tag: string, by: string): void {
    const { archive } = this.desk;
    for (const mail of archive.newestFirst.filter(({ tags }) => tags.includes(tag))) {
      const others = mail.tags.filter((other) => other !== tag && other !== by);
      archive.mark(mail, { tags: by === '' ? others : [...others, by] });
    }
  }

  /** Without IDs all of them, as Mailpit does. */
  private chosen(ids: readonly string[] | null | undefined): ArchivedMail[] {
    const { archive } = this.desk;
    if (!ids || ids.length === 0) return archive.newestFirst;
    return ids.flatMap((id) => archive.find(id) ?? []);
  }

  private mail(id: string): ArchivedMail {
    const mail = this.desk.archive.find(id);
    if (!mail) throw new NotFoundException(id === 'latest' ? 'there is no mail' : `there is no mail ${id}`);
    return mail;
  }
}

/** Letters, digits, blanks, dots, hyphens and underscores, as in Mailpit. */
function cleanTag(tag: string): string {
  return tag.replaceAll(/[^\w .-]/g, '').trim();
}
