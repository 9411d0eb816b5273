import { Controller, Get, Header, NotFoundException, NotImplementedException, Param, Post, Put } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#libs/simulation';
import { MailDesk } from './mail-desk.ts';
import { MailStatistics } from './mail-statistics.ts';
import { textOf } from './mail-view.ts';

/** The Mailpit whose API this one has the shape of. */
const SHAPE = 'v1.27.0 (isebed)';

/** What clients of Mailpit ask besides the mails themselves, and a clear no to what a mailbox of Exchange has not. */
@ApiTags('mails (Mailpit)')
@Controller()
export class MailpitInfoController {
  private readonly startedAt: number;

  constructor(
    private readonly desk: MailDesk,
    private readonly statistics: MailStatistics,
  ) {
    this.startedAt = statistics.clock.now();
  }

  @Get('api/v1/info')
  @ApiOperation({ summary: 'How many mails there are' })
  info() {
    const mails = this.desk.archive.newestFirst;
    const counted = (tag: string): number => mails.filter(({ tags }) => tags.includes(tag)).length;
    const { accepted, acceptedBytes, refused, deleted } = this.statistics;
    return {
      Version: SHAPE,
      LatestVersion: SHAPE,
      Database: '',
      DatabaseSize: mails.reduce((bytes, { size }) => bytes + size, 0),
      Messages: mails.length,
      Unread: mails.filter(({ read }) => !read).length,
      Tags: Object.fromEntries(this.desk.tags().map((tag) => [tag, counted(tag)])),
      RuntimeStats: {
        Uptime: Math.floor((this.clock.now() - this.startedAt) / 1_000),
        Memory: process.memoryUsage().rss,
        MessagesDeleted: deleted,
        SMTPAccepted: accepted,
        SMTPAcceptedSize: acceptedBytes,
        SMTPRejected: refused,
        SMTPIgnored: 0,
      },
    };
  }

  @Get('api/v1/webui')
  @ApiOperation({ summary: 'What this Mailpit can do besides reading mails: nothing' })
  configuration() {
    return {
      Label: 'isebed',
      MessageRelay: {
        Enabled: false,
        SMTPServer: '',
        ReturnPath: '',
        AllowedRecipients: '',
        BlockedRecipients: '',
        OverrideFrom: '',
        PreserveMessageIDs: false,
        RecipientAllowlist: '',
      },
      SpamAssassin: false,
      ChaosEnabled: false,
      DuplicatesIgnored: false,
      HideDeleteAllButton: false,
    };
  }

  @Get('view/:name')
  @Header('content-type', 'text/plain; charset=utf-8')
  // The mail's own scripts must not run with this origin's rights.
  @Header('content-security-policy', 'sandbox')
  @ApiOperation({ summary: 'The text (`latest.txt`) or the HTML source (`latest.html`) of a mail' })
  async view(@Param('name') name: string): Promise<string> {
    const [, id = '', form = ''] = /^(\w+)\.(txt|html)$/.exec(name) ?? [];
    const mail = this.desk.archive.find(id);
    const email = mail && (await this.desk.archive.parse(mail));
    const text = email && (form === 'html' ? email.html : textOf(email));
    if (text === undefined) throw new NotFoundException(`there is no ${name}`);
    return text;
  }

  @Post(['api/v1/send', 'api/v1/message/:id/release'])
  @ApiExcludeEndpoint()
  noSending(): never {
    throw new NotImplementedException('mails come in through SMTP submission alone, and none is relayed');
  }

  @Get([
    'api/v1/chaos',
    'api/v1/message/:id/html-check',
    'api/v1/message/:id/link-check',
    'api/v1/message/:id/sa-check',
    'api/v1/message/:id/part/:part/thumb',
  ])
  @ApiExcludeEndpoint()
  notOffered(): never {
    throw new NotImplementedException('this API reads mails; it neither checks, pictures nor disturbs them');
  }

  @Put('api/v1/chaos')
  @ApiExcludeEndpoint()
  noChaos(): never {
    return this.notOffered();
  }

  private get clock(): Clock {
    return this.statistics.clock;
  }
}
